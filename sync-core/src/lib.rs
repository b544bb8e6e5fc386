//! Placeholder while the workspace is laid out.
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(test, feature = "std"))]
extern crate std;

#[macro_use]
mod macros;

mod shim;
mod state;

pub use crate::state::field::UnknownBits;
pub use mycelium_bitfield::FromBits;
pub use sync_macros::{FromBits, bitfield};

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
