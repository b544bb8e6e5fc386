//! A raw lock that tells this thread whether it holds it.

#![expect(unsafe_code, reason = "a raw lock of the program's own")]

use core::cell::Cell;
use std::thread_local;

use super::sync::{
    blocking::{ConstInit, RawMutex},
    spin::Spinlock,
};

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
}

/// Whether this thread holds a [`Watched`].
pub(crate) fn is_held() -> bool {
    HELD.get() > 0
}

#[derive(Debug)]
pub(crate) struct Watched(Spinlock);

impl ConstInit for Watched {
    const INIT: Self = Self(Spinlock::INIT);
}

// SAFETY: forwards to the spinlock.
unsafe impl RawMutex for Watched {
    type GuardMarker = <Spinlock as RawMutex>::GuardMarker;

    fn lock(&self) {
        self.0.lock();
        HELD.set(HELD.get() + 1);
    }

    fn try_lock(&self) -> bool {
        let locked = self.0.try_lock();
        HELD.set(HELD.get() + usize::from(locked));
        locked
    }

    unsafe fn unlock(&self) {
        HELD.set(HELD.get() - 1);
        // SAFETY: the caller holds it.
        unsafe {
            self.0.unlock();
        }
    }

    fn is_locked(&self) -> bool {
        RawMutex::is_locked(&self.0)
    }
}
