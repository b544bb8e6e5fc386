//! The rule of a [`WaitQueue`](super::WaitQueue): what a wait is given is a wake-up.

use core::{pin::Pin, task::Poll};

use mutex_traits::ScopedRawMutex;

use super::wake;
use crate::{
    engine::{Admission, Failure, LentWait, ListOf, Phase, QueueRef, Rule, Wait, Yields},
    error::{Closed, WaitResult},
    shim::atomic::Ordering::Relaxed,
    state::queue::{AtomicQueueState, Enter},
};

/// The rule of a [`WaitQueue`](super::WaitQueue).
#[derive(Debug)]
#[expect(unnameable_types, reason = "inside of public types; nothing outside names it")]
pub enum WaitQueueRule {}

/// How a wait was woken, which decides what becomes of the wake-up when the future is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(unnameable_types, reason = "inside of public types; nothing outside names it")]
pub enum Wakeup {
    /// By `wake`: it is the only one, so it is handed on.
    One,
    /// By `wake_all`: each of the others has its own.
    All,
}

impl Rule for WaitQueueRule {
    type Word = AtomicQueueState;
    type State = ();
    type Waiter = ();
    type Value = Wakeup;

    #[inline(always)]
    fn epoch(word: &AtomicQueueState) -> usize {
        // Ordering: Relaxed. What makes this wait happen after a `wake_all` also makes it see that epoch.
        word.load(Relaxed).wake_alls()
    }

    #[inline(always)]
    fn fast(word: &AtomicQueueState, (): &(), epoch: usize) -> Option<Wakeup> {
        word.take_wake_of(epoch).then_some(Wakeup::One)
    }

    // Cost: without LTO, wait-wake 181 with it, 204 without.
    #[inline]
    fn enter(
        word: &AtomicQueueState,
        _: &mut ListOf<Self>,
        (): &mut (),
        epoch: usize,
    ) -> Admission<Wakeup, ()> {
        match word.enter(Some(epoch)) {
            Enter::Missed => Admission::Ready(Wakeup::All),
            Enter::Woken => Admission::Ready(Wakeup::One),
            Enter::Queue(epoch) => Admission::PushBack(epoch),
            Enter::Closed => Admission::Fail(Failure::Closed),
        }
    }

    fn abandon<Lock: ScopedRawMutex>(wait: LentWait<'_, Self, Lock>) {
        let gone = wait.detach();
        if let Some((Wakeup::One, ())) = gone.given {
            wake::wake_one(gone.queue);
        }
    }
}

impl Yields for WaitQueueRule {
    type Item = ();
    type Error = Closed;

    #[inline(always)]
    fn item(_: Wakeup) {}

    fn error(_: Failure) -> Closed {
        Closed::new()
    }

    fn spent() -> WaitResult<()> {
        Ok(())
    }
}

impl<Lock: ScopedRawMutex, H: QueueRef<WaitQueueRule, Lock>> Wait<WaitQueueRule, Lock, H> {
    /// Joins the line without a waker, and returns how it stands.
    pub(super) fn register(mut self: Pin<&mut Self>) -> Poll<WaitResult<()>> {
        if matches!(self.as_mut().phase(), Phase::Idle) {
            let _ = self.as_mut().lent().join(None);
        }
        match self.phase() {
            Phase::Idle | Phase::Linked => Poll::Pending,
            Phase::Woken(_) | Phase::Completed(_) => Poll::Ready(Ok(())),
            Phase::Closed => Poll::Ready(Err(Closed::new())),
        }
    }
}
