//! Rules for waiting by key: what `#[wait_map]` instantiates.

mod broadcast;
mod buckets;
mod fifo;
mod key;
mod mask;
mod matching;
mod position;
mod unique;
mod up_to;

pub use self::{
    buckets::Buckets,
    fifo::Fifo,
    key::{ClonedValue, ComparableKey, HashedKey},
    mask::{Consume, Flags, Mask, Sharing, Snapshot, Wanted},
    matching::{Aged, Matching},
    position::{Ascending, Order, Position, SequenceNumber, Wrapping},
    unique::Unique,
    up_to::UpTo,
};

use crate::{
    engine::{Admission, Failure},
    state::queue::{AtomicQueueState, Enter},
};

/// Takes a value that was given to a wait which was dropped before it yielded it, if there is no next waiter
/// for it.
pub trait Undelivered<K, V> {
    /// Takes the value, without the lock.
    fn undelivered(key: &K, value: V);
}

/// Drops the value.
#[derive(Debug)]
pub enum Dropped {}

impl<K, V> Undelivered<K, V> for Dropped {
    #[inline(always)]
    fn undelivered(_: &K, value: V) {
        drop(value);
    }
}

/// Queues a newcomer, unless the map is closed.
fn enter<V, W>(word: &AtomicQueueState) -> Admission<V, W> {
    match word.enter(None) {
        Enter::Queue(epoch) => Admission::PushBack(epoch),
        Enter::Closed => Admission::Fail(Failure::Closed),
        Enter::Woken | Enter::Missed => unreachable!("a map stores no wake-ups"),
    }
}

/// A value on its way to a waiter. It stays outside the lock's closure, so that a key comparison that panics
/// does not drop it under the lock.
struct Offer<V>(Option<V>);

impl<V> Offer<V> {
    #[inline(always)]
    fn new(value: V) -> Self {
        Self(Some(value))
    }

    /// Hands the value out, which happens once.
    #[inline(always)]
    fn take(&mut self) -> V {
        self.0.take().expect("a value is given to one waiter, or given back")
    }
}
