//! A value beside the raw lock that guards it: the one place that turns "holds the lock" into `&mut`.

use mutex_traits::{RawMutex, ScopedRawMutex};

use super::MutexGuard;
use crate::shim::cell::UnsafeCell;

/// A value that is reached only while `lock` is held, or through `&mut`.
pub(crate) struct LockedCell<T: ?Sized, Lock> {
    lock: Lock,
    value: UnsafeCell<T>,
}

// SAFETY: what blocks the auto impl is `value`. A shared cell gives out `&mut T` to one thread after
// another, which is what `T: Send` allows; the lock itself is shared, hence `Lock: Sync`.
unsafe impl<T: ?Sized + Send, Lock: Sync> Sync for LockedCell<T, Lock> {}

impl<T, Lock> LockedCell<T, Lock> {
    const_fn! {
        pub(crate) fn new(value: T, lock: Lock) -> Self {
            Self { lock, value: UnsafeCell::new(value) }
        }
    }

    pub(crate) fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized, Lock> LockedCell<T, Lock> {
    pub(crate) fn get_mut(&mut self) -> &mut T {
        // SAFETY: the cell's pointer is to a live value, to which `&mut self` is the only way while the
        // result lives.
        self.value.with_mut(|value| unsafe { &mut *value })
    }
}

impl<T: ?Sized, Lock: ScopedRawMutex> LockedCell<T, Lock> {
    /// Calls `f` with the value once the lock is held.
    #[track_caller]
    #[inline(always)]
    pub(crate) fn with_lock<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        self.lock.with_lock(|| {
            // SAFETY: the cell's pointer is to a live value. `ScopedRawMutex` lets one closure at a time run,
            // and every other access to the value in this module is under the same lock or through `&mut
            // self`; so this is the only reference until `f` returns.
            self.value.with_mut(|value| f(unsafe { &mut *value }))
        })
    }

    /// Calls `f` with the value if nothing else holds the lock.
    #[track_caller]
    #[inline(always)]
    pub(crate) fn try_with_lock<R>(&self, f: impl FnOnce(&mut T) -> R) -> Option<R> {
        self.lock.try_with_lock(|| {
            // SAFETY: the cell's pointer is to a live value. `ScopedRawMutex` runs this closure only while no
            // other one runs, and every other access to the value in this module is under the same lock or
            // through `&mut self`; so this is the only reference until `f` returns.
            self.value.with_mut(|value| f(unsafe { &mut *value }))
        })
    }
}

impl<T: ?Sized, Lock: RawMutex> LockedCell<T, Lock> {
    /// Waits for the lock.
    #[track_caller]
    #[inline(always)]
    pub(crate) fn lock(&self) -> MutexGuard<'_, T, Lock> {
        self.lock.lock();
        // SAFETY: the lock is held as of the line above, and it is the one that guards `value`: every other
        // access in this module is under it, or through `&mut self`. The guard is the one that releases it.
        unsafe { MutexGuard::new(&self.value, &self.lock) }
    }

    /// Takes the lock if nothing holds it.
    #[track_caller]
    #[inline(always)]
    pub(crate) fn try_lock(&self) -> Option<MutexGuard<'_, T, Lock>> {
        if !self.lock.try_lock() {
            return None;
        }
        // SAFETY: the lock is held, since `try_lock` returned true, and it is the one that guards `value`:
        // every other access in this module is under it, or through `&mut self`. The guard is the one that
        // releases it.
        Some(unsafe { MutexGuard::new(&self.value, &self.lock) })
    }

    /// Releases the lock.
    ///
    /// # Safety
    ///
    /// - The lock is held.
    /// - The one that took it, by a guard or a closure, does not go on: it does not touch the value again,
    ///   nor releases the lock.
    pub(crate) unsafe fn force_unlock(&self) {
        // SAFETY: the lock is held, and the caller says that it acts for the holder, which is gone.
        unsafe { self.lock.unlock() };
    }
}
