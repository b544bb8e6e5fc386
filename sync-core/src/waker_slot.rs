//! One waker, two slots for it, and the word that says which party owns it.
//!
//! The word and its transitions are [`state::cell`](crate::state::cell)'s; this is the only code that
//! reaches the slots. Phases, registrants and notifiers are explained there.
//!
//! # Invariants
//!
//! - **S1** While the word is *registered* or *claimed*, the slot in use holds the two halves of one waker.
//!   It belongs to the cell, or to the notifier whose id is the taker. While a [`Slot`] says that there is a
//!   waker in it, its slot holds the two halves of one, which belongs to the registrant. Elsewhere the halves
//!   mean nothing.
//! - **S2** A slot is written by the registrant that is at it, and by nothing else; there is at most one.
//!   Anything may read it at any time, since the halves are atomic. What was read is a waker if the slot held
//!   it (S1) from before the first of the loads until after the last, and it belongs to the reader if the
//!   reader took it from its owner by a transition of the word.

#![expect(unsafe_code, reason = "a waker is taken apart, and put together by the one that owns it")]

use core::{
    mem::ManuallyDrop,
    ptr,
    task::{RawWakerVTable, Waker},
};

use crate::{
    shim::atomic::{AtomicPtr, Ordering::Relaxed},
    state::cell::{
        ALONE, AtomicCellState, Begin, Begun, CellState, Claim, Commit, Found, Note, Own, Settle, WaitId,
    },
    util::SMALL,
};

/// A waker, and the word that says which party owns it.
pub(crate) struct WakerSlot {
    word: AtomicCellState,
    slots: [Halves; SLOTS],
}

/// How many slots there are: one where no registrant can find another one at it.
const SLOTS: usize = if ALONE { 1 } else { 2 };

/// The two halves of a waker, or of nothing.
struct Halves {
    data: AtomicPtr<()>,
    vtable: AtomicPtr<RawWakerVTable>,
}

/// What was read of a slot.
#[derive(Clone, Copy)]
struct Raw {
    data: *mut (),
    vtable: *mut RawWakerVTable,
}

/// What a notifier gets.
#[must_use = "the waker is called by the one that took it"]
pub(crate) enum Notified {
    /// No waker was registered.
    Nothing,
    /// This one was.
    Took(Waker),
    /// One was, and a registrant calls it.
    Lost,
}

/// What came of [`WakerSlot::register`], and the wakers that are not registered any more, or have not been.
#[must_use = "these wakers are called or dropped once nothing is held"]
pub(crate) struct Registered {
    pub(crate) outcome: Outcome,
    /// The one that was there before.
    pub(crate) old: Unregistered,
    /// The one that was to be registered.
    pub(crate) ours: Unregistered,
}

/// What came of [`WakerSlot::register`].
pub(crate) enum Outcome {
    /// The wait is registered, or over, and this is what it knows then.
    Done(Own),
    /// A clone is needed; or there was a wake-up or a close meanwhile.
    Again,
    /// Two other registrants were at the slots.
    Busy,
}

/// A waker, if there is one: called, or dropped, when this is dropped.
pub(crate) struct Unregistered {
    waker: Option<Waker>,
    /// Whether its task has to look again.
    calls: bool,
}

impl Unregistered {
    pub(crate) const NONE: Self = Self { waker: None, calls: false };

    /// Whether there is none.
    pub(crate) fn is_none(&self) -> bool {
        self.waker.is_none()
    }
}

impl Drop for Unregistered {
    fn drop(&mut self) {
        match self.waker.take() {
            Some(waker) if self.calls => waker.wake(),
            waker => drop(waker),
        }
    }
}

impl Halves {
    const_fn! {
        fn new() -> Self {
            Self { data: AtomicPtr::new(ptr::null_mut()), vtable: AtomicPtr::new(ptr::null_mut()) }
        }
    }

    #[cfg(loom)]
    fn slots() -> [Self; SLOTS] {
        core::array::from_fn(|_| Self::new())
    }

    #[cfg(not(loom))]
    const fn slots() -> [Self; SLOTS] {
        [const { Self::new() }; SLOTS]
    }

    /// Reads them.
    #[inline(always)]
    fn load(&self) -> Raw {
        // Ordering: Relaxed. A party that may join them has acquired, from the word, what their registrant
        // wrote, and releases these loads to the next registrant's stores.
        Raw { data: self.data.load(Relaxed), vtable: self.vtable.load(Relaxed) }
    }

    /// Writes those of `waker`, which is theirs then.
    #[inline(always)]
    fn store(&self, waker: Waker) {
        let waker = ManuallyDrop::new(waker);
        // Ordering: Relaxed; `commit` publishes them, and `begin` has acquired the last reader's loads.
        self.data.store(waker.data().cast_mut(), Relaxed);
        self.vtable.store(ptr::from_ref(waker.vtable()).cast_mut(), Relaxed);
    }
}

impl Raw {
    /// Makes a waker of it.
    ///
    /// # Safety
    ///
    /// It is the two halves of one waker that [`Halves::store`] was given, which belongs to the caller.
    #[inline(always)]
    unsafe fn join(self) -> Waker {
        // SAFETY: `store` was given a waker whose vtable this is, by `Waker::vtable`, which returns a
        // `&'static`.
        let vtable = unsafe { &*self.vtable.cast_const() };
        // SAFETY: `Waker::new` wants data and vtable that keep the contract of `RawWakerVTable`, and makes
        // the waker whose parts they are. They are the parts of a waker, whose maker has promised that, and
        // which `store` forgot; as it belongs to the caller, nothing else makes it anew.
        unsafe { Waker::new(self.data.cast_const(), vtable) }
    }

    /// Whether it is the halves of a waker of the same task as `waker`.
    #[inline(always)]
    fn wakes_as(self, waker: &Waker) -> bool {
        // What `Waker::will_wake` compares, without making a second waker of the halves.
        self.data.cast_const() == waker.data() && ptr::eq(self.vtable, waker.vtable())
    }
}

/// Calls `f`, which is one operation on the word and the slots and runs no foreign code: in a critical
/// section, where that is chosen.
#[inline(always)]
fn operation<R>(f: impl FnOnce() -> R) -> R {
    #[cfg(all(feature = "critical-section", not(any(feature = "std", loom, shuttle))))]
    if ALONE {
        return critical_section::with(|_| f());
    }
    f()
}

impl WakerSlot {
    const_fn! {
        pub(crate) fn new() -> Self {
            Self {
                word: AtomicCellState::new(CellState::new()),
                slots: Halves::slots(),
            }
        }
    }

    /// The state word.
    #[inline(always)]
    pub(crate) fn word(&self) -> &AtomicCellState {
        &self.word
    }

    #[inline(always)]
    fn halves(&self, second: bool) -> &Halves {
        &self.slots[usize::from(second) % SLOTS]
    }

    /// Registers a clone of `waker` if nothing is going on, where the word was vacant a moment ago; returns
    /// what the wait knows then, if it `stays`.
    ///
    /// # Errors
    ///
    /// If something else was faster, `None`. If there was a wake-up meanwhile, or another registrant, the
    /// registration that has begun.
    #[inline(always)]
    pub(crate) fn register_vacant(&self, waker: &Waker, stays: bool) -> Result<Own, Option<First<'_>>> {
        // Foreign code, so before the slot is taken.
        let waker = waker.clone();
        if !self.word.begin_vacant() {
            return Err(None);
        }
        self.halves(false).store(waker);
        self.word.commit_vacant(stays).ok_or(Some(First(self)))
    }

    /// Takes a wake-up, or registers `clone` of `waker`, for a wait that knows `own` of its last
    /// registration; it has an id then if it `stays`. No clone is needed where one is there already that
    /// wakes the same task.
    ///
    /// Runs no foreign code: the caller does, by dropping what is returned.
    #[inline(always)]
    pub(crate) fn register(&self, waker: &Waker, clone: Option<Waker>, own: Own, stays: bool) -> Registered {
        operation(|| {
            let mut ours = Unregistered { waker: clone, calls: false };
            let why = match self.begin(own.id()) {
                Ok(slot) => return slot.register(waker, ours.waker.take(), own, stays),
                Err(why) => why,
            };
            let outcome = match why {
                Begin::Woken => Outcome::Done(Own::WOKEN),
                Begin::Closed => Outcome::Done(Own::CLOSED),
                _ => Outcome::Busy,
            };
            Registered { outcome, old: Unregistered::NONE, ours }
        })
    }

    /// Begins a registration; see [`AtomicCellState::begin`].
    #[inline(always)]
    pub(crate) fn begin(&self, id: WaitId) -> Result<Slot<'_>, Begin> {
        match self.word.begin(id) {
            Begin::Registering(begun) => {
                Ok(Slot { cell: self, begun, occupied: begun.found() != Found::Nothing })
            }
            other => Err(other),
        }
    }

    /// Stores a wake-up; takes the registered waker if there is one.
    #[inline(always)]
    pub(crate) fn wake(&self) -> Notified {
        let claim = if SMALL { None } else { self.word.claim_alone() };
        let Some((claimed, claim)) = claim else { return self.notify(Note::Wake) };
        let raw = self.halves(false).load();
        if self.word.settle_alone(claimed, claim) {
            // SAFETY: the word was `claimed` before and after the loads. It says that we are the taker, which
            // only our `claim_alone` has said, as no claim is given an id that is not free. So it has said so
            // all the time, and the first slot, which is in use by it, held the halves of a waker that was
            // ours (S1), which no registrant wrote to (S2). The word says so no more.
            return Notified::Took(unsafe { raw.join() });
        }
        self.take(claim)
    }

    /// Says `note`; takes the registered waker if there is one.
    #[cold]
    pub(crate) fn notify(&self, note: Note) -> Notified {
        operation(|| match self.word.claim(note) {
            Some(claim) => self.take(claim),
            None => Notified::Nothing,
        })
    }

    /// Takes the waker that was claimed.
    #[cold]
    pub(crate) fn take(&self, mut claim: Claim) -> Notified {
        loop {
            let raw = self.halves(claim.second()).load();
            match self.word.settle(claim) {
                Settle::Taken => {
                    // SAFETY: until now the word said that we are the taker, which only our claim has said,
                    // as no claim is given an id that is not free. So it has said so since then, all the
                    // time, and the slot in use has been the same, and held the halves of a waker that was
                    // ours (S1), which no registrant wrote to (S2). The word says so no more.
                    return Notified::Took(unsafe { raw.join() });
                }
                Settle::Lost => return Notified::Lost,
                Settle::Again(next) => claim = next,
            }
        }
    }

    /// Takes back the waker that a wait has registered, if it is still there, and what it knows of that.
    pub(crate) fn leave(&self, own: Own) -> Unregistered {
        let raw = operation(|| self.word.leave(own.id(), |second| self.halves(second).load()));
        // SAFETY: before the loads and in the exchange after them the word said that the waker in that slot
        // was registered by the wait with this id. Only that wait registers with it, and it is not polled
        // meanwhile, as it is being dropped or its poll is what calls this. So the waker was there all the
        // time (S1), and no registrant wrote to the slot (S2). The exchange took it from the cell.
        let waker = raw.map(|raw| unsafe { raw.join() });
        Unregistered { waker, calls: own.is_shared() }
    }

    /// Returns whether the cell is closed.
    pub(crate) fn is_closed(&self) -> bool {
        operation(|| self.word.is_closed())
    }
}

/// The [`Slot`] of a registration that began with nothing going on, with its waker in it: no more than a
/// pointer.
#[must_use = "the slot stays taken until it is given up"]
pub(crate) struct First<'c>(&'c WakerSlot);

impl First<'_> {
    /// Frees the slot, and returns what was in it.
    pub(crate) fn give_up(self) -> Option<Waker> {
        Slot { cell: self.0, begun: Begun::VACANT, occupied: true }.give_up()
    }
}

/// The right to write one of the slots: the word says that there is a registrant at it, and this is the one.
#[must_use = "the slot stays taken until it is committed or given up"]
pub(crate) struct Slot<'c> {
    cell: &'c WakerSlot,
    pub(crate) begun: Begun,
    /// Whether there is a waker in it.
    occupied: bool,
}

impl Slot<'_> {
    #[inline(always)]
    fn halves(&self) -> &Halves {
        self.cell.halves(self.begun.second())
    }

    /// See [`WakerSlot::register`].
    #[inline(always)]
    pub(crate) fn register(
        mut self,
        waker: &Waker,
        clone: Option<Waker>,
        own: Own,
        stays: bool,
    ) -> Registered {
        // Another wait's task has to look again when it is evicted. Our own has not: waking it would have it
        // poll again, perhaps with yet another waker, and so on.
        let others = self.begun.found() != Found::Own || own.is_shared();
        let holds = self.occupied && self.halves().load().wakes_as(waker);
        let shared = holds && others;
        let old = if holds {
            Unregistered { waker: clone, calls: false }
        } else {
            let waker = self.take();
            if let Some(clone) = clone {
                self.put(clone);
            }
            Unregistered { waker, calls: others }
        };
        let mut overtaken = false;
        if self.occupied {
            match self.cell.word.commit(self.begun, own.id(), stays) {
                Commit::Registered(id) => {
                    let outcome = Outcome::Done(Own::registered(id, shared));
                    return Registered { outcome, old, ours: Unregistered::NONE };
                }
                lost => overtaken = lost == Commit::Overtaken,
            }
        }
        // One that was overtaken behaves as if it had been registered, and the other one had taken its place
        // then.
        let outcome = if overtaken { Outcome::Done(own) } else { Outcome::Again };
        let ours = Unregistered { waker: self.give_up(), calls: overtaken || shared };
        Registered { outcome, old, ours }
    }

    /// Puts `waker` in.
    ///
    /// One that is there already is forgotten: take it out first.
    #[inline(always)]
    pub(crate) fn put(&mut self, waker: Waker) {
        self.occupied = true;
        self.halves().store(waker);
    }

    /// Takes out the waker that is there.
    #[inline(always)]
    fn take(&mut self) -> Option<Waker> {
        if !core::mem::replace(&mut self.occupied, false) {
            return None;
        }
        // SAFETY: we are the registrant at this slot, and said that it holds a waker, which is ours then
        // (S1), and which nothing else writes to (S2); now we say that it holds none.
        Some(unsafe { self.halves().load().join() })
    }

    /// Frees the slot, and returns what was in it.
    #[inline(always)]
    pub(crate) fn give_up(mut self) -> Option<Waker> {
        let waker = self.take();
        self.cell.word.give_up(self.begun);
        waker
    }
}
