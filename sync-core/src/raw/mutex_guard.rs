//! The guard of a [`blocking::Mutex`](Mutex).
//!
//! - **G1** As long as the guard lives, its lock is held for it, and it alone, by way of its borrows, gives
//!   out references to the value.

use core::marker::PhantomData;

use mutex_traits::RawMutex;

use super::guards::{reads_through, writes_through};
use crate::{
    blocking::Mutex,
    shim::cell::{MutPtr, UnsafeCell},
};

/// A locked [`blocking::Mutex`](crate::blocking::Mutex), and the way to its value.
///
/// [`Mutex::lock`] and [`Mutex::try_lock`] return it. Dropping it releases the lock; so does a panic that
/// unwinds through its owner. `mem::forget` of it leaves the mutex locked for ever.
///
/// It may go to another thread if the raw lock's `GuardMarker` says so.
#[must_use = "the lock is released as soon as its guard is dropped"]
pub struct MutexGuard<'a, T: ?Sized, Lock: RawMutex> {
    value: MutPtr<T>,
    lock: &'a Lock,
    marker: PhantomData<Lock::GuardMarker>,
}

// SAFETY: what blocks the auto impl is the pointer in `value`. The guard is a `&mut T` (with which the value can
// be moved out: `T: Send`) and a `&Lock` (`Lock: Sync`), and its lock is released wherever it is dropped, to which
// the lock agrees by its marker.
unsafe impl<T, Lock> Send for MutexGuard<'_, T, Lock>
where
    T: ?Sized + Send,
    Lock: RawMutex + Sync,
    Lock::GuardMarker: Send,
{
}
// There is no `Sync`, as in maitake-sync. It would be sound where `T: Sync`.

impl<'a, T: ?Sized, Lock: RawMutex> MutexGuard<'a, T, Lock> {
    /// Returns the guard of a lock that was just taken.
    ///
    /// # Safety
    ///
    /// - `lock` is held, and the guard is the one that releases it.
    /// - While it is held, nobody but its holder reaches the value in the cell.
    #[track_caller]
    #[inline(always)]
    pub(super) unsafe fn new(value: &'a UnsafeCell<T>, lock: &'a Lock) -> Self {
        Self { value: value.get_mut(), lock, marker: PhantomData }
    }
}

reads_through! { MutexGuard where Lock: RawMutex }
writes_through! { MutexGuard where Lock: RawMutex }

impl<T: ?Sized, Lock: RawMutex> Drop for MutexGuard<'_, T, Lock> {
    #[inline(always)]
    fn drop(&mut self) {
        self.value.end();
        // SAFETY: the lock is held for this guard (G1), which ends here, and unlocks it once. A `MutexGuard`
        // is where its lock may be released: its marker has the lock's `GuardMarker`.
        unsafe { self.lock.unlock() };
    }
}

impl<T: ?Sized, Lock: RawMutex> Mutex<T, Lock> {
    /// Unlocks the mutex, though its guard is not dropped.
    ///
    /// This is for a guard that was given to `mem::forget` or is in a stack frame that never runs again: in a
    /// panic handler of a kernel, say, which has stopped the other processors and wants to print.
    ///
    /// Under `--cfg loom` the forgotten guard still counts as one that writes, so that a model that locks the
    /// mutex afterwards fails.
    ///
    /// # Safety
    ///
    /// - The mutex is locked.
    /// - Whoever locked it does not go on: it neither uses its guard again, nor the references it took from it,
    ///   nor drops it; nor does the closure that it gave to [`with_lock`](Self::with_lock) ever return.
    ///
    /// # Interrupts
    ///
    /// As the raw lock's `unlock` is.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{blocking::Mutex, spin::Spinlock};
    ///
    /// let log = Mutex::new_with_raw_mutex(String::new(), Spinlock::new());
    /// core::mem::forget(log.lock());
    /// assert!(log.try_lock().is_none());
    /// // SAFETY: it is locked, and the guard that would unlock it is gone.
    /// unsafe { log.force_unlock() };
    /// log.lock().push_str("locked again");
    /// assert_eq!(log.into_inner(), "locked again");
    /// ```
    pub unsafe fn force_unlock(&self) {
        // SAFETY: the cell asks that its lock is held, and that who took it does not go on. It is the lock of
        // this mutex, of which our caller promises both.
        unsafe { self.cell().force_unlock() };
    }
}
