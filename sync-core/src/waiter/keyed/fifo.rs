//! Any number of waiters per key, oldest first.

use core::marker::PhantomData;

use mutex_traits::ScopedRawMutex;

use super::{
    ComparableKey, Dropped, Offer, Undelivered,
    broadcast::{self, Claimed},
};
use crate::{
    engine::{Admission, Failure, LentWait, ListOf, Queue, Rule, Yields, list::Empty},
    error::{Closed, WakeOutcome},
    state::queue::AtomicQueueState,
};

/// The rule of `match = fifo`: any number of waiters per key; a wake-up goes to the oldest.
#[derive(Debug)]
pub struct Fifo<K, V, U = Dropped> {
    _rule: PhantomData<fn(K, U) -> V>,
}

impl<K: ComparableKey, V, U: Undelivered<K, V>> Rule for Fifo<K, V, U> {
    type Word = AtomicQueueState;
    type State = ();
    type Waiter = K;
    type Value = V;

    fn enter(word: &AtomicQueueState, _: &mut ListOf<Self>, _: &mut K, _: usize) -> Admission<V, K> {
        super::enter(word)
    }

    fn abandon<Lock: ScopedRawMutex>(wait: LentWait<'_, Self, Lock>) {
        // What it was given goes to the next waiter of the same key, or to the user's function, without the
        // lock.
        let gone = wait.detach();
        if let Some((value, key)) = gone.given {
            gone.queue.pass_on(key, value);
        }
    }
}

impl<K: ComparableKey, V, U: Undelivered<K, V>> Claimed for Fifo<K, V, U> {
    fn is_before(_: &K, _: &K) -> bool {
        // Claims are for the oldest waiters of one key, so no other waiter of that key is before them, and
        // waiters of other keys are not concerned.
        true
    }
}

impl<K: ComparableKey, V, U: Undelivered<K, V>> Yields for Fifo<K, V, U> {
    type Item = V;
    type Error = Closed;

    #[inline(always)]
    fn item(value: V) -> V {
        value
    }

    fn error(_: Failure) -> Closed {
        Closed::new()
    }

    fn spent() -> Result<V, Closed> {
        panic!("a wait was polled again after it had completed: it yields once")
    }
}

impl<K: ComparableKey, V, U: Undelivered<K, V>, Lock: ScopedRawMutex> Queue<Fifo<K, V, U>, Lock> {
    /// Gives `value` to the oldest task that waits for `key`, and wakes it; returns the value if there is
    /// none.
    ///
    /// `or_reserve` says whether a waiter that a `wake_n` has claimed keeps it in reserve if there is no
    /// other.
    fn give_to_oldest(&self, key: &K, value: V, or_reserve: bool) -> Result<(), V> {
        let mut offer = Offer::new(value);
        let given = self.with_list(|list| {
            // The waiters that a `close` is about to reach may not be given anything any more.
            if self.is_closed() {
                return Err(Empty);
            }
            // A waiter that a `wake_n` has claimed has a value coming, so this one would be lost on it.
            if let Some(found) = list.find(|word, other| other.is(key) && word.get().is_unclaimed()) {
                let waker = found.wake(offer.take());
                self.clear_waiting_if(list.is_empty());
                return Ok(waker);
            }
            if !or_reserve {
                return Err(Empty);
            }
            let found = list.find(|word, other| {
                // A comparison that says something else than before finds none that is not claimed.
                let state = word.get();
                state.is_claimed() && !state.given() && other.is(key)
            });
            found.ok_or(Empty)?.reserve(offer.take());
            Ok(None)
        });
        match given {
            Ok(waker) => {
                if let Some(waker) = waker {
                    waker.wake();
                }
                Ok(())
            }
            Err(Empty) => Err(offer.take()),
        }
    }

    /// Gives a value that no wait is going to yield to the next waiter of the same key, or to the user's
    /// function.
    fn pass_on(&self, key: &K, value: V) {
        if let Err(value) = self.give_to_oldest(key, value, true) {
            U::undelivered(key, value);
        }
    }

    /// Gives `value` to the oldest task that waits for `key`, and wakes it.
    ///
    /// Returns [`Woke`](WakeOutcome::Woke) if there is such a task; otherwise the value comes back, in
    /// [`NoMatch`](WakeOutcome::NoMatch) or [`Closed`](WakeOutcome::Closed).
    ///
    /// # Fairness
    ///
    /// First in, first out among the waiters of a key. The value then belongs to that wait; if it is dropped
    /// before it yielded the value, the next waiter of the key gets it.
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
    /// use sync_core::wait_map::WakeOutcome;
    ///
    /// /// Mail by the number of its recipient.
    /// #[sync_core::wait_map(key = u8, value = &'static str, match = fifo)]
    /// pub struct Mailboxes;
    ///
    /// static MAILBOXES: Mailboxes = Mailboxes::new();
    ///
    /// # pollster::block_on(async {
    /// let (mut first, mut second) = (pin!(MAILBOXES.wait(1)), pin!(MAILBOXES.wait(1)));
    /// first.as_mut().subscribe().await?;
    /// second.as_mut().subscribe().await?;
    /// assert_eq!(MAILBOXES.wake_one(&1, "hello"), WakeOutcome::Woke);
    /// assert_eq!(MAILBOXES.wake_one(&2, "hello"), WakeOutcome::NoMatch("hello"));
    /// assert_eq!(first.await?, "hello");
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    pub fn wake_one(&self, key: &K, value: V) -> WakeOutcome<V> {
        trace!("wake by key");
        match self.give_to_oldest(key, value, false) {
            Ok(()) => WakeOutcome::Woke,
            Err(value) if self.is_closed() => WakeOutcome::Closed(value),
            Err(value) => WakeOutcome::NoMatch(value),
        }
    }

    /// Gives a clone of `value` to each of the at most `n` oldest tasks that wait for `key` now.
    ///
    /// Returns the number of tasks that were woken.
    ///
    /// # Fairness
    ///
    /// First in, first out among the waiters of a key.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks that it wakes.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock once for as many steps as there are waiters, and then for a batch at a time. Values
    /// are cloned, and wakers called, without it.
    ///
    /// # Panics
    ///
    /// If a comparison, a clone or a waker does. After a waker that panics the others are woken all the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::pin::pin;
    ///
    /// /// Tasks that wait for an address.
    /// #[sync_core::wait_map(key = usize, match = fifo)]
    /// pub struct Futex;
    ///
    /// static FUTEX: Futex = Futex::new();
    ///
    /// # pollster::block_on(async {
    /// let (mut first, mut second) = (pin!(FUTEX.wait(0x40)), pin!(FUTEX.wait(0x40)));
    /// first.as_mut().subscribe().await?;
    /// second.as_mut().subscribe().await?;
    /// assert_eq!(FUTEX.wake_n(&0x40, 1), 1);
    /// assert_eq!(FUTEX.wake_n(&0x40, 9), 1);
    /// first.await?;
    /// second.await?;
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    pub fn wake_n(&self, key: &K, n: usize, value: V) -> usize
    where
        V: Clone,
    {
        broadcast::wake(self, n, |other| other.is(key), value, |spare| self.pass_on(key, spare))
    }

    /// Gives a clone of `value` to every task that waits for `key` now, oldest first.
    ///
    /// Returns the number of tasks that were woken. For the rest, as [`wake_n`](Self::wake_n).
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks that it wakes.
    ///
    /// # Interrupts
    ///
    /// As [`wake_n`](Self::wake_n).
    ///
    /// # Examples
    ///
    /// ```
    /// use core::pin::pin;
    ///
    /// #[sync_core::wait_map(key = u8, value = u32, match = fifo)]
    /// pub struct Topics;
    ///
    /// static TOPICS: Topics = Topics::new();
    ///
    /// # pollster::block_on(async {
    /// let (mut first, mut second) = (pin!(TOPICS.wait(1)), pin!(TOPICS.wait(1)));
    /// first.as_mut().subscribe().await?;
    /// second.as_mut().subscribe().await?;
    /// assert_eq!(TOPICS.wake_all(&1, 7), 2);
    /// assert_eq!((first.await?, second.await?), (7, 7));
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    pub fn wake_all(&self, key: &K, value: V) -> usize
    where
        V: Clone,
    {
        self.wake_n(key, usize::MAX, value)
    }
}
