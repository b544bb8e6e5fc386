//! The one place that chooses between the real world, loom's and shuttle's.
//!
//! Every atomic, every cell whose accesses must be checked and every spin hint of the library comes from
//! here. All worlds offer the same names; the choice is `--cfg loom` or `--cfg shuttle`, never a feature,
//! because features unify and would reach builds that have no model.

#[cfg(loom)]
mod loom;
#[cfg(not(any(loom, shuttle)))]
mod native;
#[cfg(shuttle)]
mod shuttle;
#[cfg(not(any(loom, shuttle, target_has_atomic = "ptr")))]
mod stand_in;

#[cfg(loom)]
use self::loom as world;
#[cfg(not(any(loom, shuttle)))]
use self::native as world;
#[cfg(shuttle)]
use self::shuttle as world;

pub use self::world::atomic;
#[cfg(feature = "std")]
pub(crate) use self::world::thread;
pub(crate) use self::world::{cell, data, hint};
