//! A raw lock for what stays on one thread, or with one executor.

#![expect(unsafe_code, reason = "a raw lock is unsafe to implement")]

use core::cell::Cell;

use mutex_traits::{ConstInit, RawMutex};

/// A raw lock that keeps nothing out, because nothing can come: it is not [`Sync`], and so neither is what it
/// is the lock of.
///
/// It is for primitives between tasks of one executor, on one thread or one core, that no interrupt handler
/// touches: it costs no atomic operation and turns no interrupts off. The compiler sees to it. A primitive
/// with this lock cannot be a `static`; a reference to it, its futures and its guards are not [`Send`], so
/// that a task that uses them can be spawned on its own executor only, and no interrupt handler gets hold of
/// it. Wakers are not concerned: a task that waits may be woken from anywhere.
///
/// The primitives' own state words stay atomic.
///
/// # Panics
///
/// `lock` panics if it is locked already: the holder would wait for itself. `try_lock` fails.
///
/// # Interrupts
///
/// None can use it.
///
/// # Examples
///
/// ```
/// use sync_core::{WaitQueue, blocking::LocalLock};
///
/// let queue = WaitQueue::new_with_raw_mutex(LocalLock::new());
/// # pollster::block_on(async {
/// let sender = async { queue.wake() };
/// let receiver = async { queue.wait().await };
/// # let receiver = async { sender.await; receiver.await };
/// receiver.await?;
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
///
/// Another thread, and so an interrupt handler, cannot have it:
///
/// ```compile_fail,E0277
/// use sync_core::{WaitQueue, blocking::LocalLock};
///
/// static QUEUE: WaitQueue<LocalLock> = WaitQueue::new_with_raw_mutex(LocalLock::new());
/// ```
///
/// nor a task that may go to another thread:
///
/// ```compile_fail,E0277
/// use sync_core::{Semaphore, blocking::LocalLock};
///
/// fn spawn(task: impl Future + Send) {}
///
/// fn start(permits: &'static Semaphore<LocalLock>) {
///     spawn(permits.acquire(1));
/// }
/// ```
#[derive(Debug, Default)]
pub struct LocalLock {
    // Also what makes it `!Sync`.
    held: Cell<bool>,
}

impl LocalLock {
    /// Returns an unlocked lock.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::blocking::{LocalLock, Mutex};
    ///
    /// let count = Mutex::new_with_raw_mutex(0, LocalLock::new());
    /// count.with_lock(|n| *n += 1);
    /// assert_eq!(*count.lock(), 1);
    /// ```
    #[inline]
    pub const fn new() -> Self {
        Self { held: Cell::new(false) }
    }
}

impl ConstInit for LocalLock {
    const INIT: Self = Self::new();
}

// SAFETY: it must exclude. A reference to it never leaves its thread, since it is not `Sync`, so that there
// is nothing between a look at `held` and its change: an interrupt handler is another thread to the compiler.
// `lock` and a true `try_lock` return only after they changed `held` from false to true, and only `unlock`,
// which the holder alone may call, changes it back. A guard must stay on the thread, because it unlocks
// through such a reference, as `GuardMarker` says.
unsafe impl RawMutex for LocalLock {
    type GuardMarker = *const ();

    #[track_caller]
    #[inline]
    fn lock(&self) {
        assert!(self.try_lock(), "a lock is taken again by what runs under it");
    }

    #[inline]
    fn try_lock(&self) -> bool {
        !self.held.replace(true)
    }

    #[inline]
    unsafe fn unlock(&self) {
        self.held.set(false);
    }

    #[inline]
    fn is_locked(&self) -> bool {
        self.held.get()
    }
}

#[cfg(test)]
mod tests {
    use core::panic::AssertUnwindSafe;
    use std::panic::catch_unwind;

    use mutex_traits::ScopedRawMutex;

    use super::*;

    /// Seen to fail with: a `lock` that only sets `held`, which runs the inner closure beside the outer one.
    #[test]
    fn taking_it_again_panics_and_trying_fails() {
        let lock = LocalLock::new();
        let again = catch_unwind(AssertUnwindSafe(|| lock.with_lock(|| lock.with_lock(|| ()))));
        let why = again.expect_err("it is held");
        assert_eq!(why.downcast_ref(), Some(&"a lock is taken again by what runs under it"));
        // The panic has released it.
        assert!(!ScopedRawMutex::is_locked(&lock));
        let inside = || (ScopedRawMutex::is_locked(&lock), lock.try_with_lock(|| ()));
        assert_eq!(lock.with_lock(inside), (true, None));
        assert_eq!(lock.try_with_lock(|| 1), Some(1));
    }
}
