//! One waker, and the word that says whose it is.
//!
//! The word and its transitions are [`state::cell`](crate::state::cell)'s; this is the only code that
//! reaches the waker.
//!
//! # Invariants
//!
//! - **S1** While the word says `occupied`, the two halves are those of one waker, which the cell owns; so
//!   they are while a [`Slot`] says so whose holder has the word say `held`. Elsewhere they mean nothing.
//! - **S2** The halves are written by the holder only. Anybody may read them at any time, since they are
//!   atomic, but what was read is a waker, and the reader's, only if the reader then changed the very word
//!   that it read before from `occupied` to not.

use core::{
    ptr,
    task::{RawWakerVTable, Waker},
};

use crate::{
    shim::atomic::{AtomicPtr, Ordering::Relaxed},
    state::cell::{AtomicCellState, Begin, CellState, Finish, Note, Ticket},
};

/// A waker in two halves, and the word that says whose it is.
pub(crate) struct WakerSlot {
    word: AtomicCellState,
    data: AtomicPtr<()>,
    vtable: AtomicPtr<RawWakerVTable>,
}

impl WakerSlot {
    const_fn! {
        pub(crate) fn new() -> Self {
            Self {
                word: AtomicCellState::new(CellState::new()),
                data: AtomicPtr::new(ptr::null_mut()),
                vtable: AtomicPtr::new(ptr::null_mut()),
            }
        }
    }

    /// The state word.
    #[inline(always)]
    pub(crate) fn word(&self) -> &AtomicCellState {
        &self.word
    }

    /// Begins a registration; see [`AtomicCellState::begin`].
    pub(crate) fn begin(&self) -> Result<Slot<'_>, Begin> {
        match self.word.begin() {
            Begin::Registering { begun, occupied } => Ok(Slot { cell: self, begun, occupied }),
            other => Err(other),
        }
    }

    /// Registers a clone of `waker` if the word is `state`, which is vacant; returns the ticket.
    ///
    /// `None` if nothing came of it: somebody else was faster, or there was a wake-up meanwhile.
    #[inline(always)]
    pub(crate) fn register_vacant(&self, state: CellState, waker: &Waker) -> Option<Ticket> {
        if !state.is_vacant() {
            return None;
        }
        // Foreign code, so before the slot is taken.
        let waker = waker.clone();
        let begun = self.word.begin_vacant(state)?;
        let mut slot = Slot { cell: self, begun, occupied: false };
        slot.put(waker);
        slot.finish().map_err(Slot::vacate).ok()
    }

    /// Stores a wake-up; takes the registered waker if there is one.
    #[inline(always)]
    pub(crate) fn wake(&self) -> Option<Waker> {
        if let Some(ticket) = self.word.occupant() {
            let halves = self.halves();
            if self.word.take(ticket, Note::Wake) {
                // SAFETY: as in `take`.
                return Some(unsafe { join(halves) });
            }
        }
        self.note(Note::Wake)
    }

    /// Closes the cell; takes the registered waker if there is one.
    pub(crate) fn close(&self) -> Option<Waker> {
        self.note(Note::Close)
    }

    /// Takes the waker of the registration `ticket`, if it is still there.
    #[inline(always)]
    pub(crate) fn deregister(&self, ticket: Ticket) -> Option<Waker> {
        self.take(ticket, Note::Nothing)
    }

    #[inline(never)]
    fn note(&self, note: Note) -> Option<Waker> {
        loop {
            if self.word.leave(note) {
                return None;
            }
            if let Some(waker) = self.word.occupant().and_then(|ticket| self.take(ticket, note)) {
                return Some(waker);
            }
        }
    }

    /// Takes the waker of `ticket`, if it is still there, and leaves a note.
    #[inline(always)]
    fn take(&self, ticket: Ticket, note: Note) -> Option<Waker> {
        let halves = self.halves();
        if !self.word.take(ticket, note) {
            return None;
        }
        // SAFETY: the word was the ticket's, `occupied`, before and after the loads and is not now: they
        // are the halves of its waker, which is ours (S1, S2).
        Some(unsafe { join(halves) })
    }

    /// Reads the halves, of a waker or of nothing.
    #[inline(always)]
    fn halves(&self) -> Halves {
        // Ordering: Relaxed. Whoever has a ticket acquired what its registration wrote, and `take` releases
        // these loads to the next registration's stores.
        (self.data.load(Relaxed), self.vtable.load(Relaxed))
    }
}

/// The right to write the waker: the word says `held`, and this is its holder.
#[must_use = "the slot stays held until it is finished or vacated"]
pub(crate) struct Slot<'c> {
    cell: &'c WakerSlot,
    /// The word as this holder left it.
    begun: CellState,
    /// Whether there is a waker in it.
    occupied: bool,
}

impl Slot<'_> {
    /// Returns whether the registered waker wakes the same task as `waker`.
    pub(crate) fn holds(&self, waker: &Waker) -> bool {
        // What `Waker::will_wake` compares, without making a second waker of the halves.
        self.occupied
            && self.cell.data.load(Relaxed).cast_const() == waker.data()
            && ptr::eq(self.cell.vtable.load(Relaxed), waker.vtable())
    }

    /// Whether `ticket` names the last registration.
    pub(crate) fn follows(&self, ticket: Ticket) -> bool {
        ticket.is_last_of(self.begun)
    }

    /// Puts `waker` in.
    ///
    /// One that is there already is forgotten: take it out first.
    #[inline(always)]
    pub(crate) fn put(&mut self, waker: Waker) {
        let waker = core::mem::ManuallyDrop::new(waker);
        self.occupied = true;
        // Ordering: Relaxed; `finish` publishes them, and `begin` has acquired the last reader's loads.
        self.cell.data.store(waker.data().cast_mut(), Relaxed);
        self.cell.vtable.store(ptr::from_ref(waker.vtable()).cast_mut(), Relaxed);
    }

    /// Takes out the waker that is there, to be woken or dropped after the slot is free.
    #[inline(always)]
    pub(crate) fn take(&mut self) -> Option<Waker> {
        if !core::mem::replace(&mut self.occupied, false) {
            return None;
        }
        // SAFETY: the slot is ours, and said that there is a waker (S1); now it says that there is none.
        Some(unsafe { join(self.cell.halves()) })
    }

    /// Ends the registration and returns its ticket, unless there was a wake-up or a close meanwhile;
    /// then the slot is still the caller's.
    ///
    /// # Panics
    ///
    /// If there is no waker in it.
    #[inline(always)]
    pub(crate) fn finish(self) -> Result<Ticket, Self> {
        assert!(self.occupied, "a registration registers something");
        match self.cell.word.finish(self.begun) {
            Finish::Registered(ticket) => Ok(ticket),
            Finish::Notified => Err(self),
        }
    }

    /// Frees the slot; what was in it is dropped after that.
    pub(crate) fn vacate(mut self) {
        let waker = self.take();
        self.cell.word.release();
        drop(waker);
    }
}

/// Data and vtable.
type Halves = (*mut (), *mut RawWakerVTable);

/// Makes a waker of its halves.
///
/// # Safety
///
/// They are the halves of one waker that was put in by [`Slot::put`], and that nobody has taken since.
#[inline(always)]
unsafe fn join((data, vtable): Halves) -> Waker {
    // SAFETY: it came from `Waker::vtable`, which returns a `&'static`.
    let vtable = unsafe { &*vtable.cast_const() };
    // SAFETY: data and vtable of one waker, which `put` forgot to drop, so it is owned here.
    unsafe { Waker::new(data.cast_const(), vtable) }
}
