//! The one place that chooses between the real world and loom's.
//!
//! Every atomic, every cell whose accesses must be checked and every spin hint of the library comes
//! from here. Both worlds offer the same names; the choice is `--cfg loom`, never a feature, because
//! features unify and would reach builds that have no model.

#[cfg(loom)]
mod loom;
#[cfg(not(loom))]
mod native;

#[cfg(loom)]
pub use self::loom::atomic;
#[cfg(all(loom, feature = "std"))]
pub(crate) use self::loom::thread;
#[cfg(loom)]
pub(crate) use self::loom::{cell, data, hint};
#[cfg(not(loom))]
pub use self::native::atomic;
#[cfg(all(not(loom), feature = "std"))]
pub(crate) use self::native::thread;
#[cfg(not(loom))]
pub(crate) use self::native::{cell, data, hint};
