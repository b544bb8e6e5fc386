//! The macros of `sync-core` in the strictest crate that a user may have.
//!
//! The library has another name here, there is no prelude, no `unsafe` and no warning of any kind, and
//! the names are those that a macro is least likely to expect. The tests run what is made here, under
//! `--cfg loom` as models.
#![no_std]
#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    single_use_lifetimes,
    trivial_numeric_casts,
    unnameable_types,
    unreachable_pub,
    unused_qualifications,
    unused_results,
    clippy::pedantic,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason
)]

pub mod keyed;
pub mod local;
pub mod made;
pub mod policies;
pub mod shadowed;
pub mod words;
