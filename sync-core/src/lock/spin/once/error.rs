//! The error of a cell that refuses a second value.

use core::{any::type_name, error::Error, fmt};

use crate::state::once::OnceState;

/// The cell has a value, or one is being made; the rejected value is in this error.
///
/// [`InitOnce::try_init`](super::InitOnce::try_init) returns it.
pub struct TryInitError<T> {
    value: T,
    found: OnceState,
}

impl<T> TryInitError<T> {
    pub(super) fn new(value: T, found: OnceState) -> Self {
        Self { value, found }
    }

    /// Returns the value that was not put into the cell.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::spin::InitOnce;
    ///
    /// let cell = InitOnce::from("rev. C");
    /// let error = cell.try_init("rev. D").unwrap_err();
    /// assert_eq!(error.into_inner(), "rev. D");
    /// ```
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }
}

/// Shows the state in which the cell was. The value need not be printable, and is not printed.
impl<T> fmt::Debug for TryInitError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TryInitError")
            .field("type", &format_args!("{}", type_name::<T>()))
            .field("ready", &self.found.ready())
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Display for TryInitError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.found.ready() { "already initialized" } else { "being initialized" };
        write!(f, "InitOnce<{}> is {what}", type_name::<T>())
    }
}

impl<T> Error for TryInitError<T> {}
