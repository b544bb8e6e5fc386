//! Something that has happened, or not yet.
//!
//! [`Event`] stays set and lets all tasks through; [`AutoEvent`] lets one through and is unset by that.

mod auto;

#[doc(hidden)]
pub use self::auto::AutoEventState;
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use self::auto::AutoWaitOwned;
pub use self::auto::{AutoEvent, AutoWait};
use crate::{blocking::ScopedRawMutex, waiter::WordPolicy};

/// The word of an [`Event`].
#[doc(hidden)]
#[sync_macros::bitfield(usize)]
pub struct EventState {
    /// A task waits.
    waiting: bool,
    /// No task may wait any more.
    closed: bool,
    /// It has happened.
    set: bool,
}

/// Something that has happened or not: a task that waits for it is let through once it is set, and as long as
/// it stays set.
///
/// The link is up, the clock is set, the configuration is there. Waiting for what has happened is one load,
/// without the raw lock. A waiting task's place in line is inside its own future: nothing allocates.
///
/// To wake the tasks that wait *now*, and none that arrive later, use
/// [`WaitQueue::wake_all`](crate::WaitQueue::wake_all); to let one task through per event, [`AutoEvent`].
///
/// # Fairness
///
/// Every task that waits when the event is set is let through, oldest first, also if the event is reset at
/// the same time.
///
/// # Memory ordering
///
/// Everything done before the event was set is visible to each task that is let through, and to each caller
/// that sees it set.
///
/// # Interrupts
///
/// [`set`](Self::set), [`reset`](Self::reset), [`is_set`](Self::is_set) and [`close`](Self::close) may be
/// called from an interrupt handler if the raw lock allows it: see [`blocking`](crate::blocking). They take
/// it only if a task waits, and release it between batches of wakers.
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
#[sync_macros::primitive(
    /// Waits until the event is set; returns at once if it is.
    ///
    /// Returns a future that does nothing before it is polled. Its `subscribe()` joins the line ahead of
    /// time.
    ///
    /// # Errors
    ///
    /// The future yields [`Closed`](crate::Closed) if the event is [closed](Self::close) before it has let
    /// this task through.
    ///
    /// # Cancel safety
    ///
    /// **Strict**: a future that is dropped takes nothing from any other task.
    ///
    /// # Fairness
    ///
    /// As for the [type](Self#fairness).
    ///
    /// # Memory ordering
    ///
    /// Everything done before [`set`](Self::set) is visible to the task that is let through.
    ///
    /// # Interrupts
    ///
    /// Polling it takes no lock if the event is set. Otherwise polling it, and dropping it while it is in
    /// line, takes the raw lock, never while a waker runs.
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after it was ready.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Event;
    ///
    /// static CLOCK_SET: Event = Event::new();
    ///
    /// # pollster::block_on(async {
    /// std::thread::spawn(|| CLOCK_SET.set());
    /// CLOCK_SET.wait().await?;
    /// assert!(CLOCK_SET.is_set());
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
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
    /// Returns an event that is not set, with its wait list under the default raw lock.
    new() = EventState::new(),
    word = EventState,
    crate = crate::own,
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
    /// Sets the event: lets through every task that waits, and every one that arrives, until it is
    /// [reset](Self::reset).
    ///
    /// Setting it again changes nothing.
    ///
    /// # Fairness
    ///
    /// The waiters are let through in one step, and woken oldest first.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks that it lets through.
    ///
    /// # Interrupts
    ///
    /// One read-modify-write if no task waits; otherwise it takes the raw lock, the first time for as many
    /// steps as it lets tasks through, and then once per batch of wakers, which are called without it.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Event;
    ///
    /// static LINK_UP: Event = Event::new();
    ///
    /// LINK_UP.set(); // by an interrupt handler, say
    /// assert_eq!(pollster::block_on(LINK_UP.wait()), Ok(()));
    /// ```
    pub fn set(&self) {
        self.change(|word| word.with_set(true));
    }

    /// Resets the event: tasks that arrive from now on wait until it is [set](Self::set) again.
    ///
    /// The tasks that waited when it was set are let through even if `set` is still waking them.
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

    /// Returns whether the event is set; it may be stale by the time it is read, if other tasks reset the
    /// event.
    ///
    /// # Memory ordering
    ///
    /// Everything done before the event was set is visible to the caller that sees it set.
    ///
    /// # Interrupts
    ///
    /// One load: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Event;
    ///
    /// let event = Event::new();
    /// assert!(!event.is_set());
    /// event.set();
    /// assert!(event.is_set());
    /// ```
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.word().set()
    }
}
