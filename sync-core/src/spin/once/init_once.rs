//! A cell that is filled by whoever has the value first.

use core::{any::type_name, fmt};

use super::{TryInitError, cell::OnceCell};

/// A cell that is filled once, from anywhere, and then read by everybody.
///
/// See [the module](super) for what happens if an initializer panics, or asks for the value itself.
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
        #[must_use]
        pub fn uninitialized() -> Self {
            Self { cell: OnceCell::new() }
        }
    }

    /// Puts `value` into the cell.
    ///
    /// # Errors
    ///
    /// Returns the value if there is one already, or if somebody is making one at this moment. It does not wait
    /// for that: it may still panic, and leave the cell empty.
    ///
    /// # Interrupts
    ///
    /// Never waits.
    #[must_use = "if the cell is not empty, the value comes back, and is dropped with the error"]
    pub fn try_init(&self, value: T) -> Result<(), TryInitError<T>> {
        self.cell.set(value).map_err(|(value, found)| TryInitError::new(value, found))
    }

    /// Puts `value` into the cell, and returns it from there.
    ///
    /// # Panics
    ///
    /// If there is a value already, or somebody is making one at this moment. `value` is dropped then.
    ///
    /// # Interrupts
    ///
    /// Never waits.
    #[track_caller]
    pub fn init(&self, value: T) -> &T {
        match self.try_init(value) {
            // It is there, and was written by this thread.
            Ok(()) => self.get(),
            Err(error) => panic!("{error}"),
        }
    }

    /// Returns the value, if it is there.
    ///
    /// # Interrupts
    ///
    /// Never waits.
    #[inline]
    #[must_use = "`None` means that there is no value yet"]
    pub fn try_get(&self) -> Option<&T> {
        self.cell.get()
    }

    /// Returns the value.
    ///
    /// # Panics
    ///
    /// If it is not there.
    ///
    /// # Interrupts
    ///
    /// Never waits.
    #[track_caller]
    #[inline]
    #[must_use]
    pub fn get(&self) -> &T {
        match self.cell.get() {
            Some(value) => value,
            None => uninitialized(type_name::<T>()),
        }
    }

    /// Returns the value; puts there what `f` returns, if there is none.
    ///
    /// While somebody else makes the value, this spins until that is done; `f` is not called then, unless the other
    /// panics. So `f` is called once at most, and never at the same time as another initializer.
    ///
    /// # Panics
    ///
    /// If `f` does. The cell is as before then.
    ///
    /// # Dead-locks
    ///
    /// If `f` asks for the value of this cell in the same way, or an interrupt handler does while `f` is running; see
    /// [the module](super).
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

    /// Returns the value without looking whether it is there.
    ///
    /// # Panics
    ///
    /// If it is not there and debug assertions are on.
    ///
    /// # Safety
    ///
    /// - The cell was filled: [`init`](Self::init), [`try_init`](Self::try_init) or
    ///   [`get_or_else`](Self::get_or_else) has returned with success, or [`try_get`](Self::try_get) has found the value.
    /// - The caller knows so through something that synchronises: by being the same thread, or a lock, or a message.
    ///   That the filling was earlier by the clock is not enough.
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

    /// Returns the value, if it is there, to be changed. `&mut` makes sure that nobody reads it.
    #[must_use]
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.cell.get_mut()
    }

    /// Returns the value, if it is there; the cell is gone.
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
