//! The lock is watched: no user code runs while a list's lock is held.
//!
//! Three things make that a net that no test has to spread:
//!
//! - A raw lock that notes for each thread whether it holds one: [`Watched`], which a test may choose, and
//!   with the feature `watched` the lock of every type that is given none. (It is then a critical section,
//!   the one below.) `cargo xtask unit` runs all tests of this crate so.
//! - All wakers and values of this crate call [`not_held`] when they are cloned, called and dropped.
//! - What [`not_held`] finds ends the program: a panic would be one that a waker may raise, which some tests
//!   are there to have swallowed, handed on or raised again. For tests of this file, and for the
//!   specification, which wants to say after which calls it was, [`collect`] keeps it instead.
//!
//! What policies, predicates and comparisons do under the lock is theirs, and so is what a closure does that
//! is given to a blocking lock: only a value that is dropped there by the library is a defect.

#![expect(unsafe_code, reason = "a raw lock is unsafe to implement, and so is a critical section")]

use alloc::vec::Vec;
use core::{cell::Cell, cell::RefCell, task::Waker};
use std::{backtrace::Backtrace, io::Write as _, thread, thread_local};

use sync_core::{ScopedRawMutex, blocking::ConstInit, spin::Spinlock};

use crate::Hooks;

thread_local! {
    /// How many this thread holds.
    static HELD: Cell<usize> = const { Cell::new(0) };
    /// What was found, if it is kept.
    static FOUND: RefCell<Option<Vec<&'static str>>> = const { RefCell::new(None) };
}

/// While this is alive, the thread holds a lock.
struct Holding(());

impl Holding {
    fn new() -> Self {
        HELD.set(HELD.get() + 1);
        Self(())
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        HELD.set(HELD.get() - 1);
    }
}

/// A raw lock that notes for each thread whether it holds one.
#[derive(Debug, Default)]
pub struct Watched(Spinlock);

impl Watched {
    /// Returns an unlocked lock.
    #[must_use]
    pub const fn new() -> Self {
        Self(Spinlock::new())
    }
}

impl ConstInit for Watched {
    const INIT: Self = Self::new();
}

// SAFETY: forwards to the spinlock.
unsafe impl ScopedRawMutex for Watched {
    fn with_lock<R>(&self, f: impl FnOnce() -> R) -> R {
        let mut f = Some(f);
        loop {
            if let Some(result) = self.try_with_lock(|| f.take().map(|f| f())) {
                return result.expect("it runs once");
            }
            // Another thread lets go of it; this one would wait for itself.
            assert_eq!(HELD.get(), 0, "it is taken by foreign code that runs under it");
            core::hint::spin_loop();
        }
    }

    fn try_with_lock<R>(&self, f: impl FnOnce() -> R) -> Option<R> {
        self.0.try_with_lock(|| {
            let _holding = Holding::new();
            f()
        })
    }

    fn is_locked(&self) -> bool {
        ScopedRawMutex::is_locked(&self.0)
    }
}

/// Says that user code runs on this thread, which must not hold a lock.
#[inline]
pub fn not_held() {
    if HELD.get() > 0 {
        found("user code runs under the lock");
    }
}

#[cold]
pub(crate) fn found(what: &'static str) {
    let kept = FOUND.with_borrow_mut(|found| found.as_mut().map(|found| found.push(what)).is_some());
    if kept {
        return;
    }
    // Not by a macro, whose output libtest keeps until the test is over.
    let thread = thread::current();
    let name = thread.name().unwrap_or("a thread without a name");
    let trace = Backtrace::force_capture();
    let text =
        alloc::format!("\n{name}: {what}\n{trace}\nThis ends the program: see tests/src/watched.rs.\n");
    _ = std::io::stderr().write_all(text.as_bytes());
    std::process::abort();
}

/// Runs `f`, and returns what user code ran on this thread while it held a lock, instead of ending the
/// program.
pub fn collect<R>(f: impl FnOnce() -> R) -> (R, Vec<&'static str>) {
    struct Before(Option<Vec<&'static str>>);
    impl Drop for Before {
        fn drop(&mut self) {
            FOUND.set(self.0.take());
        }
    }
    let _before = Before(FOUND.replace(Some(Vec::new())));
    (f(), take_found())
}

/// Returns what was found since [`collect`] began, or since this was last called.
#[must_use]
pub(crate) fn take_found() -> Vec<&'static str> {
    FOUND.with_borrow_mut(|found| found.as_mut().map(core::mem::take)).unwrap_or_default()
}

/// Returns whether this thread holds a lock that is watched.
#[must_use]
pub fn is_held() -> bool {
    HELD.get() != 0
}

/// Returns a waker that does nothing when it is called. As all of ours, it looks whether the lock is held.
#[must_use]
pub fn looking() -> Waker {
    Hooks::new().waker()
}

/// The critical section of the default lock: one lock for all threads, which its holder may take again.
#[cfg(feature = "watched")]
mod section {
    #[expect(clippy::disallowed_types, reason = "no model looks at it")]
    use core::sync::atomic::AtomicBool;
    use core::{
        cell::Cell,
        sync::atomic::Ordering::{Acquire, Release},
    };
    use std::thread;

    use super::HELD;

    #[expect(clippy::disallowed_types, reason = "no model looks at it")]
    static TAKEN: AtomicBool = AtomicBool::new(false);

    struct Section;
    critical_section::set_impl!(Section);

    std::thread_local! {
        static DEPTH: Cell<usize> = const { Cell::new(0) };
    }

    // SAFETY: it is taken by one thread at a time, from its first `acquire` to its last `release`.
    unsafe impl critical_section::Impl for Section {
        unsafe fn acquire() -> critical_section::RawRestoreState {
            if DEPTH.replace(DEPTH.get() + 1) == 0 {
                while TAKEN.swap(true, Acquire) {
                    thread::yield_now();
                }
            }
            HELD.set(HELD.get() + 1);
            // Whatever type it is in this build: there is nothing to restore.
            critical_section::RawRestoreState::default()
        }

        unsafe fn release(_: critical_section::RawRestoreState) {
            HELD.set(HELD.get() - 1);
            DEPTH.set(DEPTH.get() - 1);
            if DEPTH.get() == 0 {
                TAKEN.store(false, Release);
            }
        }
    }
}
