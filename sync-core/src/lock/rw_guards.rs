//! The guards of a [`blocking::RwLock`](crate::blocking::RwLock).
//!
//! - **G1** As long as a guard lives, its lock is held for it: shared for a read guard, so that there are
//!   only `&T` of the value; exclusive for a write guard, so that it alone, by way of its borrows, gives out
//!   references.

use core::marker::PhantomData;

use super::{
    RawRwLock,
    guards::{reads_through, writes_through},
};
use crate::{
    lock::spin::RwSpinlock,
    shim::cell::{ConstPtr, MutPtr, UnsafeCell},
};

/// A [`RwLock`](crate::blocking::RwLock) that is locked for reading, and the way to its value.
///
/// [`RwLock::read`](crate::blocking::RwLock::read) and [`try_read`](crate::blocking::RwLock::try_read) return it.
/// Dropping it releases the lock; so does a panic that unwinds through its owner. `mem::forget` of it keeps
/// writers out forever.
#[must_use = "the lock is released as soon as its guard is dropped"]
pub struct RwLockReadGuard<'lock, T: ?Sized, Lock: RawRwLock = RwSpinlock> {
    value: ConstPtr<T>,
    lock: &'lock Lock,
    marker: PhantomData<Lock::GuardMarker>,
}

/// A [`RwLock`](crate::blocking::RwLock) that is locked for writing, and the way to its value.
///
/// [`RwLock::write`](crate::blocking::RwLock::write) and [`try_write`](crate::blocking::RwLock::try_write) return it.
/// Dropping it releases the lock; so does a panic that unwinds through its owner. `mem::forget` of it leaves
/// the lock locked forever.
#[must_use = "the lock is released as soon as its guard is dropped"]
pub struct RwLockWriteGuard<'lock, T: ?Sized, Lock: RawRwLock = RwSpinlock> {
    value: MutPtr<T>,
    lock: &'lock Lock,
    marker: PhantomData<Lock::GuardMarker>,
}

// SAFETY: what blocks the auto impl is the pointer in `value`. The guard is a `&T` (`T: Sync`) and a `&Lock`
// (`Lock: Sync`), and its lock is released wherever it is dropped, to which the lock agrees by its marker.
unsafe impl<T, Lock> Send for RwLockReadGuard<'_, T, Lock>
where
    T: ?Sized + Sync,
    Lock: RawRwLock + Sync,
    Lock::GuardMarker: Send,
{
}

// SAFETY: what blocks the auto impl is the pointer in `value`. A shared guard gives out `&T` (`T: Sync`), and
// its `&Lock` is not reached through it. That `Lock: Sync` is asked for all the same is maitake-sync's bound.
unsafe impl<T, Lock> Sync for RwLockReadGuard<'_, T, Lock>
where
    T: ?Sized + Sync,
    Lock: RawRwLock + Sync,
{
}

// SAFETY: what blocks the auto impl is the pointer in `value`. The guard is a `&mut T` (`T: Send`; that it is
// also `Sync` is maitake-sync's bound) and a `&Lock`, and its lock is released wherever it is dropped, to
// which the lock agrees by its marker. `Lock: Sync` is missing in maitake-sync 0.3.0, which is unsound: a
// lock of plain cells, which is not `Sync`, would be released here and taken there at once.
unsafe impl<T, Lock> Send for RwLockWriteGuard<'_, T, Lock>
where
    T: ?Sized + Send + Sync,
    Lock: RawRwLock + Sync,
    Lock::GuardMarker: Send,
{
}

// SAFETY: what blocks the auto impl is the pointer in `value`. A shared guard gives out `&T` (`T: Sync`; that
// it is also `Send` is maitake-sync's bound), and its `&Lock` is not reached through it, so the lock need not
// be `Sync`.
unsafe impl<T, Lock> Sync for RwLockWriteGuard<'_, T, Lock>
where
    T: ?Sized + Send + Sync,
    Lock: RawRwLock,
{
}

impl<'lock, T: ?Sized, Lock: RawRwLock> RwLockReadGuard<'lock, T, Lock> {
    /// Returns the guard of a shared lock that was just taken.
    ///
    /// # Safety
    ///
    /// - A shared lock of `lock` is held, and the guard is the one that releases it.
    /// - While one is held, nothing has a `&mut` to the value in the cell.
    #[track_caller]
    #[inline(always)]
    pub(super) unsafe fn new(value: &'lock UnsafeCell<T>, lock: &'lock Lock) -> Self {
        Self { value: value.get(), lock, marker: PhantomData }
    }
}

impl<'lock, T: ?Sized, Lock: RawRwLock> RwLockWriteGuard<'lock, T, Lock> {
    /// Returns the guard of an exclusive lock that was just taken.
    ///
    /// # Safety
    ///
    /// - The exclusive lock of `lock` is held, and the guard is the one that releases it.
    /// - While it is held, nothing but its holder reaches the value in the cell.
    #[track_caller]
    #[inline(always)]
    pub(super) unsafe fn new(value: &'lock UnsafeCell<T>, lock: &'lock Lock) -> Self {
        Self { value: value.get_mut(), lock, marker: PhantomData }
    }
}

reads_through! { RwLockReadGuard where Lock: RawRwLock }
reads_through! { RwLockWriteGuard where Lock: RawRwLock }
writes_through! { RwLockWriteGuard where Lock: RawRwLock }

impl<T: ?Sized, Lock: RawRwLock> Drop for RwLockReadGuard<'_, T, Lock> {
    #[inline(always)]
    fn drop(&mut self) {
        self.value.end();
        // SAFETY: a shared lock is held for this guard (G1), which ends here, and unlocks it once.
        unsafe { self.lock.unlock_shared() };
    }
}

impl<T: ?Sized, Lock: RawRwLock> Drop for RwLockWriteGuard<'_, T, Lock> {
    #[inline(always)]
    fn drop(&mut self) {
        self.value.end();
        // SAFETY: the exclusive lock is held for this guard (G1), which ends here, and unlocks it once.
        unsafe { self.lock.unlock_exclusive() };
    }
}
