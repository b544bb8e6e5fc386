//! The word of a [`Queue`](crate::waiter::Queue).
//!
//! # States
//!
//! | state | `waiting` | `woken` | queued in the list | entered by | left by |
//! | --- | --- | --- | --- | --- | --- |
//! | empty | 0 | 0 | none | `leave`, `take_wake` | `store_wake`, `enter` |
//! | woken | 0 | 1 | none | `store_wake` | `take_wake`, `enter` |
//! | waiting | 1 | 0 | at least one | `enter`, under the lock | `leave`, under the lock |
//!
//! Those that were granted something, and are still to be woken, are in the list and not queued.
//!
//! `closed` is set by `close` in any state and never cleared. `wake_alls` counts calls of `wake_all`; while
//! it is waiting, it is changed under the lock only.
//!
//! Impossible (asserted): waiting and woken. And, as seen under the lock, a node that is queued in another
//! state than waiting, or none that is while it is waiting.
//!
//! # Orderings
//!
//! Every transition is one read-modify-write on one word, so they have one order, and the questions "did
//! the wake-up come before the waiter?" and "was it closed before?" have one answer; no fence is needed.
//!
//! | site | order | pairs with | why |
//! | --- | --- | --- | --- |
//! | `store_wake` | `Release` | `take_wake`, `take_wake_of`, `enter` | what the waker did before is seen by the one it wakes |
//! | `take_wake`, `take_wake_of` | `Acquire` | `store_wake`, `bump_unless_waiting` | sees what the waker did |
//! | `enter` | `Acquire` | `store_wake`, `bump_unless_waiting`, `close` | a newcomer sees what the waker did that it just missed, so a check after `subscribe` cannot miss it too, also if another one has taken that wake-up since its load; on failure: one that finds it closed sees what the closer did |
//! | `bump_unless_waiting` | `Release` | `enter` | as `store_wake`, for those that were made but not polled |
//! | `close` | `Release` | `enter`, loads of `is_closed` | those that see it closed see what the closer did |
//! | `bump`, `missed`, `leave` | `Relaxed` | | the list's lock orders those that care: one that finds a task waiting takes it, and so does the one that enters |
//!
//! Models: `tests/loom_wait_queue.rs`.

use super::{QueueWord, node::NodeState};
use sync_macros::bitfield;

use crate::shim::atomic::Ordering::{Acquire, Relaxed, Release};

/// The word of a queue.
#[bitfield(usize, atomic = AtomicQueueState)]
#[derive(PartialEq, Eq)]
pub struct QueueState {
    /// A node of the list is queued.
    waiting: bool,
    /// None waits, and the next one that does is through.
    woken: bool,
    /// No task may wait any more.
    closed: bool,
    /// Makes the count as wide as the one that nodes keep of it.
    _reserved: bool,
    /// How often `wake_all` has been called; wraps. In `waiting`, written under the lock.
    #[bits(.., counter)]
    wake_alls: usize,
}

/// What became of a wake-up that came without the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum StoreWake {
    /// It is stored for the next one that waits; or the queue is closed and it has no use.
    Done,
    /// A task waits: it takes the lock to give it to them.
    Waiting,
}

/// What a newcomer finds, under the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Enter {
    /// There was a `wake_all` since it was made, which it was asked about.
    Missed,
    /// The word says that a task waits, with this epoch; the newcomer joins the list.
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
    /// The list was empty, and those that were not polled yet will see the new epoch.
    Done,
    /// A task waits: it takes the lock.
    Waiting,
}

// An epoch goes from this word into a node's and is compared with this one again.
const _: () = assert!(QueueState::WAKE_ALLS.max_value() == NodeState::EPOCH.max_value());

impl QueueState {
    /// Counts a `wake_all`. The count is the topmost field, so it wraps out of the word.
    #[inline(always)]
    fn with_next_epoch(self) -> Self {
        Self::from_bits(self.bits().wrapping_add(Self::WAKE_ALLS.first_bit()))
    }
}

impl AtomicQueueState {
    /// Stores a wake-up, unless a task waits for it or no task may wait.
    #[inline(always)]
    pub(crate) fn store_wake(&self) -> StoreWake {
        let mut state = self.load(Relaxed);
        loop {
            if state.waiting() || state.closed() {
                return if state.closed() { StoreWake::Done } else { StoreWake::Waiting };
            }
            // Also if one is stored: the one that takes it sees what every waker did.
            match self.compare_exchange_weak(state, state.with_woken(true), Release, Relaxed) {
                Ok(_) => return StoreWake::Done,
                Err(actual) => state = actual,
            }
        }
    }

    /// Takes the stored wake-up in the common case: it came since `epoch`, and nothing else did.
    #[inline(always)]
    pub(crate) fn take_wake_of(&self, epoch: usize) -> bool {
        let woken = QueueState::new().with_woken(true).with_wake_alls(epoch);
        self.load(Relaxed) == woken
            && self.compare_exchange(woken, woken.with_woken(false), Acquire, Relaxed).is_ok()
    }

    /// Takes the stored wake-up if there is one and the queue is open.
    #[inline(always)]
    pub(crate) fn take_wake(&self) -> bool {
        let mut state = self.load(Relaxed);
        while state.woken() && !state.closed() {
            match self.compare_exchange_weak(state, state.with_woken(false), Acquire, Relaxed) {
                Ok(_) => return true,
                Err(actual) => state = actual,
            }
        }
        false
    }

    /// Returns whether there was a `wake_all` since `epoch`, at which a task joined the list; the caller
    /// holds the lock.
    #[inline(always)]
    pub(crate) fn missed(&self, epoch: usize) -> bool {
        self.load(Relaxed).wake_alls() != epoch
    }

    /// Makes the word say that a task waits; the caller holds the lock and joins the list next.
    ///
    /// The one place that decides between a newcomer, a wake-up and a close; and a `wake_all`, if it was
    /// made at epoch `made` and that matters: until a task waits, those come without the lock.
    #[inline(always)]
    pub(crate) fn enter(&self, made: Option<usize>) -> Enter {
        let mut state = self.load(Acquire);
        loop {
            debug_assert!(
                !(state.waiting() && state.woken()),
                "a stored wake-up and somebody waiting: {state:?}"
            );
            if made.is_some_and(|epoch| epoch != state.wake_alls()) {
                return Enter::Missed;
            }
            if state.closed() {
                return Enter::Closed;
            }
            let (next, outcome) = if state.woken() {
                (state.with_woken(false), Enter::Woken)
            } else {
                (state.with_waiting(true), Enter::Queue(state.wake_alls()))
            };
            match self.compare_exchange_weak(state, next, Acquire, Acquire) {
                Ok(_) => return outcome,
                Err(actual) => state = actual,
            }
        }
    }

    /// Counts a `wake_all`, unless a task waits or no task may wait.
    pub(crate) fn bump_unless_waiting(&self) -> Bump {
        let mut state = self.load(Relaxed);
        loop {
            if state.closed() {
                return Bump::Done;
            }
            if state.waiting() {
                return Bump::Waiting;
            }
            match self.compare_exchange_weak(state, state.with_next_epoch(), Release, Relaxed) {
                Ok(_) => return Bump::Done,
                Err(actual) => state = actual,
            }
        }
    }

    /// Counts a `wake_all`; the caller holds the lock. Returns the new epoch.
    pub(crate) fn bump(&self) -> usize {
        self.fetch_add_wake_alls(1, Relaxed).with_next_epoch().wake_alls()
    }

    /// Closes the queue; returns the word as it was before.
    pub(crate) fn close(&self) -> QueueState {
        self.fetch_set_closed(Release)
    }

    /// Returns whether the queue is closed.
    #[inline(always)]
    pub(crate) fn is_closed(&self) -> bool {
        self.load(Acquire).closed()
    }
}

impl QueueWord for AtomicQueueState {
    #[inline(always)]
    fn is_waiting(&self) -> bool {
        self.load(Relaxed).waiting()
    }

    #[inline(always)]
    fn leave(&self) {
        let was = self.fetch_clear_waiting(Relaxed);
        debug_assert!(was.waiting() && !was.woken(), "the list was not empty: {was:?}");
    }
}
