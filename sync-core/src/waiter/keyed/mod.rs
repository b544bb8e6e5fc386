//! Rules for waiting by key: what `#[wait_map]` instantiates.

mod fifo;
mod unique;

pub use self::{fifo::Fifo, unique::Unique};

use crate::{
    state::queue::{AtomicQueueState, Enter},
    waiter::{Entry, Failure},
};

/// Has a newcomer queue, unless the map is closed.
fn enter<V>(word: &AtomicQueueState) -> Entry<V> {
    match word.enter(None) {
        Enter::Queue(epoch) => Entry::Queue(epoch),
        Enter::Closed => Entry::Fail(Failure::Closed),
        Enter::Woken | Enter::Missed => unreachable!("a map stores no wake-ups"),
    }
}

/// A value on its way to a waiter. It stays outside the lock's closure, so that a key comparison that
/// panics does not have it dropped under the lock.
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
