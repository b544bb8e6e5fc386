//! A value beside the raw lock for readers and writers that guards it.

use super::{RawRwLock, RwLockReadGuard, RwLockWriteGuard};
use crate::shim::cell::UnsafeCell;

/// A value that is reached only while `lock` is held, or through `&mut`.
pub(crate) struct RwCell<T: ?Sized, Lock> {
    lock: Lock,
    value: UnsafeCell<T>,
}

// SAFETY: what blocks the auto impl is `value`. A shared cell gives out `&mut T` to one thread after another
// (`T: Send`), and `&T` to several at once (`T: Sync`); the lock itself is shared, hence `Lock: Sync`.
unsafe impl<T: ?Sized + Send + Sync, Lock: Sync> Sync for RwCell<T, Lock> {}

impl<T, Lock> RwCell<T, Lock> {
    const_fn! {
        pub(crate) fn new(value: T, lock: Lock) -> Self {
            Self { lock, value: UnsafeCell::new(value) }
        }
    }

    pub(crate) fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized, Lock> RwCell<T, Lock> {
    pub(crate) fn get_mut(&mut self) -> &mut T {
        // SAFETY: the cell's pointer is to a live value, to which `&mut self` is the only way while the
        // result lives.
        self.value.with_mut(|value| unsafe { &mut *value })
    }

    /// The lock, to be asked and not to be taken.
    #[inline(always)]
    pub(crate) fn raw(&self) -> &Lock {
        &self.lock
    }
}

impl<T: ?Sized, Lock: RawRwLock> RwCell<T, Lock> {
    /// Waits for a shared lock.
    #[track_caller]
    #[inline(always)]
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, T, Lock> {
        self.lock.lock_shared();
        // SAFETY: a shared lock is held as of the line above, of the lock that guards `value`: every `&mut`
        // to it that this module makes is under an exclusive lock, or through `&mut self`. The guard is the
        // one that releases it.
        unsafe { RwLockReadGuard::new(&self.value, &self.lock) }
    }

    /// Takes a shared lock if that is possible at once.
    #[track_caller]
    #[inline(always)]
    pub(crate) fn try_read(&self) -> Option<RwLockReadGuard<'_, T, Lock>> {
        if !self.lock.try_lock_shared() {
            return None;
        }
        // SAFETY: a shared lock is held, since `try_lock_shared` returned true, of the lock that guards
        // `value`: every `&mut` to it that this module makes is under an exclusive lock, or through `&mut
        // self`. The guard is the one that releases it.
        Some(unsafe { RwLockReadGuard::new(&self.value, &self.lock) })
    }

    /// Waits for the exclusive lock.
    #[track_caller]
    #[inline(always)]
    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, T, Lock> {
        self.lock.lock_exclusive();
        // SAFETY: the exclusive lock is held as of the line above, of the lock that guards `value`: every
        // other access in this module is under it, or through `&mut self`. The guard is the one that releases
        // it.
        unsafe { RwLockWriteGuard::new(&self.value, &self.lock) }
    }

    /// Takes the exclusive lock if that is possible at once.
    #[track_caller]
    #[inline(always)]
    pub(crate) fn try_write(&self) -> Option<RwLockWriteGuard<'_, T, Lock>> {
        if !self.lock.try_lock_exclusive() {
            return None;
        }
        // SAFETY: the exclusive lock is held, since `try_lock_exclusive` returned true, of the lock that
        // guards `value`: every other access in this module is under it, or through `&mut self`. The guard is
        // the one that releases it.
        Some(unsafe { RwLockWriteGuard::new(&self.value, &self.lock) })
    }
}
