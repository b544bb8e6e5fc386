//! What refuses a second value.

use core::{any::type_name, error::Error, fmt};

use crate::state::once::OnceState;

/// The cell has a value, or somebody is making one; here is yours back.
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
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }
}

/// Says which state the cell was in. The value need not be printable, and is not printed.
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
