//! Tasks that wait for each other.
//!
//! See [`Barrier`].

use core::fmt;

use crate::{
    blocking::{DefaultMutex, ScopedRawMutex},
    engine::list::Select,
    waiter::Policy,
};

/// A place where tasks wait until a given number of them has arrived, and then all go on.
///
/// It can be used again and again: as soon as one round is complete, the next begins. A waiting task's place
/// in line is inside its own future: nothing allocates.
///
/// # Fairness
///
/// Tasks are counted in the order of their arrival, and belong to the round in which they were counted. When
/// it is complete they are woken oldest first; a task that arrives after that counts for the next.
///
/// # Memory ordering
///
/// Everything that the tasks of a round did before they arrived is visible to all of them afterwards.
///
/// # Interrupts
///
/// Every operation takes the raw lock, for at most as many steps as tasks wait, and never while a waker runs.
/// An interrupt handler cannot wait; to let one take part, use a [`Latch`](crate::Latch), which it can count
/// down.
///
/// # Examples
///
/// ```
/// use sync_core::Barrier;
///
/// static PHASE: Barrier = Barrier::new(2);
///
/// # pollster::block_on(async {
/// let other = std::thread::spawn(|| pollster::block_on(PHASE.wait()));
/// let here = PHASE.wait().await;
/// // Both have arrived, and one of the two is told that it arrived last.
/// assert!(here.is_leader() != other.join().unwrap().is_leader());
/// # });
/// ```
pub struct Barrier<Lock: ScopedRawMutex = DefaultMutex> {
    turns: Turns<Lock>,
}

/// The tasks that wait, each for the end of the round in which it was counted.
#[sync_macros::primitive(
    method = turn, future = Turn,
    new(parties: usize) = Room { parties, arrived: 0, round: 0 },
    crate = crate::own,
)]
struct Turns;

struct Room {
    parties: usize,
    /// The number of tasks that were counted in this round.
    arrived: usize,
    /// The number of completed rounds; wraps.
    round: usize,
}

impl Policy for Turns {
    type State = Room;
    /// The round.
    type Waiter = usize;
    type Value = ();
    type Event<'e> = ();

    // A task does not queue behind those of the next round once its own is over.
    const FAIR: bool = false;

    fn try_ready(room: &mut Room, round: &usize) -> Option<()> {
        (room.round != *round).then_some(())
    }

    fn select(room: &mut Room, round: &mut usize, (): &mut ()) -> Select<()> {
        // Rounds end in order: behind a task that keeps waiting, all do.
        Self::try_ready(room, round).map_or(Select::Stop, Select::Wake)
    }
}

/// What [`Barrier::wait`] yields: that all tasks of the round have arrived, and whether this one arrived
/// last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BarrierWaitResult {
    leads: bool,
}

impl BarrierWaitResult {
    /// Returns whether this task is the one of its round that arrived last.
    ///
    /// There is exactly one in each round: it can do what has to be done once.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Barrier;
    ///
    /// # pollster::block_on(async {
    /// let alone = Barrier::new(1);
    /// assert!(alone.wait().await.is_leader());
    /// # });
    /// ```
    #[must_use]
    pub fn is_leader(self) -> bool {
        self.leads
    }
}

impl Barrier {
    const_fn! {
        /// Returns a barrier for `parties` tasks, with its wait list under the [`DefaultMutex`].
        ///
        /// If `parties` is one, or zero, no task waits.
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::Barrier;
        ///
        /// static ALL_CORES_UP: Barrier = Barrier::new(4);
        /// assert_eq!(ALL_CORES_UP.arrived(), 0);
        /// ```
        #[must_use]
        pub fn new(parties: usize) -> Self {
            Self::new_with_raw_mutex(parties, DefaultMutex::new())
        }
    }
}

impl<Lock: ScopedRawMutex> Barrier<Lock> {
    const_fn! {
        /// Returns a barrier for `parties` tasks, with its wait list under the raw lock `lock`.
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::{Barrier, spin::Spinlock};
        ///
        /// static ALL_CORES_UP: Barrier<Spinlock> = Barrier::new_with_raw_mutex(4, Spinlock::new());
        /// assert_eq!(ALL_CORES_UP.arrived(), 0);
        /// ```
        #[must_use]
        pub fn new_with_raw_mutex(parties: usize, lock: Lock) -> Self {
            Self { turns: Turns::new_with_raw_mutex(parties, lock) }
        }
    }

    /// Waits until all tasks of this round have arrived.
    ///
    /// Returns a future that yields a [`BarrierWaitResult`]. The task is counted when the future is first
    /// polled. The last one does not wait.
    ///
    /// # Cancel safety
    ///
    /// **Strict**: if a future is dropped while it waits, its task is taken back out of the count, and the
    /// others wait for another one in its place. Dropped when its round was complete, it has taken part.
    ///
    /// # Fairness
    ///
    /// As for the [type](Self#fairness).
    ///
    /// # Memory ordering
    ///
    /// What each task of the round did before it arrived is visible to all of them afterwards.
    ///
    /// # Interrupts
    ///
    /// As for the [type](Self#interrupts).
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after it was ready.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Barrier;
    /// # use std::{future::Future, pin::pin, task::{Context, Poll, Waker}};
    ///
    /// # let mut cx = Context::from_waker(Waker::noop());
    /// let barrier = Barrier::new(2);
    /// {
    ///     let mut wait = pin!(barrier.wait());
    ///     assert!(wait.as_mut().poll(&mut cx).is_pending());
    ///     assert_eq!(barrier.arrived(), 1);
    /// }
    /// // It was dropped, and has left.
    /// assert_eq!(barrier.arrived(), 0);
    /// ```
    pub async fn wait(&self) -> BarrierWaitResult {
        let mut arrived = Arrived { turns: &self.turns, round: 0, counted: false };
        let leads = arrived.come();
        if !leads {
            let Ok(()) = self.turns.turn(arrived.round).await else { unreachable!("it is never closed") };
            arrived.counted = false;
        }
        BarrierWaitResult { leads }
    }

    /// Returns the number of tasks that wait for the rest of their round, for diagnostics: it may be stale by
    /// the time it is read.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock for a bounded number of steps.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Barrier;
    /// # use std::{future::Future, pin::pin, task::{Context, Poll, Waker}};
    ///
    /// # let mut cx = Context::from_waker(Waker::noop());
    /// let barrier = Barrier::new(3);
    /// let mut wait = pin!(barrier.wait());
    /// assert!(wait.as_mut().poll(&mut cx).is_pending());
    /// assert_eq!(barrier.arrived(), 1);
    /// ```
    #[must_use]
    pub fn arrived(&self) -> usize {
        let mut arrived = 0;
        self.turns.notify((), |room| arrived = room.arrived);
        arrived
    }

    /// Returns the number of tasks that wait for the others, for diagnostics: it may be stale by the time it
    /// is read.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, for at most as many steps as there are waiters.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Barrier;
    /// # use std::{future::Future, pin::pin, task::{Context, Waker}};
    ///
    /// # let mut cx = Context::from_waker(Waker::noop());
    /// let barrier = Barrier::new(2);
    /// let mut first = pin!(barrier.wait());
    /// assert!(first.as_mut().poll(&mut cx).is_pending());
    /// assert_eq!(barrier.waiters(), 1);
    /// ```
    #[must_use]
    pub fn waiters(&self) -> usize {
        self.turns.waiters()
    }
}

/// A task that may have been counted, and is taken out of the count if this is dropped before its round is
/// over.
struct Arrived<'b, Lock: ScopedRawMutex> {
    turns: &'b Turns<Lock>,
    round: usize,
    counted: bool,
}

impl<Lock: ScopedRawMutex> Arrived<'_, Lock> {
    /// Counts the task, and lets all of them go if it is the last; returns whether it is.
    fn come(&mut self) -> bool {
        self.turns.notify((), |room| {
            self.round = room.round;
            self.counted = room.arrived + 1 < room.parties;
            if self.counted {
                room.arrived += 1;
            } else {
                room.arrived = 0;
                room.round = room.round.wrapping_add(1);
            }
        });
        !self.counted
    }
}

impl<Lock: ScopedRawMutex> Drop for Arrived<'_, Lock> {
    fn drop(&mut self) {
        if self.counted {
            self.turns.notify((), |room| room.arrived -= usize::from(room.round == self.round));
        }
    }
}

impl<Lock: ScopedRawMutex> fmt::Debug for Barrier<Lock> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::waiter::Queue::debug(&self.turns.__sync_queue, "Barrier", f)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use alloc::boxed::Box;
    use core::{
        future::Future,
        task::{Context, Poll, Waker},
    };

    use super::*;

    /// A round is told from the one before it where their number wraps. Seen to fail with: a round that stops
    /// at the largest number (the second one is never over).
    #[test]
    fn rounds_go_round() {
        let (barrier, cx) = (Barrier::new(2), &mut Context::from_waker(Waker::noop()));
        barrier.turns.notify((), |room| room.round = usize::MAX - 1);
        for _ in 0..4 {
            let (mut first, mut second) = (Box::pin(barrier.wait()), Box::pin(barrier.wait()));
            assert!(first.as_mut().poll(cx).is_pending());
            assert!(matches!(second.as_mut().poll(cx), Poll::Ready(result) if result.is_leader()));
            assert!(matches!(first.as_mut().poll(cx), Poll::Ready(result) if !result.is_leader()));
        }
    }
}
