//! The event that one task at a time takes.

use crate::{ScopedRawMutex, WordPolicy};

/// The word of an [`AutoEvent`].
#[doc(hidden)]
#[crate::bitfield(usize)]
pub struct AutoEventState {
    /// Somebody waits.
    waiting: bool,
    /// Nobody may wait any more.
    closed: bool,
    /// It has happened, and nobody has taken it.
    set: bool,
}

/// Something that happens again and again: each time it is set, one task is let through, and it is unset by that.
///
/// It remembers that it was set while nobody waited, once: setting it twice then is as good as once. Waiting for
/// what has happened, and setting it while nobody waits, is one read-modify-write without the raw lock.
///
/// To let everybody through, use [`Event`](crate::Event); to count how often, [`Semaphore`](crate::Semaphore).
///
/// # Fairness
///
/// First in, first out. Neither a newcomer nor [`try_wait`](Self::try_wait) takes it from those who wait. A task that is
/// let through and does not run keeps what it was given; dropping its future hands it on.
///
/// # Interrupts
///
/// [`set`](Self::set), [`reset`](Self::reset), [`try_wait`](Self::try_wait) and [`close`](Self::close) may be called
/// from an interrupt handler if the raw lock allows it: see [`blocking`](crate::blocking). They take it only if somebody
/// waits.
///
/// # Examples
///
/// ```
/// use sync_core::AutoEvent;
///
/// static TICK: AutoEvent = AutoEvent::new();
///
/// # pollster::block_on(async {
/// TICK.set(); // by a timer's interrupt handler, say
/// TICK.wait().await?;
/// assert!(!TICK.try_wait()); // taken
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
#[crate::primitive(
    /// Waits until the event is set and it is this task's turn, and takes it.
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
    /// **Hands on**: a future that is dropped loses its place in line; if it had been let through already, the next in
    /// line is, or else the event is set.
    ///
    /// # Fairness
    ///
    /// As for the [type](Self#fairness).
    ///
    /// # Interrupts
    ///
    /// Polling it takes no lock if the event is set and nobody waits; otherwise, as dropping it then, the raw lock, never
    /// while a waker runs.
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after it was ready.
    method = wait,
    /// The future of [`AutoEvent::wait`].
    ///
    /// It is not [`Unpin`], because other tasks point into it while it waits:
    ///
    /// ```compile_fail
    /// fn unpin<T: Unpin>() {}
    /// unpin::<sync_core::event::AutoWait<'static>>();
    /// ```
    future = AutoWait,
    waiter = (),
    /// Returns an event that is not set, around the default raw lock.
    new() = AutoEventState::new(),
    word = AutoEventState,
)]
pub struct AutoEvent;

impl WordPolicy for AutoEvent {
    type Word = AutoEventState;
    type Waiter = ();
    type Value = ();

    fn take(word: AutoEventState, (): &()) -> Option<(AutoEventState, ())> {
        word.set().then_some((word.with_set(false), ()))
    }

    fn put_back(word: AutoEventState, (): &(), (): ()) -> AutoEventState {
        word.with_set(true)
    }
}

impl<Lock: ScopedRawMutex> AutoEvent<Lock> {
    /// Sets the event: lets the oldest of those who wait through, or else the next one who comes.
    ///
    /// # Interrupts
    ///
    /// One read-modify-write if nobody waits; otherwise it takes the raw lock, and wakes one task after it.
    pub fn set(&self) {
        self.change(|word| word.with_set(true));
    }

    /// Forgets that the event was set, if nobody has taken it.
    ///
    /// # Interrupts
    ///
    /// As [`set`](Self::set).
    pub fn reset(&self) {
        self.change(|word| word.with_set(false));
    }

    /// Takes the event if it is set; returns whether it was.
    ///
    /// `false` also if it is closed. While somebody waits, the event is not set.
    ///
    /// # Interrupts
    ///
    /// Callable from everywhere: it takes no lock.
    #[must_use = "if this is true, the event was taken and no other task gets it"]
    pub fn try_wait(&self) -> bool {
        self.try_take(&()).is_some()
    }

    /// Returns whether the event is set, for diagnostics: it is old as soon as it is returned.
    ///
    /// # Interrupts
    ///
    /// Callable from everywhere.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.word().set()
    }
}
