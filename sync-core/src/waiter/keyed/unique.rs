//! One waiter per key.

use core::marker::PhantomData;

use mutex_traits::ScopedRawMutex;

use super::{ComparableKey, Dropped, Offer, Undelivered};
use crate::{
    engine::{Admission, Failure, LentWait, ListOf, Queue, Rule, Yields, list::Empty},
    error::{WaitError, WakeOutcome},
    state::queue::AtomicQueueState,
    waiter::Subscribe,
};

/// The rule of `match = unique`: at most one waiter per key, woken with a value.
#[derive(Debug)]
pub struct Unique<K, V, U = Dropped> {
    _rule: PhantomData<fn(K, U) -> V>,
}

impl<K: ComparableKey, V, U: Undelivered<K, V>> Rule for Unique<K, V, U> {
    type Word = AtomicQueueState;
    type State = ();
    type Waiter = K;
    type Value = V;

    fn enter(word: &AtomicQueueState, list: &mut ListOf<Self>, key: &mut K, _: usize) -> Admission<V, K> {
        if !word.is_closed() && list.find(|_, other| other.is(key)).is_some() {
            return Admission::Fail(Failure::Refused);
        }
        super::enter(word)
    }

    fn abandon<Lock: ScopedRawMutex>(wait: LentWait<'_, Self, Lock>) {
        // No other task waits for this key: the value goes to the user's function, without the lock.
        if let Some((value, key)) = wait.detach().given {
            U::undelivered(key, value);
        }
    }
}

impl<K: ComparableKey, V, U: Undelivered<K, V>> Yields for Unique<K, V, U> {
    type Item = V;
    type Error = WaitError;

    #[inline(always)]
    fn item(value: V) -> V {
        value
    }

    fn error(failure: Failure) -> WaitError {
        match failure {
            Failure::Closed => WaitError::Closed,
            Failure::Refused => WaitError::Duplicate,
        }
    }

    fn spent() -> Result<V, WaitError> {
        Err(WaitError::AlreadyConsumed)
    }
}

impl<K: ComparableKey, V, U: Undelivered<K, V>, Lock: ScopedRawMutex> Queue<Unique<K, V, U>, Lock> {
    /// Gives `value` to the task that waits for `key`, and wakes it.
    ///
    /// Returns [`Woke`](WakeOutcome::Woke) if there is such a task; otherwise the value comes back, in
    /// [`NoMatch`](WakeOutcome::NoMatch) or [`Closed`](WakeOutcome::Closed).
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the task that it wakes.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, for at most as many steps as there are waiters; the waker is called without it.
    ///
    /// # Panics
    ///
    /// If the comparison of keys or the waker does.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::pin::pin;
    /// use sync_core::{WaitMap, wait_map::WakeOutcome};
    ///
    /// static REPLIES: WaitMap<u16, &str> = WaitMap::new();
    ///
    /// # pollster::block_on(async {
    /// let mut reply = pin!(REPLIES.wait(7));
    /// reply.as_mut().subscribe().await?;
    /// // In the code that receives replies:
    /// assert_eq!(REPLIES.wake(&7, "pong"), WakeOutcome::Woke);
    /// assert_eq!(REPLIES.wake(&8, "pong"), WakeOutcome::NoMatch("pong"));
    /// assert_eq!(reply.await?, "pong");
    /// # Ok::<(), sync_core::wait_map::WaitError>(()) }).unwrap();
    /// ```
    pub fn wake(&self, key: &K, value: V) -> WakeOutcome<V> {
        trace!("wake by key");
        // The word is not checked before: that would have to be a read-modify-write, for the sake of a waiter
        // that registers and then checks whether this has happened, and so would cost as much as the lock.
        let mut offer = Offer::new(value);
        let given = self.with_list(|list| {
            // The waiters that a `close` is about to reach may not be given anything any more.
            if self.is_closed() {
                return Err(Empty);
            }
            let found = list.find(|_, other| other.is(key)).ok_or(Empty)?;
            let waker = found.wake(offer.take());
            self.clear_waiting_if(list.is_empty());
            Ok(waker)
        });
        match given {
            Ok(waker) => {
                if let Some(waker) = waker {
                    waker.wake();
                }
                WakeOutcome::Woke
            }
            Err(Empty) if self.is_closed() => WakeOutcome::Closed(offer.take()),
            Err(Empty) => WakeOutcome::NoMatch(offer.take()),
        }
    }

    /// Waits for `key` until `f` returns `Some`, and returns what is in it, calling `f` once now and once
    /// after each wake-up.
    ///
    /// The task is registered before it calls `f`, so a change that is followed by a wake-up of `key` is not
    /// missed.
    ///
    /// # Errors
    ///
    /// [`WaitError::Closed`] and [`WaitError::Duplicate`], as for a wait.
    ///
    /// # Cancel safety
    ///
    /// **Not**: a value that `wake` had given to it is dropped, or goes to the map's `undelivered` function,
    /// as with a wait.
    ///
    /// # Memory ordering
    ///
    /// What was done before a wake-up is visible to the call of `f` after it.
    ///
    /// # Panics
    ///
    /// If `f` does; the wait then leaves the map.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::sync::atomic::{AtomicU8, Ordering};
    /// use sync_core::WaitMap;
    ///
    /// static DONE: WaitMap<u8, ()> = WaitMap::new();
    /// static STATUS: AtomicU8 = AtomicU8::new(0);
    ///
    /// std::thread::spawn(|| {
    ///     STATUS.store(3, Ordering::Relaxed);
    ///     let _ = DONE.wake(&7, ());
    /// });
    /// # pollster::block_on(async {
    /// let status = DONE
    ///     .wait_for_value(7, || match STATUS.load(Ordering::Relaxed) {
    ///         0 => None,
    ///         status => Some(status),
    ///     })
    ///     .await?;
    /// assert_eq!(status, 3);
    /// # Ok::<(), sync_core::wait_map::WaitError>(()) }).unwrap();
    /// ```
    pub async fn wait_for_value<T>(&self, key: K, mut f: impl FnMut() -> Option<T>) -> Result<T, WaitError> {
        let mut wait = core::pin::pin!(self.wait(key));
        loop {
            Subscribe::new(wait.as_mut()).await?;
            // Registered first, checked second: a change after the check wakes this wait.
            if let Some(value) = f() {
                return Ok(value);
            }
            wait.as_mut().await?;
            wait.as_mut().rearm();
        }
    }

    /// Waits for `key` until `f` returns `true`, calling `f` once now and once after each wake-up.
    ///
    /// For the rest, as [`wait_for_value`](Self::wait_for_value).
    ///
    /// # Errors
    ///
    /// [`WaitError::Closed`] and [`WaitError::Duplicate`], as for a wait.
    ///
    /// # Cancel safety
    ///
    /// **Not**, as [`wait_for_value`](Self::wait_for_value).
    ///
    /// # Examples
    ///
    /// ```
    /// use core::sync::atomic::{AtomicBool, Ordering};
    /// use sync_core::WaitMap;
    ///
    /// static CHANGED: WaitMap<u8, ()> = WaitMap::new();
    /// static READY: AtomicBool = AtomicBool::new(false);
    ///
    /// std::thread::spawn(|| {
    ///     READY.store(true, Ordering::Relaxed);
    ///     let _ = CHANGED.wake(&7, ());
    /// });
    /// # pollster::block_on(async {
    /// CHANGED.wait_for(7, || READY.load(Ordering::Relaxed)).await?;
    /// # Ok::<(), sync_core::wait_map::WaitError>(()) }).unwrap();
    /// ```
    pub async fn wait_for(&self, key: K, mut f: impl FnMut() -> bool) -> Result<(), WaitError> {
        self.wait_for_value(key, || f().then_some(())).await
    }
}
