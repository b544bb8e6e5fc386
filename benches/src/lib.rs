//! What the benchmarks share: one trait per kind of primitive, implemented for `sync-core` and for its
//! peers, and the operations that are measured, written once over those traits.
//!
//! `README.md` says what each row means and how the figures are taken.

#[cfg(loom)]
compile_error!("the benchmarks measure the real atomics: build this crate without `--cfg loom`");

extern crate alloc;

#[cfg(not(loom))]
pub mod limits;
#[cfg(not(loom))]
pub mod ops;
#[cfg(not(loom))]
pub mod peers;
#[cfg(not(loom))]
pub mod plan;
#[cfg(not(loom))]
pub mod report;
#[cfg(not(loom))]
pub mod slot;
