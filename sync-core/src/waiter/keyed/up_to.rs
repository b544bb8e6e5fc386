//! Waiting until a position is reached.

use core::{marker::PhantomData, pin::Pin};

use mutex_traits::ScopedRawMutex;

use super::position::{Ascending, Order};
use crate::{
    Closed,
    raw::{Entry, Handle, ListOf, Queue, Rule, Step, Wait, Yields},
    state::queue::AtomicQueueState,
    waiter::{Failure, Select, Subscribe},
};

/// The rule of `match = up_to`: a wait is over when the position has come to where it waits for.
///
/// The list is in the order in which its waiters are reached, so those whom an `advance` wakes are at its front.
#[derive(Debug)]
pub struct UpTo<K, O = Ascending> {
    _rule: PhantomData<fn(K, O) -> K>,
}

impl<K, O: Order<K>> Rule for UpTo<K, O> {
    type Word = AtomicQueueState;
    /// The position.
    type State = K;
    /// Until where it waits.
    type Waiter = K;
    /// The position when it was woken.
    type Value = K;

    fn enter(word: &AtomicQueueState, list: &mut ListOf<Self>, until: &mut K, _: usize) -> Entry<K, K> {
        let position = O::copy(list.state());
        // Reached is reached, closed or not.
        if O::is_reached(&position, until) {
            return Entry::Pass(position);
        }
        match super::enter(word) {
            Entry::Queue(_) => Entry::Before(O::is_before),
            other => other,
        }
    }

    fn abandon<Lock: ScopedRawMutex, H: Handle<Self, Lock>>(wait: Pin<&mut Wait<Self, Lock, H>>) {
        // Whoever else waits for it was woken too.
        let _given = wait.detach();
    }
}

impl<K, O: Order<K>> Yields for UpTo<K, O> {
    type Item = K;
    type Error = Closed;

    #[inline(always)]
    fn item(position: K) -> K {
        position
    }

    fn error(_: Failure) -> Closed {
        Closed::new()
    }

    fn spent() -> Result<K, Closed> {
        panic!("a wait was polled again after it had completed: it yields once")
    }
}

impl<K, O: Order<K>, Lock: ScopedRawMutex> Queue<UpTo<K, O>, Lock> {
    /// Returns the position.
    pub fn current(&self) -> K {
        self.with_list(|list| O::copy(list.state()))
    }

    /// Moves the position on to `to`, and wakes those who wait until there or for less, nearest first.
    ///
    /// Returns how many it woke. If `to` is not ahead of the position, nothing changes.
    pub fn advance(&self, to: K) -> usize {
        trace!("advance");
        self.wake_selected(|list| {
            if !O::is_reached(list.state(), &to) {
                *list.state() = to;
            }
            // Of a closed map, those who are left are waiting for `close` to come to them.
            if self.is_closed() {
                return Step { result: 0, waker: None };
            }
            // All at once, so that a `close` is before or after it. Also where the position did not move: a
            // comparison may have panicked the last time, and left some waiting.
            list.select_each(|position, until| {
                if O::is_reached(position, until) { Select::Wake(O::copy(position)) } else { Select::Stop }
            })
        })
    }
}

impl<K, O: Order<K>, Lock: ScopedRawMutex, H: Handle<UpTo<K, O>, Lock>> Wait<UpTo<K, O>, Lock, H> {
    /// Registers this wait before it is polled.
    ///
    /// It is not needed for not missing anything: the position is kept. It makes the wait's place in line.
    ///
    /// # Errors
    ///
    /// The returned future yields [`Closed`] if the map is closed and the position was not reached.
    pub fn subscribe(self: Pin<&mut Self>) -> Subscribe<'_, UpTo<K, O>, Lock, H> {
        Subscribe::new(self)
    }
}
