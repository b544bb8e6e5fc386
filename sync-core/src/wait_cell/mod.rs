//! One task that waits.
//!
//! See [`WaitCell`].

#[cfg(all(test, not(loom)))]
mod tests;
mod wait;

use core::{
    fmt,
    task::{Context, Poll, Waker},
};

pub use self::wait::{Subscribe, Wait};
use crate::{
    WaitResult,
    raw::{Slot, WakerSlot},
    shim,
    state::cell::{Begin, Ticket},
    util::Padded,
};

/// A place for one task to wait, lock-free: what an interrupt handler or another thread wakes.
///
/// It holds the [`Waker`] of one task. A wake-up that finds none is stored, one at most, and completes
/// the next wait; each wake-up completes one wait.
///
/// # Choosing
///
/// It is the smallest and fastest thing here to wait on, for a driver with one task. Two tasks that wait at
/// the same time take the registration from each other, and wake each other when they do: use a
/// [`WaitQueue`](crate::WaitQueue) for them.
///
/// # Interrupts
///
/// Every method may be called from an interrupt handler, at any time, whatever it interrupted: nothing
/// here locks or spins. The waker that is called is the executor's.
///
/// # Examples
///
/// ```
/// use sync_core::WaitCell;
///
/// static DATA_READY: WaitCell = WaitCell::new();
/// # fn start_transfer() { DATA_READY.wake(); }
///
/// # pollster::block_on(async {
/// // Registered before the transfer starts, so the interrupt cannot come too early.
/// let ready = DATA_READY.subscribe().await;
/// start_transfer(); // its interrupt handler calls `DATA_READY.wake()`
/// ready.await?;
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
pub struct WaitCell {
    slot: Padded<WakerSlot>,
}

/// Why [`WaitCell::poll_wait`] registered nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PollWaitError {
    /// The cell is [closed](WaitCell::close).
    Closed,
    /// Somebody else was at the waker at this very moment: try again.
    Busy,
}

/// How an attempt to wait went.
pub(super) enum Attempt {
    /// The waker is registered.
    Registered(Registration),
    /// There was a wake-up, and it is taken.
    Woken,
    /// The cell is closed.
    Closed,
    /// Somebody else was at the waker.
    Busy,
}

/// What a wait knows of its registration.
#[derive(Clone, Copy, Debug)]
pub(super) struct Registration {
    ticket: Ticket,
    /// Whether it took over from another registration of the same task, whose wait may be there still.
    shared: bool,
}

impl WaitCell {
    const_fn! {
        /// Returns a cell in which nobody waits.
        #[must_use]
        pub fn new() -> Self {
            Self { slot: Padded::new(WakerSlot::new()) }
        }
    }

    /// Takes a stored wake-up, or registers the waker of `cx` for the next one.
    ///
    /// - `Pending`: the waker is registered, and the next [`wake`](Self::wake) or [`close`](Self::close)
    ///   calls it.
    /// - `Ready(Ok(()))`: there was a wake-up since the last one that was taken; it is taken now.
    ///
    /// A waker that was registered before and [would wake](Waker::will_wake) another task is called, so that
    /// its task can look again.
    /// Unlike a [`Wait`], this leaves the waker where it is when the caller loses interest.
    ///
    /// # Errors
    ///
    /// `Ready(Err(…))`: nothing is registered, because the cell is closed or because somebody else was
    /// at the waker at this moment ([`PollWaitError::Busy`]); then try again soon.
    #[inline]
    pub fn poll_wait(&self, cx: &mut Context<'_>) -> Poll<Result<(), PollWaitError>> {
        match self.attempt(cx.waker()) {
            Attempt::Registered(_) => Poll::Pending,
            Attempt::Woken => Poll::Ready(Ok(())),
            Attempt::Closed => Poll::Ready(Err(PollWaitError::Closed)),
            Attempt::Busy => Poll::Ready(Err(PollWaitError::Busy)),
        }
    }

    /// Takes a wake-up, or registers `waker` for somebody who has not registered before.
    #[inline(always)]
    fn attempt(&self, waker: &Waker) -> Attempt {
        let state = match self.slot.word().take_wake() {
            Ok(()) => return Attempt::Woken,
            Err(state) => state,
        };
        match self.slot.register_vacant(state, waker) {
            Some(ticket) => Attempt::Registered(Registration { ticket, shared: false }),
            None => self.attempt_slow(waker, None),
        }
    }

    /// Takes a wake-up, or registers `waker` in place of the caller's last registration.
    #[inline(always)]
    fn attempt_again(&self, waker: &Waker, own: Registration) -> Attempt {
        // Inline what completes; that a wait is polled again without having been woken is rare.
        match self.slot.word().take_wake() {
            Ok(()) => Attempt::Woken,
            Err(_) => self.attempt_slow(waker, Some(own)),
        }
    }

    #[cold]
    #[inline(never)]
    fn attempt_slow(&self, waker: &Waker, own: Option<Registration>) -> Attempt {
        // Foreign code (clone, wake, drop) runs only while the slot is not ours.
        let mut spare: Option<Waker> = None;
        loop {
            let mut slot = match self.slot.begin() {
                Ok(slot) => slot,
                Err(Begin::Woken) => return Attempt::Woken,
                Err(Begin::Closed) => return Attempt::Closed,
                Err(_) => {
                    // Somebody is in there for a few instructions.
                    shim::hint::spin_loop();
                    return Attempt::Busy;
                }
            };
            let own = own.filter(|own| slot.follows(own.ticket));
            let (mut evicted, mut dropped) = (Evicted(None), None);
            let mut shared = false;
            if slot.holds(waker) {
                shared = own.is_none_or(|own| own.shared);
            } else {
                // Another wait's task has to look again. Our own has not: waking it here would have it poll
                // again, perhaps with yet another waker, for ever.
                match own {
                    Some(own) if !own.shared => dropped = slot.take(),
                    _ => evicted.0 = slot.take(),
                }
                let Some(new) = spare.take() else {
                    slot.vacate();
                    drop((evicted, dropped));
                    spare = Some(waker.clone());
                    continue;
                };
                slot.put(new);
            }
            if let Ok(ticket) = slot.finish().map_err(Slot::vacate) {
                // If that panics, nobody knows the ticket.
                let mut undo = Undo { cell: self, ticket: Some(ticket) };
                drop((evicted, dropped));
                undo.ticket = None;
                return Attempt::Registered(Registration { ticket, shared });
            }
            // Woken or closed meanwhile, by somebody who left the waker to us.
        }
    }

    /// Returns a future that waits for a wake-up.
    ///
    /// It completes with `Ok(())` at the first [`wake`](Self::wake), at once if one is stored. Its task is
    /// registered when it is first polled; a wake-up before that is stored, and so not missed either,
    /// unless some other wait takes it.
    ///
    /// Everything done before the wake-up is visible after it.
    ///
    /// # Errors
    ///
    /// The future yields [`Closed`](crate::Closed) if the cell was [closed](Self::close) and no wake-up is stored.
    ///
    /// # Cancel safety
    ///
    /// **Strict**: a wait that is dropped takes its waker back. A wake-up that it has not taken stays
    /// stored for the next one.
    pub fn wait(&self) -> Wait<'_> {
        Wait::new(self)
    }

    /// Returns a future that registers the task, and yields the [`Wait`] for it.
    ///
    /// Await it before doing what leads to the wake-up, and the [`Wait`] after it.
    ///
    /// # Cancel safety
    ///
    /// **Strict**.
    pub fn subscribe(&self) -> Subscribe<'_> {
        Subscribe::new(self)
    }

    /// Wakes the task that waits; if none does, stores the wake-up for the next wait.
    ///
    /// Returns whether a waker was called. At most one wake-up is stored. A closed cell is left as it is.
    #[inline]
    pub fn wake(&self) -> bool {
        trace!("WaitCell::wake");
        match self.slot.wake() {
            Some(waker) => {
                waker.wake();
                true
            }
            None => false,
        }
    }

    /// Closes the cell: the task that waits, and everyone who will, gets [`Closed`](crate::Closed).
    ///
    /// A wake-up that is stored still completes one wait. Returns whether a waker was called. It cannot be
    /// undone; closing again does nothing.
    pub fn close(&self) -> bool {
        trace!("WaitCell::close");
        match self.slot.close() {
            Some(waker) => {
                waker.wake();
                true
            }
            None => false,
        }
    }

    /// Returns whether the cell was [closed](Self::close).
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.slot.word().is_closed()
    }

    /// Waits until `f` returns `true`, looking once now and once after each wake-up.
    ///
    /// The task is registered before it looks, so a change that is followed by a [`wake`](Self::wake) is not missed.
    ///
    /// # Errors
    ///
    /// [`Closed`](crate::Closed) if the cell is closed before `f` returned `true`.
    ///
    /// # Cancel safety
    ///
    /// **Strict**; `f` may have been called.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::{Arc, atomic::{AtomicU8, Ordering}};
    /// use sync_core::WaitCell;
    ///
    /// let shared = Arc::new((WaitCell::new(), AtomicU8::new(0)));
    /// let counter = Arc::clone(&shared);
    /// std::thread::spawn(move || {
    ///     for n in 1..=5 {
    ///         counter.1.store(n, Ordering::Relaxed);
    ///         counter.0.wake();
    ///     }
    /// });
    /// # pollster::block_on(async {
    /// shared.0.wait_for(|| shared.1.load(Ordering::Relaxed) == 5).await?;
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    pub async fn wait_for<F: FnMut() -> bool>(&self, mut f: F) -> WaitResult<()> {
        self.wait_for_value(|| f().then_some(())).await
    }

    /// Waits until `f` returns `Some`, and returns what is in it.
    ///
    /// As [`wait_for`](Self::wait_for), for functions that have something to return, such as a status register.
    ///
    /// # Errors
    ///
    /// [`Closed`](crate::Closed) if the cell is closed before `f` returned `Some`.
    ///
    /// # Cancel safety
    ///
    /// **Strict**; `f` may have been called.
    pub async fn wait_for_value<T, F: FnMut() -> Option<T>>(&self, mut f: F) -> WaitResult<T> {
        loop {
            let wait = self.subscribe().await;
            if let Some(value) = f() {
                return Ok(value);
            }
            wait.await?;
        }
    }

    /// Takes back the waker that was registered, if it is still there.
    #[inline]
    fn deregister(&self, registration: Registration) {
        let waker = self.slot.deregister(registration.ticket);
        if registration.shared {
            // Another wait of the same task may count on it: that looks again, and registers.
            drop(Evicted(waker));
        }
    }
}

/// The waker of a task that somebody else took the cell from: called when this is dropped, so that it looks again.
struct Evicted(Option<Waker>);

impl Drop for Evicted {
    #[inline]
    fn drop(&mut self) {
        if let Some(waker) = self.0.take() {
            waker.wake();
        }
    }
}

/// Takes a registration back when it is dropped.
struct Undo<'c> {
    cell: &'c WaitCell,
    ticket: Option<Ticket>,
}

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            drop(self.cell.slot.deregister(ticket));
        }
    }
}

impl Default for WaitCell {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for WaitCell {
    /// Calls a waker that [`poll_wait`](WaitCell::poll_wait) left registered: its task waits in vain.
    fn drop(&mut self) {
        drop(Evicted(self.slot.close()));
    }
}

impl fmt::Debug for WaitCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use crate::shim::atomic::Ordering::Relaxed;
        f.debug_struct("WaitCell").field("state", &self.slot.word().load(Relaxed)).finish_non_exhaustive()
    }
}
