//! Placeholder while the workspace is laid out.
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(test, feature = "std"))]
extern crate std;

#[macro_use]
mod macros;

mod shim;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
