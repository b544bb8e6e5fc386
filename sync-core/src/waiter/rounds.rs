//! Waking many: a round under the lock, then the wakers, and again.

use mutex_traits::ScopedRawMutex;

use super::Rule;
use crate::{
    raw::{Queue, WaitList, WakeBatch},
    state::node::NodeState,
};

/// Rounds of collecting wakers under the lock and calling them without it.
///
/// A waker that panics does not end them: the rest of its batch and the rounds that are left run while
/// the panic unwinds. (A second panic meanwhile aborts the program, as it always does.)
pub(crate) struct Rounds<'q, R: Rule, Lock: ScopedRawMutex, F>
where
    F: FnMut(&mut WaitList<R::State, R::Waiter, R::Value>, &mut WakeBatch) -> bool,
{
    queue: &'q Queue<R, Lock>,
    batch: WakeBatch,
    round: F,
    more: bool,
    /// Whether there is more if a round panics.
    stubborn: bool,
}

impl<'q, R: Rule, Lock: ScopedRawMutex, F> Rounds<'q, R, Lock, F>
where
    F: FnMut(&mut WaitList<R::State, R::Waiter, R::Value>, &mut WakeBatch) -> bool,
{
    /// Runs `round` under the lock until it returns `false`, and the wakers it collected after each.
    #[inline]
    pub(crate) fn run(queue: &'q Queue<R, Lock>, round: F) {
        Self { queue, batch: WakeBatch::new(), round, more: true, stubborn: false }.go_on();
    }

    /// As [`run`](Self::run), for a first round that may panic and others that may not: they run in any case.
    #[inline]
    pub(crate) fn run_stubbornly(queue: &'q Queue<R, Lock>, round: F) {
        Self { queue, batch: WakeBatch::new(), round, more: true, stubborn: true }.go_on();
    }

    /// Goes on after a first round that somebody else ran: calls the wakers in `batch`, and then runs `round` if
    /// there are `more`.
    #[inline]
    pub(crate) fn resume(queue: &'q Queue<R, Lock>, batch: WakeBatch, more: bool, round: F) {
        Self { queue, batch, round, more, stubborn: false }.go_on();
    }

    #[inline]
    fn go_on(&mut self) {
        self.batch.wake_all();
        while self.more {
            // What a round that panics collected is woken.
            self.more = self.stubborn;
            self.more = self.queue.with_list(|list| (self.round)(list, &mut self.batch));
            self.batch.wake_all();
        }
    }
}

impl<R: Rule, Lock: ScopedRawMutex, F> Drop for Rounds<'_, R, Lock, F>
where
    F: FnMut(&mut WaitList<R::State, R::Waiter, R::Value>, &mut WakeBatch) -> bool,
{
    #[inline]
    fn drop(&mut self) {
        // There is something left only while it unwinds: a panic in here would leave the rest undone.
        self.go_on();
    }
}

/// Collects the wakers of those who were granted something in an earlier round; returns whether there
/// are more of them than fit.
pub(crate) fn release_granted<S, W, V>(list: &mut WaitList<S, W, V>, batch: &mut WakeBatch) -> bool {
    batch.fill(|| list.release_front()) && list.front().is_some_and(NodeState::is_granted)
}
