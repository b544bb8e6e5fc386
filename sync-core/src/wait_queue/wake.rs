//! Waking: one, some, all.

use core::task::Waker;

use mutex_traits::ScopedRawMutex;

use super::{
    WaitQueue,
    signal::{Signal, Wakeup},
};
use crate::{
    raw::{ListOf, Nobody, Queue, Step, WakeLoop, in_one_step},
    shim::atomic::Ordering::Relaxed,
    state::{
        node::NodeState,
        queue::{Bump, StoreWake},
    },
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
    /// As `n` calls of [`wake`](Self::wake), so if fewer wait, one wake-up is stored; but in one step, so that nothing
    /// comes between them. `wake_n(0)` does nothing.
    pub fn wake_n(&self, n: usize) -> usize {
        trace!(n, "WaitQueue::wake_n");
        if n == 0 || self.queue.word().store_wake() == StoreWake::Done {
            return 0;
        }
        wake_oldest(&self.queue, n)
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
        WakeLoop::run(queue, |list, batch| {
            // A `close` that came first has them all, even if it is between two batches.
            if epoch.is_none() && queue.is_closed() {
                return false;
            }
            let now = *epoch.get_or_insert_with(|| queue.word().bump());
            let is_ours = |node: NodeState| node.is_granted() || node.is_before(now);
            // In line by age: if the youngest was here before, no other needs to be asked.
            let all = list.back().is_none_or(|back| back.is_before(now))
                && !list.front().is_some_and(NodeState::is_granted);
            let full = if all {
                batch.fill(|| list.wake_front(Wakeup::All).map_err(|_| Nobody))
            } else {
                batch.fill(|| wake_front_if(list, is_ours))
            };
            queue.clear_waiting_if(!list.has_queued());
            full && list.front().is_some_and(is_ours)
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
        if word.closed() || front != NodeState::queued(word.wake_alls()) {
            return Err(());
        }
        let waker = list.wake_front(Wakeup::One).unwrap_or(None);
        queue.clear_waiting_if(list.is_empty());
        Ok(waker)
    });
    match waker {
        Ok(Some(waker)) => waker.wake(),
        Ok(None) => {}
        Err(()) => wake_behind_promised(queue),
    }
}

/// Wakes one while another call is between two batches.
///
/// If that is a `close`, it came first, and those that are left are its own.
///
/// Those that a `wake_all` or a `wake_n` is about to wake are still in line, but this wake-up is not for them: they
/// have one coming, and a second one would be lost. Helping to wake them first is what finds the one it
/// is for.
#[cold]
#[inline(never)]
fn wake_behind_promised<Lock: ScopedRawMutex>(queue: &Queue<Signal, Lock>) {
    WakeLoop::run(queue, |list, batch| {
        let now = queue.word().load(Relaxed).wake_alls();
        if batch.fill(|| wake_front_if(list, |node| is_promised(node, now))) {
            return true;
        }
        if !queue.is_closed() {
            if let Ok(waker) = list.wake_front(Wakeup::One) {
                batch.add(waker);
            } else {
                queue.clear_waiting_if(true);
                let _stored = queue.word().store_wake();
            }
        }
        queue.clear_waiting_if(!list.has_queued());
        false
    });
}

/// Grants a wake-up to the `n` oldest in one step, and wakes them; returns how many there were. If there are fewer, one
/// is stored.
#[cold]
#[inline(never)]
fn wake_oldest<Lock: ScopedRawMutex>(queue: &Queue<Signal, Lock>, n: usize) -> usize {
    in_one_step(queue, |list| {
        let mut woken = 0;
        // Of a closed queue, those that are left are waiting for `close` to come to them.
        if !queue.is_closed() {
            let now = queue.word().load(Relaxed).wake_alls();
            list.grant_front(|node| {
                if is_promised(node, now) {
                    return Some(Wakeup::All);
                }
                if woken == n {
                    return None;
                }
                woken += 1;
                Some(Wakeup::One)
            });
            queue.clear_waiting_if(!list.has_queued());
            if woken < n {
                let _stored = queue.word().store_wake();
            }
        }
        Step { result: woken, waker: None }
    })
}

/// Whether a linked node has a wake-up, or has one of a `wake_all` coming; `now` is the queue's epoch.
pub(super) fn is_promised(node: NodeState, now: usize) -> bool {
    node.is_granted() || node.epoch() != now
}

/// Unlinks the first node if `is` holds of it, with the wake-up that it has or that of a `wake_all`.
fn wake_front_if(
    list: &mut ListOf<Signal>,
    is: impl FnOnce(NodeState) -> bool,
) -> Result<Option<Waker>, Nobody> {
    let front = list.front().ok_or(Nobody)?;
    if !is(front) {
        Err(Nobody)
    } else if front.is_granted() {
        list.release_front()
    } else {
        list.wake_front(Wakeup::All).map_err(|_| Nobody)
    }
}
