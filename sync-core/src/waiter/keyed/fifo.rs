//! Any number of waiters per key, oldest first.

use core::{marker::PhantomData, pin::Pin};

use mutex_traits::ScopedRawMutex;

use super::{
    ComparableKey, Dropped, Offer, Undelivered,
    many::{self, Claimed},
};
use crate::{
    Closed,
    error::WakeOutcome,
    raw::{Handle, ListOf, Nobody, Queue, Rule, Wait, Yields},
    state::queue::AtomicQueueState,
    waiter::{Entry, Failure, Subscribe},
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

    fn enter(word: &AtomicQueueState, _: &mut ListOf<Self>, _: &mut K, _: usize) -> Entry<V, K> {
        super::enter(word)
    }

    fn abandon<Lock: ScopedRawMutex, H: Handle<Self, Lock>>(wait: Pin<&mut Wait<Self, Lock, H>>) {
        // What it was given goes to the next one of the same key, or where the user says, without the lock.
        let gone = wait.detach();
        if let Some((value, key)) = gone.given {
            gone.queue.pass_on(key, value);
        }
    }
}

impl<K: ComparableKey, V, U: Undelivered<K, V>> Claimed for Fifo<K, V, U> {
    fn is_before(_: &K, _: &K) -> bool {
        // Claims are for the oldest of one key, so no other of that key is before them; to those of other keys they
        // are nothing.
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
    /// Gives `value` to the oldest task that waits for `key`, and wakes it; gives it back if none does.
    ///
    /// `or_reserve` says whether one that a `wake_n` has claimed keeps it in reserve if there is no other.
    fn give_to_oldest(&self, key: &K, value: V, or_reserve: bool) -> Result<(), V> {
        let mut offer = Offer::new(value);
        let given = self.with_list(|list| {
            // Those that a `close` is about to tell may not be given anything any more.
            if self.is_closed() {
                return Err(Nobody);
            }
            // One that a `wake_n` has claimed has a value coming, so this one would be lost on it.
            if let Some(found) = list.find(|word, other| other.is(key) && !word.get().is_claimed()) {
                let waker = found.wake(offer.take());
                self.clear_waiting_if(list.is_empty());
                return Ok(waker);
            }
            if !or_reserve {
                return Err(Nobody);
            }
            list.find(|word, other| other.is(key) && !word.get().given())
                .ok_or(Nobody)?
                .reserve(offer.take());
            Ok(None)
        });
        match given {
            Ok(waker) => {
                if let Some(waker) = waker {
                    waker.wake();
                }
                Ok(())
            }
            Err(Nobody) => Err(offer.take()),
        }
    }

    /// Gives a value that nobody is going to yield to the next one of the same key, or where the user says.
    fn pass_on(&self, key: &K, value: V) {
        if let Err(value) = self.give_to_oldest(key, value, true) {
            U::undelivered(key, value);
        }
    }

    /// Gives `value` to the oldest task that waits for `key`, and wakes it.
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
    /// Returns how many were woken.
    pub fn wake_n(&self, key: &K, n: usize, value: V) -> usize
    where
        V: Clone,
    {
        many::wake(self, n, |other| other.is(key), value, |spare| self.pass_on(key, spare))
    }

    /// Gives a clone of `value` to every task that waits for `key` now, oldest first.
    ///
    /// Returns how many were woken.
    pub fn wake_all(&self, key: &K, value: V) -> usize
    where
        V: Clone,
    {
        self.wake_n(key, usize::MAX, value)
    }
}

impl<K, V, U, Lock, H> Wait<Fifo<K, V, U>, Lock, H>
where
    K: ComparableKey,
    U: Undelivered<K, V>,
    Lock: ScopedRawMutex,
    H: Handle<Fifo<K, V, U>, Lock>,
{
    /// Registers this wait before it is polled for its value: it has its place in the queue once the
    /// returned future has completed, and a wake-up for its key that comes later is not missed.
    ///
    /// # Errors
    ///
    /// The returned future yields [`Closed`] if the map is closed.
    pub fn subscribe(self: Pin<&mut Self>) -> Subscribe<'_, Fifo<K, V, U>, Lock, H> {
        Subscribe::new(self)
    }
}
