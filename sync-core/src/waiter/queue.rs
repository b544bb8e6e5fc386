//! What every queue can do, and what a policy's queue can.

use core::fmt;

use mutex_traits::ScopedRawMutex;

use super::{
    Policy, Queue, Rule, Wait, Yields,
    rounds::{Rounds, release_granted},
};
use crate::{
    raw::{ListOf, Nobody, WakeBatch},
    state::{QueueWord, queue::AtomicQueueState},
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
        if !self.word().close().waiting() {
            return;
        }
        trace!("close: somebody waits");
        Rounds::run(self, |list, batch| {
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
            self.left(list.is_empty());
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
        match self.try_with_list(|list| list.len()) {
            Some(waiters) => out.field("waiters", &waiters),
            None => out.field("waiters", &format_args!("<locked>")),
        };
        out.finish_non_exhaustive()
    }
}

impl<R: Rule, Lock: ScopedRawMutex> Queue<R, Lock> {
    /// Returns how many wait, for diagnostics: it is old as soon as it is returned.
    #[must_use]
    pub fn waiters(&self) -> usize {
        self.with_list(|list| list.len())
    }
}

impl<R: Rule<Word = AtomicQueueState>, Lock: ScopedRawMutex> Queue<R, Lock> {
    /// Runs `first` under the lock, which passes over the list and selects some, and wakes those, oldest first, in
    /// batches. Returns what `first` returned.
    pub(crate) fn sweep(&self, first: impl FnOnce(&mut ListOf<R>, &mut WakeBatch) -> usize) -> usize {
        let mut first = Some(first);
        let mut selected = 0;
        // If `first` panics, those whom it selected have what it gave them, and are woken.
        Rounds::run_stubbornly(self, |list, batch| {
            if let Some(first) = first.take() {
                selected = first(list, batch);
            }
            let more = release_granted(list, batch);
            self.left(list.is_empty());
            more
        });
        selected
    }
}

impl<P: Policy, Lock: ScopedRawMutex> Queue<P, Lock> {
    /// Changes the state, asks the policy about everybody who waits, and wakes those it selects.
    ///
    /// Changing and selecting is one step under the lock; the wakers are called after it, oldest first,
    /// in batches. Returns how many were selected: nobody if the queue is closed.
    pub fn notify(&self, mut event: P::Event<'_>, change: impl FnOnce(&mut P::State)) -> usize {
        trace!("notify");
        self.sweep(|list, batch| {
            change(list.state());
            // Of a closed queue, those who are left are waiting for `close` to come to them.
            if self.is_closed() {
                return 0;
            }
            list.pass(batch, |state, waiter| P::select(state, waiter, &mut event))
        })
    }
}

impl<R: Rule, Lock> Queue<R, Lock> {
    /// Makes the word say that nobody waits, if that is new; the caller holds the lock.
    #[inline(always)]
    pub(crate) fn left(&self, empty: bool) {
        // The lock is held, so `waiting` cannot come or go meanwhile.
        if empty && self.word().is_waiting() {
            self.word().leave();
        }
    }
}

impl<R: Rule<Word = AtomicQueueState>, Lock: ScopedRawMutex> fmt::Debug for Queue<R, Lock> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.debug("Queue", f)
    }
}
