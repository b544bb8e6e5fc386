//! A state word, and a locked list of those who wait.

use core::pin::Pin;

use mutex_traits::ScopedRawMutex;

use super::{handle::Handle, locked_cell::LockedCell, wait::Wait, wait_list::WaitList};
use crate::{
    state::queue::{AtomicQueueState, QueueState},
    util::CachePadded,
    waiter::{Admission, Failure},
};

/// What runs a [`Queue`]: who is let through at once, and what a wait yields.
///
/// Every [`Policy`](crate::Policy) is one; the queues, maps and locks of this crate have rules of their
/// own. Not for users: it names the crate's internals.
pub trait Rule: Sized {
    /// What the lock guards beside the list.
    type State;
    /// What a waiter says it waits for.
    type Waiter;
    /// What a waiter is given.
    type Value;
    /// What a wait yields.
    type Item;
    /// What a wait that failed yields.
    type Error;

    /// Before the lock, inline: is there something for a newcomer who came at `epoch`?
    ///
    /// May say no to what is rare.
    #[inline(always)]
    fn fast(word: &AtomicQueueState, epoch: usize) -> Option<Self::Value> {
        let _ = (word, epoch);
        None
    }

    /// The same under the lock, where nothing may be overlooked.
    fn arrive(word: &AtomicQueueState, epoch: usize) -> Option<Self::Value> {
        let _ = (word, epoch);
        None
    }

    /// Whether a `wake_all` wakes those too that were made and are not in line yet.
    ///
    /// Those have something by [`missed`](Self::missed) as soon as there was one.
    const WAKES_THE_UNPOLLED: bool = false;

    /// What a waiter that came at `epoch` has coming from somebody who is about to wake everybody.
    ///
    /// It gets that rather than the news that the queue was closed since.
    fn missed(word: &AtomicQueueState, epoch: usize) -> Option<Self::Value> {
        let _ = (word, epoch);
        None
    }

    /// What a newcomer is given who takes the wake-up stored in the word.
    ///
    /// Only rules whose queues store wake-ups have one.
    fn stored() -> Option<Self::Value> {
        None
    }

    /// Under the lock: may this newcomer pass, must it queue, or is it refused?
    ///
    /// Not asked of a queue that is closed already.
    fn admit(
        list: &mut WaitList<Self::State, Self::Waiter, Self::Value>,
        waiter: &mut Self::Waiter,
    ) -> Admission<Self::Value>;

    /// Turns what was given into what the wait yields.
    fn item(value: Self::Value) -> Self::Item;

    /// Turns the reason into an error.
    fn error(failure: Failure) -> Self::Error;

    /// What a wait yields that is polled again after it completed.
    ///
    /// # Errors
    ///
    /// As the primitive says.
    fn spent() -> Result<Self::Item, Self::Error>;

    /// A future that is linked, or has a value that it did not yield, is being dropped.
    ///
    /// Afterwards it is neither.
    fn abandon<Lock: ScopedRawMutex, H: Handle<Self, Lock>>(wait: Pin<&mut Wait<Self, Lock, H>>);
}

/// The wait list of the queues that `R` runs.
pub(crate) type ListOf<R> = WaitList<<R as Rule>::State, <R as Rule>::Waiter, <R as Rule>::Value>;

/// Tasks that wait, oldest first, for what `R` says.
///
/// This is what `#[primitive]` and `#[wait_map]` put into the types they make; see
/// [the module](crate::waiter).
pub struct Queue<R: Rule, Lock = super::DefaultMutex> {
    // The word and the lock are changed together when somebody waits: one line for both, padded once.
    inner: CachePadded<Inner<R, Lock>>,
}

struct Inner<R: Rule, Lock> {
    word: AtomicQueueState,
    list: LockedCell<ListOf<R>, Lock>,
}

impl<R: Rule, Lock> Queue<R, Lock> {
    const_fn! {
        /// Returns a queue in which nobody waits.
        pub fn new(state: R::State, lock: Lock) -> Self {
            Self {
                inner: CachePadded::new(Inner {
                    word: AtomicQueueState::new(QueueState::new()),
                    list: LockedCell::new(WaitList::new(state), lock),
                }),
            }
        }
    }

    /// The state word.
    #[inline(always)]
    pub(crate) fn word(&self) -> &AtomicQueueState {
        &self.inner.word
    }
}

impl<R: Rule, Lock: ScopedRawMutex> Queue<R, Lock> {
    /// Calls `f` with the list, under the lock.
    #[inline(always)]
    pub(crate) fn with_list<T>(&self, f: impl FnOnce(&mut ListOf<R>) -> T) -> T {
        self.inner.list.with_lock(f)
    }

    /// Calls `f` with the list if the lock is free.
    pub(crate) fn try_with_list<T>(&self, f: impl FnOnce(&mut ListOf<R>) -> T) -> Option<T> {
        self.inner.list.try_with_lock(f)
    }
}
