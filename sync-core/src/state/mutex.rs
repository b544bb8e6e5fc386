//! The word of a [`Mutex`](crate::Mutex).
//!
//! ```text
//!   bit    63 ... 2      1          0
//!        [   unused  | waiting | locked ]
//! ```
//!
//! # States
//!
//! | state | `locked` | `waiting` | the list | entered by | left by |
//! | --- | --- | --- | --- | --- | --- |
//! | free | 0 | 0 | empty | `unlock` | `try_lock`, `enter` |
//! | locked | 1 | 0 | empty | `try_lock`, `enter`, `leave` | `unlock`, `enter` |
//! | contended | 1 | 1 | not empty | `enter`, under the list's lock | `leave`, under the list's lock |
//!
//! In *contended* a release does not change the word at all: under the list's lock it moves the proof of
//! ownership ([`Held`]) to the oldest waiter, and clears `waiting` if that was the last. So `locked` never
//! goes off while a task waits, and nothing can overtake.
//!
//! Impossible (asserted): `waiting` without `locked`. And, as the holder of the list's lock sees it, a
//! list that is empty in *contended*, or not empty in another state.
//!
//! # Invariants
//!
//! - **M1** There is one [`Held`] while `locked` is set, and none while it is not.
//! - **M2** `waiting` is changed under the list's lock only.
//!
//! # Orderings
//!
//! Every change is one read-modify-write on one word, so the one that acquires any later value has acquired
//! every earlier release.
//!
//! | site | order | pairs with | why |
//! | --- | --- | --- | --- |
//! | `try_lock`, `enter` on success | `Acquire` | `unlock` | sees what earlier holders did with the data |
//! | `unlock` on success | `Release` | `try_lock`, `enter` | publishes it |
//! | `unlock` on failure | `Relaxed` | | the list's lock comes next, and orders it before the waiter's wake-up (Release in `give`, Acquire in `Wait::stage`) |
//! | `enter`, setting `waiting` | `Relaxed` | | only the next holder of the list's lock relies on it |
//! | `leave` | `Relaxed` | | as before; a later `unlock` releases what matters |
//!
//! Models: `tests/loom_mutex.rs`.

use super::{Held, QueueWord};
use sync_macros::bitfield;

use crate::shim::atomic::Ordering::{Acquire, Relaxed, Release};

/// The word of a mutex.
#[bitfield(usize, atomic = AtomicMutexState)]
#[derive(PartialEq, Eq)]
pub struct MutexState {
    /// The lock is held.
    locked: bool,
    /// The list is not empty.
    waiting: bool,
}

/// What a newcomer finds, under the list's lock.
#[derive(Debug)]
#[must_use]
pub(crate) enum Enter {
    /// The lock was free, and is the newcomer's.
    Locked(Held),
    /// The word says that a task waits; the newcomer joins the list.
    Queue,
}

/// What became of a release.
#[derive(Debug)]
#[must_use]
pub(crate) enum Unlock {
    /// The lock is free.
    Free,
    /// A task waits: it takes the list's lock to hand it over.
    Waiting(Held),
}

impl MutexState {
    const FREE: Self = Self::new();
    const WHEN_LOCKED: Self = Self::new().with_locked(true);
}

impl AtomicMutexState {
    /// Locks, if it is free; no task waits then.
    #[inline(always)]
    pub(crate) fn try_lock(&self) -> Option<Held> {
        match self.compare_exchange(MutexState::FREE, MutexState::WHEN_LOCKED, Acquire, Relaxed) {
            Ok(_) => Some(Held(())),
            Err(_) => None,
        }
    }

    /// Unlocks, unless a task waits.
    #[inline(always)]
    pub(crate) fn unlock(&self, held: Held) -> Unlock {
        match self.compare_exchange(MutexState::WHEN_LOCKED, MutexState::FREE, Release, Relaxed) {
            Ok(_) => Unlock::Free,
            Err(_) => Unlock::Waiting(held),
        }
    }

    /// Locks, or makes the word say that a task waits; the caller holds the list's lock.
    pub(crate) fn enter(&self) -> Enter {
        let mut state = self.load(Relaxed);
        loop {
            debug_assert!(state.locked() || !state.waiting(), "somebody waits for a free lock");
            if state.waiting() {
                return Enter::Queue;
            }
            let next = if state.locked() { state.with_waiting(true) } else { MutexState::WHEN_LOCKED };
            // Ordering: Acquire for the lock; for `waiting`, more than it needs.
            match self.compare_exchange_weak(state, next, Acquire, Relaxed) {
                Ok(_) if state.locked() => return Enter::Queue,
                Ok(_) => return Enter::Locked(Held(())),
                Err(actual) => state = actual,
            }
        }
    }

    /// Returns whether the lock is held.
    #[inline(always)]
    pub(crate) fn is_locked(&self) -> bool {
        self.load(Relaxed).locked()
    }
}

impl QueueWord for AtomicMutexState {
    #[inline(always)]
    fn is_waiting(&self) -> bool {
        self.load(Relaxed).waiting()
    }

    #[inline(always)]
    fn leave(&self) {
        let was = self.fetch_clear_waiting(Relaxed);
        debug_assert!(was.locked() && was.waiting(), "the list was not empty: {was:?}");
    }
}
