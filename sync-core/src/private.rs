//! The only names that generated code may use. Not part of the public interface: the two crates
//! release together, pinned to the same version.

pub use crate::__sync_const_fn as const_fn;
pub use mycelium_bitfield;
