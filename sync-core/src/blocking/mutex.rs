//! A value under a raw lock.

use core::fmt;

use super::{DefaultMutex, MutexGuard, RawMutex, ScopedRawMutex};
use crate::lock::LockedCell;

/// A value that is accessed under a blocking raw lock.
///
/// See [the module](super) for how to choose the lock. With any of them, [`with_lock`](Self::with_lock) calls
/// a closure with the value. A [`RawMutex`], such as a [`Spinlock`](crate::lock::spin::Spinlock), also has
/// [`lock`](Self::lock), which returns a guard; [`DefaultMutex`] does not, because with the feature
/// `critical-section` it cannot.
///
/// # Fairness
///
/// That of the raw lock; those of this crate are not fair.
///
/// # Memory ordering
///
/// Everything done under the lock before is visible to the next holder.
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
        /// Returns a mutex that contains `value`, under a [`DefaultMutex`].
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::blocking::Mutex;
        ///
        /// static ERRORS: Mutex<u32> = Mutex::new(0);
        /// assert_eq!(ERRORS.with_lock(|errors| *errors), 0);
        /// ```
        #[must_use]
        pub fn new(value: T) -> Self {
            Self { cell: LockedCell::new(value, DefaultMutex::new()) }
        }
    }
}

impl<T, Lock> Mutex<T, Lock> {
    const_fn! {
        /// Returns a mutex that contains `value`, under `lock`, which must not be locked.
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::{blocking::Mutex, spin::Spinlock};
        ///
        /// static ERRORS: Mutex<u32, Spinlock> = Mutex::new_with_raw_mutex(0, Spinlock::new());
        /// assert_eq!(*ERRORS.lock(), 0);
        /// ```
        #[must_use]
        pub fn new_with_raw_mutex(value: T, lock: Lock) -> Self {
            Self { cell: LockedCell::new(value, lock) }
        }
    }

    /// Consumes the mutex and returns the value.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(sync_core::blocking::Mutex::new(1).into_inner(), 1);
    /// ```
    #[must_use]
    pub fn into_inner(self) -> T {
        self.cell.into_inner()
    }
}

impl<T: ?Sized, Lock> Mutex<T, Lock> {
    /// Returns a mutable reference to the value, without locking: `&mut self` proves that there is no other
    /// access.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut mutex = sync_core::blocking::Mutex::new(1);
    /// *mutex.get_mut() = 2;
    /// assert_eq!(mutex.into_inner(), 2);
    /// ```
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
    /// # Deadlocks
    ///
    /// If `f` takes the same lock.
    ///
    /// # Fairness
    ///
    /// That of the raw lock.
    ///
    /// # Memory ordering
    ///
    /// Everything done under the lock before is visible to `f`.
    ///
    /// # Interrupts
    ///
    /// As the raw lock is: callable from an interrupt handler if it masks interrupts.
    ///
    /// # Panics
    ///
    /// If `f` does.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::blocking::Mutex;
    ///
    /// static ERRORS: Mutex<u32> = Mutex::new(0);
    ///
    /// // In an interrupt handler, with the feature `critical-section`:
    /// ERRORS.with_lock(|errors| *errors += 1);
    /// assert_eq!(ERRORS.with_lock(|errors| *errors), 1);
    /// ```
    #[track_caller]
    #[inline]
    pub fn with_lock<U>(&self, f: impl FnOnce(&mut T) -> U) -> U {
        self.cell.with_lock(f)
    }

    /// Calls `f` with the value if the lock is free; otherwise returns `None` at once.
    ///
    /// The lock is released when `f` returns or panics.
    ///
    /// # Memory ordering
    ///
    /// Everything done under the lock before is visible to `f`. `None` orders nothing.
    ///
    /// # Interrupts
    ///
    /// As the raw lock is; with a [`Spinlock`](crate::lock::spin::Spinlock), callable from everywhere.
    ///
    /// # Panics
    ///
    /// If `f` does.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::blocking::Mutex;
    ///
    /// let mutex = Mutex::new(1);
    /// assert_eq!(mutex.try_with_lock(|n| *n), Some(1));
    /// mutex.with_lock(|_| assert_eq!(mutex.try_with_lock(|n| *n), None));
    /// ```
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
    /// It is released when the guard is dropped, also by a panic, which does not poison it.
    ///
    /// # Deadlocks
    ///
    /// If the caller holds a guard of the same mutex.
    ///
    /// # Fairness
    ///
    /// That of the raw lock.
    ///
    /// # Memory ordering
    ///
    /// Everything done under the lock before is visible through the guard.
    ///
    /// # Interrupts
    ///
    /// As the raw lock is.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{blocking::Mutex, spin::Spinlock};
    ///
    /// static LOG: Mutex<Vec<&str>, Spinlock> = Mutex::new_with_raw_mutex(Vec::new(), Spinlock::new());
    ///
    /// let mut log = LOG.lock();
    /// log.push("boot");
    /// assert_eq!(*log, ["boot"]);
    /// ```
    #[track_caller]
    #[inline]
    pub fn lock(&self) -> MutexGuard<'_, T, Lock> {
        self.cell.lock()
    }

    /// Returns the guard that holds the lock if it is free; otherwise returns `None` at once.
    ///
    /// # Memory ordering
    ///
    /// Everything done under the lock before is visible through the guard. `None` orders nothing.
    ///
    /// # Interrupts
    ///
    /// As the raw lock is; with a [`Spinlock`](crate::lock::spin::Spinlock), callable from everywhere.
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
    /// - The one that locked it does not go on: it neither uses its guard again, nor the references it took
    ///   from it, nor drops it; nor does the closure that it gave to [`with_lock`](Self::with_lock) ever
    ///   return.
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
    #[expect(unsafe_code, reason = "its caller promises what the cell asks")]
    pub unsafe fn force_unlock(&self) {
        // SAFETY: the cell asks that its lock is held, and that the one that took it does not go on. It is
        // the lock of this mutex, of which our caller promises both.
        unsafe { self.cell().force_unlock() };
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
