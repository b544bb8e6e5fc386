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
    error::{Closed, WaitResult},
    shim::atomic::Ordering::Relaxed,
    state::cell::{ALONE, Note, Own, WaitId},
    util::{Padded, SMALL},
    waker_slot::{First, Notified, Outcome, Registered, Unregistered, WakerSlot},
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
/// Every method may be called from an interrupt handler, at any time, whatever it interrupted: nothing here
/// locks or spins, or waits for what it interrupted. The waker that is called is the executor's. With the
/// feature `critical-section`, and without `std`, each operation is one critical section of a few
/// instructions; no waker is cloned, called or dropped in it.
///
/// The same holds for a task on a preemptive executor of a higher priority: whatever it interrupted, it is
/// registered after one poll, and a task that another one interrupted while it registered is polled once
/// more. (Two tasks; a third one that waits on the cell at the same time, and interrupts both inside the few
/// instructions of a registration, is polled until one of them goes on.)
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

/// Two other registrants were at the slots.
struct Busy;

/// Why [`WaitCell::poll_wait`] registered nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PollWaitError {
    /// The cell is [closed](WaitCell::close).
    Closed,
    /// Two other tasks were registering at this very moment: try again.
    Busy,
}

impl WaitCell {
    const_fn! {
        /// Returns a cell in which no task waits and no wake-up is stored.
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::WaitCell;
        ///
        /// static READY: WaitCell = WaitCell::new();
        /// READY.wake(); // from an interrupt handler, say
        /// # pollster::block_on(async {
        /// READY.wait().await?;
        /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
        /// ```
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
    /// `Ready(Err(…))`: nothing is registered, because the cell is closed, or because two other tasks were
    /// registering at this moment ([`PollWaitError::Busy`]); then try again soon. One other task is no
    /// reason.
    ///
    /// # Memory ordering
    ///
    /// After `Ready(Ok(()))`, everything done before the wake-up is visible.
    ///
    /// # Interrupts
    ///
    /// A bounded number of steps, and no lock; with the feature `critical-section`, one critical section. The
    /// waker of `cx` is cloned, and the one that it replaces is called or dropped, outside of it.
    ///
    /// # Examples
    ///
    /// A `poll` function of a driver, which needs no future of its own:
    ///
    /// ```
    /// use core::task::{Context, Poll, Waker};
    /// use sync_core::{WaitCell, wait_cell::PollWaitError};
    ///
    /// static RECEIVED: WaitCell = WaitCell::new();
    ///
    /// fn poll_received(cx: &mut Context<'_>) -> Poll<Result<(), PollWaitError>> {
    ///     RECEIVED.poll_wait(cx)
    /// }
    ///
    /// let mut cx = Context::from_waker(Waker::noop());
    /// assert!(poll_received(&mut cx).is_pending());
    /// RECEIVED.wake();
    /// assert_eq!(poll_received(&mut cx), Poll::Ready(Ok(())));
    /// ```
    #[inline]
    pub fn poll_wait(&self, cx: &mut Context<'_>) -> Poll<Result<(), PollWaitError>> {
        let stored = Own::registered(WaitId::NONE, false);
        let state = self.slot.word().load(Relaxed);
        let mut begun = None;
        if SMALL {
            // The same out of line.
        } else if state.is_vacant() {
            match self.slot.register_vacant(cx.waker(), false) {
                Ok(_) => return Poll::Pending,
                Err(has_begun) => begun = has_begun,
            }
        } else if stored.expects(state) && self.slot.word().take_wake(stored) {
            return Poll::Ready(Ok(()));
        }
        match self.attempt(cx.waker(), Own::IDLE, false, begun) {
            Ok(Own::WOKEN) => Poll::Ready(Ok(())),
            Ok(Own::CLOSED) => Poll::Ready(Err(PollWaitError::Closed)),
            Ok(_) => Poll::Pending,
            Err(Busy) => Poll::Ready(Err(PollWaitError::Busy)),
        }
    }

    /// Takes a wake-up, or registers `waker`, for a wait that knows `own` of its last registration, and
    /// learns what it knows then.
    #[inline(always)]
    fn poll(&self, waker: &Waker, own: &mut Own) -> Poll<WaitResult<()>> {
        let mut begun = None;
        // Inline what is common; that a wait is polled again without having been woken is rare.
        if !SMALL && own.expects(self.slot.word().load(Relaxed)) {
            if *own == Own::IDLE {
                match self.slot.register_vacant(waker, true) {
                    Ok(registered) => {
                        *own = registered;
                        return Poll::Pending;
                    }
                    Err(has_begun) => begun = has_begun,
                }
            } else if self.slot.word().take_wake(*own) {
                *own = Own::WOKEN;
                return Poll::Ready(Ok(()));
            }
        }
        *own = self.poll_slow(waker, *own, begun);
        match *own {
            Own::WOKEN => Poll::Ready(Ok(())),
            Own::CLOSED => Poll::Ready(Err(Closed::new())),
            _ => Poll::Pending,
        }
    }

    #[cold]
    #[inline(never)]
    fn poll_slow(&self, waker: &Waker, own: Own, begun: Option<First<'_>>) -> Own {
        if own == Own::WOKEN || own == Own::CLOSED {
            return own;
        }
        self.attempt(waker, own, true, begun).unwrap_or_else(|Busy| {
            // There was no slot, so nothing else would wake us.
            waker.wake_by_ref();
            own
        })
    }

    /// Takes a wake-up, or registers `waker`. A registration may have been `begun`, and notified.
    #[cold]
    fn attempt(&self, waker: &Waker, own: Own, stays: bool, begun: Option<First<'_>>) -> Result<Own, Busy> {
        // Foreign code (clone, wake, drop) runs only while the slot is not ours.
        drop(begun.and_then(First::give_up));
        // The waker of one that has registered is probably there.
        let mut clones = SMALL || !own.is_registered();
        // The waker that was there before is called last: when its task looks again, this call is over.
        let mut before = Unregistered::NONE;
        loop {
            let clone = if clones { Some(waker.clone()) } else { None };
            let Registered { outcome, old, ours } = self.slot.register(waker, clone, own, stays);
            if !old.is_none() {
                before = old;
            }
            clones = true;
            match outcome {
                Outcome::Done(done) => {
                    // If one of them panics, a wait that has got an id just now does not know it.
                    let mut undo =
                        Undo { cell: self, own: if own.id() == WaitId::NONE { done } else { Own::IDLE } };
                    drop((before, ours));
                    undo.own = Own::IDLE;
                    return Ok(done);
                }
                Outcome::Busy => return Err(Busy),
                Outcome::Again if ALONE => unreachable!("there was a clone, and nothing comes between"),
                Outcome::Again => {}
            }
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
    /// The future yields [`Closed`] if the cell was [closed](Self::close) and no wake-up is stored.
    ///
    /// # Cancel safety
    ///
    /// **Strict**: a wait that is dropped takes its waker back. A wake-up that it has not taken stays
    /// stored for the next one.
    ///
    /// # Fairness
    ///
    /// One task waits at a time: of two, the one that registers later stays, and the other is woken to look
    /// again.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::WaitCell;
    ///
    /// static DONE: WaitCell = WaitCell::new();
    ///
    /// std::thread::spawn(|| DONE.wake());
    /// # pollster::block_on(async {
    /// DONE.wait().await?;
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
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
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::WaitCell;
    ///
    /// # fn unmask_interrupt(cell: &WaitCell) { cell.wake(); }
    /// # pollster::block_on(async {
    /// let cell = WaitCell::new();
    /// let wait = cell.subscribe().await;
    /// unmask_interrupt(&cell); // which comes at once, and wakes a task that is registered
    /// wait.await?;
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    pub fn subscribe(&self) -> Subscribe<'_> {
        Subscribe::new(self)
    }

    /// Wakes the task that waits; if none does, stores the wake-up for the next wait.
    ///
    /// Returns whether a waker was called, by this call or by a poll that came in between. At most one
    /// wake-up is stored. A closed cell is left as it is.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the task after its wait.
    ///
    /// # Interrupts
    ///
    /// A bounded number of steps, and no lock; with the feature `critical-section`, one critical section. The
    /// waker is called outside of it.
    ///
    /// # Panics
    ///
    /// If the waker does; the wait is woken all the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::WaitCell;
    ///
    /// let cell = WaitCell::new();
    /// assert!(!cell.wake()); // no task waits: it is stored
    /// assert!(!cell.wake()); // and there is one already
    /// # pollster::block_on(async {
    /// cell.wait().await?;
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    #[inline]
    pub fn wake(&self) -> bool {
        trace!("WaitCell::wake");
        call(self.slot.wake())
    }

    /// Closes the cell: the task that waits, and every later one, gets [`Closed`].
    ///
    /// A wake-up that is stored still completes one wait. Returns whether a waker was called. It cannot be
    /// undone; closing again does nothing.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks that get [`Closed`].
    ///
    /// # Interrupts
    ///
    /// As [`wake`](Self::wake).
    ///
    /// # Panics
    ///
    /// If the waker does; the cell is closed all the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::WaitCell;
    ///
    /// let cell = WaitCell::new();
    /// cell.close();
    /// # pollster::block_on(async {
    /// assert!(cell.wait().await.is_err());
    /// # });
    /// ```
    pub fn close(&self) -> bool {
        trace!("WaitCell::close");
        call(self.slot.notify(Note::Close))
    }

    /// Returns whether the cell was [closed](Self::close). `true` stays true.
    ///
    /// # Examples
    ///
    /// ```
    /// let cell = sync_core::WaitCell::new();
    /// assert!(!cell.is_closed());
    /// cell.close();
    /// assert!(cell.is_closed());
    /// ```
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.slot.is_closed()
    }

    /// Waits until `f` returns `true`, looking once now and once after each wake-up.
    ///
    /// The task is registered before it looks, so a change that is followed by a [`wake`](Self::wake) is not
    /// missed.
    ///
    /// # Errors
    ///
    /// [`Closed`] if the cell is closed before `f` returned `true`.
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
    /// As [`wait_for`](Self::wait_for), for functions that have something to return, such as a status
    /// register.
    ///
    /// # Errors
    ///
    /// [`Closed`] if the cell is closed before `f` returned `Some`.
    ///
    /// # Cancel safety
    ///
    /// **Strict**; `f` may have been called.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::OnceLock;
    /// use sync_core::WaitCell;
    ///
    /// static REPLY: (WaitCell, OnceLock<u32>) = (WaitCell::new(), OnceLock::new());
    ///
    /// std::thread::spawn(|| {
    ///     REPLY.1.set(7).unwrap();
    ///     REPLY.0.wake();
    /// });
    /// # pollster::block_on(async {
    /// let reply = REPLY.0.wait_for_value(|| REPLY.1.get().copied()).await?;
    /// assert_eq!(reply, 7);
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    pub async fn wait_for_value<T, F: FnMut() -> Option<T>>(&self, mut f: F) -> WaitResult<T> {
        loop {
            let wait = self.subscribe().await;
            if let Some(value) = f() {
                return Ok(value);
            }
            wait.await?;
        }
    }

    /// Takes back the waker that a wait has registered, if it is still there.
    #[cold]
    fn deregister(&self, own: Own) {
        if own.id() == WaitId::NONE {
            // It may be another wait's without an id: that looks again, and registers.
            call(self.slot.notify(Note::Nothing));
            return;
        }
        drop(self.slot.leave(own));
    }
}

/// Calls the waker that a notifier took; returns whether there was one.
#[inline(always)]
fn call(notified: Notified) -> bool {
    match notified {
        Notified::Took(waker) => {
            waker.wake();
            true
        }
        // The registrant that has it calls it.
        Notified::Lost => true,
        Notified::Nothing => false,
    }
}

/// Takes a registration back when it is dropped.
struct Undo<'c> {
    cell: &'c WaitCell,
    own: Own,
}

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        if self.own.is_registered() {
            self.cell.deregister(self.own);
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
        call(self.slot.notify(Note::Close));
    }
}

impl fmt::Debug for WaitCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitCell").field("state", &self.slot.word().load(Relaxed)).finish_non_exhaustive()
    }
}
