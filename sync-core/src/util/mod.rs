//! Building blocks that do not wait themselves: spinning politely, and keeping off other cache lines.

mod backoff;
pub(crate) mod cache_pad;

pub(crate) use self::cache_pad::Padded;
pub use self::{backoff::Backoff, cache_pad::CachePadded};
