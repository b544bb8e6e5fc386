//! The futures of a [`WaitQueue`].

use core::{pin::Pin, ptr, task::Poll};

use mutex_traits::ScopedRawMutex;

use super::{WaitQueue, WaitQueueRule};
use crate::{
    blocking::DefaultMutex,
    engine::{self, Queue},
    error::{Closed, WaitResult},
    named::own_future,
};

/// The two futures, which differ in how they reach the queue.
macro_rules! wait_future {
    ($(#[$meta:meta])* $name:ident [$($borrow:lifetime as $any:lifetime,)?] $handle:ty) => {
        own_future! {
            []
            $(#[$meta])*
            pub struct $name
                [$($borrow,)? Lock: ScopedRawMutex = DefaultMutex]
                [$($borrow,)? Lock: ScopedRawMutex]
                [$($borrow,)? Lock]
                []
            engine::Wait<WaitQueueRule, Lock, $handle> => WaitResult<()>;
            /// Joins the line with this task's waker, before the first poll.
            ///
            /// Returns a future that is ready when it is first polled: what the method `subscribe` of every
            /// other wait does. [`subscribe`](Self::subscribe) of this one needs no task.
            ///
            /// # Errors
            ///
            /// The returned future yields [`Closed`] if the queue is closed.
            ///
            /// # Cancel safety
            ///
            /// **Strict**: dropping the returned future before it was polled changes nothing.
            ///
            /// # Examples
            ///
            /// ```
            /// use core::pin::pin;
            /// use sync_core::WaitQueue;
            ///
            /// # pollster::block_on(async {
            /// let queue = WaitQueue::new();
            /// let mut wait = pin!(queue.wait());
            /// wait.as_mut().subscription().await?;
            /// queue.wake_all();
            /// wait.await?;
            /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
            /// ```
            subscription => Result<(), Closed>;
        }

        impl<$($borrow,)? Lock: ScopedRawMutex> $name<$($borrow,)? Lock> {
            #[inline(always)]
            pub(super) fn new(handle: $handle) -> Self {
                Self { __sync_wait: engine::Wait::new(handle, ()) }
            }

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
                ptr::eq(self.__sync_wait.queue(), &raw const *queue.queue)
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
            pub fn same_queue(&self, other: &$name<$($any,)? Lock>) -> bool {
                ptr::eq(self.__sync_wait.queue(), other.__sync_wait.queue())
            }

            /// Joins the line without a waker, before the first poll.
            ///
            /// From now on a [`wake`](WaitQueue::wake) reaches this wait. Use it before the step that leads
            /// to the wake-up, such as unmasking an interrupt, and poll the wait afterwards.
            ///
            /// Returns `Ready(Ok(()))` if the wait is over already, `Ready(Err(Closed))` if the queue is
            /// closed, and `Pending` if it is in line.
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
            pub fn subscribe(self: Pin<&mut Self>) -> Poll<WaitResult<()>> {
                self.__sync_wait().register()
            }
        }
    };
}

wait_future! {
    /// The future of [`WaitQueue::wait`].
    ///
    /// It may be polled again after it completed: a wait that was woken is ready again, one that was closed
    /// yields the error again.
    ///
    /// It is not [`Unpin`], because other tasks point into it while it waits:
    ///
    /// ```compile_fail
    /// fn unpin<T: Unpin>() {}
    /// unpin::<sync_core::wait_queue::Wait<'static>>();
    /// ```
    Wait ['a as '_,] &'a Queue<WaitQueueRule, Lock>
}

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
wait_future! {
    /// The future of [`WaitQueue::wait_owned`]: a [`Wait`] that keeps its queue alive.
    WaitOwned [] crate::waiter::Owned<WaitQueue<Lock>>
}

#[cfg(all(test, not(loom)))]
impl<Lock: ScopedRawMutex> Wait<'_, Lock> {
    pub(super) fn state(&self) -> crate::state::node::NodeState {
        self.__sync_wait.state()
    }
}
