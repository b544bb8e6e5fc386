//! A value under a raw lock for readers and writers.

use core::fmt;

use super::{RawRwLock, RwLockReadGuard, RwLockWriteGuard};
use crate::lock::{RwCell, spin::RwSpinlock};

/// A value that many may read, or one may change, under a blocking raw lock.
///
/// It is worth its cost where the value is read for long and changed rarely; where each holder needs it for a
/// few instructions, a [`Mutex`](super::Mutex) does as well.
///
/// # Fairness
///
/// That of the raw lock. With [`RwSpinlock`], the default, neither side starves the other, and a reader may
/// read again.
///
/// # Memory ordering
///
/// Everything done by earlier writers is visible to each holder; everything done by earlier readers is
/// visible to the next writer.
///
/// # Interrupts
///
/// As the raw lock is. With [`RwSpinlock`], a handler that writes must not interrupt a holder on the same
/// processor, and one that reads must not interrupt a writer.
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
        /// Returns an unlocked lock that contains `value`, under a [`RwSpinlock`].
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::blocking::RwLock;
        ///
        /// static BAUD: RwLock<u32> = RwLock::new(9_600);
        /// assert_eq!(*BAUD.read(), 9_600);
        /// ```
        #[must_use]
        pub fn new(value: T) -> Self {
            Self { cell: RwCell::new(value, RwSpinlock::new()) }
        }
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Returns the number of readers that hold the lock, for diagnostics: it may be stale by the time it is
    /// read.
    ///
    /// # Memory ordering
    ///
    /// Orders nothing.
    ///
    /// # Interrupts
    ///
    /// One load: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::blocking::RwLock;
    ///
    /// let lock = RwLock::new(1);
    /// let (one, two) = (lock.read(), lock.read());
    /// assert_eq!(lock.reader_count(), 2);
    /// # drop((one, two));
    /// ```
    #[inline]
    #[must_use]
    pub fn reader_count(&self) -> usize {
        self.cell.raw().reader_count()
    }
}

impl<T, Lock> RwLock<T, Lock> {
    const_fn! {
        /// Returns a lock that contains `value`, under `lock`, which must not be locked.
        ///
        /// It is named as in the other types, and takes a [`RawRwLock`].
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::{blocking::RwLock, spin::RwSpinlock};
        ///
        /// static BAUD: RwLock<u32> = RwLock::new_with_raw_mutex(9_600, RwSpinlock::new());
        /// assert_eq!(*BAUD.read(), 9_600);
        /// ```
        #[must_use]
        pub fn new_with_raw_mutex(value: T, lock: Lock) -> Self {
            Self { cell: RwCell::new(value, lock) }
        }
    }

    /// Consumes the lock and returns the value.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(sync_core::blocking::RwLock::new(1).into_inner(), 1);
    /// ```
    #[inline]
    #[must_use]
    pub fn into_inner(self) -> T {
        self.cell.into_inner()
    }
}

impl<T: ?Sized, Lock> RwLock<T, Lock> {
    /// Returns a mutable reference to the value, without locking: `&mut self` proves that there is no other
    /// access.
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
    /// # Deadlocks
    ///
    /// If the caller holds a write guard of the same lock.
    ///
    /// # Fairness
    ///
    /// That of the raw lock.
    ///
    /// # Memory ordering
    ///
    /// Everything done under each earlier [`write`](Self::write) is visible through the guard.
    ///
    /// # Interrupts
    ///
    /// As for the [type](Self#interrupts).
    ///
    /// # Panics
    ///
    /// If the raw lock does; a [`RwSpinlock`] if more readers hold it than it can count.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::blocking::RwLock;
    ///
    /// static ROUTES: RwLock<[&str; 2]> = RwLock::new(["/", "/status"]);
    ///
    /// let (one, two) = (ROUTES.read(), ROUTES.read());
    /// assert_eq!((one[0], two[1]), ("/", "/status"));
    /// ```
    #[track_caller]
    #[inline]
    pub fn read(&self) -> RwLockReadGuard<'_, T, Lock> {
        self.cell.read()
    }

    /// Locks for reading, if that is possible at once; otherwise returns `None`.
    ///
    /// It is not possible while a writer holds the lock, nor, with a [`RwSpinlock`], while one waits for it.
    ///
    /// # Memory ordering
    ///
    /// Everything done under each earlier [`write`](Self::write) is visible through the guard. `None` orders
    /// nothing.
    ///
    /// # Interrupts
    ///
    /// With a [`RwSpinlock`], callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::blocking::RwLock;
    ///
    /// let lock = RwLock::new(1);
    /// assert_eq!(lock.try_read().as_deref(), Some(&1));
    /// let writer = lock.write();
    /// assert!(lock.try_read().is_none());
    /// # drop(writer);
    /// ```
    #[track_caller]
    #[inline]
    #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
    pub fn try_read(&self) -> Option<RwLockReadGuard<'_, T, Lock>> {
        self.cell.try_read()
    }

    /// Waits until the lock is free, and locks it for writing.
    ///
    /// # Deadlocks
    ///
    /// If the caller holds a guard of the same lock, of either kind.
    ///
    /// # Fairness
    ///
    /// That of the raw lock.
    ///
    /// # Memory ordering
    ///
    /// Everything done under each earlier guard, of either kind, is visible through this one.
    ///
    /// # Interrupts
    ///
    /// As for the [type](Self#interrupts).
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::blocking::RwLock;
    ///
    /// static BAUD: RwLock<u32> = RwLock::new(9_600);
    ///
    /// *BAUD.write() = 115_200;
    /// assert_eq!(*BAUD.read(), 115_200);
    /// ```
    #[track_caller]
    #[inline]
    pub fn write(&self) -> RwLockWriteGuard<'_, T, Lock> {
        self.cell.write()
    }

    /// Locks for writing, if that is possible at once; otherwise returns `None`.
    ///
    /// It is not possible while the lock is held, nor, with a [`RwSpinlock`], while another writer waits for
    /// it.
    ///
    /// # Memory ordering
    ///
    /// Everything done under each earlier guard, of either kind, is visible through this one. `None` orders
    /// nothing.
    ///
    /// # Interrupts
    ///
    /// With a [`RwSpinlock`], callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::blocking::RwLock;
    ///
    /// let lock = RwLock::new(1);
    /// let reader = lock.read();
    /// assert!(lock.try_write().is_none());
    /// drop(reader);
    /// *lock.try_write().expect("the lock is free") = 2;
    /// ```
    #[track_caller]
    #[inline]
    #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
    pub fn try_write(&self) -> Option<RwLockWriteGuard<'_, T, Lock>> {
        self.cell.try_write()
    }

    /// Returns whether a writer holds the lock, for diagnostics: it may be stale by the time it is read.
    ///
    /// # Memory ordering
    ///
    /// Orders nothing.
    ///
    /// # Interrupts
    ///
    /// One load, with a [`RwSpinlock`]: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::blocking::RwLock;
    ///
    /// let lock = RwLock::new(1);
    /// let writer = lock.write();
    /// assert!(lock.has_writer());
    /// drop(writer);
    /// assert!(!lock.has_writer());
    /// ```
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

// For the default lock only: with a second one, `RwLock::from(value)`, which does not name the lock, would
// not compile.
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
