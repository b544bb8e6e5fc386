//! The word of a [`WaitCell`](crate::WaitCell): which party the waker belongs to, and which parties are at
//! the two slots.
//!
//! # Parties
//!
//! - A *registrant* is a poll that puts its waker into a slot. It is at the slot from `begin` to `commit` or
//!   `give_up`, for a few instructions; it clones, calls and drops wakers before and after.
//! - A *notifier* is a call of `wake` or `close` that found a waker. It is at the slot from `claim` to
//!   `settle`, for two loads.
//! - A *leaver* is a wait that is dropped.
//!
//! Each may be stopped between any two instructions, by an interrupt or by a task of a higher priority that
//! makes any of these calls, and for any time. So none waits for another: what is in the way is taken over,
//! or left to the party that was stopped, which finds that in the word when it goes on.
//!
//! # States
//!
//! | phase | `registering` | `registered` | `taker` | the waker in the slot `second` belongs to |
//! | --- | --- | --- | --- | --- |
//! | vacant | 0 | 0 | 0 | there is none |
//! | registering | 1 | 0 | 0 | the registrant: the one that it found, then the one that it puts in |
//! | registered | 0 | 1 | 0 | the cell |
//! | claimed | 0 | 0 | id | the notifier with this id |
//!
//! Any other combination is impossible (asserted). In addition the word has:
//!
//! - `woken`: a wake-up that no wait has taken; `closed`, never cleared. In any phase. While *registered*,
//!   they say that the waker is owed a call by a notifier that has still to settle.
//! - `second`: which slot is in use. `overtaken`: the other one still has a registrant at it, which has lost
//!   its turn.
//! - `waits`: the ids of the waits that live and have registered. `owner`: which of them has registered last;
//!   one of `waits`, or nothing.
//! - `readers`: the ids of the notifiers that have not settled. `taker` is one of `readers`, or nothing.
//!
//! An id is one bit. It is given to nothing else before its party has given it back, so there is no count
//! that wraps, and a party that finds its id in `owner` or `taker` has put it there itself.
//!
//! # Transitions
//!
//! | transition | made by | from | to |
//! | --- | --- | --- | --- |
//! | `begin` | a registrant | vacant, registered, claimed; neither `woken` nor `closed` | registering. The waker in the slot is its own now; a notifier that had claimed it learns that from `settle` |
//! | `begin` | a registrant | registering, not `overtaken` | registering, in the other slot, and `overtaken` |
//! | `begin` | a wait | `woken` | not `woken`; its id is given back |
//! | `commit` | a registrant | registering, and not overtaken, `woken` or `closed` | registered; `owner` is its id, the lowest free one if it has none |
//! | `give_up` | a registrant | the same, or overtaken | vacant, or not `overtaken` |
//! | `claim` | a notifier | registered | claimed by the lowest free id; `woken` or `closed` |
//! | `claim` | a notifier | any other; or no id is free | `woken` or `closed` |
//! | `settle` | a notifier | claimed, by itself | vacant; its id is given back |
//! | `settle` | a notifier | registered, and owed a call | claimed, by itself |
//! | `settle` | a notifier | any other | its id is given back |
//! | `leave` | a leaver | registered, and `owner` is its id | vacant; its id is given back |
//! | `leave` | a leaver | any other | its id is given back |
//!
//! # What other parties can do between two steps
//!
//! - **Between `begin` and `commit`**, a notifier stores its note and leaves the waker to the registrant: its
//!   `commit` fails, and it takes the wake-up or finds the cell closed. Another registrant overtakes it: that
//!   one moves to the other slot, to which the one that was overtaken never writes, and whose registration it
//!   cannot commit. The latter behaves as if it had registered and the other had taken its place: it calls
//!   its own waker, and is polled once more. A third registrant at the same time has no slot (`Busy`); that
//!   takes three tasks that wait where one should, all of them inside these few instructions.
//! - **Between `claim` and `settle`**, the wake-up may be taken, and a registrant may begin: it has the waker
//!   from then on, calls it in the notifier's place and puts its own into the same slot, where the notifier
//!   may read it, or half of it. The notifier drops what it read when it settles, since `taker` is no longer
//!   its id. `taker` cannot be its id *again*: only a `claim` with that id sets it, and the id is not free.
//! - **Between the load and the exchange of `leave`** the slot cannot change as long as `owner` says that it
//!   is the leaver's: only that wait registers with its id. So the leaver may read first and take with one
//!   exchange.
//! - **Between the load and the exchange of any one transition**, anything; if the word is the same again it
//!   is the same transition, as nothing counts for it but what the word says. An exchange fails only because
//!   another one has succeeded.
//!
//! # When ids run out
//!
//! More than four waits live and have registered: a further one has no id. When it is dropped while a waker
//! without an owner is registered, it calls that instead of dropping it, as it may be another wait's. A wait
//! that is leaked (`mem::forget`) keeps its id.
//!
//! More than four notifiers are stopped before they settle: a further one stores its note and leaves the
//! waker. Each of the four that settles looks whether the registered waker is owed a call.
//!
//! # Orderings
//!
//! | site | order | pairs with | why |
//! | --- | --- | --- | --- |
//! | `begin`, `begin_vacant` | `Acquire` | `commit`, `settle`, `leave`, `give_up`, `claim` | sees the waker that it takes over; accesses to the slot by its last users come before its own; one that takes `woken`, or finds `closed`, sees what the notifier did, and so does one that registers after another wait has taken it |
//! | `take_wake` | `Acquire` | `claim` | one that takes `woken` sees what the notifier did |
//! | `commit` | `Release` | `claim`, `begin`, `leave` | publishes the waker, and what its task did before |
//! | `give_up` | `Release` | `begin` | its stores to the slot come before the next registrant's |
//! | `claim` | `Acquire`, `Release` | `commit`; `begin`, `take_wake` | the waker that is read next is the registered one; publishes what the notifier did |
//! | `settle` | `Acquire`, `Release` | `commit`; `begin` | for the waker that it claims in turn; its loads come before the next registrant's stores |
//! | `leave`, loads | `Relaxed` | | its own registration comes before it, and saw the waker if that was there already; while the word names the leaver as owner, no other party writes the slot |
//! | `leave`, exchange | `Release` | `begin` | as `settle` |
//!
//! Every change is a read-modify-write of one word, so they have one order, and each continues the release
//! sequences of those before it: one that acquires from any of them sees what came before all of them. Under
//! [`ALONE`] the critical section orders all of it, and a change is a store.
//!
//! Models: `tests/loom_wait_cell.rs`, and the tests of this module, which visit every state that a few
//! parties can reach. The idea of a word that lends its one waker out is tokio's `AtomicWaker`; that a
//! registrant finds a slot while a notifier reads is diatomic-waker's, where there is one registrant, and a
//! notifier that finds another one leaves the call to it.

// Not for Miri: there is no unsafe code, and there are many states.
#[cfg(all(test, not(miri)))]
mod tests;

use sync_macros::bitfield;

use crate::shim::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

/// The word of a cell.
#[bitfield(u32, atomic = AtomicCellState)]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct CellState {
    /// A registrant is at the slot.
    registering: bool,
    /// A waker is registered.
    registered: bool,
    /// A wake-up that no wait has taken yet.
    woken: bool,
    /// Nothing may wait any more.
    closed: bool,
    /// The second slot is in use.
    second: bool,
    /// The slot that is not in use has a registrant at it.
    overtaken: bool,
    /// Fills up to the ids.
    #[bits(2)]
    _reserved: u8,
    /// The ids of the notifiers that have not settled.
    #[bits(4)]
    readers: u8,
    /// The id of the notifier that the waker belongs to.
    #[bits(4)]
    taker: u8,
    /// The ids of the waits that have registered.
    #[bits(4)]
    waits: u8,
    /// The id of the wait that has registered last.
    #[bits(4)]
    owner: u8,
}

/// Whether each operation is one critical section: with the feature for them, and without an operating
/// system. Then nothing comes between its steps, the phases *registering* and *claimed* are never seen from
/// outside, and what is for them is compiled out.
pub(crate) const ALONE: bool =
    cfg!(all(feature = "critical-section", not(any(feature = "std", loom, shuttle))));

/// The ids that waits may have.
const WAITS: u8 = 0b1111;

/// The ids that notifiers may have. A model has one, so that they run out in it.
const READERS: u8 = if cfg!(loom) { 0b1 } else { 0b1111 };

/// The id of a wait, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct WaitId(u8);

impl WaitId {
    pub(crate) const NONE: Self = Self(0);

    /// Where a word says that this wait is there, and has registered last.
    #[inline(always)]
    const fn bits(self) -> u32 {
        // An id is one bit or none, so the product sets it in both fields.
        self.0 as u32 * (CellState::WAITS.first_bit() | CellState::OWNER.first_bit())
    }
}

/// What a wait knows of its registration: the word as it is when the wait has been woken and nothing else
/// goes on, which has its id in it; and, where no word has anything, how far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Own(u32);

impl Own {
    /// It has not registered. The word is vacant then if nothing else goes on.
    pub(crate) const IDLE: Self = Self(CellState::VACANT.bits());
    /// It has yielded that it was woken.
    pub(crate) const WOKEN: Self = Self(1 << 24);
    /// It has yielded that the cell is closed.
    pub(crate) const CLOSED: Self = Self(1 << 25);
    /// It took over from another registration of the same task, whose wait may be there still.
    const SHARED: u32 = 1 << 26;
    /// It has registered. Tells one without an id from one that has not.
    const REGISTERED: u32 = CellState::new().with_woken(true).bits();

    /// It has registered, with `id`.
    #[inline(always)]
    pub(crate) const fn registered(id: WaitId, shared: bool) -> Self {
        Self(Self::REGISTERED | id.bits() | if shared { Self::SHARED } else { 0 })
    }

    /// Whether the word is what the wait expects.
    #[inline(always)]
    pub(crate) fn expects(self, state: CellState) -> bool {
        state.bits() == self.0
    }

    /// Whether it has registered, and not yielded.
    #[inline(always)]
    pub(crate) const fn is_registered(self) -> bool {
        self.0 & Self::REGISTERED != 0
    }

    /// Whether another wait of its task may count on its registration.
    pub(crate) const fn is_shared(self) -> bool {
        self.0 & Self::SHARED != 0
    }

    /// Its id, if it has one.
    pub(crate) const fn id(self) -> WaitId {
        #[expect(clippy::cast_possible_truncation, reason = "the field has four bits")]
        WaitId(CellState::WAITS.unpack_bits(self.0) as u8)
    }
}

/// The id of a notifier that has claimed a waker, and where that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "it has to settle"]
pub(crate) struct Claim {
    reader: u8,
    second: bool,
}

impl Claim {
    /// Whether the waker is in the second slot.
    #[inline(always)]
    pub(crate) fn second(self) -> bool {
        self.second
    }

    /// Where a word says that this notifier is there, and that the waker is its own.
    #[inline(always)]
    const fn bits(self) -> u32 {
        self.reader as u32 * (CellState::READERS.first_bit() | CellState::TAKER.first_bit())
    }
}

/// The lowest bit of `all` that is not in `used`, or nothing.
#[inline(always)]
const fn lowest_free(used: u8, all: u8) -> u8 {
    let free = all & !used;
    free & free.wrapping_neg()
}

/// What one that wants to wait finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Begin {
    /// The slot is the caller's.
    Registering(Begun),
    /// A wake-up was stored; the caller has taken it.
    Woken,
    /// The cell is closed.
    Closed,
    /// Two others are at the slots.
    Busy,
}

/// A registration that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "it has to be committed or given up"]
pub(crate) struct Begun {
    /// The word as the registrant left it.
    word: CellState,
    /// What is in the slot.
    found: Found,
}

impl Begun {
    /// The registration that [`begin_vacant`](AtomicCellState::begin_vacant) has begun.
    pub(crate) const VACANT: Self = Self { word: CellState::BEGUN, found: Found::Nothing };

    /// Whether the slot is the second one.
    #[inline(always)]
    pub(crate) fn second(self) -> bool {
        self.word.second()
    }

    /// What is in the slot.
    #[inline(always)]
    pub(crate) fn found(self) -> Found {
        self.found
    }
}

/// What a registrant finds in the slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Found {
    /// No waker.
    Nothing,
    /// The waker that it has put there itself.
    Own,
    /// The waker of another wait, or one that a notifier was about to call.
    Other,
}

/// How a registration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Commit {
    /// The waker is registered, by the wait with this id.
    Registered(WaitId),
    /// There was a wake-up or a close meanwhile; the slot is still the caller's, which gives it up.
    Notified,
    /// Another registrant has overtaken it; the caller gives the slot up.
    Overtaken,
}

/// What became of the waker that a notifier had claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Settle {
    /// It is the notifier's.
    Taken,
    /// A registrant has it.
    Lost,
    /// A registrant has it; but another one has been claimed.
    Again(Claim),
}

/// What a notifier has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Note {
    /// Stores a wake-up.
    Wake,
    /// Closes the cell.
    Close,
    /// Nothing: a wait without an id takes back a waker that has no owner.
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

/// The transitions, as functions from one word to the next.
impl CellState {
    /// Nothing is going on, and nothing has happened.
    const VACANT: Self = Self::new();
    /// The first slot has a registrant.
    const BEGUN: Self = Self::new().with_registering(true);

    #[inline(always)]
    const fn set(self, bits: u32) -> Self {
        Self::from_bits(self.bits() | bits)
    }

    #[inline(always)]
    const fn clear(self, bits: u32) -> Self {
        Self::from_bits(self.bits() & !bits)
    }

    /// Nothing is going on, and nothing has happened.
    #[inline(always)]
    pub(crate) fn is_vacant(self) -> bool {
        self == Self::VACANT
    }

    /// Whether the registered waker is that of the wait with this id.
    #[inline(always)]
    fn is_registered_by(self, id: WaitId) -> bool {
        self.registered() && id != WaitId::NONE && self.owner() == id.0
    }

    /// Whether there is something that keeps a registration from ending.
    #[inline(always)]
    fn is_notified(self) -> bool {
        self.bits() & (Self::WOKEN.raw_mask() | Self::CLOSED.raw_mask()) != 0
    }

    /// Goes back to the first slot when neither is used.
    #[inline(always)]
    fn with_slot_chosen(self) -> Self {
        if ALONE {
            return self;
        }
        let used = Self::REGISTERING.raw_mask()
            | Self::REGISTERED.raw_mask()
            | Self::TAKER.raw_mask()
            | Self::OVERTAKEN.raw_mask();
        if self.bits() & used == 0 { self.with_second(false) } else { self }
    }

    fn begin(self, id: WaitId) -> (Self, Begin) {
        self.check();
        let own = self.is_registered_by(id);
        // One whose own waker is owed a call takes that back first.
        if self.woken() && !own {
            return (self.with_woken(false).clear(id.bits()), Begin::Woken);
        }
        if self.closed() && !self.woken() {
            return (self, Begin::Closed);
        }
        let (word, found) = if ALONE || !self.registering() {
            let found = match () {
                () if own => Found::Own,
                () if self.registered() || (!ALONE && self.taker() != 0) => Found::Other,
                () => Found::Nothing,
            };
            let there = Self::REGISTERED.raw_mask() | Self::TAKER.raw_mask();
            (self.clear(there).with_registering(true), found)
        } else if !self.overtaken() {
            (self.with_second(!self.second()).with_overtaken(true), Found::Nothing)
        } else {
            return (self, Begin::Busy);
        };
        (word, Begin::Registering(Begun { word, found }))
    }

    /// Registered by the registrant of the slot, which has the id `id`.
    #[inline(always)]
    fn registered_by(self, id: WaitId) -> Self {
        let old = Self::REGISTERING.raw_mask() | Self::OWNER.raw_mask();
        self.clear(old).set(id.bits()).with_registered(true)
    }

    /// The registrant that has `begun` has the id `id`; or it has none, and gets one of `all` if it `stays`
    /// and one is free.
    fn commit(self, begun: Begun, id: WaitId, stays: bool, all: u8) -> (Self, Commit) {
        if self.second() != begun.second() {
            // Only the one that was overtaken ends that, so `second` has not come back meanwhile.
            debug_assert!(self.overtaken(), "{self:?}");
            return (self, Commit::Overtaken);
        }
        debug_assert!(self.registering(), "{self:?}");
        if !ALONE && self.is_notified() {
            return (self, Commit::Notified);
        }
        let gets = stays && id == WaitId::NONE;
        let id = if gets { WaitId(lowest_free(self.waits(), all)) } else { id };
        (self.registered_by(id), Commit::Registered(id))
    }

    /// The registrant of the slot `second` is gone.
    fn give_up(self, second: bool) -> Self {
        let given =
            if self.second() == second { self.with_registering(false) } else { self.with_overtaken(false) };
        given.with_slot_chosen()
    }

    fn claim(self, note: Note, readers: u8) -> (Self, Option<Claim>) {
        self.check();
        let refused = match note {
            Note::Nothing => self.owner() != 0,
            Note::Wake | Note::Close => self.closed(),
        };
        if refused {
            return (self, None);
        }
        let noted = note.on(self);
        let reader = lowest_free(self.readers(), readers);
        if !self.registered() || reader == 0 {
            return (noted, None);
        }
        let claim = Claim { reader, second: self.second() };
        (noted.with_registered(false).set(claim.bits()), Some(claim))
    }

    fn settle(self, claim: Claim) -> (Self, Settle) {
        self.check();
        if ALONE || self.taker() == claim.reader {
            (self.clear(claim.bits()).with_slot_chosen(), Settle::Taken)
        } else if self.registered() && self.is_notified() {
            let again = Claim { second: self.second(), ..claim };
            (self.with_registered(false).set(again.bits()), Settle::Again(again))
        } else {
            // Another notifier may be the taker.
            (self.clear(u32::from(claim.reader) * Self::READERS.first_bit()), Settle::Lost)
        }
    }

    /// The wait with this id is gone; returns whether the registered waker was its own.
    fn leave(self, id: WaitId) -> (Self, bool) {
        self.check();
        let own = self.is_registered_by(id);
        let without = if own { self.with_registered(false) } else { self };
        (without.clear(id.bits()).with_slot_chosen(), own)
    }

    /// Whether the word is one that there can be.
    #[inline(always)]
    fn check(self) {
        let phases = u8::from(self.registering()) + u8::from(self.registered()) + u8::from(self.taker() != 0);
        debug_assert!(phases <= 1, "{self:?}");
        debug_assert!(self.taker() & !self.readers() == 0 && self.taker().count_ones() <= 1, "{self:?}");
        debug_assert!(self.owner() & !self.waits() == 0 && self.owner().count_ones() <= 1, "{self:?}");
    }
}

/// What is common: one wait, and one notifier. Each is a transition as above, from one word that is known.
impl AtomicCellState {
    /// Begins a registration where nothing is going on.
    #[inline(always)]
    pub(crate) fn begin_vacant(&self) -> bool {
        self.compare_exchange(CellState::VACANT, CellState::BEGUN, Acquire, Relaxed).is_ok()
    }

    /// Ends the registration that [`begin_vacant`](Self::begin_vacant) has begun, where nothing has happened
    /// since; what the wait knows then, if it `stays`.
    #[inline(always)]
    pub(crate) fn commit_vacant(&self, stays: bool) -> Option<Own> {
        let id = if stays { WaitId(1) } else { WaitId::NONE };
        let registered = CellState::BEGUN.registered_by(id);
        self.compare_exchange(CellState::BEGUN, registered, Release, Relaxed)
            .is_ok()
            .then_some(Own::registered(id, false))
    }

    /// Takes a stored wake-up for a wait, where the word is what that expects.
    #[inline(always)]
    pub(crate) fn take_wake(&self, own: Own) -> bool {
        self.compare_exchange(CellState::from_bits(own.0), CellState::VACANT, Acquire, Relaxed).is_ok()
    }

    /// Claims the registered waker, and stores a wake-up, where nothing else is going on.
    #[inline(always)]
    pub(crate) fn claim_alone(&self) -> Option<(CellState, Claim)> {
        let state = self.load(Relaxed);
        let claim = Claim { reader: 1, second: false };
        // Above that there is nothing but the ids of waits, which stay as they are.
        let below = CellState::WAITS.first_bit() - 1;
        let registered = CellState::VACANT.with_registered(true).bits();
        if state.bits() & below != registered {
            return None;
        }
        // The one bit is there and the others are not, so the sum changes these and nothing else.
        let change = CellState::VACANT.with_woken(true).set(claim.bits()).bits() - registered;
        let claimed = CellState::from_bits(state.bits() + change);
        self.compare_exchange(state, claimed, AcqRel, Relaxed).is_ok().then_some((claimed, claim))
    }

    /// Settles where nothing has happened since [`claim_alone`](Self::claim_alone); the waker is the caller's
    /// then.
    #[inline(always)]
    pub(crate) fn settle_alone(&self, claimed: CellState, claim: Claim) -> bool {
        let settled = CellState::from_bits(claimed.bits() - claim.bits());
        self.compare_exchange(claimed, settled, Release, Relaxed).is_ok()
    }
}

/// The transitions, from whatever word there is.
impl AtomicCellState {
    /// Makes it `next` if nothing can have changed it, which is returned.
    #[inline(always)]
    fn becomes(&self, next: CellState) -> bool {
        if ALONE {
            // Ordering: Relaxed; the end of the critical section releases it.
            self.store(next, Relaxed);
        }
        ALONE
    }

    /// Takes a stored wake-up, or begins a registration, for the wait with this id.
    pub(crate) fn begin(&self, id: WaitId) -> Begin {
        let mut state = self.load(Acquire);
        loop {
            let (next, outcome) = state.begin(id);
            if matches!(outcome, Begin::Closed | Begin::Busy) {
                return outcome;
            }
            if self.becomes(next) {
                return outcome;
            }
            match self.compare_exchange_weak(state, next, Acquire, Acquire) {
                Ok(_) => return outcome,
                Err(actual) => state = actual,
            }
        }
    }

    /// Ends a registration. `id` is the wait's, or `NONE`; it gets one then if it `stays`.
    pub(crate) fn commit(&self, begun: Begun, id: WaitId, stays: bool) -> Commit {
        let mut state = begun.word;
        loop {
            let (next, outcome) = state.commit(begun, id, stays, WAITS);
            if matches!(outcome, Commit::Overtaken | Commit::Notified) || self.becomes(next) {
                return outcome;
            }
            match self.compare_exchange_weak(state, next, Release, Relaxed) {
                Ok(_) => return outcome,
                Err(actual) => state = actual,
            }
        }
    }

    /// Ends a registration without a waker, which its registrant has taken out.
    pub(crate) fn give_up(&self, begun: Begun) {
        let mut state = self.load(Relaxed);
        loop {
            let next = state.give_up(begun.second());
            if self.becomes(next) {
                return;
            }
            match self.compare_exchange_weak(state, next, Release, Relaxed) {
                Ok(_) => return,
                Err(actual) => state = actual,
            }
        }
    }

    /// Says what there is to say, and claims the registered waker if there is one: read it, and
    /// [`settle`](Self::settle).
    pub(crate) fn claim(&self, note: Note) -> Option<Claim> {
        let mut state = self.load(Relaxed);
        loop {
            let (next, claim) = state.claim(note, READERS);
            if next == state && (state.closed() || note == Note::Nothing) {
                return None;
            }
            if self.becomes(next) {
                return claim;
            }
            // Also when it changes nothing: the wake-up that is there is as of now.
            match self.compare_exchange_weak(state, next, AcqRel, Relaxed) {
                Ok(_) => return claim,
                Err(actual) => state = actual,
            }
        }
    }

    /// Says that the slot has been read.
    pub(crate) fn settle(&self, claim: Claim) -> Settle {
        let mut state = self.load(Relaxed);
        loop {
            let (next, outcome) = state.settle(claim);
            if self.becomes(next) {
                return outcome;
            }
            match self.compare_exchange_weak(state, next, AcqRel, Relaxed) {
                Ok(_) => return outcome,
                Err(actual) => state = actual,
            }
        }
    }

    /// Says that the wait with this id is gone. If the registered waker is its own, `read` reads the slot
    /// that it is in, the second one or not; what it returned last is returned.
    pub(crate) fn leave<T>(&self, id: WaitId, mut read: impl FnMut(bool) -> T) -> Option<T> {
        let mut state = self.load(Relaxed);
        loop {
            let (next, own) = state.leave(id);
            let waker = own.then(|| read(state.second()));
            if self.becomes(next) {
                return waker;
            }
            match self.compare_exchange_weak(state, next, Release, Relaxed) {
                Ok(_) => return waker,
                Err(actual) => state = actual,
            }
        }
    }

    /// Returns whether the cell is closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.load(Acquire).closed()
    }
}
