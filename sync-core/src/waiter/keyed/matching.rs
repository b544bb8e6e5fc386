//! Waiting for an event that a predicate recognizes.

use core::marker::PhantomData;

use mutex_traits::ScopedRawMutex;

use super::{
    Dropped, Undelivered,
    broadcast::{self, Claimed},
};
use crate::{
    engine::{
        Admission, Failure, LentWait, ListOf, Queue, Rule, Yields,
        list::{Select, Step},
    },
    error::Closed,
    state::queue::AtomicQueueState,
};

/// The rule of `match = predicate(f)`: a wait is over when an event happens for which `f` holds.
#[derive(Debug)]
pub struct Matching<K, V, U = Dropped> {
    _rule: PhantomData<fn(K, U) -> V>,
}

/// A key, and the age of its wait.
#[derive(Debug)]
pub struct Aged<K> {
    key: K,
    /// Valid once the wait has joined.
    age: usize,
}

impl<K> Aged<K> {
    /// Returns the key of a wait that has not joined the line.
    ///
    /// # Examples
    ///
    /// ```
    /// #[sync_core::wait_map(key = u8, event = u8, match = predicate(u8::eq))]
    /// pub struct Pins;
    ///
    /// let pins = Pins::new();
    /// let wait = pins.wait(3);
    /// assert_eq!(pins.notify(&3), 0); // it has not joined yet
    /// # drop(wait);
    /// ```
    #[inline]
    pub fn new(key: K) -> Self {
        Self { key, age: 0 }
    }
}

impl<K, V, U: Undelivered<K, V>> Rule for Matching<K, V, U> {
    type Word = AtomicQueueState;
    /// The number of waits that have joined; wraps.
    type State = usize;
    type Waiter = Aged<K>;
    type Value = V;

    fn enter(
        word: &AtomicQueueState,
        list: &mut ListOf<Self>,
        waiter: &mut Aged<K>,
        _: usize,
    ) -> Admission<V, Aged<K>> {
        waiter.age = *list.state();
        *list.state() = waiter.age.wrapping_add(1);
        super::enter(word)
    }

    fn abandon<Lock: ScopedRawMutex>(wait: LentWait<'_, Self, Lock>) {
        // Each of the other waiters that the event was for has a value of its own.
        if let Some((value, waiter)) = wait.detach().given {
            U::undelivered(&waiter.key, value);
        }
    }
}

impl<K, V, U: Undelivered<K, V>> Claimed for Matching<K, V, U> {
    fn is_before(waiter: &Aged<K>, other: &Aged<K>) -> bool {
        // The count wraps, so the difference decides, not the numbers.
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
    /// Gives a clone of `value` to each task that waits now with a key for which `is` holds, oldest first.
    ///
    /// Returns the number of tasks that were woken.
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
    /// If `is`, a clone or a waker does. After a waker that panics the others are woken all the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::pin::pin;
    ///
    /// /// Tasks that wait for a reading above their limit.
    /// #[sync_core::wait_map(key = u32, event = u32, value = u32, match = predicate(u32::lt))]
    /// pub struct Alarms;
    ///
    /// static ALARMS: Alarms = Alarms::new();
    ///
    /// # pollster::block_on(async {
    /// let (mut low, mut high) = (pin!(ALARMS.wait(10)), pin!(ALARMS.wait(90)));
    /// low.as_mut().subscribe().await?;
    /// high.as_mut().subscribe().await?;
    /// assert_eq!(ALARMS.notify_with(&42, 42), 1);
    /// assert_eq!(low.await?, 42);
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    pub fn notify_with(&self, is: impl Fn(&K) -> bool, value: V) -> usize
    where
        V: Clone,
    {
        // No value is kept in reserve: each wait has one of its own.
        broadcast::wake(self, usize::MAX, |waiter| is(&waiter.key), value, drop)
    }
}

impl<K, U: Undelivered<K, ()>, Lock: ScopedRawMutex> Queue<Matching<K, (), U>, Lock> {
    /// Wakes each task that waits now with a key for which `is` holds, oldest first. Returns their number.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks that it wakes.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, for as many steps as there are waiters, and then once per batch of wakers, which
    /// are called without it.
    ///
    /// # Panics
    ///
    /// If `is` or a waker does; the tasks that were selected before are woken.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::pin::pin;
    ///
    /// #[sync_core::wait_map(key = u32, event = u32, match = predicate(u32::lt))]
    /// pub struct Alarms;
    ///
    /// static ALARMS: Alarms = Alarms::new();
    ///
    /// # pollster::block_on(async {
    /// let mut low = pin!(ALARMS.wait(10));
    /// low.as_mut().subscribe().await?;
    /// assert_eq!(ALARMS.notify(&5), 0);
    /// assert_eq!(ALARMS.notify(&42), 1);
    /// low.await?;
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    pub fn notify_all(&self, is: impl Fn(&K) -> bool) -> usize {
        trace!("notify");
        self.wake_selected(|list| {
            // The waiters that are left in a closed map belong to `close`, which has yet to reach them.
            if self.is_closed() {
                return Step::of(0);
            }
            list.select_each(|_, waiter| if is(&waiter.key) { Select::Wake(()) } else { Select::Skip })
        })
    }
}
