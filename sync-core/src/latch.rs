//! A count that goes down to zero, once.
//!
//! See [`Latch`].

use crate::{ScopedRawMutex, WordPolicy};

/// The word of a [`Latch`].
#[doc(hidden)]
#[crate::bitfield(usize)]
pub struct LatchState {
    /// Somebody waits.
    waiting: bool,
    /// Nobody may wait any more.
    closed: bool,
    /// What is still to happen.
    #[bits(..)]
    count: usize,
}

/// A count that goes down: who waits is let through when it has arrived at zero, and everybody after that.
///
/// All drivers are up, all workers are done. It opens once and stays open. Counting down while nobody waits, and
/// waiting when it is open, take one atomic operation and no lock. Who waits does so inside his own future: nothing
/// allocates.
///
/// # Fairness
///
/// Everybody goes on when it opens; they are woken oldest first.
///
/// # Interrupts
///
/// [`count_down`](Self::count_down), [`count`](Self::count) and [`close`](Self::close) may be called from an interrupt
/// handler if the raw lock allows it: see [`blocking`](crate::blocking). They take it only if somebody waits, and
/// release it between batches of wakers.
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
#[crate::primitive(
    /// Waits until the count is zero; returns at once if it is.
    ///
    /// Returns a future that does nothing before it is polled. Everything done before each
    /// [`count_down`](Self::count_down) is visible to the one who is let through. Its `subscribe()` gets it in line ahead
    /// of time.
    ///
    /// # Errors
    ///
    /// The future yields [`Closed`](crate::Closed) if the latch is [closed](Self::close) before this task was let
    /// through.
    ///
    /// # Cancel safety
    ///
    /// **Strict**: a future that is dropped takes nothing from anybody.
    ///
    /// # Interrupts
    ///
    /// Polling it takes no lock if the latch is open; otherwise, as dropping it then, the raw lock, never while a waker
    /// runs.
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after it was ready.
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
    /// Returns a latch that opens when it was counted down `count` times, around the default raw lock.
    ///
    /// # Panics
    ///
    /// If `count` is more than [`MAX_COUNT`](Self::MAX_COUNT); in a `static`, that is an error of the compiler.
    new(count: usize) = LatchState::new().with_count(count),
    word = LatchState,
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
    /// The largest count that a latch may start with, whatever its lock: `usize::MAX >> 2`.
    pub const MAX_COUNT: usize = usize::MAX >> 2;
}

impl<Lock: ScopedRawMutex> Latch<Lock> {
    /// Counts `n` down, and lets everybody through if that makes it zero.
    ///
    /// It does not go below zero.
    ///
    /// # Interrupts
    ///
    /// One read-modify-write if nobody waits; otherwise it takes the raw lock, once per batch of wakers.
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

    /// Returns what is still to happen. Zero is final; anything else is old as soon as it is returned.
    ///
    /// Everything done before each [`count_down`](Self::count_down) is visible to the one who sees zero.
    ///
    /// # Interrupts
    ///
    /// Callable from everywhere.
    #[must_use]
    pub fn count(&self) -> usize {
        self.word().count()
    }
}
