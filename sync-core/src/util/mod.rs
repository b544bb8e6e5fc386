//! Building blocks that do not wait themselves: backoff for spin loops, and padding to a cache line.

mod backoff;
pub(crate) mod cache_pad;

pub(crate) use self::cache_pad::Padded;
pub use self::{backoff::Backoff, cache_pad::CachePadded};

/// Whether flash is scarce: on a target of 32 bits without an operating system, or where the default lock is
/// a critical section. Then what is common has no code of its own: a poll looks under the lock alone,
/// whatever a call lets go of is granted and woken one at a time, and a clone of the waker is made before it
/// is known to be needed.
///
/// No algorithm is another for it: what is left out are shortcuts. The tests run in both shapes, the other
/// one with the feature `watched` of `tests`; models take it with `--cfg small`.
pub(crate) const SMALL: bool = cfg!(any(
    small,
    all(feature = "critical-section", not(any(feature = "std", loom, shuttle))),
    all(target_os = "none", target_pointer_width = "32"),
));
