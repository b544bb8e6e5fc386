//! The only names that generated code may use. Not part of the public interface: the two crates
//! release together, pinned to the same version.

pub use crate::__sync_const_fn as const_fn;
pub use crate::shim::atomic;
pub use crate::state::atomic::{AtomicBits, AtomicWord, Bits, Word};
pub use crate::state::field::{self, UnknownBits};
pub use mycelium_bitfield;
