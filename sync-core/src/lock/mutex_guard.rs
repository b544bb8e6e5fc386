//! The guard of a [`blocking::Mutex`](crate::blocking::Mutex).
//!
//! - **G1** As long as the guard lives, its lock is held for it, and it alone, by way of its borrows, gives
//!   out references to the value.

use core::marker::PhantomData;

use mutex_traits::RawMutex;

use super::guards::{reads_through, writes_through};
use crate::shim::cell::{MutPtr, UnsafeCell};

/// A locked [`blocking::Mutex`](crate::blocking::Mutex), and the way to its value.
///
/// [`Mutex::lock`](crate::blocking::Mutex::lock) and [`Mutex::try_lock`](crate::blocking::Mutex::try_lock) return it. Dropping it releases the lock; so does a panic that
/// unwinds through its owner. `mem::forget` of it leaves the mutex locked forever.
///
/// It may go to another thread if the raw lock's `GuardMarker` says so.
#[must_use = "the lock is released as soon as its guard is dropped"]
pub struct MutexGuard<'a, T: ?Sized, Lock: RawMutex> {
    value: MutPtr<T>,
    lock: &'a Lock,
    marker: PhantomData<Lock::GuardMarker>,
}

// SAFETY: what blocks the auto impl is the pointer in `value`. The guard is a `&mut T` (with which the value
// can be moved out: `T: Send`) and a `&Lock` (`Lock: Sync`), and its lock is released wherever it is dropped,
// to which the lock agrees by its marker.
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
    /// - While it is held, nothing but its holder reaches the value in the cell.
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
