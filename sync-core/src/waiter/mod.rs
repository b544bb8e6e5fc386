//! What generated primitives and wait maps are made with: the traits that say how their waiters wait, and the
//! future that registers one of them ahead of time.
//!
//! [`Policy`] is the rule of a primitive that keeps its state under its lock, [`WordPolicy`] of one that keeps it
//! in an atomic [`StateWord`]; [`#[primitive]`](macro@crate::primitive) makes a type and its futures of
//! either.
//! [`#[wait_map]`](macro@crate::wait_map) makes keyed waiters.
//!
//! All of them run on one engine, which has no page of its own: a queue, which is a list of waiting tasks and
//! the state that the list's lock guards, one future, and the rules that say which tasks may pass, which must
//! wait, and which are let go on an event.

// No code here is `unsafe`: what the lock guards is reached through the types of the private module `engine`,
// which alone know how.

pub(crate) mod admission;
mod keyed;
mod policy;
pub(crate) mod queue;
mod subscribe;
pub(crate) mod wait;
mod word_policy;

pub use self::{
    keyed::{Flags, Position, SequenceNumber},
    policy::Policy,
    subscribe::{Subscribable, Subscribe},
    word_policy::{StateWord, WordPolicy},
};
pub use crate::engine::list::Select;
// The engine, for the macros' output.
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
#[doc(hidden)]
pub use self::wait::{WaitOwned, wait_owned};
#[doc(hidden)]
pub use self::{
    keyed::{
        Aged, Ascending, Buckets, ClonedValue, ComparableKey, Consume, Dropped, Fifo, HashedKey, Mask,
        Matching, Order, Sharing, Snapshot, Undelivered, Unique, UpTo, Wanted, Wrapping,
    },
    word_policy::{PolicyWord, WordPolicyRule},
};
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
#[doc(hidden)]
pub use crate::engine::Owned;
#[doc(hidden)]
pub use crate::engine::{Queue, Wait};

/// Never `Unpin`: what an `impl Unpin` that holds for nothing asks for.
///
/// Bound by a lifetime, the bound need not hold where it stands. That it is a type of this crate keeps an
/// `impl Unpin` of users from being told apart from ours, as it would be if the bound were known never to
/// hold.
#[doc(hidden)]
#[derive(Debug)]
pub struct Pinned<'a>(core::marker::PhantomData<&'a ()>, core::marker::PhantomPinned);
