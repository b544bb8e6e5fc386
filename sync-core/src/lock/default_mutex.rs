//! The raw lock for those that do not choose one.
//!
//! It is never a [`RawMutex`](mutex_traits::RawMutex): a critical section cannot be one, and a feature must
//! not take an implementation away.

#[cfg(not(loom))]
use mutex_traits::ConstInit;
use mutex_traits::ScopedRawMutex;

/// The raw lock of every primitive that is not given another.
///
/// | build | it is |
/// | --- | --- |
/// | `--cfg loom`, `--cfg shuttle` | loom's or shuttle's mutex, so that models see it |
/// | feature `std` | [`std::sync::Mutex`](https://doc.rust-lang.org/std/sync/struct.Mutex.html), which lets the thread sleep |
/// | feature `critical-section` | a flag inside a critical section: interrupt handlers may take it; code that takes it again while it holds it panics |
/// | otherwise | a [`Spinlock`](crate::lock::spin::Spinlock) |
///
/// With `critical-section` the application has to provide [an implementation][cs].
///
/// A closure that panics releases the lock and does not poison it.
///
/// [cs]: https://docs.rs/critical-section/latest/critical_section/index.html#usage-in-no-std-binaries
#[must_use = "a lock that is never locked does nothing"]
#[derive(Debug, Default)]
pub struct DefaultMutex(Inner);

impl DefaultMutex {
    const_fn! {
        /// Returns an unlocked lock.
        #[track_caller]
        #[inline]
        pub fn new() -> Self {
            Self(Inner::new())
        }
    }
}

#[cfg(not(loom))]
impl ConstInit for DefaultMutex {
    const INIT: Self = Self::new();
}

// SAFETY: every method forwards to the one inner lock, whose implementation upholds the contract.
unsafe impl ScopedRawMutex for DefaultMutex {
    #[track_caller]
    #[inline]
    fn with_lock<R>(&self, f: impl FnOnce() -> R) -> R {
        self.0.with_lock(f)
    }

    #[track_caller]
    #[inline]
    fn try_with_lock<R>(&self, f: impl FnOnce() -> R) -> Option<R> {
        self.0.try_with_lock(f)
    }

    #[inline]
    fn is_locked(&self) -> bool {
        self.0.is_locked()
    }
}

#[cfg(all(not(any(loom, shuttle)), not(feature = "std"), feature = "critical-section"))]
use self::with_critical_section::Lock as Inner;
#[cfg(loom)]
use self::with_loom::Lock as Inner;
#[cfg(shuttle)]
use self::with_shuttle::Lock as Inner;
#[cfg(all(not(any(loom, shuttle)), feature = "std"))]
use self::with_std::Lock as Inner;
#[cfg(all(not(any(loom, shuttle)), not(feature = "std"), not(feature = "critical-section")))]
use crate::lock::spin::Spinlock as Inner;

#[cfg(any(loom, shuttle))]
macro_rules! mutex_of {
    ($($mutex:ident)::+) => {
        use $($mutex)::+ as Mutex;
        use mutex_traits::ScopedRawMutex;
        use std::sync::{PoisonError, TryLockError};

        #[derive(Debug)]
        pub(super) struct Lock(Mutex<()>);

        impl Lock {
            const_fn! {
                #[track_caller]
                #[inline]
                pub(super) fn new() -> Self {
                    Self(Mutex::new(()))
                }
            }
        }

        impl Default for Lock {
            fn default() -> Self {
                Self::new()
            }
        }

        // SAFETY: `f` runs while the guard of the one mutex is alive.
        unsafe impl ScopedRawMutex for Lock {
            #[track_caller]
            #[inline]
            fn with_lock<R>(&self, f: impl FnOnce() -> R) -> R {
                // What the closures protect is left consistent by a panic, so poison says nothing.
                let _held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                f()
            }

            #[track_caller]
            #[inline]
            fn try_with_lock<R>(&self, f: impl FnOnce() -> R) -> Option<R> {
                let _held = match self.0.try_lock() {
                    Ok(held) => held,
                    Err(TryLockError::Poisoned(poison)) => poison.into_inner(),
                    Err(TryLockError::WouldBlock) => return None,
                };
                Some(f())
            }

            #[inline]
            fn is_locked(&self) -> bool {
                matches!(self.0.try_lock(), Err(TryLockError::WouldBlock))
            }
        }
    };
}

#[cfg(loom)]
mod with_loom {
    mutex_of!(loom::sync::Mutex);
}

#[cfg(shuttle)]
mod with_shuttle {
    mutex_of!(shuttle::sync::Mutex);
}

#[cfg(all(not(any(loom, shuttle)), feature = "std"))]
mod with_std {
    use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

    use mutex_traits::ScopedRawMutex;

    use crate::shim::atomic::{AtomicBool, Ordering::Relaxed};

    #[derive(Debug, Default)]
    pub(super) struct Lock {
        mutex: Mutex<()>,
        /// Whether it is held. The mutex would have to be taken to be asked, and one that tries to take it
        /// meanwhile would fail for no reason.
        held: AtomicBool,
    }

    impl Lock {
        #[inline]
        pub(super) const fn new() -> Self {
            Self { mutex: Mutex::new(()), held: AtomicBool::new(false) }
        }

        #[inline]
        fn run<R>(&self, guard: MutexGuard<'_, ()>, f: impl FnOnce() -> R) -> R {
            let _held = Held { flag: &self.held, _guard: guard };
            // Ordering: Relaxed; nothing is read on the strength of what `is_locked` returns.
            self.held.store(true, Relaxed);
            f()
        }
    }

    /// The mutex is held, and the flag says so; neither any more when this is dropped.
    struct Held<'l> {
        flag: &'l AtomicBool,
        _guard: MutexGuard<'l, ()>,
    }

    impl Drop for Held<'_> {
        #[inline]
        fn drop(&mut self) {
            // Ordering: Relaxed, and before the mutex is free: a store of the next holder comes after it.
            self.flag.store(false, Relaxed);
        }
    }

    // SAFETY: `f` runs while the guard of the one mutex is alive.
    unsafe impl ScopedRawMutex for Lock {
        #[track_caller]
        #[inline]
        fn with_lock<R>(&self, f: impl FnOnce() -> R) -> R {
            // What the closures protect is left consistent by a panic, so poison says nothing.
            self.run(self.mutex.lock().unwrap_or_else(PoisonError::into_inner), f)
        }

        #[track_caller]
        #[inline]
        fn try_with_lock<R>(&self, f: impl FnOnce() -> R) -> Option<R> {
            let guard = match self.mutex.try_lock() {
                Ok(guard) => guard,
                Err(TryLockError::Poisoned(poison)) => poison.into_inner(),
                Err(TryLockError::WouldBlock) => return None,
            };
            Some(self.run(guard, f))
        }

        #[inline]
        fn is_locked(&self) -> bool {
            self.held.load(Relaxed)
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        /// Asking takes nothing: beside a thread that asks all the time, every attempt succeeds.
        /// Seen to fail with: `is_locked` that tries to take the mutex.
        #[test]
        fn is_locked_beside_try_with_lock_does_not_make_it_fail() {
            let (lock, done) = (Lock::new(), AtomicBool::new(false));
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    while !done.load(Relaxed) {
                        let _ = lock.is_locked();
                    }
                });
                let failed = (0..200_000).find(|_| lock.try_with_lock(|| ()).is_none());
                done.store(true, Relaxed);
                assert_eq!(failed, None, "it was free");
            });
        }
    }
}

#[cfg(all(not(any(loom, shuttle)), not(feature = "std"), feature = "critical-section"))]
mod with_critical_section {
    use mutex_traits::ScopedRawMutex;

    use crate::shim::atomic::{AtomicBool, Ordering::Relaxed};

    /// The critical section keeps out all others: the interrupt handlers of this processor and, as its
    /// contract has it, the other processors. What is left to be kept out is the holder itself.
    #[derive(Debug, Default)]
    pub(super) struct Lock {
        held: AtomicBool,
    }

    impl Lock {
        #[inline]
        pub(super) const fn new() -> Self {
            Self { held: AtomicBool::new(false) }
        }

        /// Runs `f` as the holder; the caller is in a critical section, and it is not held.
        #[inline]
        fn run<R>(&self, f: impl FnOnce() -> R) -> R {
            struct Held<'l>(&'l AtomicBool);

            impl Drop for Held<'_> {
                #[inline]
                fn drop(&mut self) {
                    self.0.store(false, Relaxed);
                }
            }

            // Ordering: Relaxed, here and wherever it is read; the critical section orders all that are in
            // one.
            self.held.store(true, Relaxed);
            let _held = Held(&self.held);
            f()
        }
    }

    // SAFETY: `f` runs in a critical section, of which there is one at a time, in the whole program; and not
    // inside another closure of the same lock, of which `held` is true.
    unsafe impl ScopedRawMutex for Lock {
        #[track_caller]
        #[inline]
        fn with_lock<R>(&self, f: impl FnOnce() -> R) -> R {
            critical_section::with(|_| {
                assert!(!self.held.load(Relaxed), "a lock is taken again by what runs under it");
                self.run(f)
            })
        }

        #[inline]
        fn try_with_lock<R>(&self, f: impl FnOnce() -> R) -> Option<R> {
            critical_section::with(|_| (!self.held.load(Relaxed)).then(|| self.run(f)))
        }

        #[inline]
        fn is_locked(&self) -> bool {
            self.held.load(Relaxed)
        }
    }

    #[cfg(test)]
    mod tests {
        use std::panic::catch_unwind;

        use super::*;

        // Links the critical section of std, which is one lock for all threads that its holder may take
        // again.
        use critical_section as _;

        /// On one processor a lock that waits for its own holder waits forever, with interrupts off.
        /// Seen to fail with: the assertion left out, which runs the inner closure beside the outer one.
        #[test]
        fn taking_it_again_panics_and_trying_fails() {
            let lock = Lock::new();
            let again = catch_unwind(|| lock.with_lock(|| lock.with_lock(|| ())));
            let why = again.expect_err("it is held");
            assert_eq!(why.downcast_ref(), Some(&"a lock is taken again by what runs under it"));
            // The panic has released it.
            assert!(!lock.is_locked());
            assert_eq!(lock.with_lock(|| (lock.is_locked(), lock.try_with_lock(|| ()))), (true, None));
            assert_eq!(lock.try_with_lock(|| 1), Some(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knows_whether_it_is_locked() {
        let lock = DefaultMutex::new();
        assert!(!lock.is_locked());
        lock.with_lock(|| {
            assert!(lock.is_locked());
            assert_eq!(lock.try_with_lock(|| ()), None);
        });
        assert!(!lock.is_locked());
    }

    #[cfg(not(loom))]
    #[test]
    fn says_whether_it_is_locked() {
        knows_whether_it_is_locked();
    }

    #[cfg(loom)]
    #[test]
    fn says_whether_it_is_locked() {
        loom::model(knows_whether_it_is_locked);
    }

    #[cfg(not(loom))]
    #[test]
    fn is_not_poisoned_by_a_panic() {
        let lock = DefaultMutex::INIT;
        let caught =
            std::panic::catch_unwind(core::panic::AssertUnwindSafe(|| lock.with_lock(|| panic!("inside"))));
        assert!(caught.is_err());
        assert_eq!(lock.try_with_lock(|| 1), Some(1));
        assert_eq!(lock.with_lock(|| 2), 2);
    }
}
