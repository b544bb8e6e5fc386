//! A count that goes down to zero, once.
//!
//! See [`Latch`].

use crate::{blocking::ScopedRawMutex, waiter::WordPolicy};

/// The word of a [`Latch`].
#[doc(hidden)]
#[sync_macros::bitfield(usize)]
pub struct LatchState {
    /// A task waits.
    waiting: bool,
    /// No task may wait any more.
    closed: bool,
    /// The number of steps still to happen.
    #[bits(..)]
    count: usize,
}

/// A count that goes down to zero: tasks that wait are let through when it gets there, and every later one at
/// once.
///
/// All drivers are up, all workers are done. It opens once and stays open. Counting down while no task waits,
/// and waiting when it is open, take one atomic operation and no lock. A waiting task's place in line is
/// inside its own future: nothing allocates.
///
/// # Fairness
///
/// All waiting tasks are let through in one step when it opens; they are woken oldest first.
///
/// # Memory ordering
///
/// Everything done before each [`count_down`](Self::count_down) is visible to the tasks that are let through.
///
/// # Interrupts
///
/// [`count_down`](Self::count_down), [`count`](Self::count) and [`close`](Self::close) may be called from an
/// interrupt handler if the raw lock allows it: see [`blocking`](crate::blocking). They take it only if a
/// task waits, and release it between batches of wakers.
///
/// # Examples
///
/// ```
/// use sync_core::Latch;
///
/// static DRIVERS: Latch = Latch::new(2);
///
/// # pollster::block_on(async {
/// for _ in 0..2 {
///     std::thread::spawn(|| DRIVERS.count_down(1));
/// }
/// DRIVERS.wait().await?;
/// assert_eq!(DRIVERS.count(), 0);
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
#[sync_macros::primitive(
    /// Waits until the count is zero; returns at once if it is.
    ///
    /// Returns a future that does nothing before it is polled. Its `subscribe()` joins the line ahead of
    /// time.
    ///
    /// # Errors
    ///
    /// The future yields [`Closed`](crate::Closed) if the latch is [closed](Self::close) before this task was
    /// let through.
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
    /// Everything done before each [`count_down`](Self::count_down) is visible to the task that is let
    /// through.
    ///
    /// # Interrupts
    ///
    /// Polling it takes no lock if the latch is open. Otherwise polling it, and dropping it while it is in
    /// line, takes the raw lock, never while a waker runs.
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after it was ready.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Latch;
    ///
    /// static WORKERS: Latch = Latch::new(1);
    ///
    /// # pollster::block_on(async {
    /// std::thread::spawn(|| WORKERS.count_down(1));
    /// WORKERS.wait().await?; // all workers are done
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    method = wait,
    /// The future of [`Latch::wait`].
    ///
    /// It is not [`Unpin`], because other tasks point into it while it waits:
    ///
    /// ```compile_fail
    /// fn unpin<T: Unpin>() {}
    /// unpin::<sync_core::latch::Wait<'static>>();
    /// ```
    future = Wait,
    waiter = (),
    /// Returns a latch that opens when it was counted down `count` times, with its wait list under the
    /// default raw lock.
    ///
    /// # Panics
    ///
    /// If `count` is more than [`MAX_COUNT`](Self::MAX_COUNT); in a `static`, that is a compile error.
    new(count: usize) = LatchState::new().with_count(count),
    word = LatchState,
    crate = crate::own,
)]
pub struct Latch;

impl WordPolicy for Latch {
    type Word = LatchState;
    type Waiter = ();
    type Value = ();

    fn take(word: LatchState, (): &()) -> Option<(LatchState, ())> {
        (word.count() == 0).then_some((word, ()))
    }
}

impl Latch {
    /// The largest count that a latch may start with, with any lock: `usize::MAX >> 2`.
    pub const MAX_COUNT: usize = usize::MAX >> 2;
}

impl<Lock: ScopedRawMutex> Latch<Lock> {
    /// Counts down by `n`, and lets all waiting tasks through if that makes the count zero.
    ///
    /// The count does not go below zero.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks that are let through.
    ///
    /// # Interrupts
    ///
    /// One read-modify-write if no task waits; otherwise it takes the raw lock, the first time for as many
    /// steps as it lets tasks through, and then once per batch of wakers, which are called without it.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Latch;
    ///
    /// let latch = Latch::new(3);
    /// latch.count_down(2);
    /// assert_eq!(latch.count(), 1);
    /// latch.count_down(2);
    /// assert_eq!(latch.count(), 0);
    /// ```
    pub fn count_down(&self, n: usize) {
        self.change(|word| word.with_count(word.count().saturating_sub(n)));
    }

    /// Returns the count. Zero is final; any other number may be stale by the time it is read.
    ///
    /// # Memory ordering
    ///
    /// Everything done before each [`count_down`](Self::count_down) is visible to the caller that sees zero.
    ///
    /// # Interrupts
    ///
    /// One load: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Latch;
    ///
    /// static DRIVERS: Latch = Latch::new(2);
    ///
    /// DRIVERS.count_down(1);
    /// assert_eq!(DRIVERS.count(), 1);
    /// ```
    #[must_use]
    pub fn count(&self) -> usize {
        self.word().count()
    }
}
