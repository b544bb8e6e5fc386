//! Waiting for an event that a predicate recognises.

use core::{marker::PhantomData, pin::Pin};

use mutex_traits::ScopedRawMutex;

use super::{Dropped, Undelivered, many};
use crate::{
    Closed,
    raw::{Entry, Handle, ListOf, Queue, Rule, Wait, Yields},
    state::queue::AtomicQueueState,
    waiter::{Failure, Select, Subscribe},
};

/// The rule of `match = predicate(f)`: a wait is over when something happens of which `f` holds.
#[derive(Debug)]
pub struct Matching<K, V, U = Dropped> {
    _rule: PhantomData<fn(K, U) -> V>,
}

impl<K, V, U: Undelivered<K, V>> Rule for Matching<K, V, U> {
    type Word = AtomicQueueState;
    type State = ();
    type Waiter = K;
    type Value = V;

    fn enter(word: &AtomicQueueState, _: &mut ListOf<Self>, _: &mut K, _: usize) -> Entry<V, K> {
        super::enter(word)
    }

    fn abandon<Lock: ScopedRawMutex, H: Handle<Self, Lock>>(wait: Pin<&mut Wait<Self, Lock, H>>) {
        // Whoever else the event was for has a value of his own.
        if let Some((value, key)) = wait.detach().1 {
            U::undelivered(key, value);
        }
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
        many::wake(self, usize::MAX, is, value)
    }
}

impl<K, U: Undelivered<K, ()>, Lock: ScopedRawMutex> Queue<Matching<K, (), U>, Lock> {
    /// Wakes each task that waits now with a key of which `is` holds, oldest first. Returns how many.
    pub fn notify_all(&self, is: impl Fn(&K) -> bool) -> usize {
        trace!("notify");
        self.sweep(|list, batch| {
            // Those who are left in a closed map are waiting for `close` to come to them.
            if self.is_closed() {
                return 0;
            }
            list.pass(batch, |(), key| if is(key) { Select::Wake(()) } else { Select::Skip })
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
