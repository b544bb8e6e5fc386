//! The parts that only wait: these need no more of the library than its wait types and raw locks.

use super::{OLD, sync};

mod cell;
mod differences;
mod driver;
mod map;
mod queue;
mod raw_locks;
mod small_things;
pub(crate) mod watched;
