//! A value under a raw lock for readers and writers.

use core::fmt;

use super::{RawRwLock, RwLockReadGuard, RwLockWriteGuard};
use crate::{raw::RwCell, spin::RwSpinlock};

/// A value that many read or one changes, under a blocking raw lock.
///
/// Worth it where the value is read for long and changed rarely; where each holds it for a few instructions, a
/// [`Mutex`](super::Mutex) does as well.
///
/// # Fairness
///
/// That of the raw lock. With [`RwSpinlock`], the default, neither side starves the other, and who reads already may
/// read again.
///
/// # Interrupts
///
/// As the raw lock is. With [`RwSpinlock`], a handler that writes must not interrupt a holder on the same processor,
/// and one that reads must not interrupt a writer.
///
/// # Examples
///
/// ```
/// use sync_core::blocking::RwLock;
///
/// static ROUTES: RwLock<Vec<&str>> = RwLock::new(Vec::new());
///
/// ROUTES.write().push("/");
/// let (one, two) = (ROUTES.read(), ROUTES.read());
/// assert_eq!((one[0], two.len()), ("/", 1));
/// assert!(ROUTES.try_write().is_none());
/// ```
pub struct RwLock<T: ?Sized, Lock = RwSpinlock> {
    cell: RwCell<T, Lock>,
}

impl<T> RwLock<T> {
    const_fn! {
        /// Returns an unlocked lock with `value` in it, under a [`RwSpinlock`].
        #[must_use]
        pub fn new(value: T) -> Self {
            Self { cell: RwCell::new(value, RwSpinlock::new()) }
        }
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Returns how many readers hold the lock.
    ///
    /// Out of date as soon as it is known: for messages, not for decisions.
    #[inline]
    #[must_use]
    pub fn reader_count(&self) -> usize {
        self.cell.raw().reader_count()
    }
}

impl<T, Lock> RwLock<T, Lock> {
    const_fn! {
        /// Returns a lock with `value` in it, under `lock`, which nobody holds.
        ///
        /// It is named as its siblings are, and takes a [`RawRwLock`].
        #[must_use]
        pub fn new_with_raw_mutex(value: T, lock: Lock) -> Self {
            Self { cell: RwCell::new(value, lock) }
        }
    }

    /// Returns the value; the lock is gone.
    #[inline]
    #[must_use]
    pub fn into_inner(self) -> T {
        self.cell.into_inner()
    }
}

impl<T: ?Sized, Lock> RwLock<T, Lock> {
    /// Returns the value without locking, which `&mut` makes unnecessary.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut lock = sync_core::blocking::RwLock::new(1);
    /// *lock.get_mut() += 1;
    /// assert_eq!(lock.into_inner(), 2);
    /// ```
    pub fn get_mut(&mut self) -> &mut T {
        self.cell.get_mut()
    }
}

impl<T: ?Sized, Lock: RawRwLock> RwLock<T, Lock> {
    /// Waits until no writer holds the lock, and locks it for reading. Other readers may hold it too.
    ///
    /// What was done under each earlier [`write`](Self::write) is seen.
    ///
    /// # Panics
    ///
    /// If the raw lock does; a [`RwSpinlock`] if more readers hold it than it can count.
    ///
    /// # Dead-locks
    ///
    /// If the caller holds a write guard of the same lock.
    #[track_caller]
    #[inline]
    pub fn read(&self) -> RwLockReadGuard<'_, T, Lock> {
        self.cell.read()
    }

    /// Locks for reading, if that is possible at once; otherwise returns `None`.
    ///
    /// It is not possible while a writer holds the lock, nor, with a [`RwSpinlock`], while one waits for it.
    #[track_caller]
    #[inline]
    #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
    pub fn try_read(&self) -> Option<RwLockReadGuard<'_, T, Lock>> {
        self.cell.try_read()
    }

    /// Waits until nobody holds the lock, and locks it for writing.
    ///
    /// What was done under each earlier guard, of either kind, is seen.
    ///
    /// # Dead-locks
    ///
    /// If the caller holds a guard of the same lock, of either kind.
    #[track_caller]
    #[inline]
    pub fn write(&self) -> RwLockWriteGuard<'_, T, Lock> {
        self.cell.write()
    }

    /// Locks for writing, if that is possible at once; otherwise returns `None`.
    ///
    /// It is not possible while anybody holds the lock, nor, with a [`RwSpinlock`], while another writer waits for it.
    #[track_caller]
    #[inline]
    #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
    pub fn try_write(&self) -> Option<RwLockWriteGuard<'_, T, Lock>> {
        self.cell.try_write()
    }

    /// Returns whether a writer holds the lock.
    ///
    /// Out of date as soon as it is known: for messages, not for decisions.
    #[inline]
    #[must_use]
    pub fn has_writer(&self) -> bool {
        self.cell.raw().is_locked_exclusive()
    }
}

impl<T: Default, Lock: Default> Default for RwLock<T, Lock> {
    fn default() -> Self {
        Self::new_with_raw_mutex(T::default(), Lock::default())
    }
}

// For the default lock only: with a second one, `RwLock::from(value)`, which says nothing of the lock, would not compile.
impl<T> From<T> for RwLock<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// Shows the value, or that it is locked. Never waits.
impl<T: ?Sized + fmt::Debug, Lock: RawRwLock> fmt::Debug for RwLock<T, Lock> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("RwLock");
        match self.try_read() {
            Some(value) => out.field("data", &value),
            None => out.field("data", &format_args!("<locked>")),
        };
        out.finish()
    }
}
