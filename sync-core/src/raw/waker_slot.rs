//! One waker, owned by whoever made the state word say so.
//!
//! The word and its transitions are [`state::cell`](crate::state::cell)'s; this is the only code that
//! reaches the waker, through [`Slot`], which exists exactly while the word names its holder.

use core::{mem::ManuallyDrop, task::Waker};

use crate::{
    shim::cell::UnsafeCell,
    state::cell::{AtomicCellState, Begin, CellState, Finish, Take},
};

/// A waker and the word that says who may touch it.
pub(crate) struct WakerSlot {
    word: AtomicCellState,
    waker: UnsafeCell<Option<Waker>>,
}

// SAFETY: the waker blocks the auto impl. It is touched by the one holder of the slot, and the word
// hands the slot from one to the next with Release and Acquire.
unsafe impl Sync for WakerSlot {}

impl WakerSlot {
    const_fn! {
        pub(crate) fn new() -> Self {
            Self { word: AtomicCellState::new(CellState::new()), waker: UnsafeCell::new(None) }
        }
    }

    /// The state word.
    #[inline(always)]
    pub(crate) fn word(&self) -> &AtomicCellState {
        &self.word
    }

    /// Takes the waker without asking the word.
    pub(crate) fn get_mut(&mut self) -> &mut Option<Waker> {
        // SAFETY: `&mut self` is the only way here while the result lives.
        self.waker.with_mut(|waker| unsafe { &mut *waker })
    }

    /// Begins a registration; see [`AtomicCellState::begin`].
    #[inline(always)]
    pub(crate) fn begin(&self) -> Result<Slot<'_>, Begin> {
        match self.word.begin() {
            Begin::Registering(state) => Ok(Slot { cell: self, state }),
            other => Err(other),
        }
    }

    /// Registers a clone of `waker` if the word is `state`, which is vacant; returns the ticket.
    ///
    /// `None` if nothing came of it: somebody else was faster, or there was a wake-up meanwhile.
    #[inline(always)]
    pub(crate) fn register_vacant(&self, state: CellState, waker: &Waker) -> Option<usize> {
        if !state.is_vacant() {
            return None;
        }
        // Foreign code, so before the slot is taken.
        let mut clone = ManuallyDrop::new(waker.clone());
        let Some(state) = self.word.begin_vacant(state) else {
            drop(ManuallyDrop::into_inner(clone));
            return None;
        };
        let slot = Slot { cell: self, state };
        // SAFETY: the slot is ours, and as it was vacant there is none in it that would have to be
        // dropped. The clone is not used again.
        self.waker.with_mut(|waker| unsafe { waker.write(Some(ManuallyDrop::take(&mut clone))) });
        match slot.finish() {
            Ok(ticket) => Some(ticket),
            Err(mut slot) => {
                let mine = slot.replace(None);
                slot.release();
                drop(mine);
                None
            }
        }
    }

    /// Notes a wake-up; takes the registered waker if there is one.
    #[inline(always)]
    pub(crate) fn wake(&self) -> Option<Waker> {
        match self.word.wake() {
            Take::Taken => self.take(),
            Take::Nothing => None,
        }
    }

    /// Notes that the cell is closed; takes the registered waker if there is one.
    pub(crate) fn close(&self) -> Option<Waker> {
        match self.word.close() {
            Take::Taken => self.take(),
            Take::Nothing => None,
        }
    }

    /// Takes the waker of registration `ticket`, if that is still the registered one.
    pub(crate) fn deregister(&self, ticket: usize) -> Option<Waker> {
        match self.word.deregister(ticket) {
            Take::Taken => self.take(),
            Take::Nothing => None,
        }
    }

    /// Empties the slot that the caller's transition has just taken, and frees it.
    #[inline(always)]
    fn take(&self) -> Option<Waker> {
        // SAFETY: private, and called only after a transition returned `Taken`: the slot is that
        // caller's alone until `release` below.
        let waker = self.waker.with_mut(|waker| unsafe { (*waker).take() });
        self.word.release();
        waker
    }
}

/// The right to touch the waker: the word says `held`, and this is its holder.
#[must_use = "the slot stays taken until it is finished or released"]
pub(crate) struct Slot<'c> {
    cell: &'c WakerSlot,
    /// The word as this registrant left it.
    state: CellState,
}

impl Slot<'_> {
    /// Returns whether the registered waker wakes the same task as `waker`.
    #[inline(always)]
    pub(crate) fn holds(&self, waker: &Waker) -> bool {
        // SAFETY: `self` is the right to touch it.
        self.cell.waker.with(|old| unsafe { &*old }.as_ref().is_some_and(|old| old.will_wake(waker)))
    }

    /// Puts `waker` in and returns the one that was there, to be woken or dropped after the slot is free.
    #[inline(always)]
    pub(crate) fn replace(&mut self, waker: Option<Waker>) -> Option<Waker> {
        // SAFETY: `self` is the right to touch it.
        self.cell.waker.with_mut(|old| core::mem::replace(unsafe { &mut *old }, waker))
    }

    /// Ends the registration and returns its ticket, unless there was a wake-up or a close meanwhile;
    /// then the slot is still the caller's.
    #[inline(always)]
    pub(crate) fn finish(self) -> Result<usize, Self> {
        match self.cell.word.finish(self.state) {
            Finish::Registered(ticket) => Ok(ticket),
            Finish::Notified => Err(self),
        }
    }

    /// Frees the slot, which the caller has emptied.
    #[inline(always)]
    pub(crate) fn release(self) {
        self.cell.word.release();
    }
}
