//! The macros of `sync-core`. Use them through that crate, which re-exports them.
#![forbid(unsafe_code)]

mod diag;
mod krate;
