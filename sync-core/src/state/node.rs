//! The word of a waiter's node.
//!
//! | phase | linked | has a value | written by | left by |
//! | --- | --- | --- | --- | --- |
//! | `Idle` | no | no | the future, when it is made or armed anew | first poll: to `Queued`, `Woken` or `Done` |
//! | `Queued` | yes | no | the future, under the lock | a waker to `Woken` or `Granted`, `close` to `Closed`, drop to `Done` |
//! | `Granted` | yes | yes | a waker, under the lock, whose batch is full | that waker, or any later one, to `Woken` |
//! | `Woken` | no | yes | whoever unlinked it, under the lock | the future, to `Done` |
//! | `Closed` | no | no | `close`, under the lock, or the future | never |
//! | `Done` | no | no | the future | `Idle`, where the primitive has a use for it |
//!
//! One party may write at a time (N2 in [`raw`](crate::raw)), so a transition is a plain store; the
//! Release of the one that unlinks pairs with the Acquire of the future's next look.

use crate::{FromBits, bitfield};

/// The word of a waiter's node.
#[bitfield(usize, atomic = AtomicNodeState)]
#[derive(PartialEq, Eq)]
pub(crate) struct NodeState {
    /// Where the node is.
    #[bits(3)]
    phase: NodePhase,
    /// The queue's count of `wake_all` when the wait was made, then when it was queued.
    #[bits(..)]
    epoch: usize,
}

impl NodeState {
    /// Whether it was queued before `wake_all` number `now`, of those that wrap.
    #[inline(always)]
    pub(crate) fn is_before(self, now: usize) -> bool {
        let max = Self::EPOCH.max_value();
        let age = now.wrapping_sub(self.epoch()) & max;
        age != 0 && age <= max / 2
    }
}

/// Where a node is.
#[derive(FromBits, Clone, Copy, Debug, PartialEq, Eq)]
#[bits(3)]
#[repr(u8)]
pub(crate) enum NodePhase {
    /// Not in the list, and not woken.
    Idle = 0,
    /// Its wait was closed.
    Closed = 1,
    /// Was given a value, and is no longer in the list.
    Woken = 2,
    /// In the list.
    Queued = 3,
    /// In the list, and was given a value; its waker is still to be called.
    Granted = 4,
    /// Has yielded, or was cancelled.
    #[fallback]
    Done = 5,
}

impl NodePhase {
    /// Whether the node is in a list.
    #[inline(always)]
    pub(crate) fn is_linked(self) -> bool {
        matches!(self, Self::Queued | Self::Granted)
    }

    /// Whether something is left to do when the future is dropped.
    #[inline(always)]
    pub(crate) fn needs_release(self) -> bool {
        matches!(self, Self::Woken | Self::Queued | Self::Granted)
    }
}
