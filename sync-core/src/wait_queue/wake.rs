//! Waking: one, some, all.

use mutex_traits::ScopedRawMutex;

use super::{
    WaitQueue,
    signal::{Signal, Wakeup},
};
use crate::{
    raw::{ListOf, Nobody, Queue, WakeBatch},
    shim::atomic::Ordering::Relaxed,
    state::queue::{Bump, StoreWake},
    waiter::Rounds,
};

impl<Lock: ScopedRawMutex> WaitQueue<Lock> {
    /// Wakes the task that waits longest; if none waits, stores the wake-up for the next one that does.
    ///
    /// At most one wake-up is stored. Everything done before this call is visible to the task it wakes.
    /// A closed queue is left as it is.
    ///
    /// # Fairness
    ///
    /// First in, first out. The wake-up then belongs to that wait: if its task is not run, or does not poll
    /// it any more without dropping it, nobody else gets it ("futurelock").
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock if somebody waits, for a bounded number of steps. (While a
    /// [`wake_all`](Self::wake_all) is between two batches it helps with those first.) The waker is called
    /// without the lock.
    #[inline]
    pub fn wake(&self) {
        trace!("WaitQueue::wake");
        if self.queue.word().store_wake() == StoreWake::Waiting {
            wake_waiting(&self.queue);
        }
    }

    /// Wakes the `n` tasks that wait longest, and returns how many it woke.
    ///
    /// As `n` calls of [`wake`](Self::wake), so if fewer wait, one wake-up is stored; but it takes the lock once
    /// for many, and goes after nobody who comes in meanwhile, except in place of somebody who leaves.
    /// `wake_n(0)` does nothing.
    pub fn wake_n(&self, n: usize) -> usize {
        trace!(n, "WaitQueue::wake_n");
        let mut left = None;
        let mut woken = 0;
        if n == 0 || self.queue.word().store_wake() == StoreWake::Done {
            return 0;
        }
        let queue = &self.queue;
        Rounds::run(queue, |list, batch| {
            if wake_missed(queue, list, batch) {
                return true;
            }
            if queue.is_closed() {
                return false;
            }
            // One more than there are stands for all those that would only be stored.
            let left = left.get_or_insert(n.min(list.len() + 1));
            while *left > 0 && !batch.is_full() {
                let Ok(waker) = list.wake_front(Wakeup::One) else {
                    // Only we hold the lock, so nobody waits now.
                    let _stored = queue.word().store_wake();
                    *left = 0;
                    break;
                };
                batch.add(waker);
                *left -= 1;
                woken += 1;
                queue.left(list.is_empty());
            }
            *left > 0
        });
        woken
    }

    /// Wakes every task that waits now, oldest first.
    ///
    /// Exactly those: also the waits that were made but not polled yet, and none that come in while it
    /// runs, however many and however fast. Nothing is stored. A closed queue is left as it is.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock for a batch of wakers at a time, and calls them without it.
    ///
    /// # Panics
    ///
    /// If a waker does; everybody else is woken all the same.
    pub fn wake_all(&self) {
        trace!("WaitQueue::wake_all");
        let queue = &self.queue;
        if queue.word().bump_unless_waiting() == Bump::Done {
            return;
        }
        let mut epoch = None;
        Rounds::run(queue, |list, batch| {
            // A `close` that came first has them all, even if it is between two batches.
            if epoch.is_none() && queue.is_closed() {
                return false;
            }
            let now = *epoch.get_or_insert_with(|| queue.word().bump());
            // In line by age: if the youngest was here before, nobody needs to be asked.
            let full = if list.back().is_none_or(|back| back.is_before(now)) {
                batch.fill(|| list.wake_front(Wakeup::All).map_err(|_| Nobody))
            } else {
                batch.fill(|| {
                    if list.front().ok_or(Nobody)?.is_before(now) {
                        list.wake_front(Wakeup::All).map_err(|_| Nobody)
                    } else {
                        Err(Nobody)
                    }
                })
            };
            queue.left(list.is_empty());
            full && list.front().is_some_and(|front| front.is_before(now))
        });
    }

    /// Closes the queue: everybody who waits, and everybody who will, gets [`Closed`](crate::Closed).
    ///
    /// Those who were woken before are not affected. A stored wake-up is gone. It cannot be undone;
    /// closing again does nothing.
    pub fn close(&self) {
        // Those whom a `wake_all` is about to wake, which came first, are woken.
        self.queue.close_with(|word, epoch| word.missed(epoch).then_some(Wakeup::All));
    }
}

/// Wakes the oldest waiter, or stores the wake-up.
pub(super) fn wake_one<Lock: ScopedRawMutex>(queue: &Queue<Signal, Lock>) {
    if queue.word().store_wake() == StoreWake::Waiting {
        wake_waiting(queue);
    }
}

#[inline(never)]
fn wake_waiting<Lock: ScopedRawMutex>(queue: &Queue<Signal, Lock>) {
    let waker = queue.with_list(|list| {
        let Some(front) = list.front() else {
            let _stored = queue.word().store_wake();
            return Ok(None);
        };
        let word = queue.word().load(Relaxed);
        if word.closed() || front.epoch() != word.wake_alls() {
            return Err(());
        }
        let waker = list.wake_front(Wakeup::One).unwrap_or(None);
        queue.left(list.is_empty());
        Ok(waker)
    });
    match waker {
        Ok(Some(waker)) => waker.wake(),
        Ok(None) => {}
        Err(()) => wake_behind_missed(queue),
    }
}

/// Wakes one while a `wake_all` or a `close` is between two batches.
///
/// If it is a `close`, that came first, and those who are left are its own.
///
/// Those that the `wake_all` is about to wake are still in line, but this wake-up is not for them: they
/// have one coming, and a second one would be lost. Helping to wake them first is what finds the one it
/// is for.
#[cold]
#[inline(never)]
fn wake_behind_missed<Lock: ScopedRawMutex>(queue: &Queue<Signal, Lock>) {
    Rounds::run(queue, |list, batch| {
        if wake_missed(queue, list, batch) {
            return true;
        }
        if queue.is_closed() {
            return false;
        }
        match list.wake_front(Wakeup::One) {
            Ok(waker) => batch.add(waker),
            Err(_) => {
                let _stored = queue.word().store_wake();
            }
        }
        queue.left(list.is_empty());
        false
    });
}

/// Collects those at the front whom some `wake_all` is about to wake; returns whether the batch is full.
fn wake_missed<Lock: ScopedRawMutex>(
    queue: &Queue<Signal, Lock>,
    list: &mut ListOf<Signal>,
    batch: &mut WakeBatch,
) -> bool {
    let now = queue.word().load(Relaxed).wake_alls();
    let full = batch.fill(|| {
        if list.front().ok_or(Nobody)?.epoch() == now {
            Err(Nobody)
        } else {
            list.wake_front(Wakeup::All).map_err(|_| Nobody)
        }
    });
    queue.left(list.is_empty());
    full
}
