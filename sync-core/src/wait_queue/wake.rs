//! Waking one waiter, several, or all.

use core::task::Waker;

use mutex_traits::ScopedRawMutex;

use super::{
    WaitQueue,
    rule::{WaitQueueRule, Wakeup},
};
use crate::{
    engine::{
        ListOf, Queue, WakeLoop, in_one_step,
        list::{Empty, Step},
    },
    shim::atomic::Ordering::Relaxed,
    state::{
        node::NodeState,
        queue::{Bump, StoreWake},
    },
    util::SMALL,
};

impl<Lock: ScopedRawMutex> WaitQueue<Lock> {
    /// Wakes the oldest waiter; if there is none, stores the wake-up for the next wait.
    ///
    /// At most one wake-up is stored. A closed queue is left as it is.
    ///
    /// # Fairness
    ///
    /// First in, first out. The wake-up then belongs to that wait: if its task does not run, or keeps the
    /// future without polling it, no other task gets it ("futurelock").
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the task it wakes, or to the one that takes the stored
    /// wake-up.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock only if a task waits, for a bounded number of steps. (While a
    /// [`wake_all`](Self::wake_all) is between two batches, it first helps to wake those.) The waker is
    /// called without the lock.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::{pin::pin, task::Poll};
    /// use sync_core::WaitQueue;
    ///
    /// static RECEIVED: WaitQueue = WaitQueue::new();
    ///
    /// let (mut first, mut second) = (pin!(RECEIVED.wait()), pin!(RECEIVED.wait()));
    /// assert!(first.as_mut().subscribe().is_pending());
    /// assert!(second.as_mut().subscribe().is_pending());
    /// RECEIVED.wake(); // in the interrupt handler
    /// assert_eq!(first.as_mut().subscribe(), Poll::Ready(Ok(())));
    /// assert_eq!(second.as_mut().subscribe(), Poll::Pending);
    /// ```
    #[inline]
    pub fn wake(&self) {
        trace!("WaitQueue::wake");
        if self.queue.word().store_wake() == StoreWake::Waiting {
            wake_waiting(&self.queue);
        }
    }

    /// Wakes the `n` oldest waiters, and returns the number that it woke.
    ///
    /// As `n` calls of [`wake`](Self::wake), so one wake-up is stored if there are fewer waiters; but in one
    /// step, so that no other call comes in between. `wake_n(0)` does nothing.
    ///
    /// # Fairness
    ///
    /// First in, first out.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks it wakes.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock only if a task waits: once for as many steps as it wakes, and then once per batch
    /// of wakers, which are called without it.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::pin::pin;
    /// use sync_core::WaitQueue;
    ///
    /// let queue = WaitQueue::new();
    /// let mut wait = pin!(queue.wait());
    /// assert!(wait.as_mut().subscribe().is_pending());
    /// assert_eq!(queue.wake_n(3), 1);
    /// assert!(queue.try_wait().is_ready()); // one is stored
    /// assert!(queue.try_wait().is_pending());
    /// ```
    pub fn wake_n(&self, n: usize) -> usize {
        trace!(n, "WaitQueue::wake_n");
        if n == 0 || self.queue.word().store_wake() == StoreWake::Done {
            return 0;
        }
        wake_oldest(&self.queue, n)
    }

    /// Wakes every task that waits now, oldest first.
    ///
    /// Exactly those: including the waits that were made but not polled yet, and none that join while it
    /// runs, however many and however fast. Nothing is stored. A closed queue is left as it is.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks it wakes.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock for a batch of wakers at a time, and calls them without it. The number of batches
    /// is that of the waiters.
    ///
    /// # Panics
    ///
    /// If a waker does; all other tasks are woken all the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::pin::pin;
    /// use sync_core::WaitQueue;
    ///
    /// static CONFIG_CHANGED: WaitQueue = WaitQueue::new();
    ///
    /// # pollster::block_on(async {
    /// let (one, two) = (CONFIG_CHANGED.wait(), CONFIG_CHANGED.wait());
    /// CONFIG_CHANGED.wake_all();
    /// one.await?;
    /// two.await?;
    /// let mut newcomer = pin!(CONFIG_CHANGED.wait());
    /// assert!(newcomer.as_mut().subscribe().is_pending());
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    pub fn wake_all(&self) {
        trace!("WaitQueue::wake_all");
        let queue = &self.queue;
        if queue.word().bump_unless_waiting() == Bump::Done {
            return;
        }
        let mut epoch = None;
        WakeLoop::run(queue, |list, batch| {
            // A `close` that came first has all waiters, even if it is between two batches.
            if epoch.is_none() && queue.is_closed() {
                return false;
            }
            let now = *epoch.get_or_insert_with(|| queue.word().bump());
            let is_ours = |node: NodeState| node.is_granted() || node.is_before(now);
            // The line is in order of age: if the youngest was here before, no other needs to be checked.
            let all = !SMALL
                && list.back().is_none_or(|back| back.is_before(now))
                && !list.front().is_some_and(NodeState::is_granted);
            let full = if all {
                batch.fill(|| list.wake_front(Wakeup::All).map_err(|_| Empty))
            } else {
                batch.fill(|| wake_front_if(list, is_ours))
            };
            queue.clear_waiting_if(!list.has_queued());
            full && list.front().is_some_and(is_ours)
        });
    }

    /// Closes the queue: every waiting future, and every later one, gets [`Closed`](crate::Closed).
    ///
    /// A task that was woken before is not affected. A stored wake-up is gone. Closing cannot be undone;
    /// closing again does nothing.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks that get [`Closed`](crate::Closed).
    ///
    /// # Interrupts
    ///
    /// One read-modify-write if no task waits; otherwise it takes the raw lock for a batch of wakers at a
    /// time, and calls them without it.
    ///
    /// # Panics
    ///
    /// If a waker does; all other tasks are woken all the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::WaitQueue;
    ///
    /// static JOBS: WaitQueue = WaitQueue::new();
    ///
    /// let worker = std::thread::spawn(|| pollster::block_on(JOBS.wait()));
    /// JOBS.close(); // shut down
    /// assert!(worker.join().unwrap().is_err());
    /// ```
    pub fn close(&self) {
        // The waiters that an earlier `wake_all` is about to wake are woken.
        self.queue.close_with(|word, epoch| word.missed(epoch).then_some(Wakeup::All));
    }
}

/// Wakes the oldest waiter, or stores the wake-up.
pub(super) fn wake_one<Lock: ScopedRawMutex>(queue: &Queue<WaitQueueRule, Lock>) {
    if queue.word().store_wake() == StoreWake::Waiting {
        wake_waiting(queue);
    }
}

#[inline(never)]
fn wake_waiting<Lock: ScopedRawMutex>(queue: &Queue<WaitQueueRule, Lock>) {
    if SMALL {
        // The way that finds what other calls are about.
        return wake_behind_promised(queue);
    }
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
/// If that is a `close`, it came first, and the waiters that are left are its own.
///
/// The waiters that a `wake_all` or a `wake_n` is about to wake are still in line, but this wake-up is not
/// for them: they have one coming, and a second one would be lost. Helping to wake them first finds the
/// waiter that this one is for.
#[cold]
#[inline(never)]
fn wake_behind_promised<Lock: ScopedRawMutex>(queue: &Queue<WaitQueueRule, Lock>) {
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

/// Grants a wake-up to the `n` oldest waiters in one step, and wakes them; returns their number. If there are
/// fewer waiters, one wake-up is stored.
#[cold]
#[inline(never)]
fn wake_oldest<Lock: ScopedRawMutex>(queue: &Queue<WaitQueueRule, Lock>, n: usize) -> usize {
    in_one_step(queue, |list| {
        let mut woken = 0;
        // The waiters that are left in a closed queue belong to `close`, which has yet to reach them.
        if !queue.is_closed() {
            let now = queue.word().load(Relaxed).wake_alls();
            list.grant_front(|node, ()| {
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
        Step { result: woken, waker: None, granted: list.front().is_some_and(NodeState::is_granted) }
    })
}

/// Whether a linked node has a wake-up, or has one of a `wake_all` coming; `now` is the queue's current
/// epoch.
pub(super) fn is_promised(node: NodeState, now: usize) -> bool {
    node.is_granted() || node.epoch() != now
}

/// Unlinks the first node if `is` holds for it, with the wake-up that it has or that of a `wake_all`.
fn wake_front_if(
    list: &mut ListOf<WaitQueueRule>,
    is: impl FnOnce(NodeState) -> bool,
) -> Result<Option<Waker>, Empty> {
    let front = list.front().ok_or(Empty)?;
    if !is(front) {
        Err(Empty)
    } else if front.is_granted() {
        list.release_front()
    } else {
        list.wake_front(Wakeup::All).map_err(|_| Empty)
    }
}
