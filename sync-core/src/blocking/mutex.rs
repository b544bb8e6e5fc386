//! A value under a raw lock.

use core::fmt;

use super::{DefaultMutex, MutexGuard, RawMutex, ScopedRawMutex};
use crate::raw::LockedCell;

/// A value that is accessed under a blocking raw lock.
///
/// See [the module](super) for how to choose the lock. Under each, [`with_lock`](Self::with_lock) calls a closure with
/// the value. A [`RawMutex`], such as a [`Spinlock`](crate::spin::Spinlock), also has [`lock`](Self::lock), which returns
/// a guard; [`DefaultMutex`] has not, because with the feature `critical-section` it cannot.
///
/// # Fairness
///
/// That of the raw lock; those of this crate have none.
///
/// # Examples
///
/// ```
/// use sync_core::{blocking::Mutex, spin::Spinlock};
///
/// static SCOPED: Mutex<u32> = Mutex::new(1);
/// static GUARDED: Mutex<u32, Spinlock> = Mutex::new_with_raw_mutex(1, Spinlock::new());
///
/// assert_eq!(SCOPED.with_lock(|n| { *n += 1; *n }), 2);
/// *GUARDED.lock() += 1;
/// assert_eq!(*GUARDED.lock(), 2);
/// ```
pub struct Mutex<T: ?Sized, Lock = DefaultMutex> {
    cell: LockedCell<T, Lock>,
}

impl<T> Mutex<T> {
    const_fn! {
        /// Returns a mutex with `value` in it, under a [`DefaultMutex`].
        #[must_use]
        pub fn new(value: T) -> Self {
            Self { cell: LockedCell::new(value, DefaultMutex::new()) }
        }
    }
}

impl<T, Lock> Mutex<T, Lock> {
    const_fn! {
        /// Returns a mutex with `value` in it, under `lock`, which nobody holds.
        #[must_use]
        pub fn new_with_raw_mutex(value: T, lock: Lock) -> Self {
            Self { cell: LockedCell::new(value, lock) }
        }
    }

    /// Returns the value; the lock is gone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.cell.into_inner()
    }
}

impl<T: ?Sized, Lock> Mutex<T, Lock> {
    /// Returns the value without locking, which `&mut` makes unnecessary.
    pub fn get_mut(&mut self) -> &mut T {
        self.cell.get_mut()
    }

    /// For `force_unlock`, which is unsafe and so elsewhere.
    #[inline(always)]
    pub(crate) fn cell(&self) -> &LockedCell<T, Lock> {
        &self.cell
    }
}

impl<T: ?Sized, Lock: ScopedRawMutex> Mutex<T, Lock> {
    /// Calls `f` with the value, after waiting for the lock, and returns what it returned.
    ///
    /// The lock is released when `f` returns or panics; a panic does not poison it.
    ///
    /// # Dead-locks
    ///
    /// If `f` takes the same lock.
    ///
    /// # Interrupts
    ///
    /// As the raw lock is.
    #[track_caller]
    #[inline]
    pub fn with_lock<U>(&self, f: impl FnOnce(&mut T) -> U) -> U {
        self.cell.with_lock(f)
    }

    /// Calls `f` with the value if the lock is free; otherwise returns `None` at once.
    #[track_caller]
    #[inline]
    #[must_use = "`None` means that the lock was taken and `f` was not called"]
    pub fn try_with_lock<U>(&self, f: impl FnOnce(&mut T) -> U) -> Option<U> {
        self.cell.try_with_lock(f)
    }
}

impl<T: ?Sized, Lock: RawMutex> Mutex<T, Lock> {
    /// Waits for the lock, and returns the guard that holds it.
    ///
    /// What was done under the lock before is seen. It is released when the guard is dropped, also by a panic, which
    /// does not poison it.
    ///
    /// # Dead-locks
    ///
    /// If the caller holds a guard of the same mutex.
    ///
    /// # Interrupts
    ///
    /// As the raw lock is.
    #[track_caller]
    #[inline]
    pub fn lock(&self) -> MutexGuard<'_, T, Lock> {
        self.cell.lock()
    }

    /// Returns the guard that holds the lock if it is free; otherwise returns `None` at once.
    ///
    /// # Interrupts
    ///
    /// As the raw lock is; with a [`Spinlock`](crate::spin::Spinlock), it may be called anywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{blocking::Mutex, spin::Spinlock};
    ///
    /// let mutex = Mutex::new_with_raw_mutex(1, Spinlock::new());
    /// let guard = mutex.lock();
    /// assert!(mutex.try_lock().is_none());
    /// drop(guard);
    /// assert!(mutex.try_lock().is_some());
    /// ```
    #[track_caller]
    #[inline]
    #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T, Lock>> {
        self.cell.try_lock()
    }
}

impl<T: Default, Lock: Default> Default for Mutex<T, Lock> {
    fn default() -> Self {
        Self::new_with_raw_mutex(T::default(), Lock::default())
    }
}

impl<T, Lock: Default> From<T> for Mutex<T, Lock> {
    fn from(value: T) -> Self {
        Self::new_with_raw_mutex(value, Lock::default())
    }
}

/// Shows the value, or that it is locked. Never waits.
impl<T: ?Sized + fmt::Debug, Lock: ScopedRawMutex> fmt::Debug for Mutex<T, Lock> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Mutex");
        if self.try_with_lock(|value| _ = out.field("data", &value)).is_none() {
            out.field("data", &format_args!("<locked>"));
        }
        out.finish()
    }
}
