//! Something that has happened, or not yet.
//!
//! [`Event`] stays set and lets everybody through; [`AutoEvent`] lets one through and is unset by that.

mod auto;

#[doc(hidden)]
pub use self::auto::AutoEventState;
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use self::auto::AutoWaitOwned;
pub use self::auto::{AutoEvent, AutoWait};
use crate::{ScopedRawMutex, WordPolicy};

/// The word of an [`Event`].
#[doc(hidden)]
#[crate::bitfield(usize)]
pub struct EventState {
    /// Somebody waits.
    waiting: bool,
    /// Nobody may wait any more.
    closed: bool,
    /// It has happened.
    set: bool,
}

/// Something that has happened or not: who waits for it is let through once it is set, and as long as it stays so.
///
/// The link is up, the clock is set, the configuration is there. Waiting for what has happened is one load, without
/// the raw lock. Who waits does so inside his own future: nothing allocates.
///
/// To wake those who wait *now*, and nobody who comes later, use [`WaitQueue::wake_all`](crate::WaitQueue::wake_all);
/// to let one task through per event, [`AutoEvent`].
///
/// # Fairness
///
/// Everybody who waits when it is set is let through, oldest first, also if it is reset at the same time.
///
/// # Interrupts
///
/// [`set`](Self::set), [`reset`](Self::reset), [`is_set`](Self::is_set) and [`close`](Self::close) may be called from an
/// interrupt handler if the raw lock allows it: see [`blocking`](crate::blocking). They take it only if somebody waits,
/// and release it between batches of wakers.
///
/// # Examples
///
/// ```
/// use sync_core::Event;
///
/// static LINK_UP: Event = Event::new();
///
/// # pollster::block_on(async {
/// let sender = std::thread::spawn(|| pollster::block_on(LINK_UP.wait()));
/// LINK_UP.set(); // by an interrupt handler, say
/// assert!(sender.join().unwrap().is_ok());
/// LINK_UP.wait().await?; // it is still set
/// LINK_UP.reset();
/// assert!(!LINK_UP.is_set());
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
#[crate::primitive(
    /// Waits until the event is set; returns at once if it is.
    ///
    /// Returns a future that does nothing before it is polled. Everything done before [`set`](Self::set) is visible to
    /// the one whom it lets through. Its `subscribe()` gets it in line ahead of time.
    ///
    /// # Errors
    ///
    /// The future yields [`Closed`](crate::Closed) if the event is [closed](Self::close) before it has let this task
    /// through.
    ///
    /// # Cancel safety
    ///
    /// **Strict**: a future that is dropped takes nothing from anybody.
    ///
    /// # Fairness
    ///
    /// As for the [type](Self#fairness).
    ///
    /// # Interrupts
    ///
    /// Polling it takes no lock if the event is set; otherwise, as dropping it then, the raw lock, never while a waker
    /// runs.
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after it was ready.
    method = wait,
    /// The future of [`Event::wait`].
    ///
    /// It is not [`Unpin`], because other tasks point into it while it waits:
    ///
    /// ```compile_fail
    /// fn unpin<T: Unpin>() {}
    /// unpin::<sync_core::event::Wait<'static>>();
    /// ```
    future = Wait,
    waiter = (),
    /// Returns an event that is not set, around the default raw lock.
    new() = EventState::new(),
    word = EventState,
)]
pub struct Event;

impl WordPolicy for Event {
    type Word = EventState;
    type Waiter = ();
    type Value = ();

    fn take(word: EventState, (): &()) -> Option<(EventState, ())> {
        word.set().then_some((word, ()))
    }
}

impl<Lock: ScopedRawMutex> Event<Lock> {
    /// Sets the event: lets everybody through who waits, and everybody who comes, until it is [reset](Self::reset).
    ///
    /// Setting it again changes nothing.
    ///
    /// # Interrupts
    ///
    /// One read-modify-write if nobody waits; otherwise it takes the raw lock, once per batch of wakers.
    pub fn set(&self) {
        self.change(|word| word.with_set(true));
    }

    /// Makes those wait who come from now on, until it is [set](Self::set) again.
    ///
    /// Those who waited when it was set are let through even if `set` is still waking them.
    ///
    /// # Interrupts
    ///
    /// As [`set`](Self::set).
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Event;
    /// # use std::{future::Future, pin::pin, task::{Context, Poll, Waker}};
    ///
    /// # let mut cx = Context::from_waker(Waker::noop());
    /// let event = Event::new();
    /// let mut wait = pin!(event.wait());
    /// assert!(wait.as_mut().poll(&mut cx).is_pending());
    /// event.set();
    /// event.reset();
    /// assert_eq!(wait.as_mut().poll(&mut cx), Poll::Ready(Ok(())));
    /// assert!(pin!(event.wait()).poll(&mut cx).is_pending());
    /// ```
    pub fn reset(&self) {
        self.change(|word| word.with_set(false));
    }

    /// Returns whether the event is set.
    ///
    /// Everything done before it was set is visible to the one who sees it set.
    ///
    /// # Interrupts
    ///
    /// Callable from everywhere.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.word().set()
    }
}
