//! Any number of waiters per key, oldest first.

use core::{marker::PhantomData, pin::Pin};

use mutex_traits::ScopedRawMutex;

use super::Offer;
use crate::{
    Closed,
    error::WakeOutcome,
    raw::{Handle, ListOf, Nobody, Queue, Rule, Wait, Yields},
    state::queue::AtomicQueueState,
    waiter::{Entry, Failure, Rounds, Subscribe},
};

/// How many values are cloned, without the lock, for one round of wake-ups.
const CLONES: usize = if cfg!(loom) { 2 } else { 8 };

/// The rule of `match = fifo`: any number of waiters per key; a wake-up goes to the oldest.
#[derive(Debug)]
pub struct Fifo<K, V> {
    _rule: PhantomData<fn(K) -> V>,
}

impl<K: PartialEq, V> Rule for Fifo<K, V> {
    type Word = AtomicQueueState;
    type State = ();
    type Waiter = K;
    type Value = V;

    fn enter(word: &AtomicQueueState, _: &mut ListOf<Self>, _: &mut K, _: usize) -> Entry<V> {
        super::enter(word)
    }

    fn abandon<Lock: ScopedRawMutex, H: Handle<Self, Lock>>(wait: Pin<&mut Wait<Self, Lock, H>>) {
        // What it was given goes to the next one of the same key, or is dropped, without the lock.
        let (queue, given) = wait.detach();
        if let Some((value, key)) = given {
            drop(queue.give_to_oldest(key, value));
        }
    }
}

impl<K: PartialEq, V> Yields for Fifo<K, V> {
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

impl<K: PartialEq, V, Lock: ScopedRawMutex> Queue<Fifo<K, V>, Lock> {
    /// Gives `value` to the oldest task that waits for `key`, and wakes it; gives it back if none does.
    fn give_to_oldest(&self, key: &K, value: V) -> Result<(), V> {
        let mut offer = Offer::new(value);
        let given = self.with_list(|list| {
            // Those whom a `close` is about to tell may not be given anything any more.
            if self.is_closed() {
                return Err(Nobody);
            }
            // One that a `wake_n` has claimed has a value coming, so this one would be lost on it.
            let found = list.find(|state, other| !state.is_claimed() && other == key).ok_or(Nobody)?;
            let waker = found.wake(offer.take());
            self.left(list.is_empty());
            Ok(waker)
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

    /// Gives `value` to the oldest task that waits for `key`, and wakes it.
    pub fn wake_one(&self, key: &K, value: V) -> WakeOutcome<V> {
        trace!("wake by key");
        match self.give_to_oldest(key, value) {
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
        trace!(n, "wake by key");
        if n == 0 {
            return 0;
        }
        // Those who wait now come together at the front, where the rounds find them, and are marked as ours
        // by the epoch that begins here.
        let (left, now) = self.with_list(|list| {
            let now = self.word().bump();
            // Those who are left in a closed map are waiting for `close` to come to them.
            let left = if self.is_closed() { 0 } else { list.claim(now, n, |other| other == key) };
            (left, now)
        });
        let mut many =
            Many { queue: self, key, now, left, original: Some(value), woken: 0, interrupted: false };
        many.go_on();
        many.woken
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

/// Waking many with clones of one value: cloned without the lock, given under it, and again.
///
/// A waker that panics does not end it, as in [`Rounds`]; a clone or a comparison that panics does, since
/// there is then nothing to give to the rest, who wait on.
struct Many<'q, K: PartialEq, V: Clone, Lock: ScopedRawMutex> {
    queue: &'q Queue<Fifo<K, V>, Lock>,
    key: &'q K,
    /// Who is claimed for this epoch is ours; who came in it, or later, is a newcomer.
    now: usize,
    /// How many are still to be woken, if they wait on.
    left: usize,
    /// The value, until the last one gets it.
    original: Option<V>,
    woken: usize,
    /// Whether user code runs that may panic, or has.
    interrupted: bool,
}

impl<K: PartialEq, V: Clone, Lock: ScopedRawMutex> Many<'_, K, V, Lock> {
    fn go_on(&mut self) {
        while self.left > 0 {
            // Zero while user code runs that may panic: then the rest is not tried again.
            let left = core::mem::take(&mut self.left);
            self.interrupted = true;
            let count = left.min(CLONES);
            let mut values = [const { None }; CLONES];
            for value in &mut values[..count - 1] {
                value.clone_from(&self.original);
            }
            values[count - 1] = if count == left { self.original.take() } else { self.original.clone() };

            self.left = left - count;
            self.interrupted = false;
            let mut values = values.into_iter().take(count).flatten().peekable();
            let queue = self.queue;
            Rounds::run(queue, |list, batch| {
                while values.peek().is_some() && !batch.is_full() {
                    let now = self.now;
                    let mut found = list.find(|state, _| state.is_claimed() && state.epoch() == now);
                    if found.is_none() && !queue.is_closed() {
                        // Somebody has cancelled: who came before we did takes the place.
                        let left = core::mem::take(&mut self.left);
                        self.interrupted = true;
                        found = list.find(|state, other| {
                            !state.is_claimed() && state.is_before(now) && other == self.key
                        });
                        self.interrupted = false;
                        self.left = left;
                    }
                    let Some(found) = found else {
                        self.left = 0;
                        break;
                    };
                    if let Some(value) = values.next() {
                        batch.add(found.wake(value));
                        self.woken += 1;
                    }
                }
                queue.left(list.is_empty());
                self.left > 0 && values.peek().is_some()
            });
        }
    }
}

impl<K: PartialEq, V: Clone, Lock: ScopedRawMutex> Drop for Many<'_, K, V, Lock> {
    fn drop(&mut self) {
        self.go_on();
        if self.interrupted {
            self.queue.with_list(|list| list.unclaim(self.now));
            // A close has passed them over meanwhile.
            if self.queue.is_closed() {
                self.queue.close();
            }
        }
    }
}

impl<K: PartialEq, V, Lock: ScopedRawMutex, H: Handle<Fifo<K, V>, Lock>> Wait<Fifo<K, V>, Lock, H> {
    /// Registers this wait before it is polled for its value: it has its place in the queue once the
    /// returned future has completed, and a wake-up for its key that comes later is not missed.
    ///
    /// # Errors
    ///
    /// The returned future yields [`Closed`] if the map is closed.
    pub fn subscribe(self: Pin<&mut Self>) -> Subscribe<'_, Fifo<K, V>, Lock, H> {
        Subscribe::new(self)
    }
}
