//! The rule of a [`WaitQueue`]: what a wait is given is a wake-up.

use core::{pin::Pin, ptr, task::Poll};

use mutex_traits::ScopedRawMutex;

use super::{WaitQueue, wake};
use crate::{
    Closed, WaitResult,
    raw::{Handle, LentWait, ListOf, Queue, Rule, Stage, Wait, Yields},
    shim::atomic::Ordering::Relaxed,
    state::queue::{AtomicQueueState, Enter},
    waiter::{Entry, Failure},
};

/// The rule of a [`WaitQueue`].
#[derive(Debug)]
pub enum Signal {}

/// How a wait was woken, which decides what becomes of the wake-up when the future is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wakeup {
    /// By `wake`: it is the only one, so it is handed on.
    One,
    /// By `wake_all`: each of the others has its own.
    All,
}

impl Rule for Signal {
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
    fn enter(word: &AtomicQueueState, _: &mut ListOf<Self>, (): &mut (), epoch: usize) -> Entry<Wakeup, ()> {
        match word.enter(Some(epoch)) {
            Enter::Missed => Entry::Pass(Wakeup::All),
            Enter::Woken => Entry::Pass(Wakeup::One),
            Enter::Queue(epoch) => Entry::Queue(epoch),
            Enter::Closed => Entry::Fail(Failure::Closed),
        }
    }

    fn abandon<Lock: ScopedRawMutex>(wait: LentWait<'_, Self, Lock>) {
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
    ///
    /// # Interrupts
    ///
    /// Compares two addresses: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::WaitQueue;
    ///
    /// let (one, two) = (WaitQueue::new(), WaitQueue::new());
    /// let wait = one.wait();
    /// assert!(wait.waits_on(&one) && !wait.waits_on(&two));
    /// ```
    #[inline]
    #[must_use]
    pub fn waits_on(&self, queue: &WaitQueue<Lock>) -> bool {
        ptr::eq(self.queue(), &raw const *queue.queue)
    }

    /// Returns whether this waits on the same queue as `other`.
    ///
    /// # Interrupts
    ///
    /// Compares two addresses: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::WaitQueue;
    ///
    /// let (one, two) = (WaitQueue::new(), WaitQueue::new());
    /// let wait = one.wait();
    /// assert!(wait.same_queue(&one.wait()) && !wait.same_queue(&two.wait()));
    /// ```
    #[inline]
    #[must_use]
    pub fn same_queue<Other: Handle<Signal, Lock>>(&self, other: &Wait<Signal, Lock, Other>) -> bool {
        ptr::eq::<Queue<Signal, Lock>>(self.queue(), other.queue())
    }

    /// Joins the line without a waker, before the first poll.
    ///
    /// From now on a [`wake`](WaitQueue::wake) reaches this wait. Use it before the step that leads to the
    /// wake-up, such as unmasking an interrupt, and poll the wait afterwards.
    ///
    /// Returns `Ready(Ok(()))` if the wait is over already, `Ready(Err(Closed))` if the queue is closed, and
    /// `Pending` if it is in line.
    ///
    /// # Fairness
    ///
    /// First in, first out, from this call on.
    ///
    /// # Memory ordering
    ///
    /// `Ready(Ok(()))` makes visible what was done before the wake-up.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock for a bounded number of steps, the first time.
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
        if matches!(self.as_mut().stage(), Stage::Idle) {
            let _ = self.as_mut().lent().join(None);
        }
        match self.stage() {
            Stage::Idle | Stage::Linked => Poll::Pending,
            Stage::Woken(_) | Stage::Spent(_) => Poll::Ready(Ok(())),
            Stage::Closed => Poll::Ready(Err(Closed::new())),
        }
    }
}
