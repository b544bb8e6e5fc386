//! The word of a [`WaitCell`](crate::WaitCell): who may touch the one waker.
//!
//! # States
//!
//! | `held` | `occupied` | the waker belongs to | entered by | left by |
//! | --- | --- | --- | --- | --- |
//! | 0 | 0 | nobody; there is none | `release`, `take` | `begin` |
//! | 0 | 1 | whoever takes it first | `finish` | `begin`, `take` |
//! | 1 | 0 | the task that registers it | `begin` | `finish`, `release` |
//!
//! `woken` is a stored wake-up that no wait has taken yet, `closed` is for ever; both may be set in any
//! row. `tickets` counts registrations. It makes every registration's word another one: so a notifier can
//! read the waker first and take it, with one exchange, afterwards, if the word is still what it was; and a
//! wait that is dropped takes back its own waker and no other's.
//!
//! Impossible (asserted): `held` with `occupied`; `occupied` with `woken` or `closed`, since both take the
//! waker as they come, and keep a registration from finishing.
//!
//! The count wraps: a notifier that is stopped between reading and exchanging, while there are exactly as
//! many registrations as the count holds (2<sup>60</sup> on a 64-bit machine, 2<sup>28</sup> on a 32-bit
//! one), would take a waker that is no longer there.
//!
//! # Orderings
//!
//! | site | order | pairs with | why |
//! | --- | --- | --- | --- |
//! | `begin`, `begin_vacant` | `Acquire` | `take`, `release`, `leave` | whoever read the waker before has done so; one that takes `woken`, or finds `closed`, sees what the notifier did, and so does one that registers after somebody else has taken it |
//! | `take_wake`, exchange | `Acquire` | `take`, `leave` | one that takes `woken` sees what the notifier did |
//! | `finish` | `Release` | `occupant` | publishes the waker, and what its task did before, to the one who takes it |
//! | `occupant` | `Acquire` | `finish` | the waker that is read next is the one of this registration, and its task's doings are seen |
//! | `take`, `leave` | `Release` | `begin`, `take_wake` | publishes what the notifier did, and has the waker read before the next one is written |
//! | `release` | `Release` | `begin` | hands the slot on |
//! | `take_wake`, load and failure; `finish`, failure | `Relaxed` | | `begin` looks again, or `begin_vacant` exchanges |
//!
//! One word, read-modify-writes only: a wake-up that comes before `finish` makes it fail, one that
//! comes after it finds the waker.
//!
//! Models: `tests/loom_wait_cell.rs`. The idea of a word that lends its one waker out is tokio's
//! `AtomicWaker`; the ticket that lets a notifier take it in one exchange, and the wake-up that is kept
//! until exactly one wait took it, are ours.

use crate::{
    bitfield,
    shim::atomic::Ordering::{Acquire, Relaxed, Release},
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

/// What a notifier does besides taking a waker, if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// Stores a wake-up.
    Wake,
    /// Closes the cell.
    Close,
    /// Nothing: the waker's own wait takes it back.
    Nothing,
}

impl Note {
    #[inline(always)]
    fn on(self, state: CellState) -> CellState {
        match self {
            Self::Wake => state.with_woken(true),
            Self::Close => state.with_closed(true),
            Self::Nothing => state,
        }
    }
}

impl AtomicCellState {
    /// Takes a stored wake-up in the common case that nothing else is going on.
    ///
    /// `Err` is the word if it did not.
    #[inline(always)]
    pub(crate) fn take_wake(&self) -> Result<(), CellState> {
        // Ordering: the exchange that takes it acquires; whoever goes on from `Err` looks again, or exchanges.
        let state = self.load(Relaxed);
        if !state.woken() {
            return Err(state);
        }
        self.compare_exchange(state, state.with_woken(false), Acquire, Relaxed).map(drop)
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
        match self.compare_exchange(begun, next, Release, Relaxed) {
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

    /// Names the registered waker, if there is one; read it, and then [`take`](Self::take) it.
    #[inline(always)]
    pub(crate) fn occupant(&self) -> Option<Ticket> {
        let state = self.load(Acquire);
        state.occupied().then_some(Ticket(state))
    }

    /// Takes the waker of `ticket`, with a note; returns whether it was still there.
    #[inline(always)]
    pub(crate) fn take(&self, ticket: Ticket, note: Note) -> bool {
        // Any change since the registration, a later registration included, makes it another word.
        let next = note.on(ticket.0.with_occupied(false));
        self.compare_exchange(ticket.0, next, Release, Relaxed).is_ok()
    }

    /// Leaves a note where there is no waker to take; returns whether that was so.
    pub(crate) fn leave(&self, note: Note) -> bool {
        let mut state = self.load(Relaxed);
        while !state.occupied() {
            if state.closed() {
                return true;
            }
            match self.compare_exchange_weak(state, note.on(state), Release, Relaxed) {
                Ok(_) => return true,
                Err(actual) => state = actual,
            }
        }
        false
    }

    /// Returns whether the cell is closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.load(Acquire).closed()
    }
}
