//! Waiting, cancelling, and waiting ahead of time: the behaviour of the one future.

use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use mutex_traits::ScopedRawMutex;

use super::{Entry, Failure, Handle, Queue, Rule, Subscribable, Wait, queue::ClearsWaiting};
use crate::raw::{ListOf, Stage, Step, WakesGranted};

impl<R: Rule, Lock: ScopedRawMutex, H: Handle<R, Lock>> Future for Wait<R, Lock, H> {
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

/// The outcome for a newcomer.
#[derive(Debug)]
pub(crate) enum Joined {
    /// It waits.
    Queued,
    /// It has a value.
    Satisfied,
    /// It may not wait.
    Failed(Failure),
}

/// What a check of a linked node under the lock found.
enum Look {
    /// It keeps waiting, with a waker for the right task.
    Waits,
    /// It keeps waiting, and needs a waker for another task.
    NeedsWaker,
    /// It is no longer linked.
    Settled,
}

impl<R: Rule, Lock: ScopedRawMutex, H: Handle<R, Lock>> Wait<R, Lock, H> {
    /// The part of polling that is not inlined. A wait that was woken needs no more than this, and so does
    /// without the stack of the other function.
    #[cold]
    #[inline(never)]
    fn poll_rest(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<H::Output> {
        match self.as_mut().poll_woken() {
            Some(output) => Poll::Ready(output),
            None => self.poll_slow(cx),
        }
    }

    #[cold]
    #[inline(never)]
    fn poll_slow(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<H::Output> {
        loop {
            match self.as_mut().stage() {
                Stage::Idle(_) => {
                    // Cloned before the lock: it is foreign code.
                    let waker = cx.waker().clone();
                    match self.as_mut().join(Some(waker)) {
                        Joined::Queued => return Poll::Pending,
                        Joined::Satisfied => {}
                        Joined::Failed(failure) => return Poll::Ready(H::fail(failure)),
                    }
                }
                Stage::Linked => {
                    if self.as_mut().keep_waiting(cx.waker()).is_pending() {
                        return Poll::Pending;
                    }
                }
                Stage::Woken(_) => {
                    if let Some(output) = self.as_mut().poll_woken() {
                        return Poll::Ready(output);
                    }
                }
                Stage::Closed => return Poll::Ready(H::fail(Failure::Closed)),
                Stage::Spent(_) => return Poll::Ready(H::spent()),
            }
        }
    }

    /// Joins the queue, unless there is something for the waiter already; a wait that has joined is left
    /// alone.
    pub(crate) fn join(mut self: Pin<&mut Self>, mut waker: Option<Waker>) -> Joined {
        let Stage::Idle(idle) = self.as_mut().stage() else { return Joined::Queued };
        let epoch = idle.epoch();
        let joined = self.as_mut().with_list(|queue, mut own| {
            // Under the lock: what happened while this waited for the lock must not be missed.
            let (list, waiter) = own.list_and_waiter();
            match R::enter(queue.word(), list, waiter, epoch) {
                Entry::Pass(value) => {
                    own.satisfy(value);
                    Joined::Satisfied
                }
                Entry::Queue(epoch) => {
                    own.enqueue(waker.take(), epoch);
                    Joined::Queued
                }
                Entry::First => {
                    own.enqueue_first(waker.take());
                    Joined::Queued
                }
                Entry::Before(is_before) => {
                    own.enqueue_before(&mut waker, is_before);
                    Joined::Queued
                }
                Entry::Fail(failure) => Joined::Failed(failure),
            }
        });
        trace!(?joined, "wait");
        if let (Joined::Failed(Failure::Closed), Stage::Idle(idle)) = (&joined, self.stage()) {
            idle.close();
        }
        joined
    }

    /// Makes sure that a linked node wakes the task of `waker`; ready if it is no longer linked.
    fn keep_waiting(mut self: Pin<&mut Self>, waker: &Waker) -> Poll<()> {
        let mut spare = None;
        loop {
            // What is taken out comes along, to be dropped without the lock.
            let (look, _old) = self.as_mut().with_list(|queue, mut own| {
                if !own.state().is_queued() {
                    let (old, _) = own.remove();
                    let none_queued = !own.list().has_queued();
                    queue.clear_waiting_if(none_queued);
                    (Look::Settled, old)
                } else if own.will_wake(waker) {
                    (Look::Waits, None)
                } else if let Some(waker) = spare.take() {
                    (Look::Waits, own.replace_waker(waker))
                } else {
                    (Look::NeedsWaker, None)
                }
            });
            match look {
                Look::Waits => return Poll::Pending,
                Look::NeedsWaker => spare = Some(waker.clone()),
                Look::Settled => return Poll::Ready(()),
            }
        }
    }

    /// Leaves the queue.
    #[inline(always)]
    pub(crate) fn detach(mut self: Pin<&mut Self>) -> Detached<'_, R, Lock> {
        trace!("cancel");
        let mut waker = None;
        // Relaxed is enough to see that it was queued, and what happened after that is read again under the
        // lock.
        if self.state().linked() {
            let given;
            (waker, given) = self.as_mut().with_list(|queue, mut own| {
                let gone = own.remove();
                queue.clear_waiting_if(!own.list().has_queued());
                gone
            });
            if !given {
                return Detached { queue: self.into_ref().get_ref().queue(), given: None, _waker: waker };
            }
        }
        let (queue, stage) = self.queue_and_stage();
        let given = match stage {
            Stage::Woken(woken) => Some(woken.split()),
            _ => None,
        };
        Detached { queue, given, _waker: waker }
    }

    /// Lets a wait that has yielded wait again for the same thing.
    pub(crate) fn rearm(self: Pin<&mut Self>) {
        if let Stage::Spent(done) = self.stage() {
            done.rearm();
        }
    }
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
pub(crate) struct Gone<'l, 'w, R: Rule, Lock> {
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
/// something, and returns a [`Step`].
///
/// `then` may have no local variables with foreign code in their drop.
pub(crate) fn withdraw<'w, R, Lock, H, T>(
    wait: Pin<&'w mut Wait<R, Lock, H>>,
    then: impl FnOnce(Gone<'_, 'w, R, Lock>) -> Step<T>,
) -> T
where
    R: Rule,
    Lock: ScopedRawMutex,
    H: Handle<R, Lock>,
{
    trace!("cancel");
    // Outside the closure, so that they are dropped without the lock even if a policy's function panics.
    let (mut own_waker, mut given) = (None, None);
    // Dropped before the two variables above it, also after `then` has panicked: no wake-up waits for foreign
    // code.
    let mut granted = None;
    let Step { result, waker } = wait.with_list(|queue, mut own| {
        let granted = granted.insert(WakesGranted::new(queue));
        let was_first = own.is_first();
        own_waker = own.remove().0;
        given = own.take_value();
        let (list, waiter) = own.into_list_and_waiter();
        granted.watch(list, |list| {
            let left = ClearsWaiting { queue, list };
            then(Gone { queue, list: &mut *left.list, waiter, given: &mut given, was_first })
        })
    });
    if let Some(waker) = waker {
        waker.wake();
    }
    drop(granted);
    result
}

impl<R: Rule, Lock: ScopedRawMutex, H: Handle<R, Lock>> Subscribable for Wait<R, Lock, H> {
    type Subscribed = H::Subscribed;

    fn poll_subscribe(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<H::Subscribed> {
        let outcome = match self.as_mut().stage() {
            Stage::Idle(_) => {
                let waker = cx.waker().clone();
                match self.join(Some(waker)) {
                    Joined::Queued | Joined::Satisfied => Ok(()),
                    Joined::Failed(failure) => Err(failure),
                }
            }
            Stage::Linked | Stage::Woken(_) | Stage::Spent(_) => Ok(()),
            Stage::Closed => Err(Failure::Closed),
        };
        Poll::Ready(H::subscribed(outcome))
    }
}

impl<R: Rule, Lock: ScopedRawMutex, H: Handle<R, Lock>> Wait<R, Lock, H> {
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

impl<R: Rule, Lock: ScopedRawMutex, H: Handle<R, Lock>> fmt::Debug for Wait<R, Lock, H> {
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
        raw::{AsQueue, Owned, Rule, Yields},
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
