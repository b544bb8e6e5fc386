//! The generic engine: one queue, one future, and the rules that make them a primitive.
//!
//! A [`Queue`] is a list of waiting tasks and the state that the list's lock guards. A rule says which tasks
//! may pass, which must wait, and which are let go on an event. [`Policy`] is the rule that users write;
//! `#[primitive]` gives it a type with methods of its own, `#[wait_map]` makes keyed waiters. Everything that
//! waits here does so in the one future [`Wait`].
//!
//! No code here is `unsafe`: what the lock guards is reached through the types of the crate's private module
//! `raw`, which alone know how.

mod buckets;
pub(crate) mod gate;
mod keyed;
mod policy;
mod queue;
mod subscribe;
mod wait;
mod worded;

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use self::wait::{WaitOwned, wait_owned};
pub use self::{
    buckets::Buckets,
    keyed::{
        Aged, Ascending, ClonedValue, ComparableKey, Consume, Dropped, Fifo, Flags, HashedKey, Mask,
        Matching, Order, Position, SequenceNumber, Sharing, Snapshot, Undelivered, Unique, UpTo, Wanted,
        Wrapping,
    },
    policy::{Policy, Select},
    subscribe::{Subscribable, Subscribe},
    worded::{GateCell, StateWord, WordPolicy, Worded},
};
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use crate::raw::Owned;
pub use crate::raw::{Queue, Wait};

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub(crate) use crate::raw::AsQueue;
// Not for users: see "What safe code can reach" in `raw`.
pub(crate) use crate::raw::{Entry, Failure, Handle, Rule, Yields};

pub(crate) use self::wait::{Gone, withdraw};
