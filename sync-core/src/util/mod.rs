//! Building blocks that do not wait themselves: backoff for spin loops, and padding to a cache line.

mod backoff;
pub(crate) mod cache_pad;

pub(crate) use self::cache_pad::Padded;
pub use self::{backoff::Backoff, cache_pad::CachePadded};

/// Whether flash is scarce: on a target of 32 bits without an operating system, or where the default lock is a
/// critical section. Then what is common has no code of its own.
pub(crate) const SMALL: bool = cfg!(any(
    small,
    all(feature = "critical-section", not(any(feature = "std", loom, shuttle))),
    all(target_os = "none", target_pointer_width = "32"),
));
