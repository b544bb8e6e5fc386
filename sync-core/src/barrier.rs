//! Tasks that wait for each other.
//!
//! See [`Barrier`].

use core::fmt;

use crate::{Policy, ScopedRawMutex, Select, blocking::DefaultMutex};

/// A place where tasks wait until so many of them are there, and then all go on.
///
/// It can be used again and again: as soon as one round is complete, the next begins. Who waits does so inside his own
/// future: nothing allocates.
///
/// # Fairness
///
/// Tasks are counted in the order in which they come, and belong to the round in which they were counted. When it is
/// complete they are woken oldest first; whoever comes then counts for the next.
///
/// # Interrupts
///
/// Every operation takes the raw lock, for a bounded number of steps and never while a waker runs. An interrupt handler
/// does not wait; to let one take part, count down a [`Latch`](crate::Latch).
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
/// // Both are there, and one of the two is told that it came last.
/// assert!(here.is_leader() != other.join().unwrap().is_leader());
/// # });
/// ```
pub struct Barrier<Lock: ScopedRawMutex = DefaultMutex> {
    turns: Turns<Lock>,
}

/// Those who wait, each for the end of the round in which it was counted.
#[crate::primitive(
    method = turn, future = Turn,
    new(parties: usize) = Room { parties, arrived: 0, round: 0 },
)]
struct Turns;

struct Room {
    parties: usize,
    /// Those who were counted in this round.
    arrived: usize,
    /// How many rounds were completed; wraps.
    round: usize,
}

impl Policy for Turns {
    type State = Room;
    /// The round.
    type Waiter = usize;
    type Value = ();
    type Event<'e> = ();

    // Whose round is over does not queue behind those of the next.
    const FAIR: bool = false;

    fn try_ready(room: &mut Room, round: &usize) -> Option<()> {
        (room.round != *round).then_some(())
    }

    fn select(room: &mut Room, round: &mut usize, (): &mut ()) -> Select<()> {
        // Rounds end in order: behind one that waits on, all do.
        Self::try_ready(room, round).map_or(Select::Stop, Select::Wake)
    }
}

/// What [`Barrier::wait`] yields: that everybody is there, and whether this task came last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BarrierWaitResult {
    leads: bool,
}

impl BarrierWaitResult {
    /// Returns whether this task is the one of its round that came last.
    ///
    /// There is exactly one in each round: it can do what has to be done once.
    #[must_use]
    pub fn is_leader(self) -> bool {
        self.leads
    }
}

impl Barrier {
    const_fn! {
        /// Returns a barrier for `parties` tasks, around the [`DefaultMutex`].
        ///
        /// Of one task, or none, nobody waits.
        #[must_use]
        pub fn new(parties: usize) -> Self {
            Self::new_with_raw_mutex(parties, DefaultMutex::new())
        }
    }
}

impl<Lock: ScopedRawMutex> Barrier<Lock> {
    const_fn! {
        /// Returns a barrier for `parties` tasks, around the raw lock `lock`.
        #[must_use]
        pub fn new_with_raw_mutex(parties: usize, lock: Lock) -> Self {
            Self { turns: Turns::new_with_raw_mutex(parties, lock) }
        }
    }

    /// Waits until as many tasks are here as the barrier is for.
    ///
    /// The task is counted when the future is first polled. The last one does not wait. What each of them did before
    /// is visible to all of them afterwards.
    ///
    /// # Cancel safety
    ///
    /// **Strict**: a task that is dropped while it waits is taken back out of the count, and the others wait for
    /// another one in its place. Dropped when its round was complete, it has taken part.
    ///
    /// # Interrupts
    ///
    /// As for the [type](Self#interrupts).
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
    /// }
    /// // It has left.
    /// assert_eq!(barrier.arrived(), 0);
    /// ```
    pub async fn wait(&self) -> BarrierWaitResult {
        let mut arrived = Arrived { turns: &self.turns, round: 0, counted: false };
        let leads = arrived.come();
        if !leads {
            let Ok(()) = self.turns.turn(arrived.round).await else { unreachable!("nobody closes it") };
            arrived.counted = false;
        }
        BarrierWaitResult { leads }
    }

    /// Returns how many tasks wait for the rest of their round, for diagnostics: it is old as soon as it is returned.
    #[must_use]
    pub fn arrived(&self) -> usize {
        let mut arrived = 0;
        self.turns.notify((), |room| arrived = room.arrived);
        arrived
    }
}

/// One who may have been counted, and is taken out of the count when this is dropped before its round is over.
struct Arrived<'b, Lock: ScopedRawMutex> {
    turns: &'b Turns<Lock>,
    round: usize,
    counted: bool,
}

impl<Lock: ScopedRawMutex> Arrived<'_, Lock> {
    /// Counts it, and lets all of them go if that was the last; returns whether it was.
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
        f.debug_struct("Barrier").field("turns", &self.turns).finish()
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

    /// A round is told from the one before it where their number goes round. Seen to fail with: a round that stops at the
    /// largest number (the second one is never over).
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
