//! The word of a [`WaitCell`](crate::WaitCell): who may touch the one waker.
//!
//! # States
//!
//! | `held` | `occupied` | the waker belongs to | entered by | left by |
//! | --- | --- | --- | --- | --- |
//! | 0 | 0 | nobody; there is none | `release` | `begin` |
//! | 0 | 1 | nobody; there is one | `finish` | `begin`, `wake`, `close`, `deregister` |
//! | 1 | 0 | whoever made it so | `begin`; `wake`, `close`, `deregister` from `occupied` | `finish`, `release` |
//!
//! `woken` is a stored wake-up that no wait has taken yet, `closed` is for ever; both may be set in any
//! row. `tickets` counts registrations, so that a wait that is dropped takes back its own waker and no
//! other's.
//!
//! Impossible (asserted): `held` with `occupied`; `occupied` with `woken` or `closed`, since both take the
//! waker as they come, and keep a registration from finishing.
//!
//! # Orderings
//!
//! | site | order | pairs with | why |
//! | --- | --- | --- | --- |
//! | `begin`, `begin_vacant`, `take_wake` | `Acquire` | `finish`, `release`, `wake`, `close` | sees the slot as its last holder left it; one that takes `woken`, or finds `closed`, sees what the notifier did |
//! | `finish` | `Release`, `Acquire` on failure | `wake`, `close`, `deregister` | publishes the waker, and what its task did before, to the one who takes it; on failure sees what the notifier did |
//! | `wake`, `close` | `AcqRel` | `begin`, `finish` | Release: publishes what the notifier did; Acquire: owns the slot |
//! | `deregister` | `Acquire` | `finish` | owns the slot |
//! | `release` | `Release` | `begin` | hands the slot on |
//!
//! One word, read-modify-writes only: a wake-up that comes before `finish` makes it fail, one that
//! comes after it finds the waker.
//!
//! Models: `tests/loom_wait_cell.rs`. The idea of a word that lends its one waker out is tokio's
//! `AtomicWaker`; the tickets, and the wake-up that is kept until exactly one wait took it, are ours.

use crate::{
    bitfield,
    shim::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release},
};

/// The word of a cell.
#[bitfield(usize, atomic = AtomicCellState)]
#[derive(PartialEq, Eq)]
pub(crate) struct CellState {
    /// Somebody is at the waker.
    held: bool,
    /// A waker is registered.
    occupied: bool,
    /// A wake-up that no wait has taken yet.
    woken: bool,
    /// Nobody may wait any more.
    closed: bool,
    /// How many registrations there have been; wraps.
    #[bits(.., counter)]
    tickets: usize,
}

impl CellState {
    /// Nobody is here, and nothing has happened.
    #[inline(always)]
    pub(crate) fn is_vacant(self) -> bool {
        self == Self::new().with_tickets(self.tickets())
    }

    /// Counts a registration. The count is the topmost field, so it wraps out of the word.
    #[inline(always)]
    fn with_next_ticket(self) -> Self {
        Self::from_bits(self.bits().wrapping_add(Self::TICKETS.first_bit()))
    }

    /// The word once its holder has taken the registered waker into its hands, if there is one.
    #[inline(always)]
    fn with_waker_taken(self) -> Self {
        if self.occupied() { self.with_occupied(false).with_held(true) } else { self }
    }
}

/// What somebody who wants to wait finds.
#[derive(Debug)]
#[must_use]
pub(crate) enum Begin {
    /// The slot is the caller's.
    Registering {
        /// The word as the caller left it.
        begun: CellState,
        /// Whether there is a waker in the slot.
        occupied: bool,
    },
    /// A wake-up was stored; the caller has taken it.
    Woken,
    /// The cell is closed.
    Closed,
    /// Somebody else is at the slot.
    Busy,
}

/// Names one registration: the word as it was when that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket(CellState);

impl Ticket {
    /// Whether it names the last registration before the word became `state`.
    pub(crate) fn is_last_of(self, state: CellState) -> bool {
        self.0.tickets() == state.tickets()
    }
}

/// How a registration ended.
#[derive(Debug)]
#[must_use]
pub(crate) enum Finish {
    /// The waker is registered under this ticket.
    Registered(Ticket),
    /// There was a wake-up or a close meanwhile; the slot is still the caller's.
    Notified,
}

/// Whether the caller is to take the waker.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Take {
    /// Yes: the slot is the caller's, who ends that with `release`.
    Taken,
    /// No.
    Nothing,
}

impl AtomicCellState {
    /// Takes a stored wake-up in the common case that nothing else is going on.
    ///
    /// `Err` is the word if it did not.
    #[inline(always)]
    pub(crate) fn take_wake(&self) -> Result<(), CellState> {
        let state = self.load(Acquire);
        if !state.woken() {
            return Err(state);
        }
        self.compare_exchange(state, state.with_woken(false), Acquire, Acquire).map(drop)
    }

    /// Begins a registration in the common case that nothing is going on, where the word was `state`.
    #[inline(always)]
    pub(crate) fn begin_vacant(&self, state: CellState) -> Option<CellState> {
        let next = state.with_held(true);
        (state.is_vacant() && self.compare_exchange(state, next, Acquire, Relaxed).is_ok()).then_some(next)
    }

    /// Takes a stored wake-up, or begins a registration.
    pub(crate) fn begin(&self) -> Begin {
        let mut state = self.load(Acquire);
        loop {
            debug_assert!(
                !(state.occupied() && (state.held() || state.woken() || state.closed())),
                "{state:?}"
            );
            let (next, outcome) = if state.woken() {
                (state.with_woken(false), Begin::Woken)
            } else if state.closed() {
                return Begin::Closed;
            } else if state.held() {
                return Begin::Busy;
            } else {
                let next = state.with_occupied(false).with_held(true);
                (next, Begin::Registering { begun: next, occupied: state.occupied() })
            };
            match self.compare_exchange_weak(state, next, Acquire, Acquire) {
                Ok(_) => return outcome,
                Err(actual) => state = actual,
            }
        }
    }

    /// Ends the registration that left the word as `begun`.
    #[inline(always)]
    pub(crate) fn finish(&self, begun: CellState) -> Finish {
        let next = begun.with_held(false).with_occupied(true).with_next_ticket();
        // While the slot is held, others can set `woken` and `closed` and nothing else: if the word is no
        // longer what it was, it is one of those.
        match self.compare_exchange(begun, next, Release, Acquire) {
            Ok(_) => Finish::Registered(Ticket(next)),
            Err(actual) => {
                debug_assert!(actual.held() && (actual.woken() || actual.closed()), "{actual:?}");
                Finish::Notified
            }
        }
    }

    /// Frees the slot, which its holder has emptied.
    #[inline(always)]
    pub(crate) fn release(&self) {
        let was = self.fetch_clear_held(Release);
        debug_assert!(was.held(), "only its holder frees the slot: {was:?}");
    }

    /// Stores a wake-up, and takes the slot if a waker is registered.
    #[inline(always)]
    pub(crate) fn wake(&self) -> Take {
        let state = self.load(Relaxed);
        if state.occupied() {
            let next = state.with_occupied(false).with_held(true).with_woken(true);
            if self.compare_exchange(state, next, AcqRel, Relaxed).is_ok() {
                return Take::Taken;
            }
        }
        self.wake_slow()
    }

    /// The same where nobody waits, or somebody interferes.
    #[inline(never)]
    fn wake_slow(&self) -> Take {
        let mut state = self.load(Relaxed);
        loop {
            if state.closed() {
                return Take::Nothing;
            }
            match self.compare_exchange_weak(
                state,
                state.with_waker_taken().with_woken(true),
                AcqRel,
                Relaxed,
            ) {
                Ok(_) if state.occupied() => return Take::Taken,
                Ok(_) => return Take::Nothing,
                Err(actual) => state = actual,
            }
        }
    }

    /// Closes the cell, and takes the slot if a waker is registered.
    pub(crate) fn close(&self) -> Take {
        let mut state = self.load(Relaxed);
        loop {
            match self.compare_exchange_weak(
                state,
                state.with_waker_taken().with_closed(true),
                AcqRel,
                Relaxed,
            ) {
                Ok(_) if state.occupied() => return Take::Taken,
                Ok(_) => return Take::Nothing,
                Err(actual) => state = actual,
            }
        }
    }

    /// Takes the slot if the waker in it is the one of `ticket`.
    #[inline(always)]
    pub(crate) fn deregister(&self, ticket: Ticket) -> Take {
        // Any change since the registration, a later registration included, makes it another word.
        match self.compare_exchange(ticket.0, ticket.0.with_waker_taken(), Acquire, Relaxed) {
            Ok(_) => Take::Taken,
            Err(_) => Take::Nothing,
        }
    }

    /// Returns whether the cell is closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.load(Acquire).closed()
    }
}
