//! One waker, owned by whoever made the state word say so.
//!
//! The word and its transitions are [`state::cell`](crate::state::cell)'s; this is the only code that
//! reaches the waker, through [`Slot`], which exists exactly while the word names its holder.

use core::{mem::MaybeUninit, task::Waker};

use crate::{
    shim::cell::UnsafeCell,
    state::cell::{AtomicCellState, Begin, CellState, Finish, Take, Ticket},
};

/// A waker and the word that says who may touch it.
///
/// The waker is there exactly while the word says `occupied`, and while a [`Slot`] says so whose holder
/// has the word say `held`. Elsewhere the bytes mean nothing.
pub(crate) struct WakerSlot {
    word: AtomicCellState,
    waker: UnsafeCell<MaybeUninit<Waker>>,
}

// SAFETY: the waker blocks the auto impl. It is touched by the one holder of the slot, and the word
// hands the slot from one to the next with Release and Acquire.
unsafe impl Sync for WakerSlot {}

impl WakerSlot {
    const_fn! {
        pub(crate) fn new() -> Self {
            Self {
                word: AtomicCellState::new(CellState::new()),
                waker: UnsafeCell::new(MaybeUninit::uninit()),
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

    /// Notes a wake-up; takes the registered waker if there is one.
    #[inline(always)]
    pub(crate) fn wake(&self) -> Option<Waker> {
        self.take(&self.word.wake())
    }

    /// Notes that the cell is closed; takes the registered waker if there is one.
    pub(crate) fn close(&self) -> Option<Waker> {
        self.take(&self.word.close())
    }

    /// Takes the waker of registration `ticket`, if that is still the registered one.
    #[inline]
    pub(crate) fn deregister(&self, ticket: Ticket) -> Option<Waker> {
        self.take(&self.word.deregister(ticket))
    }

    /// Empties the slot that the caller's transition has just taken, if it has, and frees it.
    #[inline(always)]
    fn take(&self, taken: &Take) -> Option<Waker> {
        match taken {
            Take::Nothing => None,
            Take::Taken => {
                // SAFETY: `Taken` is what the transition returns that changed `occupied` to `held`: there is
                // a waker, and it is the caller's alone. Nobody reads the bytes again.
                let waker = unsafe { read(&self.waker) };
                self.word.release();
                Some(waker)
            }
        }
    }
}

/// The right to touch the waker: the word says `held`, and this is its holder.
#[must_use = "the slot stays taken until it is finished or vacated"]
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
        // SAFETY: `self` is the right to touch it, and says that it is there.
        self.occupied && self.cell.waker.with(|old| unsafe { &*old.cast::<Waker>() }.will_wake(waker))
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
        self.occupied = true;
        // SAFETY: `self` is the right to touch it.
        self.cell.waker.with_mut(|slot| unsafe { slot.write(MaybeUninit::new(waker)) });
    }

    /// Takes out the waker that is there, to be woken or dropped after the slot is free.
    #[inline(always)]
    pub(crate) fn take(&mut self) -> Option<Waker> {
        if !core::mem::replace(&mut self.occupied, false) {
            return None;
        }
        // SAFETY: `self` is the right to touch it, and said that it is there.
        Some(unsafe { read(&self.cell.waker) })
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

/// Moves the waker out, and leaves the bytes.
///
/// # Safety
///
/// The caller holds the slot, and there is a waker in it, which nobody moves out again.
#[inline(always)]
unsafe fn read(slot: &UnsafeCell<MaybeUninit<Waker>>) -> Waker {
    slot.with(|waker| {
        // SAFETY: the caller holds the slot, so nobody writes to it.
        let waker = unsafe { &*waker };
        // SAFETY: there is one, and this is the only time that it is moved out.
        unsafe { waker.assume_init_read() }
    })
}
