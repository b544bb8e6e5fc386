//! Building blocks that do not wait themselves: spinning politely, and keeping off other cache lines.

mod backoff;
mod cache_pad;

pub use self::{backoff::Backoff, cache_pad::CachePadded};
