//! Tasks that wait in line, woken one at a time or all at once.
//!
//! See [`WaitQueue`].

mod rule;
#[cfg(all(test, not(loom)))]
mod tests;
mod wait;
mod wake;

use core::{fmt, task::Poll};

use mutex_traits::ScopedRawMutex;

use self::rule::WaitQueueRule;
pub use self::wait::Wait;
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use self::wait::WaitOwned;
use crate::{
    blocking::DefaultMutex,
    engine::Queue,
    error::{Closed, WaitResult},
    shim::atomic::Ordering::Relaxed,
    util::Padded,
};

/// Any number of tasks that wait, first in, first out, until they are [woken](Self::wake) one by one or [all
/// at once](Self::wake_all).
///
/// A wake-up that finds no waiter is stored, one at most, and lets the next wait through at once. So "check,
/// then wait" has no gap in which a wake-up could be lost: see [`wait_for`](Self::wait_for).
///
/// Waiting, waking one and cancelling take a bounded number of steps, whatever the number of waiters, and
/// nothing allocates: each waiter's place in the line is inside its own future.
///
/// # Choosing
///
/// For one task at a time there is the smaller [`WaitCell`](crate::WaitCell); to wake by key,
/// [`WaitMap`](crate::WaitMap).
///
/// # Fairness
///
/// First in, first out. If a woken wait is dropped before it completed, its wake-up goes to the next in line.
///
/// # Memory ordering
///
/// Everything done before a wake-up is visible to the task that it wakes, also if the wake-up was stored.
///
/// # Interrupts
///
/// `wake`, `wake_all` and `close` may be called from an interrupt handler if the raw lock allows it: with the
/// `critical-section` feature, or a `Lock` of your own; see [`blocking`](crate::blocking).
///
/// # Examples
///
/// ```
/// use sync_core::WaitQueue;
///
/// static FRAMES: WaitQueue = WaitQueue::new();
///
/// # pollster::block_on(async {
/// // In the interrupt handler:
/// FRAMES.wake();
/// // In a task:
/// FRAMES.wait().await?;
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
pub struct WaitQueue<Lock: ScopedRawMutex = DefaultMutex> {
    // Word and lock are changed together when a task waits: one line for both.
    queue: Padded<Queue<WaitQueueRule, Lock>>,
}

impl WaitQueue {
    const_fn! {
        /// Returns an empty queue, with its wait list under the [`DefaultMutex`].
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::WaitQueue;
        ///
        /// static READY: WaitQueue = WaitQueue::new();
        /// assert!(READY.try_wait().is_pending());
        /// ```
        #[must_use]
        pub fn new() -> Self {
            Self::new_with_raw_mutex(DefaultMutex::new())
        }
    }
}

impl<Lock: ScopedRawMutex> WaitQueue<Lock> {
    const_fn! {
        /// Returns an empty queue, with its wait list under the raw lock `lock`.
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::{WaitQueue, spin::Spinlock};
        ///
        /// static READY: WaitQueue<Spinlock> = WaitQueue::new_with_raw_mutex(Spinlock::new());
        /// assert!(READY.try_wait().is_pending());
        /// ```
        #[must_use]
        pub fn new_with_raw_mutex(lock: Lock) -> Self {
            Self { queue: Padded::new(Queue::new((), lock)) }
        }
    }

    /// Returns a future that waits for a wake-up.
    ///
    /// It completes with `Ok(())` when it is woken by [`wake`](Self::wake) or [`wake_all`](Self::wake_all),
    /// at once if a wake-up is stored.
    ///
    /// A wait joins the line when it is first polled, or by [`subscribe`](Wait::subscribe), and only
    /// then does `wake` find it. A `wake_all` reaches it from the moment this method returned.
    ///
    /// # Errors
    ///
    /// The future yields [`Closed`] if the queue was [closed](Self::close) before it was woken.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**: a wait that is dropped leaves the line; if it had been woken by `wake`, the next in line
    /// is woken instead, or the wake-up is stored.
    ///
    /// # Fairness
    ///
    /// First in, first out.
    ///
    /// # Memory ordering
    ///
    /// Everything done before the call that woke it is visible after it.
    ///
    /// # Interrupts
    ///
    /// Polling it takes no lock if a wake-up is stored. Otherwise polling it, and dropping it while it is in
    /// line, takes the raw lock for a bounded number of steps.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::WaitQueue;
    ///
    /// # pollster::block_on(async {
    /// let queue = WaitQueue::new();
    /// queue.wake();
    /// queue.wait().await?;
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    #[inline]
    pub fn wait(&self) -> Wait<'_, Lock> {
        Wait::new(&self.queue)
    }

    /// Takes the stored wake-up, if there is one; never waits.
    ///
    /// Returns `Ready(Ok(()))` if it took one, `Ready(Err(Closed))` if the queue is closed, and `Pending` if
    /// there is none.
    ///
    /// # Fairness
    ///
    /// It never overtakes: a wake-up is stored only while no task waits.
    ///
    /// # Memory ordering
    ///
    /// Everything done before each `wake` that was stored is visible to the caller that takes it.
    ///
    /// # Interrupts
    ///
    /// Takes no lock: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::task::Poll;
    /// use sync_core::WaitQueue;
    ///
    /// static TICK: WaitQueue = WaitQueue::new();
    ///
    /// TICK.wake(); // by an interrupt handler, say
    /// assert_eq!(TICK.try_wait(), Poll::Ready(Ok(())));
    /// assert_eq!(TICK.try_wait(), Poll::Pending);
    /// ```
    #[inline]
    #[must_use = "a wake-up that was taken is used up, and `Pending` means that there was none"]
    pub fn try_wait(&self) -> Poll<WaitResult<()>> {
        if self.queue.word().take_wake() {
            Poll::Ready(Ok(()))
        } else if self.is_closed() {
            Poll::Ready(Err(Closed::new()))
        } else {
            Poll::Pending
        }
    }

    /// Waits until `f` returns `true`, calling it once now and once after each wake-up.
    ///
    /// The task is in line before it calls `f`, so a change that is followed by a
    /// [`wake_all`](Self::wake_all), or by a [`wake`](Self::wake) of its own, is not missed.
    ///
    /// # Errors
    ///
    /// [`Closed`] if the queue is closed before `f` returned `true`.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**, as [`wait`](Self::wait); `f` may have been called.
    ///
    /// # Fairness
    ///
    /// First in, first out. A task goes to the end of the line when its `f` returned `false`.
    ///
    /// # Memory ordering
    ///
    /// What was done before a wake-up is visible to the call of `f` after it.
    ///
    /// # Interrupts
    ///
    /// As polling [`wait`](Self::wait); `f` is called without the raw lock.
    ///
    /// # Panics
    ///
    /// If `f` does; the wait then leaves the line.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::{Arc, atomic::{AtomicU8, Ordering}};
    /// use sync_core::WaitQueue;
    ///
    /// let shared = Arc::new((WaitQueue::new(), AtomicU8::new(0)));
    /// let counter = Arc::clone(&shared);
    /// std::thread::spawn(move || {
    ///     for n in 1..=5 {
    ///         counter.1.store(n, Ordering::Relaxed);
    ///         counter.0.wake();
    ///     }
    /// });
    /// # pollster::block_on(async {
    /// shared.0.wait_for(|| shared.1.load(Ordering::Relaxed) == 5).await?;
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    pub async fn wait_for<F: FnMut() -> bool>(&self, mut f: F) -> WaitResult<()> {
        self.wait_for_value(|| f().then_some(())).await
    }

    /// Waits until `f` returns `Some`, and returns what is in it.
    ///
    /// As [`wait_for`](Self::wait_for), for functions that have something to return, such as `try_recv`.
    ///
    /// # Errors
    ///
    /// [`Closed`] if the queue is closed before `f` returned `Some`.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**, as [`wait`](Self::wait); `f` may have been called.
    ///
    /// # Fairness
    ///
    /// First in, first out. A task goes to the end of the line when its `f` returned `None`.
    ///
    /// # Memory ordering
    ///
    /// What was done before a wake-up is visible to the call of `f` after it.
    ///
    /// # Panics
    ///
    /// If `f` does; the wait then leaves the line.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{WaitQueue, blocking::Mutex};
    ///
    /// static INBOX: Mutex<Vec<u8>> = Mutex::new(Vec::new());
    /// static RECEIVED: WaitQueue = WaitQueue::new();
    ///
    /// std::thread::spawn(|| {
    ///     INBOX.with_lock(|inbox| inbox.push(7));
    ///     RECEIVED.wake();
    /// });
    /// # pollster::block_on(async {
    /// let byte = RECEIVED.wait_for_value(|| INBOX.with_lock(|inbox| inbox.pop())).await?;
    /// assert_eq!(byte, 7);
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    pub async fn wait_for_value<T, F: FnMut() -> Option<T>>(&self, mut f: F) -> WaitResult<T> {
        loop {
            let mut wait = core::pin::pin!(self.wait());
            if let Poll::Ready(Err(closed)) = wait.as_mut().subscribe() {
                return Err(closed);
            }
            if let Some(value) = f() {
                return Ok(value);
            }
            wait.await?;
        }
    }

    /// Returns whether the queue was [closed](Self::close). `true` is final.
    ///
    /// # Memory ordering
    ///
    /// Everything done before the queue was closed is visible to the caller that sees `true`.
    ///
    /// # Interrupts
    ///
    /// One load: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::WaitQueue;
    ///
    /// let queue = WaitQueue::new();
    /// assert!(!queue.is_closed());
    /// queue.close();
    /// assert!(queue.is_closed());
    /// ```
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.queue.is_closed()
    }

    /// Returns the number of tasks that wait in line, for diagnostics: it may be stale by the time it is
    /// read.
    ///
    /// A task that a call has woken does not wait any more, even while its waker is still to be called. None
    /// waits in a closed queue.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, for at most as many steps as there are waiters.
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
    /// assert_eq!(queue.waiters(), 1);
    /// queue.wake();
    /// assert_eq!(queue.waiters(), 0);
    /// ```
    #[must_use]
    pub fn waiters(&self) -> usize {
        self.queue.with_list(|list| {
            let word = self.queue.word().load(Relaxed);
            // Those that are left in a closed one are waiting for `close` to come to them.
            if word.closed() { 0 } else { list.waiting(|node| wake::is_promised(node, word.wake_alls())) }
        })
    }
}

impl<Lock: ScopedRawMutex + Default> Default for WaitQueue<Lock> {
    fn default() -> Self {
        Self::new_with_raw_mutex(Lock::default())
    }
}

impl<Lock: ScopedRawMutex> fmt::Debug for WaitQueue<Lock> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.queue.debug("WaitQueue", f)
    }
}

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
mod owned {
    use alloc::sync::Arc;

    use mutex_traits::ScopedRawMutex;

    use super::{Queue, WaitOwned, WaitQueue, WaitQueueRule};
    use crate::engine::{AsQueue, Owned};

    impl<Lock: ScopedRawMutex> AsQueue for WaitQueue<Lock> {
        type Rule = WaitQueueRule;
        type Lock = Lock;

        fn as_queue(&self, (): &()) -> &Queue<WaitQueueRule, Lock> {
            &self.queue
        }
    }

    impl<Lock: ScopedRawMutex> WaitQueue<Lock> {
        /// Returns a future that waits for a wake-up, as [`wait`](Self::wait), and keeps the queue alive.
        ///
        /// # Errors
        ///
        /// The future yields [`Closed`](crate::Closed) if the queue was closed before it was woken.
        ///
        /// # Cancel safety
        ///
        /// **Hands on**, as [`wait`](Self::wait).
        ///
        /// # Fairness
        ///
        /// First in, first out, in the same line as [`wait`](Self::wait).
        ///
        /// # Memory ordering
        ///
        /// Everything done before the call that woke it is visible after it.
        ///
        /// # Examples
        ///
        /// ```
        /// use std::sync::Arc;
        /// use sync_core::WaitQueue;
        ///
        /// let done = Arc::new(WaitQueue::new());
        /// let wait = done.wait_owned();
        /// // The future may outlive this function, in another task or thread.
        /// let task = std::thread::spawn(|| pollster::block_on(wait));
        /// done.wake();
        /// assert_eq!(task.join().unwrap(), Ok(()));
        /// ```
        pub fn wait_owned(self: &Arc<Self>) -> WaitOwned<Lock> {
            WaitOwned::new(Owned::new(Arc::clone(self), &()))
        }
    }
}
