//! A raw lock that says whether it is held, and wakers that ask.

#![expect(unsafe_code, reason = "a raw lock is unsafe to implement")]

use core::{cell::Cell, task::Waker};
use std::thread_local;

use sync_core::{ScopedRawMutex, spin::Spinlock};

use crate::Hooks;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
}

/// A raw lock that notes for each thread whether it holds one.
#[derive(Debug, Default)]
pub struct Watched(Spinlock);

// SAFETY: forwards to the spinlock.
unsafe impl ScopedRawMutex for Watched {
    fn with_lock<R>(&self, f: impl FnOnce() -> R) -> R {
        let mut f = Some(f);
        loop {
            // Another thread lets go of it; this one would wait for itself.
            assert_eq!(HELD.get(), 0, "it is taken by foreign code that runs under it");
            if let Some(result) = self.try_with_lock(|| f.take().map(|f| f())) {
                return result.expect("it runs once");
            }
            core::hint::spin_loop();
        }
    }

    fn try_with_lock<R>(&self, f: impl FnOnce() -> R) -> Option<R> {
        self.0.try_with_lock(|| {
            struct Release;
            impl Drop for Release {
                fn drop(&mut self) {
                    HELD.set(HELD.get() - 1);
                }
            }
            HELD.set(HELD.get() + 1);
            let _release = Release;
            f()
        })
    }

    fn is_locked(&self) -> bool {
        ScopedRawMutex::is_locked(&self.0)
    }
}

/// Asserts that this thread, which runs foreign code, holds no [`Watched`] lock.
///
/// # Panics
///
/// If it does.
#[track_caller]
pub fn not_held() {
    assert_eq!(HELD.get(), 0, "foreign code runs under the lock");
}

/// Returns whether this thread holds a [`Watched`] lock.
#[must_use]
pub fn is_held() -> bool {
    HELD.get() != 0
}

/// Returns a waker that looks whether the lock is held whenever it is cloned, woken or dropped.
#[must_use]
pub fn looking() -> Waker {
    Hooks::new().on_clone(not_held).on_wake(not_held).on_drop(not_held).waker()
}
