//! Waiting for an event that a predicate recognises.

use core::{marker::PhantomData, pin::Pin};

use mutex_traits::ScopedRawMutex;

use super::{
    Dropped, Undelivered,
    many::{self, Claimed},
};
use crate::{
    Closed,
    raw::{Entry, Handle, ListOf, Queue, Rule, Step, Wait, Yields},
    state::queue::AtomicQueueState,
    waiter::{Failure, Select, Subscribe},
};

/// The rule of `match = predicate(f)`: a wait is over when something happens of which `f` holds.
#[derive(Debug)]
pub struct Matching<K, V, U = Dropped> {
    _rule: PhantomData<fn(K, U) -> V>,
}

/// A key, and when its wait has joined.
#[derive(Debug)]
pub struct Aged<K> {
    key: K,
    /// Of use once it has joined.
    age: usize,
}

impl<K> Aged<K> {
    /// Returns the key of a wait that has not joined.
    #[inline]
    pub fn new(key: K) -> Self {
        Self { key, age: 0 }
    }
}

impl<K, V, U: Undelivered<K, V>> Rule for Matching<K, V, U> {
    type Word = AtomicQueueState;
    /// How many have joined; wraps.
    type State = usize;
    type Waiter = Aged<K>;
    type Value = V;

    fn enter(
        word: &AtomicQueueState,
        list: &mut ListOf<Self>,
        waiter: &mut Aged<K>,
        _: usize,
    ) -> Entry<V, Aged<K>> {
        waiter.age = *list.state();
        *list.state() = waiter.age.wrapping_add(1);
        super::enter(word)
    }

    fn abandon<Lock: ScopedRawMutex, H: Handle<Self, Lock>>(wait: Pin<&mut Wait<Self, Lock, H>>) {
        // Each of the others that the event was for has a value of its own.
        if let Some((value, waiter)) = wait.detach().given {
            U::undelivered(&waiter.key, value);
        }
    }
}

impl<K, V, U: Undelivered<K, V>> Claimed for Matching<K, V, U> {
    fn is_before(waiter: &Aged<K>, other: &Aged<K>) -> bool {
        // The count wraps, so the difference says it, not the numbers.
        other.age.wrapping_sub(waiter.age) <= usize::MAX / 2
    }
}

impl<K, V, U: Undelivered<K, V>> Yields for Matching<K, V, U> {
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

impl<K, V, U: Undelivered<K, V>, Lock: ScopedRawMutex> Queue<Matching<K, V, U>, Lock> {
    /// Gives a clone of `value` to each task that waits now with a key of which `is` holds, oldest first.
    ///
    /// Returns how many were woken.
    pub fn notify_with(&self, is: impl Fn(&K) -> bool, value: V) -> usize
    where
        V: Clone,
    {
        // No value is kept in reserve: each wait has one of its own.
        many::wake(self, usize::MAX, |waiter| is(&waiter.key), value, drop)
    }
}

impl<K, U: Undelivered<K, ()>, Lock: ScopedRawMutex> Queue<Matching<K, (), U>, Lock> {
    /// Wakes each task that waits now with a key of which `is` holds, oldest first. Returns how many.
    pub fn notify_all(&self, is: impl Fn(&K) -> bool) -> usize {
        trace!("notify");
        self.wake_selected(|list| {
            // Those that are left in a closed map are waiting for `close` to come to them.
            if self.is_closed() {
                return Step { result: 0, waker: None };
            }
            list.select_each(|_, waiter| if is(&waiter.key) { Select::Wake(()) } else { Select::Skip })
        })
    }
}

impl<K, V, U, Lock, H> Wait<Matching<K, V, U>, Lock, H>
where
    U: Undelivered<K, V>,
    Lock: ScopedRawMutex,
    H: Handle<Matching<K, V, U>, Lock>,
{
    /// Registers this wait before it is polled: what happens after the returned future has completed is not
    /// missed.
    ///
    /// # Errors
    ///
    /// The returned future yields [`Closed`] if the map is closed.
    pub fn subscribe(self: Pin<&mut Self>) -> Subscribe<'_, Matching<K, V, U>, Lock, H> {
        Subscribe::new(self)
    }
}
