//! The word of a waiter's node.
//!
//! | phase | `linked` | `given` | `closed` | `spent` | written by | left by |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | idle | 0 | 0 | 0 | 0 | the future, when it is made, armed anew or cancelled | first poll: to any but granted |
//! | queued | 1 | 0 | 0 | 0 | the future, under the lock | a waker to woken or granted, `close` to closed, drop to idle |
//! | claimed | 1 | 0 | 1 | 0 | `wake_n` of a fifo map, under the lock | that `wake_n` to woken, or to queued if it cannot go on; drop to idle |
//! | reserved | 1 | 1 | 1 | 0 | another wait's drop, from claimed | that `wake_n` to woken, which takes the reserve out, or with it if it cannot go on; drop to woken |
//! | chosen | 1 | 0 | 1 | 1 | `wake_n`, which is about to claim it | the same, before it lets go of the lock |
//! | granted | 1 | 1 | 0 | 0 | a call that lets several go, under the lock; where flash is scarce, any that decides before it wakes | that call, or a later one, to woken; its own future, when it looks or leaves, to woken |
//! | woken | 0 | 1 | 0 | 0 | the one that unlinked it, under the lock | the future, to spent |
//! | closed | 0 | 0 | 1 | 0 | `close`, under the lock, or the future | never |
//! | spent | 0 | 0 | 0 | 1 | the future | to idle, where the primitive has a use for it |
//!
//! Any other combination is impossible: the phases below are the only words that are written.
//!
//! One party may write at a time (N2 in [`engine`](crate::engine)), so a transition is a plain store; the
//! Release of the one that unlinks pairs with the Acquire of the future's next look.

use sync_macros::bitfield;

/// The word of a waiter's node.
#[bitfield(usize, atomic = AtomicNodeState)]
#[derive(PartialEq, Eq)]
pub(crate) struct NodeState {
    /// The node is in its queue's list.
    linked: bool,
    /// The node holds a value.
    given: bool,
    /// The wait found its queue closed; or, while it is linked, it is claimed.
    closed: bool,
    /// The wait has yielded.
    spent: bool,
    /// The queue's count of `wake_all` when the wait was made, then when it was queued; of use while the
    /// node is idle or linked.
    #[bits(..)]
    epoch: usize,
}

impl NodeState {
    /// Made at `epoch`, and not in the list.
    #[inline(always)]
    pub(crate) fn idle(epoch: usize) -> Self {
        // The topmost field, and a count as wide as it: nothing is cut off.
        Self::from_bits(epoch << Self::EPOCH.least_significant_index())
    }

    /// In the list since `epoch`.
    #[inline(always)]
    pub(crate) fn queued(epoch: usize) -> Self {
        Self::idle(epoch).with_linked(true)
    }

    /// In the list, and chosen by the `wake_n` that began epoch `now`, which is about to give it a value.
    #[inline(always)]
    pub(crate) fn claimed(now: usize) -> Self {
        Self::queued(now).with_closed(true)
    }

    /// In the list, and claimed or chosen by some `wake_n`; it may have a reserve.
    #[inline(always)]
    pub(crate) fn is_claimed(self) -> bool {
        self.linked() && self.closed()
    }

    /// In the list, and neither given, claimed nor chosen.
    #[inline(always)]
    pub(crate) fn is_unclaimed(self) -> bool {
        self == Self::queued(self.epoch())
    }

    /// Claimed by the `wake_n` that began epoch `now`; it may have a reserve.
    #[inline(always)]
    pub(crate) fn is_claimed_for(self, now: usize) -> bool {
        self.with_given(false) == Self::claimed(now)
    }

    /// As it is, and about to be claimed by the `wake_n` that holds the lock.
    #[inline(always)]
    pub(crate) fn chosen(self) -> Self {
        self.with_closed(true).with_spent(true)
    }

    /// About to be claimed by the `wake_n` that holds the lock.
    #[inline(always)]
    pub(crate) fn is_chosen(self) -> bool {
        self.linked() && self.spent()
    }

    /// In the list, with a value; its waker is still to be called.
    pub(crate) const WHEN_GRANTED: Self = Self::new().with_linked(true).with_given(true);
    /// Not in the list, with a value.
    pub(crate) const WHEN_WOKEN: Self = Self::new().with_given(true);
    /// Not in the list, and never again.
    pub(crate) const WHEN_CLOSED: Self = Self::new().with_closed(true);
    /// Has yielded.
    pub(crate) const WHEN_SPENT: Self = Self::new().with_spent(true);

    /// Not in the list, and nothing has come of it yet.
    #[inline(always)]
    pub(crate) fn is_idle(self) -> bool {
        self == Self::idle(self.epoch())
    }

    /// In the list, and not given anything yet that it is to yield.
    #[inline(always)]
    pub(crate) fn is_queued(self) -> bool {
        self.linked() && !self.is_granted()
    }

    /// In the list, and given what it is to yield.
    #[inline(always)]
    pub(crate) fn is_granted(self) -> bool {
        self.linked() && self.given() && !self.closed()
    }

    /// Not in the list, and given something that it has not yielded.
    #[inline(always)]
    pub(crate) fn is_woken(self) -> bool {
        !self.linked() && self.given()
    }

    /// Whether something is left to do when the future is dropped.
    #[inline(always)]
    pub(crate) fn needs_release(self) -> bool {
        self.linked() || self.given()
    }

    /// Whether it was queued before `wake_all` number `now`, of those that wrap.
    #[inline(always)]
    pub(crate) fn is_before(self, now: usize) -> bool {
        // In the topmost bits, where the difference wraps as the counts do.
        let age = Self::idle(now).bits().wrapping_sub(Self::idle(self.epoch()).bits());
        // Positive as a signed number.
        age != 0 && age <= usize::MAX / 2
    }
}
