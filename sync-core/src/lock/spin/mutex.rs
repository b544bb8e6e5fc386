//! A test-and-test-and-set lock.

#[cfg(not(loom))]
use mutex_traits::ConstInit;
use mutex_traits::RawMutex;

use crate::{
    shim::atomic::{
        AtomicBool,
        Ordering::{Acquire, Relaxed, Release},
    },
    util::Backoff,
};

/// A raw lock that spins, with an exponential [`Backoff`], until it is free.
///
/// # Fairness
///
/// None: the first to try after it is released gets it. The critical sections of this library are a few dozen
/// instructions long.
///
/// # Memory ordering
///
/// Taking it acquires, releasing it releases: everything done under the lock before is visible to the next
/// holder.
///
/// # Interrupts
///
/// Not from a handler that may have interrupted a holder on the same processor: that deadlocks.
///
/// # Examples
///
/// ```
/// use sync_core::{blocking::Mutex, spin::Spinlock};
///
/// static TICKS: Mutex<u64, Spinlock> = Mutex::new_with_raw_mutex(0, Spinlock::new());
///
/// *TICKS.lock() += 1;
/// assert_eq!(*TICKS.lock(), 1);
/// ```
#[derive(Debug)]
pub struct Spinlock {
    locked: AtomicBool,
}

impl Spinlock {
    const_fn! {
        /// Returns an unlocked lock.
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::{WaitQueue, spin::Spinlock};
        ///
        /// static READY: WaitQueue<Spinlock> = WaitQueue::new_with_raw_mutex(Spinlock::new());
        /// assert!(READY.try_wait().is_pending());
        /// ```
        pub fn new() -> Self {
            Self { locked: AtomicBool::new(false) }
        }
    }

    #[cold]
    #[inline(never)]
    fn lock_contended(&self) {
        let mut backoff = Backoff::new();
        loop {
            // Read until it looks free: a failed read-modify-write would take the line from the holder.
            while self.locked.load(Relaxed) {
                backoff.spin();
            }
            if self.try_lock() {
                return;
            }
        }
    }
}

impl Default for Spinlock {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(not(loom))]
impl ConstInit for Spinlock {
    const INIT: Self = Self::new();
}

// SAFETY: it must exclude. `lock` and a true `try_lock` return only after this context changed `locked` from
// false to true, by one exchange, and only `unlock`, which the holder alone may call, changes it back. Its
// Release pairs with their Acquire. Nothing is bound to a thread, as `GuardMarker` says.
unsafe impl RawMutex for Spinlock {
    type GuardMarker = ();

    #[inline]
    fn lock(&self) {
        if !self.try_lock() {
            self.lock_contended();
        }
    }

    #[inline]
    fn try_lock(&self) -> bool {
        // Ordering: Acquire pairs with the Release in `unlock`: what the last holder did is visible.
        self.locked.compare_exchange(false, true, Acquire, Relaxed).is_ok()
    }

    #[inline]
    unsafe fn unlock(&self) {
        // Ordering: Release, see `try_lock`. Only the holder writes while it is locked, so this is not
        // a blind store.
        self.locked.store(false, Release);
    }

    #[inline]
    fn is_locked(&self) -> bool {
        self.locked.load(Relaxed)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use alloc::{sync::Arc, vec::Vec};
    use core::panic::AssertUnwindSafe;
    use std::{panic, thread};

    use mutex_traits::ScopedRawMutex;

    use super::*;

    #[test]
    fn excludes_and_is_released_when_its_closure_panics() {
        let lock = Spinlock::new();
        let caught = panic::catch_unwind(AssertUnwindSafe(|| lock.with_lock(|| panic!("inside"))));
        assert!(caught.is_err());
        assert!(!ScopedRawMutex::is_locked(&lock));
        lock.with_lock(|| {
            assert!(ScopedRawMutex::is_locked(&lock));
            assert!(lock.try_with_lock(|| ()).is_none());
        });
        assert_eq!(lock.try_with_lock(|| 7), Some(7));
    }

    #[test]
    fn counts_under_contention() {
        const ROUNDS: u32 = if cfg!(miri) { 20 } else { 2_000 };
        let shared =
            Arc::new(crate::blocking::Mutex::<_, Spinlock>::new_with_raw_mutex(0_u32, Spinlock::new()));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || (0..ROUNDS).for_each(|_| shared.with_lock(|n| *n += 1)))
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(shared.with_lock(|n| *n), 4 * ROUNDS);
    }
}
