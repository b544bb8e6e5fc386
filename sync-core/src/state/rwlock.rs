//! The word of a [`RwLock`](crate::RwLock).
//!
//! ```text
//!   bit    63 ... 3       2            1         0
//!        [ readers  | upgradable | writer | waiting ]
//! ```
//!
//! # States
//!
//! | state | `writer` | `upgradable` | `readers` | held by |
//! | --- | --- | --- | --- | --- |
//! | free | 0 | 0 | 0 | nothing |
//! | read | 0 | 0 | n > 0 | n readers |
//! | upgradable | 0 | 1 | n > 0 | n readers, one of which may become the writer |
//! | written | 1 | 0 | 0 | one writer |
//!
//! `waiting` says that a node of the list is queued; it may be set in any row. In *free* that is so for the
//! moment between a release and the same thread's `hand_over`. Those that were granted the lock, and are
//! still to be woken, are in the list and not queued: they are among its holders.
//!
//! Impossible (asserted): `writer` beside readers; `upgradable` without readers, of which it is one. And, as
//! it is seen by the one that holds the list's lock, a list that is not as `waiting` says.
//!
//! # Transitions
//!
//! | | from | to | done |
//! | --- | --- | --- | --- |
//! | `try_enter` | not `waiting`, compatible | one holder more | without the lock |
//! | `release` of a reader or an upgradable one | | one holder fewer | without the lock, also while a task waits |
//! | `release` of a writer | not `waiting` | free | without the lock; while a task waits, by `hand_over` |
//! | `exchange` (downgrade) | not `waiting` | another way of holding | without the lock; while a task waits, by `hand_over` |
//! | `try_upgrade` | upgradable, nothing else | written | without the lock; while a task waits, by `try_upgrade_locked`, or by `hand_over` for one that waited |
//! | `enter` | | one holder more, or `waiting` | under the list's lock |
//! | `hand_over` | `waiting` | the holders that fit at the front of the list | under the list's lock |
//!
//! # Invariants
//!
//! - **R1** There is one [`Held`] per reader and per writer that the word counts. The word counts it first:
//!   one that is handed a [`Held`] may let go at once, and changes the word then.
//! - **R2** `waiting` is changed under the list's lock only. While it is set, the only change without the
//!   lock is that readers and the upgradable one go: what `hand_over` finds compatible stays so.
//! - **R3** The one that lets go while `waiting` is set calls `hand_over` afterwards, so what becomes
//!   possible is seen. Of several that let go, it is the one that finds itself the last; and since one that
//!   lets go under the lock takes itself out later than it looks, it looks again if others have gone in
//!   between.
//! - **R4** `readers` never exceeds its maximum: one more waits until there is room.
//!
//! # Orderings
//!
//! Every change is one read-modify-write on one word, so the one that acquires any later value has acquired
//! every earlier release.
//!
//! | site | order | pairs with | why |
//! | --- | --- | --- | --- |
//! | `try_enter`, `enter`, `try_upgrade`, `try_upgrade_locked` on success | `Acquire` | `release`, `exchange`, `hand_over` | sees what earlier holders did with the data |
//! | `release`, `exchange` | `Release` | `try_enter`, `enter`, `hand_over` | a writer publishes its writes, a reader that it has read |
//! | `begin` | `Acquire` | `release` | the writer let in comes after every reader that left |
//! | `settle`, `change` | `Release` | as `release` | lets go for its caller; for those it lets in, `begin` has acquired. |
//! | `enter`, setting `waiting` | `Acquire` | | one exchange for both outcomes |
//! | `leave` | `Relaxed` | | the list's lock orders those that care |
//!
//! Models: `tests/loom_rwlock.rs`.

use super::{AdmissionWord, Held, QueueWord};
use sync_macros::bitfield;

use crate::shim::atomic::Ordering::{self, Acquire, Relaxed, Release};

/// The word of a readers-writer lock.
#[bitfield(usize, atomic = AtomicRwLockState)]
#[derive(PartialEq, Eq)]
pub struct RwLockState {
    /// A node of the list is queued.
    waiting: bool,
    /// A task holds the lock alone.
    writer: bool,
    /// One of the readers may become the writer.
    upgradable: bool,
    /// How many read, the upgradable one included: so it has its place when it becomes a reader like any
    /// other.
    #[bits(..)]
    readers: usize,
}

/// A way to hold the lock, or to ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Beside other readers.
    Read,
    /// Beside other readers, and with the right to become the writer.
    Upgradable,
    /// Alone.
    Write,
    /// Alone, from upgradable. Asked for only: one that has got it holds it as [`Write`](Self::Write).
    Upgrade,
}

/// What a task that holds the lock does, under the list's lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Lets go of it.
    Release(Access),
    /// Holds it in another way.
    Exchange(Access, Access),
}

/// What a newcomer finds, under the list's lock.
#[derive(Debug)]
#[must_use]
pub(crate) enum Enter {
    /// The lock is the newcomer's.
    Held(Held),
    /// The word says that a task waits; the newcomer joins the list.
    Queue,
}

/// What became of a release or an exchange.
#[derive(Debug)]
#[must_use]
pub(crate) enum Leave {
    /// It is done, and no task waits.
    Done,
    /// It is done, and a task waits: the caller calls `hand_over`. (R3)
    HandOver,
    /// It is not done, because a task waits: `hand_over` does it.
    NotYet(Held),
}

impl RwLockState {
    /// How many may read at a time.
    pub(crate) const MAX_READERS: usize = Self::READERS.max_value();

    /// What keeps all out but a writer's own guard. One test, where two fields would be two.
    const WAITING_OR_WRITER: usize = Self::WAITING.raw_mask() | Self::WRITER.raw_mask();

    /// What one that holds it like this is in the word.
    #[inline(always)]
    const fn of(access: Access) -> usize {
        match access {
            Access::Read => Self::READERS.first_bit(),
            Access::Upgradable => Self::UPGRADABLE.first_bit() | Self::READERS.first_bit(),
            Access::Write | Access::Upgrade => Self::WRITER.first_bit(),
        }
    }

    /// The word with one more holder.
    #[inline(always)]
    fn with(self, access: Access) -> Self {
        let more = self.bits().wrapping_add(Self::of(access));
        Self::from_bits(match access {
            Access::Upgrade => more.wrapping_sub(Self::of(Access::Upgradable)),
            _ => more,
        })
    }

    /// The word with one holder fewer.
    #[inline(always)]
    fn without(self, access: Access) -> Self {
        Self::from_bits(self.bits().wrapping_sub(Self::of(access)))
    }

    /// Whether one may be let in beside those that hold it.
    #[inline(always)]
    fn admits(self, access: Access) -> bool {
        match access {
            Access::Read => !self.writer() && self.readers() < Self::MAX_READERS,
            Access::Upgradable => !self.upgradable() && self.admits(Access::Read),
            Access::Write => self.with_waiting(false) == Self::new(),
            Access::Upgrade => self.upgradable() && self.readers() == 1,
        }
    }

    /// The word with one reader more, upgradable or not, which is not to overtake.
    #[inline(always)]
    fn newcomer(self, access: Access) -> Option<Self> {
        if self.bits() & Self::WAITING_OR_WRITER != 0 || (access == Access::Upgradable && self.upgradable()) {
            return None;
        }
        // Beyond the last reader it overflows: the readers are the topmost field. (R4)
        self.bits().checked_add(Self::of(access)).map(Self::from_bits)
    }

    /// The word after a task has let go, or holds the lock in another way.
    #[inline(always)]
    pub(crate) fn after(self, change: Change) -> Self {
        match change {
            Change::Release(access) => self.without(access),
            Change::Exchange(from, to) => self.without(from).with(to),
        }
    }

    /// The word with one holder more, if that is compatible.
    #[inline(always)]
    pub(crate) fn admit(self, access: Access) -> Option<(Self, Held)> {
        self.admits(access).then(|| (self.with(access), Held(())))
    }

    fn check(self) {
        debug_assert!(!self.writer() || self.readers() == 0, "a writer is not alone: {self:?}");
        debug_assert!(!self.upgradable() || self.readers() > 0, "the upgradable one does not read: {self:?}");
    }
}

impl AtomicRwLockState {
    /// Takes the lock if no task waits and those that hold it allow.
    #[inline(always)]
    pub(crate) fn try_enter(&self, access: Access) -> Option<Held> {
        // Alone, it is a guess that is mostly right, and saves a load and the tests.
        if access == Access::Write {
            let free = RwLockState::new();
            return self.compare_exchange(free, free.with(access), Acquire, Relaxed).ok().map(|_| Held(()));
        }
        let state = self.load(Relaxed);
        if let Some(next) = state.newcomer(access) {
            if self.compare_exchange_weak(state, next, Acquire, Relaxed).is_ok() {
                return Some(Held(()));
            }
        }
        self.try_enter_again(access)
    }

    /// As often as others interfere; out of line, so that the first attempt has no loop around it.
    #[cold]
    #[inline(never)]
    fn try_enter_again(&self, access: Access) -> Option<Held> {
        let mut state = self.load(Relaxed);
        while let Some(next) = state.newcomer(access) {
            match self.compare_exchange_weak(state, next, Acquire, Relaxed) {
                Ok(_) => return Some(Held(())),
                Err(actual) => state = actual,
            }
        }
        None
    }

    /// Takes the lock, or makes the word say that a task waits; the caller holds the list's lock.
    ///
    /// One that upgrades goes before those that wait: they wait for it.
    pub(crate) fn enter(&self, access: Access) -> Enter {
        let mut state = self.load(Relaxed);
        loop {
            state.check();
            let admitted = (access == Access::Upgrade || !state.waiting()) && state.admits(access);
            let next = if admitted { state.with(access) } else { state.with_waiting(true) };
            match self.compare_exchange_weak(state, next, Acquire, Relaxed) {
                Ok(_) if admitted => return Enter::Held(Held(())),
                Ok(_) => return Enter::Queue,
                Err(actual) => state = actual,
            }
        }
    }

    /// Turns the upgradable one into the writer if it is the only one and no task waits.
    ///
    /// The caller is that one; the proof it has is used up by the one that it gets.
    #[inline(always)]
    pub(crate) fn try_upgrade(&self) -> Option<Held> {
        let alone = RwLockState::new().with(Access::Upgradable);
        // Ordering: Acquire, as any that comes in; what the upgradable one did itself is not for others yet.
        self.compare_exchange(alone, alone.with(Access::Upgrade), Acquire, Relaxed).ok().map(|_| Held(()))
    }

    /// As [`try_upgrade`](Self::try_upgrade), also while a task waits; the caller holds the list's lock.
    pub(crate) fn try_upgrade_locked(&self) -> Option<Held> {
        let mut state = self.load(Relaxed);
        while state.admits(Access::Upgrade) {
            match self.compare_exchange_weak(state, state.with(Access::Upgrade), Acquire, Relaxed) {
                Ok(_) => return Some(Held(())),
                Err(actual) => state = actual,
            }
        }
        None
    }

    /// Lets go of the lock as it was held.
    #[inline(always)]
    pub(crate) fn release(&self, access: Access, held: Held) -> Leave {
        if matches!(access, Access::Write | Access::Upgrade) {
            let alone = RwLockState::new().with(Access::Write);
            return match self.compare_exchange(alone, RwLockState::new(), Release, Relaxed) {
                Ok(_) => Leave::Done,
                Err(_) => Leave::NotYet(held),
            };
        }
        let was = self.subtract(access, Release);
        if !was.waiting() {
            return Leave::Done;
        }
        // Of many readers, the last one makes room for a writer, the last but the upgradable one for that,
        // and the first one, if there were too many, for one more; no task waits for the others to go.
        let makes_room = access != Access::Read
            || was.readers() == if was.upgradable() { 2 } else { 1 }
            || was.readers() == RwLockState::MAX_READERS;
        if makes_room { Leave::HandOver } else { Leave::Done }
    }

    /// Holds the lock in another way, which fits beside those that hold it.
    ///
    /// While a task waits it fails: `hand_over` does it then, under the list's lock.
    #[inline(always)]
    pub(crate) fn exchange(&self, from: Access, to: Access, held: Held) -> Result<Held, Held> {
        let mut state = self.load(Relaxed);
        loop {
            let rest = state.without(from);
            if state.waiting() || !rest.admits(to) {
                return Err(held);
            }
            match self.compare_exchange_weak(state, rest.with(to), Release, Relaxed) {
                Ok(_) => return Ok(held),
                Err(actual) => state = actual,
            }
        }
    }

    #[inline(always)]
    fn subtract(&self, access: Access, order: Ordering) -> RwLockState {
        let was = self.add(RwLockState::of(access).wrapping_neg(), order);
        debug_assert!(
            if access == Access::Read { was.readers() > 0 } else { was.upgradable() },
            "nobody holds it like this: {was:?}"
        );
        was
    }

    #[inline(always)]
    fn add(&self, difference: usize, order: Ordering) -> RwLockState {
        // The whole word as one field; what leaves it at the top is the borrow of a negative difference.
        self.0.fetch_add(0, usize::BITS, difference, order)
    }
}

impl QueueWord for AtomicRwLockState {
    #[inline(always)]
    fn is_waiting(&self) -> bool {
        self.load(Relaxed).waiting()
    }

    #[inline(always)]
    fn leave(&self) {
        let was = self.fetch_clear_waiting(Relaxed);
        debug_assert!(was.waiting(), "the list was not empty: {was:?}");
    }
}

impl AdmissionWord for AtomicRwLockState {
    type Snapshot = RwLockState;

    #[inline(always)]
    fn says_waiting(word: RwLockState) -> bool {
        word.waiting()
    }

    #[inline(always)]
    fn when_left(word: RwLockState) -> RwLockState {
        word.with_waiting(false)
    }

    #[inline(always)]
    fn begin(&self) -> RwLockState {
        let state = self.load(Acquire);
        state.check();
        state
    }

    /// By the difference, because readers may go meanwhile (R2).
    #[inline(always)]
    fn settle(&self, from: RwLockState, to: RwLockState) -> bool {
        to.check();
        if from == to {
            return false;
        }
        let difference = to.bits().wrapping_sub(from.bits());
        let was = self.add(difference, Release);
        RwLockState::from_bits(was.bits().wrapping_add(difference)).check();
        was != from
    }

    fn change(&self, change: impl Fn(RwLockState) -> Option<RwLockState>) -> bool {
        self.fetch_update(Release, Relaxed, change).is_ok()
    }
}
