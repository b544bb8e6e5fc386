//! Waking what was selected under the lock, without the lock.
//!
//! A call that wakes decides everything under one hold of the lock: the one that is given something is marked
//! as *granted* there, or is unlinked if it is the only one. What is left to do, in as many rounds as it
//! takes, is to unlink those and to call their wakers, which changes nothing that another call could see: one
//! call, one step.
//!
//! A waker is foreign code, so it runs without the lock. That is a matter of types: a [`WakeBatch`], which
//! calls its wakers when it is dropped, can only be had as the argument of a round, and the [`WakeLoop`] that
//! owns it is outside the lock.

use core::mem::ManuallyDrop;

use mutex_traits::ScopedRawMutex;

use super::{
    list::{Step, WakeBatch},
    queue::{ListOf, Queue, Rule},
};
use crate::state::node::NodeState;

/// Rounds of collecting wakers under the lock and calling them without it.
///
/// A waker that panics does not end them: the rest of its batch is called, and the rounds that are left run,
/// while the panic unwinds. (A second panic meanwhile aborts the program, as it always does.) A round that
/// panics ends them, after the wakers that it collected; so does a raw lock that panics.
pub(crate) struct WakeLoop<'q, R: Rule, Lock: ScopedRawMutex, F>
where
    F: FnMut(&mut ListOf<R>, &mut WakeBatch) -> bool,
{
    queue: &'q Queue<R, Lock>,
    batch: WakeBatch,
    round: &'q mut F,
    more: bool,
}

impl<R: Rule, Lock: ScopedRawMutex, F> WakeLoop<'_, R, Lock, F>
where
    F: FnMut(&mut ListOf<R>, &mut WakeBatch) -> bool,
{
    /// Runs `round` under the lock until it returns `false`, and the wakers that it collected after each.
    #[inline]
    pub(crate) fn run(queue: &Queue<R, Lock>, mut round: F) {
        let mut this = WakeLoop { queue, batch: WakeBatch::new(), round: &mut round, more: true };
        this.go_on();
        // Nothing is left to its drop, of which then nothing is left in a build that aborts.
        let _ = ManuallyDrop::new(this);
    }

    #[inline]
    fn go_on(&mut self) {
        while self.more {
            self.more = false;
            self.more = self.queue.with_list(|list| (self.round)(list, &mut self.batch));
            self.batch.wake_all();
        }
    }
}

impl<R: Rule, Lock: ScopedRawMutex, F> Drop for WakeLoop<'_, R, Lock, F>
where
    F: FnMut(&mut ListOf<R>, &mut WakeBatch) -> bool,
{
    #[inline]
    fn drop(&mut self) {
        // It unwinds. The batch comes first, if the panic was that of a round.
        self.batch.wake_all();
        self.go_on();
    }
}

/// Runs `step` under the lock, and then calls the waker of the one that it unlinked and those of all that it
/// granted something, oldest first. Returns what it returned.
///
/// What it has granted before it panicked is granted, and those are woken while the panic unwinds.
#[inline(always)]
pub(crate) fn in_one_step<R: Rule, Lock: ScopedRawMutex, T>(
    queue: &Queue<R, Lock>,
    step: impl FnOnce(&mut ListOf<R>) -> Step<T>,
) -> T {
    let mut granted = WakesGranted::new(queue);
    let step = queue.with_list(|list| granted.watch(list, step));
    // What was granted is woken also if this waker panics.
    let result = step.wake();
    drop(granted);
    result
}

/// Wakes what was granted something, when this is dropped at the latest.
pub(crate) struct WakesGranted<'q, R: Rule, Lock: ScopedRawMutex> {
    queue: &'q Queue<R, Lock>,
    any: bool,
}

impl<'q, R: Rule, Lock: ScopedRawMutex> WakesGranted<'q, R, Lock> {
    #[inline(always)]
    pub(crate) fn new(queue: &'q Queue<R, Lock>) -> Self {
        Self { queue, any: false }
    }

    /// Runs `step`, and notes whether it has granted something.
    #[inline(always)]
    pub(crate) fn watch<T>(
        &mut self,
        list: &mut ListOf<R>,
        step: impl FnOnce(&mut ListOf<R>) -> Step<T>,
    ) -> Step<T> {
        // In case it panics; but not before: a raw lock that panics, because it is held, is not tried again.
        self.any = true;
        let step = step(list);
        self.any = step.granted;
        step
    }
}

impl<R: Rule, Lock: ScopedRawMutex> Drop for WakesGranted<'_, R, Lock> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.any {
            wake_granted(self.queue);
        }
    }
}

/// Wakes those at the front that were granted something.
#[cold]
#[inline(never)]
fn wake_granted<R: Rule, Lock: ScopedRawMutex>(queue: &Queue<R, Lock>) {
    WakeLoop::run(queue, |list, batch| {
        batch.fill(|| list.release_front()) && list.front().is_some_and(NodeState::is_granted)
    });
}
