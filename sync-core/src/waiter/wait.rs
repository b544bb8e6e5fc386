//! Waiting, cancelling, and waiting ahead of time: the behaviour of the one future.

use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use mutex_traits::ScopedRawMutex;

use super::Subscribable;
use crate::{
    engine::{
        Admission, Failure, LentWait, ListOf, LockedNode, Phase, Queue, QueueRef, Rule, Wait, WakesGranted,
        list::Step,
    },
    util::SMALL,
};

impl<R: Rule, Lock: ScopedRawMutex, H: QueueRef<R, Lock>> Future for Wait<R, Lock, H> {
    type Output = H::Output;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // Only the case without waiters is inline; everything else is out of line.
        match self.as_mut().poll_fast() {
            Some(output) => Poll::Ready(output),
            None => self.poll_rest(cx),
        }
    }
}

/// A value that was given and not yielded, and what the wait was waiting for.
pub(crate) type Leftover<'w, R> = (<R as Rule>::Value, &'w mut <R as Rule>::Waiter);

/// How far a wait is that has not yielded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// It is in line.
    Queued,
    /// It has a value.
    Woken,
    /// It will not get one.
    Failed(Failure),
    /// It has yielded.
    Completed,
}

impl<R: Rule, Lock: ScopedRawMutex, H: QueueRef<R, Lock>> Wait<R, Lock, H> {
    /// The part of polling that is not inlined. A wait that was woken needs no more than this, and so does
    /// without the stack of the other functions.
    #[cold]
    #[inline(never)]
    fn poll_rest(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<H::Output> {
        if !SMALL {
            return match self.as_mut().poll_woken() {
                Some(output) => Poll::Ready(output),
                None => self.poll_on(cx),
            };
        }
        // What is spent may have no queue any more. Everything else is looked at under the lock.
        if self.has_given() {
            return Poll::Ready(H::spent());
        }
        let progress = self.as_mut().lent().poll_slow(cx.waker());
        self.yields(progress)
    }

    /// The part of polling for a wait that was not woken, a moment ago.
    #[cold]
    #[inline(never)]
    fn poll_on(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<H::Output> {
        let progress = match self.as_mut().phase() {
            // Cost: wait-wake 170 with it, 207 if what is idle goes the way of what is linked.
            Phase::Idle => {
                // Cloned before the lock: it is foreign code.
                let waker = cx.waker().clone();
                self.as_mut().lent().join(Some(waker))
            }
            Phase::Linked => self.as_mut().lent().poll_slow(cx.waker()),
            Phase::Woken(_) => Progress::Woken,
            Phase::Closed => Progress::Failed(Failure::Closed),
            Phase::Completed(_) => Progress::Completed,
        };
        self.yields(progress)
    }

    /// What a poll returns.
    #[inline(always)]
    fn yields(self: Pin<&mut Self>, progress: Progress) -> Poll<H::Output> {
        Poll::Ready(match progress {
            Progress::Queued => return Poll::Pending,
            Progress::Woken => self.poll_woken().expect("it has a value"),
            Progress::Failed(failure) => H::fail(failure),
            Progress::Completed => H::spent(),
        })
    }

    /// Lets a wait that has yielded wait again for the same thing.
    pub(crate) fn rearm(self: Pin<&mut Self>) {
        if let Phase::Completed(done) = self.phase() {
            done.rearm();
        }
    }
}

impl<'w, R: Rule, Lock: ScopedRawMutex> LentWait<'w, R, Lock> {
    /// Joins the queue if this wait has not joined; if it is in line, sees to it that the task of `waker` is
    /// woken.
    #[cold]
    #[inline(never)]
    fn poll_slow(mut self, waker: &Waker) -> Progress {
        // Foreign code, so before the lock. One that is in line has a waker, which is probably still right.
        let mut spare = if SMALL || !self.state().linked() { Some(waker.clone()) } else { None };
        loop {
            // What is taken out comes along, to be dropped without the lock.
            let (progress, _old) = self.reborrow().with_list(|queue, mut own| {
                let state = own.state();
                if state.is_idle() {
                    return (Some(join(queue, &mut own, &mut spare)), None);
                }
                if !state.is_queued() {
                    let old = own.remove().0;
                    let progress = if state.given() {
                        Progress::Woken
                    } else if state.closed() {
                        Progress::Failed(Failure::Closed)
                    } else {
                        Progress::Completed
                    };
                    return (Some(progress), old);
                }
                // Cost: without the comparison, a spurious poll clones a waker. Where flash is
                // scarce, the clone is there already.
                if !SMALL && own.will_wake(waker) {
                    return (Some(Progress::Queued), None);
                }
                match spare.take() {
                    Some(waker) => (Some(Progress::Queued), own.replace_waker(waker)),
                    None => (None, None),
                }
            });
            match progress {
                Some(progress) => return progress,
                None if SMALL => unreachable!("there was a clone"),
                None => spare = Some(waker.clone()),
            }
        }
    }

    /// Joins the queue, unless there is something for the waiter already; a wait that has joined is left
    /// alone.
    pub(crate) fn join(mut self, mut waker: Option<Waker>) -> Progress {
        let state = self.state();
        if !state.is_idle() {
            return Progress::Queued;
        }
        self.reborrow().with_list(|queue, mut own| join(queue, &mut own, &mut waker))
    }

    /// Leaves the queue.
    #[inline(always)]
    pub(crate) fn detach(mut self) -> Detached<'w, R, Lock> {
        trace!("cancel");
        let queue = self.queue();
        let mut waker = None;
        // Relaxed is enough to see that it was queued, and what happened after that is read again under the
        // lock.
        if self.state().linked() {
            let given;
            (waker, given) = self.reborrow().with_list(|queue, mut own| {
                let gone = own.remove();
                queue.clear_waiting_if(!own.list().has_queued());
                gone
            });
            if !given {
                return Detached { queue, given: None, _waker: waker };
            }
        }
        let given = match self.phase() {
            Phase::Woken(woken) => Some(woken.split()),
            _ => None,
        };
        Detached { queue, given, _waker: waker }
    }
}

/// Asks the rule about a newcomer, whose node is idle, under the lock; if it has to wait, it has `waker`.
#[inline(always)]
fn join<R: Rule, Lock>(
    queue: &Queue<R, Lock>,
    own: &mut LockedNode<'_, '_, R>,
    waker: &mut Option<Waker>,
) -> Progress {
    let epoch = own.state().epoch();
    let (list, waiter) = own.list_and_waiter();
    // Under the lock: what happened while this waited for the lock must not be missed.
    let progress = match R::enter(queue.word(), list, waiter, epoch) {
        Admission::Ready(value) => {
            own.satisfy(value);
            Progress::Woken
        }
        Admission::PushBack(epoch) => {
            own.enqueue(waker.take(), epoch);
            Progress::Queued
        }
        Admission::PushFront => {
            own.enqueue_first(waker.take());
            Progress::Queued
        }
        Admission::InsertBefore(is_before) => {
            own.enqueue_before(waker, is_before);
            Progress::Queued
        }
        Admission::Fail(failure) => {
            if failure == Failure::Closed {
                own.close();
            }
            Progress::Failed(failure)
        }
    };
    trace!(?progress, "wait");
    progress
}

/// What is left of a wait that has left its queue.
pub(crate) struct Detached<'w, R: Rule, Lock> {
    pub(crate) queue: &'w Queue<R, Lock>,
    /// What it was given and did not yield.
    pub(crate) given: Option<Leftover<'w, R>>,
    /// Dropped last, and without the lock: it is foreign code, which must not run between two halves of one
    /// step.
    _waker: Option<Waker>,
}

/// What is left of a wait that has left its queue, while the lock is still held.
pub(crate) struct Departure<'l, 'w, R: Rule, Lock> {
    pub(crate) queue: &'w Queue<R, Lock>,
    pub(crate) list: &'l mut ListOf<R>,
    /// What it waited for.
    pub(crate) waiter: &'w mut R::Waiter,
    /// What it was given and did not yield. What is left in it is dropped without the lock.
    pub(crate) given: &'l mut Option<R::Value>,
    /// Whether it was the first in line, and so may have kept the next ones from going on.
    pub(crate) was_first: bool,
}

/// Leaves the queue and calls `then`, under the same hold of the lock, for those behind: it may grant them
/// something, and returns a [`Step`]. The word says that a task waits, even if this was the last: that is
/// left to `then`, too.
///
/// `then` may have no local variables with foreign code in their drop.
pub(crate) fn withdraw<'w, R, Lock, T>(
    wait: LentWait<'w, R, Lock>,
    then: impl FnOnce(Departure<'_, 'w, R, Lock>) -> Step<T>,
) -> T
where
    R: Rule,
    Lock: ScopedRawMutex,
{
    trace!("cancel");
    // Outside the closure, so that they are dropped without the lock even if a policy's function panics.
    let (mut own_waker, mut given) = (None, None);
    // Dropped before the two variables above it, also after `then` has panicked: no wake-up waits for foreign
    // code.
    let mut granted = None;
    let step = wait.with_list(|queue, mut own| {
        let granted = granted.insert(WakesGranted::new(queue));
        let was_first = own.is_first();
        own_waker = own.remove().0;
        given = own.take_value();
        let (list, waiter) = own.into_list_and_waiter();
        granted.watch(list, |list| then(Departure { queue, list, waiter, given: &mut given, was_first }))
    });
    let result = step.wake();
    drop(granted);
    result
}

impl<R: Rule, Lock: ScopedRawMutex, H: QueueRef<R, Lock>> Subscribable for Wait<R, Lock, H> {
    type Subscribed = H::Subscribed;

    fn poll_subscribe(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<H::Subscribed> {
        let outcome = match self.as_mut().phase() {
            Phase::Idle => {
                let waker = cx.waker().clone();
                match self.lent().join(Some(waker)) {
                    Progress::Queued | Progress::Woken | Progress::Completed => Ok(()),
                    Progress::Failed(failure) => Err(failure),
                }
            }
            Phase::Linked | Phase::Woken(_) | Phase::Completed(_) => Ok(()),
            Phase::Closed => Err(Failure::Closed),
        };
        Poll::Ready(H::subscribed(outcome))
    }
}

impl<R: Rule, Lock: ScopedRawMutex, H: QueueRef<R, Lock>> Wait<R, Lock, H> {
    /// Writes the wait as a struct called `name`.
    ///
    /// # Errors
    ///
    /// Those of the formatter.
    #[doc(hidden)]
    pub fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        let phase = if state.is_idle() {
            "idle"
        } else if state.is_woken() || state.is_granted() {
            "ready"
        } else if state.linked() {
            "waiting"
        } else if state.closed() {
            "closed"
        } else {
            "finished"
        };
        // A name that had to be written raw is printed plain.
        let name = name.strip_prefix("r#").unwrap_or(name);
        f.debug_struct(name).field("state", &format_args!("{phase}")).finish_non_exhaustive()
    }
}

impl<R: Rule, Lock: ScopedRawMutex, H: QueueRef<R, Lock>> fmt::Debug for Wait<R, Lock, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.debug("Wait", f)
    }
}

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use self::owned::{WaitOwned, wait_owned};

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
mod owned {
    use alloc::sync::Arc;

    use mutex_traits::ScopedRawMutex;

    use crate::{
        engine::{AsQueue, Owned, Rule, Yields},
        waiter::Wait,
    };

    /// The [`Wait`] that owns the primitive on which it waits.
    pub type WaitOwned<T> = Wait<<T as AsQueue>::Rule, <T as AsQueue>::Lock, Owned<T>>;

    /// Returns a future that waits in `this` for what `waiter` describes, and keeps it alive meanwhile.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// #[sync_core::wait_map(key = u16, value = &'static str, match = fifo)]
    /// pub struct Replies;
    ///
    /// # pollster::block_on(async {
    /// let replies = Arc::new(Replies::new());
    /// let mut reply = std::pin::pin!(replies.wait_owned(7));
    /// reply.as_mut().subscribe().await?;
    /// assert_eq!(replies.wake_all(&7, "pong"), 1);
    /// drop(replies);
    /// assert_eq!(reply.await?, "pong");
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    pub fn wait_owned<T>(this: Arc<T>, waiter: <T::Rule as Rule>::Waiter) -> WaitOwned<T>
    where
        T: AsQueue<Rule: Yields, Lock: ScopedRawMutex>,
    {
        Wait::new(Owned::new(this, &waiter), waiter)
    }
}
