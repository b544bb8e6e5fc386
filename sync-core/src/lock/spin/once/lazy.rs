//! A cell that knows how to make its value.

use core::{
    fmt,
    ops::{Deref, DerefMut},
};

use super::cell::OnceCell;

/// A value that is made when it is first asked for.
///
/// See [the module](super) for what happens if the initializer panics, or asks for the value itself.
///
/// # Memory ordering
///
/// Everything done by the initializer is visible to each reader of the value.
///
/// # Interrupts
///
/// An interrupt handler that asks for the value while the initializer that it interrupted runs on the same
/// processor waits for itself: call [`init`](Self::init) before the interrupt is enabled, or use
/// [`get_if_present`](Self::get_if_present).
///
/// # Examples
///
/// ```
/// use sync_core::spin::Lazy;
///
/// static SQUARES: Lazy<Vec<u32>> = Lazy::new(|| (0..5).map(|n| n * n).collect());
///
/// assert_eq!(SQUARES.get_if_present(), None);
/// assert_eq!(SQUARES[3], 9);
/// assert_eq!(SQUARES.get().len(), 5);
/// ```
pub struct Lazy<T, F = fn() -> T> {
    cell: OnceCell<T>,
    initializer: F,
}

impl<T, F> Lazy<T, F> {
    const_fn! {
        /// Returns a cell that will get its value from `initializer`.
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::spin::Lazy;
        ///
        /// static GREETING: Lazy<String> = Lazy::new(|| "hello".to_uppercase());
        /// assert_eq!(*GREETING, "HELLO");
        /// ```
        #[must_use]
        pub fn new(initializer: F) -> Self {
            Self { cell: OnceCell::new(), initializer }
        }
    }

    /// Returns the value, if it was made already. Never waits, and never makes it.
    ///
    /// # Memory ordering
    ///
    /// Everything done by the initializer is visible to the caller that gets the value.
    ///
    /// # Interrupts
    ///
    /// One load: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::spin::Lazy;
    ///
    /// static TABLE: Lazy<[u8; 2]> = Lazy::new(|| [1, 2]);
    ///
    /// // An interrupt handler goes without it before it is there.
    /// assert_eq!(TABLE.get_if_present(), None);
    /// TABLE.init();
    /// assert_eq!(TABLE.get_if_present(), Some(&[1, 2]));
    /// ```
    #[inline]
    #[must_use]
    pub fn get_if_present(&self) -> Option<&T> {
        self.cell.get()
    }
}

impl<T, F: Fn() -> T> Lazy<T, F> {
    /// Returns the value, and makes it first if there is none.
    ///
    /// While another thread makes it, this spins until that is done.
    ///
    /// # Deadlocks
    ///
    /// If the initializer asks for the value of this cell; see [the module](super).
    ///
    /// # Memory ordering
    ///
    /// Everything done by the initializer is visible.
    ///
    /// # Interrupts
    ///
    /// As for the [type](Self#interrupts).
    ///
    /// # Panics
    ///
    /// If the initializer, called here, does. The cell is then as before, and the next call runs it again.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::spin::Lazy;
    ///
    /// static TABLE: Lazy<[u8; 2]> = Lazy::new(|| [1, 2]);
    /// assert_eq!(TABLE.get(), &[1, 2]);
    /// ```
    #[inline]
    #[must_use]
    pub fn get(&self) -> &T {
        match self.cell.get() {
            Some(value) => value,
            None => self.cell.get_or_make(&self.initializer),
        }
    }

    /// Returns a mutable reference to the value, and makes it first if there is none.
    ///
    /// # Panics
    ///
    /// If the initializer, called here, does.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::spin::Lazy;
    ///
    /// let mut table = Lazy::new(|| [1, 2]);
    /// table.get_mut()[0] = 3;
    /// assert_eq!(*table, [3, 2]);
    /// ```
    #[inline]
    #[must_use]
    pub fn get_mut(&mut self) -> &mut T {
        self.init();
        self.cell.get_mut().expect("it was made in the line above, and a cell is not emptied")
    }

    /// Makes the value, if there is none: as [`get`](Self::get), for callers that do not need it yet.
    ///
    /// # Deadlocks
    ///
    /// If the initializer asks for the value of this cell; see [the module](super).
    ///
    /// # Interrupts
    ///
    /// As for the [type](Self#interrupts).
    ///
    /// # Panics
    ///
    /// If the initializer, called here, does.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::spin::Lazy;
    ///
    /// static TABLE: Lazy<[u8; 2]> = Lazy::new(|| [1, 2]);
    ///
    /// TABLE.init(); // at boot, before the interrupts that read it are enabled
    /// assert!(TABLE.get_if_present().is_some());
    /// ```
    #[inline]
    pub fn init(&self) {
        let _ = self.get();
    }
}

impl<T, F: Fn() -> T> Deref for Lazy<T, F> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.get()
    }
}

impl<T, F: Fn() -> T> DerefMut for Lazy<T, F> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        self.get_mut()
    }
}

/// A cell that makes the default value.
impl<T: Default> Default for Lazy<T> {
    fn default() -> Self {
        Self::new(T::default)
    }
}

/// The value if it is there, otherwise `<initializing>` or `<uninitialized>`. Never waits, and never makes
/// it.
impl<T: fmt::Debug, F> fmt::Debug for Lazy<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cell.fmt(f)
    }
}
