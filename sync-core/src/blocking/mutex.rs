//! A value under a raw lock.

use core::fmt;

use super::{DefaultMutex, ScopedRawMutex};
use crate::raw::LockedCell;

/// A value that is accessed under a blocking raw lock.
///
/// See [the module](super) for how to choose the lock.
pub struct Mutex<T, Lock = DefaultMutex> {
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
        /// Returns a mutex with `value` in it, under `lock`.
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

    /// Returns the value without locking, which `&mut` makes unnecessary.
    pub fn get_mut(&mut self) -> &mut T {
        self.cell.get_mut()
    }
}

impl<T, Lock: ScopedRawMutex> Mutex<T, Lock> {
    /// Calls `f` with the value, after waiting for the lock, and returns what it returned.
    ///
    /// The lock is released when `f` returns or panics; a panic does not poison it.
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
    pub fn try_with_lock<U>(&self, f: impl FnOnce(&mut T) -> U) -> Option<U> {
        self.cell.try_with_lock(f)
    }
}

impl<T: Default, Lock: Default> Default for Mutex<T, Lock> {
    fn default() -> Self {
        Self { cell: LockedCell::new(T::default(), Lock::default()) }
    }
}

impl<T: fmt::Debug, Lock: ScopedRawMutex> fmt::Debug for Mutex<T, Lock> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Mutex");
        if self.try_with_lock(|value| _ = out.field("data", value)).is_none() {
            out.field("data", &format_args!("<locked>"));
        }
        out.finish()
    }
}
