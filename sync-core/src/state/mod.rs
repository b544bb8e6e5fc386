//! State words: the run-time half of `#[bitfield]`.

pub(crate) mod atomic;
pub mod field;
