//! What every queue can do, and what a policy's queue can.

use core::fmt;

use mutex_traits::ScopedRawMutex;

use super::{Policy, Queue, Rule, Wait, Yields};
use crate::{
    raw::{ListOf, Nobody, Step, WakeLoop, in_one_step},
    state::{QueueWord, node::NodeState, queue::AtomicQueueState},
};

impl<R: Yields, Lock: ScopedRawMutex> Queue<R, Lock> {
    /// Returns a future that waits here for what `waiter` says.
    #[inline(always)]
    pub fn wait(&self, waiter: R::Waiter) -> Wait<R, Lock, &Self> {
        Wait::new(self, waiter)
    }
}

impl<R: Rule<Word = AtomicQueueState>, Lock: ScopedRawMutex> Queue<R, Lock> {
    /// Closes the queue: everybody who waits, and everybody who will, gets an error.
    ///
    /// Those who were given something before still get it. Closing again does nothing.
    pub fn close(&self) {
        self.close_with(|_, _| None);
    }

    /// As [`close`](Self::close), where somebody may be about to wake those who wait: `coming` says what a
    /// waiter with this epoch then gets.
    pub(crate) fn close_with(&self, coming: impl Fn(&AtomicQueueState, usize) -> Option<R::Value>) {
        if self.word().close().waiting() {
            self.tell_closed_with(coming);
        }
    }

    /// Closes the queue and tells nobody yet; returns whether there is anybody to [tell](Self::tell_closed_with).
    pub(crate) fn close_quietly(&self) -> bool {
        self.word().close().waiting()
    }

    /// Tells those that wait that the queue, which is closed, is closed; `coming` is as for [`close_with`](Self::close_with).
    pub(crate) fn tell_closed_with(&self, coming: impl Fn(&AtomicQueueState, usize) -> Option<R::Value>) {
        trace!("close: a task waits");
        WakeLoop::run(self, |list, batch| {
            let full = batch.fill(|| {
                let front = list.front().ok_or(Nobody)?;
                if front.is_claimed() {
                    return Err(Nobody);
                }
                // Somebody may be about to wake it, which came first.
                let coming = if front.is_queued() { coming(self.word(), front.epoch()) } else { None };
                match coming {
                    Some(value) => list.wake_front(value).map_err(|_| Nobody),
                    None => list.close_front(),
                }
            });
            let more = match list.front() {
                // Its value came first, and is on its way.
                Some(front) if front.is_claimed() => list.close_unclaimed(batch),
                front => full && front.is_some(),
            };
            self.clear_waiting_if(!list.has_queued());
            more
        });
    }

    /// Returns whether the queue was closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.word().is_closed()
    }

    /// Writes the queue as a struct called `name`.
    ///
    /// # Errors
    ///
    /// Those of the formatter.
    pub fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct(name);
        out.field("closed", &self.is_closed());
        match self.try_with_list(|list| list.waiting(is_promised)) {
            Some(waiters) => out.field("waiters", &waiters),
            None => out.field("waiters", &format_args!("<locked>")),
        };
        out.finish_non_exhaustive()
    }
}

/// Whether a linked node has what it waits for, or has it coming.
fn is_promised(node: NodeState) -> bool {
    node.is_granted() || node.is_claimed()
}

impl<R: Rule, Lock: ScopedRawMutex> Queue<R, Lock> {
    /// Returns how many wait, for diagnostics: it may be stale by the time it is read.
    ///
    /// Those that a call has let go do not wait any more, also while it has yet to wake them.
    #[must_use]
    pub fn waiters(&self) -> usize {
        self.with_list(|list| list.waiting(is_promised))
    }

    /// Tells those that wait that the queue, which is closed, is closed.
    ///
    /// For rules that neither claim nor count epochs.
    pub(crate) fn tell_closed(&self) {
        trace!("close: a task waits");
        WakeLoop::run(self, |list, batch| {
            let more = batch.fill(|| list.close_front()) && !list.is_empty();
            self.clear_waiting_if(!list.has_queued());
            more
        });
    }
}

impl<R: Rule<Word = AtomicQueueState>, Lock: ScopedRawMutex> Queue<R, Lock> {
    /// Runs `select` under the lock, which selects some of those in the list, and wakes those, oldest first. Returns how
    /// many that were.
    ///
    /// If `select` panics, those that it has selected have what it gave them, and are woken.
    pub(crate) fn wake_selected(&self, select: impl FnOnce(&mut ListOf<R>) -> Step<usize>) -> usize {
        in_one_step(self, |list| {
            let left = ClearsWaiting { queue: self, list };
            select(&mut *left.list)
        })
    }
}

impl<P: Policy, Lock: ScopedRawMutex> Queue<P, Lock> {
    /// Changes the state, asks the policy about everybody who waits, and wakes those it selects.
    ///
    /// Changing and selecting is one step under the lock; the wakers are called after it, oldest first,
    /// in batches. Returns how many were selected: nobody if the queue is closed.
    pub fn notify(&self, mut event: P::Event<'_>, change: impl FnOnce(&mut P::State)) -> usize {
        trace!("notify");
        self.wake_selected(|list| {
            change(list.state());
            // Of a closed queue, those that are left are waiting for `close` to come to them.
            if self.is_closed() {
                return Step { result: 0, waker: None };
            }
            list.select_each(|state, waiter| P::select(state, waiter, &mut event))
        })
    }
}

impl<R: Rule, Lock> Queue<R, Lock> {
    /// Makes the word say that nobody waits, if that is new and `none_queued` says so; the caller holds the lock.
    #[inline(always)]
    pub(crate) fn clear_waiting_if(&self, none_queued: bool) {
        // The lock is held, so `waiting` cannot come or go meanwhile.
        if none_queued && self.word().is_waiting() {
            self.word().leave();
        }
    }
}

/// A locked list. When this is dropped, also because a policy's function has panicked, the word says whether any node of
/// it is queued.
pub(super) struct ClearsWaiting<'l, 'q, R: Rule, Lock> {
    pub(super) queue: &'q Queue<R, Lock>,
    pub(super) list: &'l mut ListOf<R>,
}

impl<R: Rule, Lock> Drop for ClearsWaiting<'_, '_, R, Lock> {
    #[inline(always)]
    fn drop(&mut self) {
        self.queue.clear_waiting_if(!self.list.has_queued());
    }
}

impl<R: Rule<Word = AtomicQueueState>, Lock: ScopedRawMutex> fmt::Debug for Queue<R, Lock> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.debug("Queue", f)
    }
}
