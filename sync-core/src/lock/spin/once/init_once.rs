//! A cell that is filled by the first that has the value.

use core::{any::type_name, fmt};

use super::{TryInitError, cell::OnceCell};

/// A cell that is filled once, from anywhere, and then read by any number of threads.
///
/// See [the module](super) for what happens if an initializer panics, or asks for the value itself.
///
/// # Memory ordering
///
/// Everything done before the cell was filled is visible to each reader of the value.
///
/// # Examples
///
/// ```
/// use sync_core::spin::InitOnce;
///
/// static BOARD: InitOnce<String> = InitOnce::uninitialized();
///
/// assert_eq!(BOARD.try_get(), None);
/// BOARD.init(String::from("rev. C"));
/// assert_eq!(BOARD.get(), "rev. C");
/// assert_eq!(BOARD.try_init(String::from("rev. D")).unwrap_err().into_inner(), "rev. D");
/// ```
pub struct InitOnce<T> {
    cell: OnceCell<T>,
}

impl<T> InitOnce<T> {
    const_fn! {
        /// Returns a cell without a value.
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::spin::InitOnce;
        ///
        /// static BOARD: InitOnce<u8> = InitOnce::uninitialized();
        /// assert_eq!(BOARD.try_get(), None);
        /// ```
        #[must_use]
        pub fn uninitialized() -> Self {
            Self { cell: OnceCell::new() }
        }
    }

    /// Puts `value` into the cell; never waits.
    ///
    /// # Errors
    ///
    /// Returns the value if there is one already, or if one is being made at this moment. It does not wait
    /// for that, which may still panic and leave the cell empty.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to each reader of the value.
    ///
    /// # Interrupts
    ///
    /// Never waits: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::spin::InitOnce;
    ///
    /// static BOARD: InitOnce<u8> = InitOnce::uninitialized();
    ///
    /// assert!(BOARD.try_init(3).is_ok());
    /// assert!(BOARD.try_init(4).is_err());
    /// assert_eq!(BOARD.get(), &3);
    /// ```
    #[must_use = "if the cell is not empty, the value comes back, and is dropped with the error"]
    pub fn try_init(&self, value: T) -> Result<(), TryInitError<T>> {
        self.cell.set(value).map_err(|(value, found)| TryInitError::new(value, found))
    }

    /// Puts `value` into the cell, and returns a reference to it there; never waits.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to each reader of the value.
    ///
    /// # Interrupts
    ///
    /// Never waits: callable from everywhere.
    ///
    /// # Panics
    ///
    /// If there is a value already, or one is being made at this moment. `value` is then dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::spin::InitOnce;
    ///
    /// static BOARD: InitOnce<u8> = InitOnce::uninitialized();
    ///
    /// // At boot, before the interrupts that read it are enabled:
    /// assert_eq!(BOARD.init(3), &3);
    /// ```
    #[track_caller]
    pub fn init(&self, value: T) -> &T {
        match self.try_init(value) {
            // It is there, and was written by this thread.
            Ok(()) => self.get(),
            Err(error) => panic!("{error}"),
        }
    }

    /// Returns the value, if there is one; never waits.
    ///
    /// # Memory ordering
    ///
    /// Everything done before the cell was filled is visible to the caller that gets the value.
    ///
    /// # Interrupts
    ///
    /// One load: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::spin::InitOnce;
    ///
    /// let cell = InitOnce::uninitialized();
    /// assert_eq!(cell.try_get(), None);
    /// cell.init(1);
    /// assert_eq!(cell.try_get(), Some(&1));
    /// ```
    #[inline]
    #[must_use = "`None` means that there is no value yet"]
    pub fn try_get(&self) -> Option<&T> {
        self.cell.get()
    }

    /// Returns the value, which must be there; never waits.
    ///
    /// # Memory ordering
    ///
    /// Everything done before the cell was filled is visible.
    ///
    /// # Interrupts
    ///
    /// One load: callable from everywhere.
    ///
    /// # Panics
    ///
    /// If there is no value.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::spin::InitOnce;
    ///
    /// let cell = InitOnce::uninitialized();
    /// cell.init(1);
    /// assert_eq!(cell.get(), &1);
    /// ```
    #[track_caller]
    #[inline]
    #[must_use]
    pub fn get(&self) -> &T {
        match self.cell.get() {
            Some(value) => value,
            None => uninitialized(type_name::<T>()),
        }
    }

    /// Returns the value; if there is none, fills the cell with what `f` returns.
    ///
    /// While another thread makes the value, this spins until that is done; `f` is then not called, unless
    /// the other initializer panics. So `f` is called at most once, and never at the same time as another
    /// initializer.
    ///
    /// # Deadlocks
    ///
    /// If `f` asks for the value of this cell in the same way, or an interrupt handler does while `f` is
    /// running; see [the module](super).
    ///
    /// # Memory ordering
    ///
    /// Everything done by the initializer is visible.
    ///
    /// # Interrupts
    ///
    /// From a handler only if no initializer can be interrupted by it; otherwise use
    /// [`try_get`](Self::try_get).
    ///
    /// # Panics
    ///
    /// If `f` does. The cell is then as before.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::spin::InitOnce;
    ///
    /// let cell = InitOnce::uninitialized();
    /// assert_eq!(cell.get_or_else(|| 1), &1);
    /// assert_eq!(cell.get_or_else(|| unreachable!()), &1);
    /// ```
    #[inline]
    #[must_use]
    pub fn get_or_else(&self, f: impl FnOnce() -> T) -> &T {
        match self.cell.get() {
            Some(value) => value,
            None => self.cell.get_or_make(f),
        }
    }

    /// Returns the value without checking that there is one.
    ///
    /// # Panics
    ///
    /// If there is no value and debug assertions are on.
    ///
    /// # Safety
    ///
    /// - The cell was filled: [`init`](Self::init), [`try_init`](Self::try_init) or
    ///   [`get_or_else`](Self::get_or_else) has returned with success, or [`try_get`](Self::try_get) has
    ///   found the value.
    /// - The caller knows so through something that synchronizes: by being the same thread, or by a lock, or
    ///   by a message. That the filling was earlier by the clock is not enough.
    ///
    /// # Interrupts
    ///
    /// Never waits: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::spin::InitOnce;
    ///
    /// let cell = InitOnce::from(1);
    /// // SAFETY: it was made with a value, on this very thread.
    /// assert_eq!(unsafe { cell.get_unchecked() }, &1);
    /// ```
    #[track_caller]
    #[inline(always)]
    #[must_use]
    pub unsafe fn get_unchecked(&self) -> &T {
        // SAFETY: the caller promises that the cell was filled, and what was filled stays ready (O2); and
        // that it knows so through something that synchronises, which is an Acquire.
        unsafe { self.cell.get_unchecked() }
    }

    /// Returns a mutable reference to the value, if there is one: `&mut self` proves that no other thread
    /// reads it.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::spin::InitOnce;
    ///
    /// let mut cell = InitOnce::from(1);
    /// *cell.get_mut().unwrap() = 2;
    /// assert_eq!(cell.get(), &2);
    /// ```
    #[must_use]
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.cell.get_mut()
    }

    /// Consumes the cell and returns the value, if there is one.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::spin::InitOnce;
    ///
    /// assert_eq!(InitOnce::from(1).into_inner(), Some(1));
    /// assert_eq!(InitOnce::<u8>::uninitialized().into_inner(), None);
    /// ```
    #[must_use]
    pub fn into_inner(self) -> Option<T> {
        self.cell.into_inner()
    }
}

#[track_caller]
#[cold]
#[inline(never)]
fn uninitialized(of: &str) -> ! {
    panic!("InitOnce<{of}> is not initialized")
}

/// Without a value.
impl<T> Default for InitOnce<T> {
    fn default() -> Self {
        Self::uninitialized()
    }
}

/// With a value.
impl<T> From<T> for InitOnce<T> {
    fn from(value: T) -> Self {
        Self { cell: OnceCell::with_value(value) }
    }
}

/// The value if it is there, otherwise `<initializing>` or `<uninitialized>`. Never waits.
impl<T: fmt::Debug> fmt::Debug for InitOnce<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cell.fmt(f)
    }
}
