//! Waiting until a position is reached.

use core::marker::PhantomData;

use mutex_traits::ScopedRawMutex;

use super::position::{Ascending, Order};
use crate::{
    engine::{
        Admission, Failure, LentWait, ListOf, Queue, Rule, Yields,
        list::{Select, Step},
    },
    error::Closed,
    state::queue::AtomicQueueState,
};

/// The rule of `match = up_to`: a wait is over when the position has reached the one that it waits for.
///
/// The list is in the order in which its waiters are reached, so the waiters that an `advance` wakes are at
/// its front.
#[derive(Debug)]
pub struct UpTo<K, O = Ascending> {
    _rule: PhantomData<fn(K, O) -> K>,
}

impl<K, O: Order<K>> Rule for UpTo<K, O> {
    type Word = AtomicQueueState;
    /// The position.
    type State = K;
    /// The position that it waits for.
    type Waiter = K;
    /// The position when it was woken.
    type Value = K;

    fn enter(word: &AtomicQueueState, list: &mut ListOf<Self>, until: &mut K, _: usize) -> Admission<K, K> {
        let position = O::copy(list.state());
        // A position that was reached counts, whether the map is closed or not.
        if O::is_reached(&position, until) {
            return Admission::Ready(position);
        }
        match super::enter(word) {
            Admission::PushBack(_) => Admission::InsertBefore(O::is_before),
            other => other,
        }
    }

    fn abandon<Lock: ScopedRawMutex>(wait: LentWait<'_, Self, Lock>) {
        // All others that waited for the position were woken too.
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
    /// Returns the position; it may be stale by the time it is read.
    ///
    /// # Memory ordering
    ///
    /// Everything done before each [`advance`](Self::advance) up to this position is visible.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock for a bounded number of steps.
    ///
    /// # Examples
    ///
    /// ```
    /// #[sync_core::wait_map(key = u64, match = up_to)]
    /// pub struct Flushed;
    ///
    /// static FLUSHED: Flushed = Flushed::new();
    ///
    /// FLUSHED.advance(7);
    /// assert_eq!(FLUSHED.current(), 7);
    /// ```
    pub fn current(&self) -> K {
        self.with_list(|list| O::copy(list.state()))
    }

    /// Moves the position on to `to`, and wakes the tasks that wait until there or for less, nearest first.
    ///
    /// Returns the number of tasks that it woke. If `to` is not ahead of the position, nothing changes.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks that it wakes, and to each later wait that
    /// the position lets through.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, for as many steps as it wakes tasks, and then once per batch of wakers, which are
    /// called without it.
    ///
    /// # Panics
    ///
    /// If the comparison of positions or a waker does; the tasks that were selected before are woken.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::pin::pin;
    ///
    /// /// How much of the log is on disk.
    /// #[sync_core::wait_map(key = u64, match = up_to)]
    /// pub struct Flushed;
    ///
    /// static FLUSHED: Flushed = Flushed::new();
    ///
    /// # pollster::block_on(async {
    /// let mut commit = pin!(FLUSHED.wait(5));
    /// commit.as_mut().subscribe().await?;
    /// assert_eq!(FLUSHED.advance(4), 0);
    /// assert_eq!(FLUSHED.advance(7), 1);
    /// assert_eq!(commit.await?, 7);
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    pub fn advance(&self, to: K) -> usize {
        trace!("advance");
        self.wake_selected(|list| {
            if !O::is_reached(list.state(), &to) {
                *list.state() = to;
            }
            // The waiters that are left in a closed map belong to `close`, which has yet to reach them.
            if self.is_closed() {
                return Step::of(0);
            }
            // All at once, so that a `close` is before it or after it. Also where the position did not move:
            // a comparison may have panicked the last time, and left some of them waiting.
            list.select_each(|position, until| {
                if O::is_reached(position, until) { Select::Wake(O::copy(position)) } else { Select::Stop }
            })
        })
    }
}
