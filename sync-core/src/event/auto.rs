//! The event that one task takes each time.

use crate::{blocking::ScopedRawMutex, waiter::WordPolicy};

/// The word of an [`AutoEvent`].
#[doc(hidden)]
#[sync_macros::bitfield(usize)]
pub struct AutoEventState {
    /// A task waits.
    waiting: bool,
    /// No task may wait any more.
    closed: bool,
    /// It has happened, and no task has taken it.
    set: bool,
}

/// Something that happens again and again: each time it is set, it lets one task through, and is unset by
/// that.
///
/// It remembers that it was set while no task waited, once: setting it twice then has the effect of setting
/// it once. Waiting for what has happened, and setting it while no task waits, is one read-modify-write
/// without the raw lock.
///
/// To let all tasks through, use [`Event`](crate::Event); to count how often it happened,
/// [`Semaphore`](crate::Semaphore).
///
/// # Fairness
///
/// First in, first out. Neither a newcomer nor [`try_wait`](Self::try_wait) takes it from a waiting task. A
/// task that is let through and does not run keeps what it was given; dropping its future hands it on.
///
/// # Memory ordering
///
/// Everything done before the event was set is visible to the task that it lets through.
///
/// # Interrupts
///
/// [`set`](Self::set), [`reset`](Self::reset), [`try_wait`](Self::try_wait) and [`close`](Self::close) may be
/// called from an interrupt handler if the raw lock allows it: see [`blocking`](crate::blocking). They take
/// it only if a task waits.
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
#[sync_macros::primitive(
    /// Waits until the event is set and it is this task's turn, and takes it.
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
    /// **Hands on**: a future that is dropped loses its place in line; if it had been let through already,
    /// the next in line is let through, or else the event is set.
    ///
    /// # Fairness
    ///
    /// As for the [type](Self#fairness).
    ///
    /// # Memory ordering
    ///
    /// Everything done before [`set`](Self::set) is visible to the task that it lets through.
    ///
    /// # Interrupts
    ///
    /// Polling it takes no lock if the event is set and no task waits. Otherwise polling it, and dropping it
    /// while it is in line, takes the raw lock, never while a waker runs.
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after it was ready.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::AutoEvent;
    ///
    /// static TICK: AutoEvent = AutoEvent::new();
    ///
    /// # pollster::block_on(async {
    /// std::thread::spawn(|| TICK.set());
    /// TICK.wait().await?;
    /// assert!(!TICK.is_set());
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
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
    /// Returns an event that is not set, with its wait list under the default raw lock.
    new() = AutoEventState::new(),
    word = AutoEventState,
    crate = crate::own,
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
    /// Sets the event: lets the oldest waiter through, or else the next task that arrives.
    ///
    /// # Fairness
    ///
    /// First in, first out. The event then belongs to that task ("futurelock"); dropping its future hands it
    /// on.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the task that it lets through.
    ///
    /// # Interrupts
    ///
    /// One read-modify-write if no task waits; otherwise it takes the raw lock for a bounded number of steps,
    /// and wakes one task after it.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::AutoEvent;
    ///
    /// static TICK: AutoEvent = AutoEvent::new();
    ///
    /// TICK.set(); // by a timer's interrupt handler, say
    /// TICK.set(); // a second time before any task waits: still one
    /// assert!(TICK.try_wait());
    /// assert!(!TICK.try_wait());
    /// ```
    pub fn set(&self) {
        self.change(|word| word.with_set(true));
    }

    /// Unsets the event, if no task has taken it.
    ///
    /// # Interrupts
    ///
    /// As [`set`](Self::set), but it wakes no task.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::AutoEvent;
    ///
    /// let event = AutoEvent::new();
    /// event.set();
    /// event.reset();
    /// assert!(!event.try_wait());
    /// ```
    pub fn reset(&self) {
        self.change(|word| word.with_set(false));
    }

    /// Takes the event if it is set; returns whether it was. Never waits.
    ///
    /// Returns `false` also if the event is closed.
    ///
    /// # Fairness
    ///
    /// It never overtakes: while a task waits, the event is not set.
    ///
    /// # Memory ordering
    ///
    /// If it returns `true`, everything done before [`set`](Self::set) is visible.
    ///
    /// # Interrupts
    ///
    /// Takes no lock: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::AutoEvent;
    ///
    /// let event = AutoEvent::new();
    /// assert!(!event.try_wait());
    /// event.set();
    /// assert!(event.try_wait());
    /// ```
    #[must_use = "if this is true, the event was taken and no other task gets it"]
    pub fn try_wait(&self) -> bool {
        self.try_take(&()).is_some()
    }

    /// Returns whether the event is set, for diagnostics: it may be stale by the time it is read.
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
    /// use sync_core::AutoEvent;
    ///
    /// let event = AutoEvent::new();
    /// event.set();
    /// assert!(event.is_set());
    /// assert!(event.try_wait() && !event.is_set());
    /// ```
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.word().set()
    }
}
