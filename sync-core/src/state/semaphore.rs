//! The word of a [`Semaphore`](crate::Semaphore).
//!
//! ```text
//!   bit    63 ... 2      1         0
//!        [ permits  | closed | waiting ]
//! ```
//!
//! # States
//!
//! | state | `waiting` | `permits` | queued in the list | changed by |
//! | --- | --- | --- | --- | --- |
//! | idle | 0 | any number | none | `try_acquire`, `release`, `forget`: anyone, without the lock |
//! | contended | 1 | too few for the oldest, whenever the lock is free | at least one | the holder of the list's lock |
//!
//! Those that were granted their permits, and are still to be woken, are in the list and not queued: their
//! permits are taken out of the word.
//!
//! `closed` is set by `close` in either state and never cleared; then nothing joins the list, and `close`
//! empties it.
//!
//! Permits that are given back in *contended* are added under the list's lock, and in the same
//! read-modify-write those are taken out that the oldest waiters get, however many these are. So while one
//! waits no other task can take permits without the lock: none overtakes, and a large request at the front
//! collects what comes.
//!
//! Impossible (asserted): as seen under the list's lock, none queued in *contended*, or one in *idle*.
//!
//! # Invariants
//!
//! - **S1** `permits` never exceeds its maximum: every addition is checked before it is made.
//! - **S2** `waiting` is changed under the list's lock only, and so is `permits` while `waiting` is set.
//! - **S3** Whenever the list's lock is free, the oldest that is queued does not fit. So one that takes
//!   permits away under the lock lets none in.
//!
//! # Orderings
//!
//! | site | order | pairs with | why |
//! | --- | --- | --- | --- |
//! | `try_acquire`, `enter` on success | `Acquire` | `release`, `settle` | sees what was done before any release so far: every change is a read-modify-write, so each continues the release sequences of those before |
//! | `try_release`, `release` | `Release` | `try_acquire`, `enter`, `settle` | publishes what was done with the permits |
//! | `begin` | `Relaxed` | | if a task waits: `permits` was changed under the lock since `waiting` was set (S2), and what was given before that, `enter` has acquired, under the lock, too |
//! | `settle`, `change` | `Release` | as `release` | gives permits back for its caller |
//! | `enter`, setting `waiting` | `Acquire` | | one exchange for both outcomes |
//! | `enter`, when it fails | `Acquire` | `close` | one that finds it closed sees what the closer did |
//! | `close` | `Release` | `enter`, loads of `is_closed` | publishes what the closer did |
//! | `leave` | `Relaxed` | | the list's lock orders those that care |
//!
//! Models: `tests/loom_semaphore.rs`.

use super::{AdmissionWord, QueueWord};
use sync_macros::bitfield;

use crate::shim::atomic::Ordering::{Acquire, Relaxed, Release};

/// The word of a semaphore.
#[bitfield(usize, atomic = AtomicSemaphoreState)]
#[derive(PartialEq, Eq)]
pub struct SemaphoreState {
    /// A node of the list is queued.
    waiting: bool,
    /// No task may wait any more.
    closed: bool,
    /// How many permits there are for the next to come.
    #[bits(..)]
    permits: usize,
}

/// What an attempt to acquire without waiting finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Attempt {
    /// The permits are the caller's.
    Acquired,
    /// There are too few, or a task waits already.
    Insufficient,
    /// The semaphore is closed.
    Closed,
}

/// What a newcomer finds, under the list's lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Enter {
    /// The permits are the newcomer's.
    Acquired,
    /// The word says that a task waits; the newcomer joins the list.
    Queue,
    /// The semaphore is closed.
    Closed,
}

/// What became of permits that were given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Returned {
    /// They are there for the next to come.
    Added,
    /// A task waits: the caller takes the list's lock to give them to those.
    Waiting,
}

impl SemaphoreState {
    /// What keeps newcomers out. One test, where two fields would be two.
    const WAITING_OR_CLOSED: usize = Self::WAITING.raw_mask() | Self::CLOSED.raw_mask();

    /// How many permits a word can hold.
    pub(crate) const MAX_PERMITS: usize = Self::PERMITS.max_value();

    /// A word with so many permits.
    pub(crate) const fn available(permits: usize) -> Self {
        assert!(
            permits <= Self::MAX_PERMITS,
            "a semaphore cannot have, or be asked for, more than Semaphore::MAX_PERMITS permits"
        );
        Self::new().with_permits(permits)
    }

    /// `n` permits, in place; at most the maximum.
    ///
    /// The permits are the topmost field, so that they are added and compared in place.
    #[inline(always)]
    fn in_place(n: usize) -> usize {
        debug_assert!(n <= Self::MAX_PERMITS, "{n} permits are more than a word can hold");
        n << Self::PERMITS.least_significant_index()
    }

    /// The word after a newcomer has taken `n` permits, which it may if nothing is before it.
    #[inline(always)]
    fn newcomer(self, n: usize) -> Option<Self> {
        if self.bits() & Self::WAITING_OR_CLOSED == 0 { self.minus(n) } else { None }
    }

    /// Refuses a number that no word can hold.
    ///
    /// # Panics
    ///
    /// If it is one.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn check(n: usize) {
        if n > Self::MAX_PERMITS {
            Self::refuse();
        }
    }

    /// # Panics
    ///
    /// Always.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(crate) fn refuse() -> ! {
        // A literal, for all that come here: a number would bring the code that formats it.
        panic!("a semaphore cannot have, or be asked for, more than Semaphore::MAX_PERMITS permits");
    }

    /// The word with `n` more permits, if there is room for them; `n` is at most the maximum. (S1)
    #[inline(always)]
    pub(crate) fn plus(self, n: usize) -> Option<Self> {
        self.bits().checked_add(Self::in_place(n)).map(Self::from_bits)
    }

    /// The word after the first in line has taken `n` permits; nothing does from a closed semaphore.
    #[inline(always)]
    pub(crate) fn admit(self, n: usize) -> Option<Self> {
        if self.closed() { None } else { self.minus(n) }
    }

    /// The word with `n` permits fewer, if there are so many; `n` is at most the maximum.
    #[inline(always)]
    pub(crate) fn minus(self, n: usize) -> Option<Self> {
        // What is below the permits is less than one of them.
        self.bits().checked_sub(Self::in_place(n)).map(Self::from_bits)
    }

    /// The word with `n` permits fewer, or none where there are not so many.
    fn minus_up_to(self, n: usize) -> Self {
        self.with_permits(self.permits() - self.permits().min(n))
    }
}

/// There would be more permits than a word can hold; nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoRoom;

impl AtomicSemaphoreState {
    /// Takes `n` permits, at most the maximum, if they are there and no task waits.
    #[inline(always)]
    pub(crate) fn try_acquire(&self, n: usize) -> Attempt {
        let state = self.load(Relaxed);
        if let Some(rest) = state.newcomer(n) {
            if self.compare_exchange_weak(state, rest, Acquire, Relaxed).is_ok() {
                return Attempt::Acquired;
            }
        }
        self.try_acquire_again(n)
    }

    /// As often as others interfere; out of line, so that the first attempt has no loop around it.
    #[cold]
    #[inline(never)]
    fn try_acquire_again(&self, n: usize) -> Attempt {
        let mut state = self.load(Relaxed);
        while let Some(rest) = state.newcomer(n) {
            match self.compare_exchange_weak(state, rest, Acquire, Relaxed) {
                Ok(_) => return Attempt::Acquired,
                Err(actual) => state = actual,
            }
        }
        // Ordering: pairs with `close`.
        if self.load(Acquire).closed() { Attempt::Closed } else { Attempt::Insufficient }
    }

    /// Takes `n` permits, or makes the word say that a task waits; the caller holds the list's lock.
    pub(crate) fn enter(&self, n: usize) -> Enter {
        let mut state = self.load(Acquire);
        loop {
            if state.closed() {
                return Enter::Closed;
            }
            let (next, outcome) = match state.minus(n) {
                Some(rest) if !state.waiting() => (rest, Enter::Acquired),
                _ => (state.with_waiting(true), Enter::Queue),
            };
            match self.compare_exchange_weak(state, next, Acquire, Acquire) {
                Ok(_) => return outcome,
                Err(actual) => state = actual,
            }
        }
    }

    /// As [`release`](Self::release), at the first attempt; `None` if another change comes between, or there is no room.
    #[inline(always)]
    pub(crate) fn try_release(&self, n: usize) -> Option<Returned> {
        let state = self.load(Relaxed);
        if state.waiting() {
            return Some(Returned::Waiting);
        }
        let sum = state.plus(n)?;
        self.compare_exchange_weak(state, sum, Release, Relaxed).ok()?;
        Some(Returned::Added)
    }

    /// Adds `n` permits, at most the maximum, unless a task waits. If there is no room for them, nothing has
    /// changed.
    pub(crate) fn release(&self, n: usize) -> Result<Returned, NoRoom> {
        let mut state = self.load(Relaxed);
        while !state.waiting() {
            match self.compare_exchange_weak(state, state.plus(n).ok_or(NoRoom)?, Release, Relaxed) {
                Ok(_) => return Ok(Returned::Added),
                Err(actual) => state = actual,
            }
        }
        Ok(Returned::Waiting)
    }

    /// Takes up to `n` permits for good, if no task waits; returns how many.
    pub(crate) fn forget(&self, n: usize) -> Option<usize> {
        self.fetch_update(Relaxed, Relaxed, |state| (!state.waiting()).then(|| state.minus_up_to(n)))
            .ok()
            .map(|was| was.permits().min(n))
    }

    /// The same also while a task waits; the caller holds the list's lock.
    pub(crate) fn forget_locked(&self, n: usize) -> usize {
        self.update(Relaxed, Relaxed, |state| state.minus_up_to(n)).permits().min(n)
    }

    /// Closes the semaphore; returns the word as it was before.
    pub(crate) fn close(&self) -> SemaphoreState {
        self.fetch_set_closed(Release)
    }

    /// Returns how many permits there are for the next to come: none when it is closed.
    pub(crate) fn available(&self) -> usize {
        let state = self.load(Relaxed);
        if state.closed() { 0 } else { state.permits() }
    }

    /// Returns whether the semaphore is closed.
    #[inline(always)]
    pub(crate) fn is_closed(&self) -> bool {
        self.load(Acquire).closed()
    }
}

impl QueueWord for AtomicSemaphoreState {
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

impl AdmissionWord for AtomicSemaphoreState {
    type Snapshot = SemaphoreState;

    #[inline(always)]
    fn says_waiting(word: SemaphoreState) -> bool {
        word.waiting()
    }

    #[inline(always)]
    fn when_left(word: SemaphoreState) -> SemaphoreState {
        word.with_waiting(false)
    }

    #[inline(always)]
    fn begin(&self) -> SemaphoreState {
        self.load(Relaxed)
    }

    /// By the difference, because it may be closed meanwhile; nothing else changes then (S2).
    #[inline(always)]
    fn settle(&self, from: SemaphoreState, to: SemaphoreState) -> bool {
        if from != to {
            debug_assert!(from.waiting() && from.closed() == to.closed(), "{from:?} to {to:?}");
            self.0.fetch_add(0, usize::BITS, to.bits().wrapping_sub(from.bits()), Release);
        }
        // Nothing changes the number without the lock while a task waits.
        false
    }

    fn change(&self, change: impl Fn(SemaphoreState) -> Option<SemaphoreState>) -> bool {
        self.fetch_update(Release, Relaxed, change).is_ok()
    }
}
