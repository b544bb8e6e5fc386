//! Tasks that wait for a key, woken with a value.
//!
//! See [`WaitMap`]. Maps with other rules, or with a key and a value of their own, are made with
//! [`#[wait_map]`](macro@crate::wait_map), as this one is.

#[cfg(all(test, not(loom)))]
mod tests;

use core::pin::Pin;

use crate::blocking::ScopedRawMutex;

pub use crate::error::{WaitError, WakeOutcome};

/// Tasks that wait for a key, at most one per key, and are woken with a value.
///
/// This is what an asynchronous mailbox, an RPC client or a driver with tagged requests needs: the task sends
/// a request with a tag and waits for that tag; the code that receives the reply wakes the tag with it. Each
/// waiter's place is inside its own future, so nothing allocates, and there is no fixed capacity.
///
/// Finding the waiter of a key compares keys one after another, which is meant for tens to hundreds of
/// waiters.
///
/// # Values without a waiter
///
/// A value for which no task waits comes back from [`wake`](WaitMap::wake). Register the wait with
/// [`subscribe`](Wait::subscribe) before sending the request, so that the reply cannot come
/// too early. A value that was given to a wait which is then dropped is dropped with it.
///
/// # Memory ordering
///
/// Everything done before `wake` is visible to the task that it wakes.
///
/// # Interrupts
///
/// `wake` may be called from an interrupt handler if the raw lock allows it; see
/// [`blocking`](crate::blocking).
///
/// # Examples
///
/// ```
/// use core::pin::pin;
/// use sync_core::WaitMap;
///
/// static REPLIES: WaitMap<u16, &str> = WaitMap::new();
/// # fn send_request(tag: u16) { let _ = REPLIES.wake(&tag, "pong"); }
///
/// # pollster::block_on(async {
/// let mut reply = pin!(REPLIES.wait(7));
/// reply.as_mut().subscribe().await?;
/// send_request(7); // the receiver of the reply calls `REPLIES.wake(&7, …)`
/// assert_eq!(reply.await?, "pong");
/// # Ok::<(), sync_core::wait_map::WaitError>(()) }).unwrap();
/// ```
#[sync_macros::wait_map(key = K, value = V, match = unique, future = Wait, subscribe = Subscribe, crate = crate::own)]
pub struct WaitMap<K, V>
where
    K: PartialEq;

/// The old name of [`Subscribe`].
#[deprecated(note = "renamed to `Subscribe`")]
pub type EnqueueWait<'a, 'b, K, V, Lock> = Subscribe<'a, 'b, K, V, Lock>;

impl<'map, K: PartialEq, V, Lock: ScopedRawMutex> Wait<'map, K, V, Lock> {
    /// The old name of [`subscribe`](Self::subscribe).
    #[deprecated(note = "renamed to `subscribe`")]
    pub fn enqueue<'wait>(self: Pin<&'wait mut Self>) -> Subscribe<'wait, 'map, K, V, Lock> {
        self.subscribe()
    }
}

/// What a wait on a [`WaitMap`] yields.
pub type WaitResult<T> = Result<T, WaitError>;
