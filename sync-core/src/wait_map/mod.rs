//! Tasks that wait for a key.
//!
//! See [`WaitMap`].

use mutex_traits::ScopedRawMutex;

pub use crate::error::{WaitError, WakeOutcome};
use crate::{
    blocking::DefaultMutex,
    raw::{self, Queue},
    waiter::Unique,
};

/// Tasks that wait for a key, one per key, and are woken with a value.
pub struct WaitMap<K: PartialEq, V, Lock: ScopedRawMutex = DefaultMutex> {
    queue: Queue<Unique<K, V>, Lock>,
}

/// The future of [`WaitMap::wait`].
pub type Wait<'a, K, V, Lock = DefaultMutex> = raw::Wait<Unique<K, V>, Lock, &'a Queue<Unique<K, V>, Lock>>;

impl<K: PartialEq, V> WaitMap<K, V> {
    const_fn! {
        /// Returns a map in which nobody waits.
        pub fn new() -> Self { Self { queue: Queue::new((), DefaultMutex::new()) } }
    }
}

impl<K: PartialEq, V, Lock: ScopedRawMutex> WaitMap<K, V, Lock> {
    /// Waits for `key`.
    pub fn wait(&self, key: K) -> Wait<'_, K, V, Lock> {
        self.queue.wait(key)
    }

    /// Wakes the waiter of `key`.
    #[inline]
    pub fn wake(&self, key: &K, value: V) -> WakeOutcome<V> {
        self.queue.wake(key, value)
    }

    /// Closes.
    pub fn close(&self) {
        self.queue.close();
    }
}
