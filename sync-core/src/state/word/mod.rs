//! The runtime of `#[bitfield]`: words of any width in one atomic, and the fields in them.

pub(crate) mod atomic;
pub mod field;
