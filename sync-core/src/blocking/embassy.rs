//! Raw locks of embassy-sync as ours, and ours as embassy-sync's.

#![expect(unsafe_code, reason = "raw locks are unsafe to implement")]

use embassy_sync::blocking_mutex::raw::RawMutex;
use mutex_traits::{ConstInit, ScopedRawMutex};

use crate::shim::atomic::{AtomicBool, Ordering::Relaxed};

/// A raw lock of embassy-sync, for the primitives of this crate.
///
/// For example `CriticalSectionRawMutex`, where the feature `critical-section` is not wanted for all of them,
/// or `ThreadModeRawMutex`. With `NoopRawMutex`, which is not [`Sync`], it is a
/// [`LocalLock`](super::LocalLock).
///
/// embassy's locks keep other threads and interrupt handlers out, but not the code that holds them already;
/// this crate needs both. So there is a flag in addition, which costs a load and two stores under the lock.
///
/// Needs the feature `embassy-sync`, and Rust 1.87, which a dependency of embassy-sync 0.8 needs.
///
/// # Panics
///
/// `with_lock` panics if the code that holds the lock takes it again, and where the inner lock does.
/// `try_with_lock` takes the inner lock, which may wait, and returns `None` if it was held by the caller
/// already.
///
/// # Interrupts
///
/// As with the inner lock: from any handler with `CriticalSectionRawMutex`.
///
/// # Examples
///
/// ```
/// use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
/// use sync_core::{WaitQueue, blocking::FromEmbassy};
///
/// type Critical = FromEmbassy<CriticalSectionRawMutex>;
///
/// static READY: WaitQueue<Critical> =
///     WaitQueue::new_with_raw_mutex(FromEmbassy::new(CriticalSectionRawMutex::new()));
///
/// fn on_interrupt() {
///     READY.wake();
/// }
/// # // The critical section of this test.
/// # use critical_section as _;
/// # on_interrupt();
/// # assert!(READY.try_wait().is_ready());
/// ```
#[derive(Debug, Default)]
pub struct FromEmbassy<R> {
    raw: R,
    /// Whether it is held: the inner lock does not say, nor refuse to be taken again by its holder.
    held: AtomicBool,
}

impl<R> FromEmbassy<R> {
    const_fn! {
        /// Returns an unlocked lock, of a `raw` one that is not locked and that nothing else locks.
        ///
        /// # Examples
        ///
        /// ```
        /// use embassy_sync::blocking_mutex::raw::NoopRawMutex;
        /// use sync_core::{Mutex, blocking::FromEmbassy};
        ///
        /// let lock = Mutex::new_with_raw_mutex(1, FromEmbassy::new(NoopRawMutex::new()));
        /// assert_eq!(*lock.try_lock().unwrap(), 1);
        /// ```
        #[inline]
        pub fn new(raw: R) -> Self {
            Self { raw, held: AtomicBool::new(false) }
        }
    }

    /// Runs `f` as the holder; the caller is inside of the inner lock, and it is not held.
    #[inline]
    fn run<T>(&self, f: impl FnOnce() -> T) -> T {
        struct Held<'l>(&'l AtomicBool);

        impl Drop for Held<'_> {
            #[inline]
            fn drop(&mut self) {
                self.0.store(false, Relaxed);
            }
        }

        // Ordering: Relaxed, here and wherever it is read; the inner lock orders all that are inside.
        self.held.store(true, Relaxed);
        let _held = Held(&self.held);
        f()
    }
}

#[cfg(not(loom))]
impl<R: RawMutex> ConstInit for FromEmbassy<R> {
    const INIT: Self = Self::new(R::INIT);
}

// SAFETY: `f` runs inside of the inner lock, which its contract says no other thread then has; and not inside
// of another closure of the same lock on the same thread, of which `held` is true, until it returns or
// panics.
unsafe impl<R: RawMutex> ScopedRawMutex for FromEmbassy<R> {
    #[track_caller]
    #[inline]
    fn with_lock<T>(&self, f: impl FnOnce() -> T) -> T {
        self.raw.lock(|| {
            assert!(!self.held.load(Relaxed), "a lock is taken again by what runs under it");
            self.run(f)
        })
    }

    #[inline]
    fn try_with_lock<T>(&self, f: impl FnOnce() -> T) -> Option<T> {
        self.raw.lock(|| (!self.held.load(Relaxed)).then(|| self.run(f)))
    }

    #[inline]
    fn is_locked(&self) -> bool {
        self.held.load(Relaxed)
    }
}

/// A raw lock of this crate, or of its user, for what is generic over embassy-sync's `RawMutex`.
///
/// For example [`Spinlock`](crate::lock::spin::Spinlock) for two cores and no interrupt handlers, or a lock
/// of your own.
///
/// embassy allows the holder to take a lock again; this one does what its inner lock does then, which is to
/// panic or to wait without end. embassy-sync's own types do not do that by themselves, but closures under
/// its `blocking_mutex::Mutex::lock` might.
///
/// Needs the feature `embassy-sync`, and Rust 1.87, which a dependency of embassy-sync 0.8 needs.
///
/// # Interrupts
///
/// As with the inner lock: not from a handler that may have interrupted a holder, with a spinlock.
///
/// # Examples
///
/// ```
/// use embassy_sync::{blocking_mutex::raw::RawMutex, channel::Channel};
/// use sync_core::{blocking::ForEmbassy, spin::TicketLock};
///
/// static BYTES: Channel<ForEmbassy<TicketLock>, u8, 8> = Channel::new();
///
/// BYTES.try_send(7).unwrap();
/// assert_eq!(BYTES.try_receive(), Ok(7));
/// ```
#[derive(Debug, Default)]
pub struct ForEmbassy<Lock>(Lock);

impl<Lock> ForEmbassy<Lock> {
    /// Returns a lock that is `lock`.
    ///
    /// # Examples
    ///
    /// ```
    /// use embassy_sync::blocking_mutex::raw::RawMutex;
    /// use sync_core::{blocking::ForEmbassy, spin::Spinlock};
    ///
    /// let lock = ForEmbassy::new(Spinlock::new());
    /// assert_eq!(lock.lock(|| 7), 7);
    /// ```
    #[inline]
    pub const fn new(lock: Lock) -> Self {
        Self(lock)
    }
}

// SAFETY: `f` runs while the inner lock is locked, by this thread; and its contract says that no other thread
// can lock it then.
unsafe impl<Lock: ScopedRawMutex + ConstInit> RawMutex for ForEmbassy<Lock> {
    const INIT: Self = Self(Lock::INIT);

    #[inline]
    fn lock<T>(&self, f: impl FnOnce() -> T) -> T {
        self.0.with_lock(f)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use core::{panic::AssertUnwindSafe, time::Duration};
    use std::{panic::catch_unwind, thread};

    // Links the critical section of std, which is one lock for all threads that its holder may take again.
    use critical_section as _;
    use embassy_sync::blocking_mutex::{
        Mutex as Theirs,
        raw::{CriticalSectionRawMutex, NoopRawMutex},
    };

    use super::*;
    use crate::{blocking::Mutex as Ours, lock::spin::TicketLock};

    /// embassy's lock lets its holder in again; ours must not.
    /// Seen to fail with: the assertion left out, which runs the inner closure beside the outer one.
    #[test]
    fn taking_it_again_panics_and_trying_fails() {
        let lock = FromEmbassy::new(NoopRawMutex::new());
        let again = catch_unwind(AssertUnwindSafe(|| lock.with_lock(|| lock.with_lock(|| ()))));
        let why = again.expect_err("it is held");
        assert_eq!(why.downcast_ref(), Some(&"a lock is taken again by what runs under it"));
        // The panic has released it.
        assert!(!lock.is_locked());
        assert_eq!(lock.with_lock(|| (lock.is_locked(), lock.try_with_lock(|| ()))), (true, None));
        assert_eq!(lock.try_with_lock(|| 1), Some(1));
    }

    /// Runs `body` in the lock, on two threads, and returns whether the second one waited for the first.
    fn excludes(locked: impl Fn(&dyn Fn()) + Sync) -> bool {
        let (inside, seen) = (AtomicBool::new(false), AtomicBool::new(false));
        let (locked, inside, seen) = (&locked, &inside, &seen);
        let enter = move |body: &dyn Fn()| {
            locked(&|| {
                seen.fetch_or(inside.swap(true, Relaxed), Relaxed);
                body();
                inside.store(false, Relaxed);
            });
        };
        thread::scope(|scope| {
            enter(&|| {
                scope.spawn(move || enter(&|| ()));
                // Long enough for the other one to come, which a lock keeps out however long it is.
                thread::sleep(Duration::from_millis(50));
            });
        });
        !seen.load(Relaxed)
    }

    /// Seen to fail with: `with_lock` that does not lock the inner lock.
    #[test]
    fn a_lock_of_theirs_keeps_other_threads_out() {
        let mutex = Ours::new_with_raw_mutex((), FromEmbassy::new(CriticalSectionRawMutex::new()));
        assert!(excludes(|body| mutex.with_lock(|()| body())));
        assert!(!excludes(|body| body()), "what has no lock is noticed");
    }

    /// Seen to fail with: `lock` that calls its closure at once.
    #[test]
    fn a_lock_of_ours_keeps_other_threads_out_of_their_mutex() {
        let mutex = Theirs::const_new(ForEmbassy::new(TicketLock::new()), ());
        assert!(excludes(|body| mutex.lock(|()| body())));
    }
}
