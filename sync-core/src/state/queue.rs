//! The word of a [`Queue`](crate::waiter::Queue).
//!
//! # States
//!
//! | phase | the list | entered by | left by |
//! | --- | --- | --- | --- |
//! | `Empty` | empty | `leave`, `take_wake` | `store_wake`, `enter` |
//! | `Woken` | empty | `store_wake` | `take_wake`, `enter` |
//! | `Waiting` | not empty | `enter`, under the lock | `leave`, under the lock |
//!
//! `closed` is set by `close` in any phase and never cleared. `wake_alls` counts calls of `wake_all`; in
//! the phase `Waiting` it is changed under the lock only.
//!
//! Impossible (asserted where it would show): leaving `Waiting` without the lock; a list that is not empty
//! in another phase, as anybody sees it who holds the lock.
//!
//! # Orderings
//!
//! Every transition is one read-modify-write on one word, so they have one order, and the questions "did
//! the wake-up come before the waiter?" and "was it closed before?" have one answer; no fence is needed.
//!
//! | site | order | pairs with | why |
//! | --- | --- | --- | --- |
//! | `store_wake` | AcqRel | `take_wake`, `enter` | what the waker did before is seen by the one it wakes; Acquire: a waker that finds a waiter sees what that did before it queued |
//! | `take_wake` | Acquire | `store_wake` | sees what the waker did |
//! | `enter` | AcqRel | `store_wake`, `look`, `bump_unless_waiting`, `close` | Acquire: a newcomer sees what the waker did that it just missed, so a check after `subscribe` cannot miss it too; Release: the reverse for the waker |
//! | `look` | AcqRel | `enter` | a read-modify-write that changes nothing: a plain load could be older than the `enter` that it decides about |
//! | `bump_unless_waiting` | AcqRel | `enter`, `missed` | as `store_wake`, for those that were made but not polled |
//! | `close` | AcqRel | `enter`, loads of `is_closed` | those who see it closed see what the closer did |
//! | `leave` | Relaxed | | the list's lock orders those who care |
//! | `missed` | Acquire | `bump_unless_waiting`, `bump` | sees what the waker did |
//!
//! Models: `tests/loom_wait_queue.rs`.

use crate::{
    FromBits, bitfield,
    shim::atomic::Ordering::{AcqRel, Acquire, Relaxed},
};

/// The word of a queue.
#[bitfield(usize, atomic = AtomicQueueState)]
#[derive(PartialEq, Eq)]
pub struct QueueState {
    /// What the queue is doing.
    #[bits(2)]
    phase: Phase,
    /// Nobody may wait any more.
    closed: bool,
    /// How often `wake_all` has been called; wraps.
    #[bits(.., counter)]
    wake_alls: usize,
}

/// What a queue is doing.
#[derive(FromBits, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// Nobody waits, and no wake-up is stored.
    Empty = 0,
    /// The list is not empty.
    Waiting = 1,
    /// Nobody waits, and the next one who does is through.
    #[fallback]
    Woken = 2,
}

/// What became of a wake-up that came without the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum StoreWake {
    /// It is stored for the next one who waits; or the queue is closed and it has no use.
    Done,
    /// Somebody waits: it takes the lock to give it to them.
    Waiting,
}

/// What a newcomer finds, under the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Enter {
    /// The word says that somebody waits, with this epoch; the newcomer joins the list.
    Queue(usize),
    /// A wake-up was stored, and is now the newcomer's.
    Woken,
    /// The queue is closed.
    Closed,
}

/// Whether a `wake_all` may be over at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Bump {
    /// Nobody was in the list, and those that were not polled yet will see the new epoch.
    Done,
    /// Somebody waits: it takes the lock.
    Waiting,
}

impl QueueState {
    /// Counts a `wake_all`. The count is the topmost field, so it wraps out of the word.
    #[inline(always)]
    fn with_next_epoch(self) -> Self {
        Self::from_bits(self.bits().wrapping_add(Self::WAKE_ALLS.first_bit()))
    }
}

impl AtomicQueueState {
    /// Stores a wake-up, unless somebody waits for it or nobody may wait.
    #[inline(always)]
    pub(crate) fn store_wake(&self) -> StoreWake {
        let mut state = self.load(Relaxed);
        loop {
            if state.closed() {
                return StoreWake::Done;
            }
            if state.phase() == Phase::Waiting {
                return StoreWake::Waiting;
            }
            // Also from `Woken` to `Woken`: the one who takes the wake-up sees what every waker did.
            match self.compare_exchange_weak(state, state.with_phase(Phase::Woken), AcqRel, Relaxed) {
                Ok(_) => return StoreWake::Done,
                Err(actual) => state = actual,
            }
        }
    }

    /// Takes the stored wake-up if there is one and the queue is open.
    #[inline(always)]
    pub(crate) fn take_wake(&self) -> bool {
        let mut state = self.load(Relaxed);
        while state.phase() == Phase::Woken && !state.closed() {
            match self.compare_exchange_weak(state, state.with_phase(Phase::Empty), Acquire, Relaxed) {
                Ok(_) => return true,
                Err(actual) => state = actual,
            }
        }
        false
    }

    /// Returns whether there was a `wake_all` since `epoch`.
    #[inline(always)]
    pub(crate) fn missed(&self, epoch: usize) -> bool {
        self.load(Acquire).wake_alls() != epoch
    }

    /// Makes the word say that somebody waits; the caller holds the lock and joins the list next.
    ///
    /// The one place that decides between a newcomer, a wake-up and a close.
    pub(crate) fn enter(&self) -> Enter {
        let mut state = self.load(Relaxed);
        loop {
            if state.closed() {
                return Enter::Closed;
            }
            let (next, outcome) = match state.phase() {
                Phase::Empty | Phase::Waiting => {
                    (state.with_phase(Phase::Waiting), Enter::Queue(state.wake_alls()))
                }
                Phase::Woken => (state.with_phase(Phase::Empty), Enter::Woken),
            };
            match self.compare_exchange_weak(state, next, AcqRel, Relaxed) {
                Ok(_) => return outcome,
                Err(actual) => state = actual,
            }
        }
    }

    /// Makes the word say that nobody waits; the caller holds the lock and has just emptied the list.
    pub(crate) fn leave(&self) {
        let left = self.transition_phase(Phase::Waiting, Phase::Empty, Relaxed, Relaxed);
        debug_assert!(left.is_ok(), "the list was not empty, so the phase was Waiting, not {left:?}");
    }

    /// Reads the word as nobody can change it before: what was done before a newcomer's `enter` that
    /// this misses, the newcomer sees.
    pub(crate) fn look(&self) -> QueueState {
        // Adding nothing is the read-modify-write that changes nothing.
        self.fetch_add_wake_alls(0, AcqRel)
    }

    /// Counts a `wake_all`, unless somebody waits or nobody may wait.
    pub(crate) fn bump_unless_waiting(&self) -> Bump {
        let mut state = self.load(Relaxed);
        loop {
            if state.closed() {
                return Bump::Done;
            }
            if state.phase() == Phase::Waiting {
                return Bump::Waiting;
            }
            let next = state.with_next_epoch();
            match self.compare_exchange_weak(state, next, AcqRel, Relaxed) {
                Ok(_) => return Bump::Done,
                Err(actual) => state = actual,
            }
        }
    }

    /// Counts a `wake_all`; the caller holds the lock. Returns the new epoch.
    pub(crate) fn bump(&self) -> usize {
        self.fetch_add_wake_alls(1, AcqRel).with_next_epoch().wake_alls()
    }

    /// Closes the queue; returns the word as it was before.
    pub(crate) fn close(&self) -> QueueState {
        self.fetch_set_closed(AcqRel)
    }

    /// Returns whether the queue is closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.load(Acquire).closed()
    }
}
