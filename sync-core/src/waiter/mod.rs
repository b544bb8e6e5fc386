//! What generated primitives and wait maps are made with: the traits that say how their waiters wait, and the
//! future that registers one of them ahead of time.
//!
//! [`Policy`] is the rule of a primitive that keeps its state under its lock, [`WordPolicy`] of one that keeps it
//! in an atomic [`StateWord`]; [`#[primitive]`](macro@crate::primitive) makes a type and its futures of either.
//! [`#[wait_map]`](macro@crate::wait_map) makes keyed waiters.
//!
//! All of them run on one engine, which has no page of its own: a queue, which is a list of waiting tasks and the
//! state that the list's lock guards, one future, and the rules that say which tasks may pass, which must wait,
//! and which are let go on an event.

// No code here is `unsafe`: what the lock guards is reached through the types of the private module `raw`, which
// alone know how.

mod buckets;
pub(crate) mod gate;
mod keyed;
mod policy;
mod queue;
mod subscribe;
mod wait;
mod worded;

pub use self::{
    keyed::{Flags, Position, SequenceNumber},
    policy::{Policy, Select},
    subscribe::{Subscribable, Subscribe},
    worded::{StateWord, WordPolicy},
};
// The engine, for the macros' output.
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
#[doc(hidden)]
pub use self::wait::{WaitOwned, wait_owned};
#[doc(hidden)]
pub use self::{
    buckets::Buckets,
    keyed::{
        Aged, Ascending, ClonedValue, ComparableKey, Consume, Dropped, Fifo, HashedKey, Mask, Matching,
        Order, Sharing, Snapshot, Undelivered, Unique, UpTo, Wanted, Wrapping,
    },
    worded::{GateCell, Worded},
};
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
#[doc(hidden)]
pub use crate::raw::Owned;
#[doc(hidden)]
pub use crate::{
    named::Pinned,
    raw::{Queue, Wait},
};

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub(crate) use crate::raw::AsQueue;
// Not for users: see "What safe code can reach" in `raw`.
pub(crate) use crate::raw::{Entry, Failure, Handle, LentWait, Rule, Yields};

pub(crate) use self::{
    queue::ClearsWaiting,
    wait::{Gone, withdraw},
};
