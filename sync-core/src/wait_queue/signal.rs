//! The rule of a [`WaitQueue`]: a wake-up is all there is to give.

use core::{pin::Pin, ptr, task::Poll};

use mutex_traits::ScopedRawMutex;

use super::{WaitQueue, wake};
use crate::{
    Closed, WaitResult,
    raw::{Handle, ListOf, Queue, Rule, Stage, Wait, Yields},
    shim::atomic::Ordering::Relaxed,
    state::queue::{AtomicQueueState, Enter},
    waiter::{Entry, Failure},
};

/// The rule of a [`WaitQueue`].
#[derive(Debug)]
pub enum Signal {}

/// How a wait was woken, which decides what becomes of it when its future is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wakeup {
    /// By `wake`: there is one of it, so it is handed on.
    One,
    /// By `wake_all`: everybody else has their own.
    All,
}

impl Rule for Signal {
    type Word = AtomicQueueState;
    type State = ();
    type Waiter = ();
    type Value = Wakeup;

    #[inline(always)]
    fn epoch(word: &AtomicQueueState) -> usize {
        // Ordering: Relaxed. Whoever had this wait made after a `wake_all` also made it see its epoch.
        word.load(Relaxed).wake_alls()
    }

    #[inline(always)]
    fn fast(word: &AtomicQueueState, (): &(), epoch: usize) -> Option<Wakeup> {
        word.take_wake_of(epoch).then_some(Wakeup::One)
    }

    fn enter(word: &AtomicQueueState, _: &mut ListOf<Self>, (): &mut (), epoch: usize) -> Entry<Wakeup, ()> {
        match word.enter(Some(epoch)) {
            Enter::Missed => Entry::Pass(Wakeup::All),
            Enter::Woken => Entry::Pass(Wakeup::One),
            Enter::Queue(epoch) => Entry::Queue(epoch),
            Enter::Closed => Entry::Fail(Failure::Closed),
        }
    }

    fn abandon<Lock: ScopedRawMutex, H: Handle<Self, Lock>>(wait: Pin<&mut Wait<Self, Lock, H>>) {
        let gone = wait.detach();
        if let Some((Wakeup::One, ())) = gone.given {
            wake::wake_one(gone.queue);
        }
    }
}

impl Yields for Signal {
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

impl<Lock: ScopedRawMutex, H: Handle<Signal, Lock>> Wait<Signal, Lock, H> {
    /// Returns whether this waits on `queue`.
    #[inline]
    #[must_use]
    pub fn waits_on(&self, queue: &WaitQueue<Lock>) -> bool {
        ptr::eq(self.queue(), &raw const *queue.queue)
    }

    /// Returns whether this waits on the same queue as `other`.
    #[inline]
    #[must_use]
    pub fn same_queue<Other: Handle<Signal, Lock>>(&self, other: &Wait<Signal, Lock, Other>) -> bool {
        ptr::eq::<Queue<Signal, Lock>>(self.queue(), other.queue())
    }

    /// Gets in line without a waker, before the first poll.
    ///
    /// From now on a [`wake`](WaitQueue::wake) reaches this wait. Use it before doing what leads to the
    /// wake-up, such as unmasking an interrupt, and poll the wait afterwards.
    ///
    /// Returns `Ready(Ok(()))` if the wait is over already, `Ready(Err(Closed))` if the queue is closed,
    /// and `Pending` if it is in line.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::pin::pin;
    /// use sync_core::WaitQueue;
    ///
    /// # pollster::block_on(async {
    /// static RECEIVED: WaitQueue = WaitQueue::new();
    /// # fn unmask_interrupt() { RECEIVED.wake(); }
    ///
    /// let mut wait = pin!(RECEIVED.wait());
    /// let _ = wait.as_mut().subscribe()?;
    /// // The interrupt may fire before the next line has run.
    /// unmask_interrupt();
    /// wait.await?;
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    pub fn subscribe(mut self: Pin<&mut Self>) -> Poll<WaitResult<()>> {
        if matches!(self.as_mut().stage(), Stage::Idle(_)) {
            let _ = self.as_mut().join(None);
        }
        match self.stage() {
            Stage::Idle(_) | Stage::Linked => Poll::Pending,
            Stage::Woken(_) | Stage::Spent(_) => Poll::Ready(Ok(())),
            Stage::Closed => Poll::Ready(Err(Closed::new())),
        }
    }
}
