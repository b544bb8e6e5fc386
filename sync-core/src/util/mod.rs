//! Building blocks that do not wait themselves: backoff for spin loops, and padding to a cache line.

mod backoff;
pub(crate) mod cache_pad;

pub(crate) use self::cache_pad::Padded;
pub use self::{backoff::Backoff, cache_pad::CachePadded};
