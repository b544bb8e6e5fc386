//! A state word, and a locked list of those that wait.

use mutex_traits::ScopedRawMutex;

use super::{
    list::{Kept, WaitList},
    wait::LentWait,
};
use crate::{
    lock::LockedCell,
    state::{
        QueueWord,
        queue::{AtomicQueueState, QueueState},
    },
};

/// What runs a [`Queue`]: which task passes at once, which one waits, and what becomes of the rest.
///
/// Every [`Policy`](crate::Policy) is one; the queues, maps and locks of this crate have rules of their
/// own. Not for users: it names the crate's internals.
#[expect(unnameable_types, reason = "sealed: no other crate may implement or call it")]
pub trait Rule: Sized {
    /// The state word.
    type Word: QueueWord;
    /// What the lock guards beside the list.
    type State;
    /// What a waiter says it waits for.
    type Waiter;
    /// What a waiter is given.
    type Value;

    /// The count that a wait takes along when it is made, for [`enter`](Self::enter).
    #[inline(always)]
    fn epoch(word: &Self::Word) -> usize {
        let _ = word;
        0
    }

    /// Before the lock, inline: is there something for a newcomer that came at `epoch`?
    ///
    /// May say no to what is rare.
    #[inline(always)]
    fn fast(word: &Self::Word, waiter: &Self::Waiter, epoch: usize) -> Option<Self::Value> {
        let _ = (word, waiter, epoch);
        None
    }

    /// The same under the lock, where nothing may be overlooked: may this newcomer pass, must it queue, or
    /// is it refused?
    ///
    /// If it must queue, the word says so when this returns.
    fn enter(
        word: &Self::Word,
        list: &mut ListOf<Self>,
        waiter: &mut Self::Waiter,
        epoch: usize,
    ) -> Admission<Self::Value, Self::Waiter>;

    /// A future that is linked, or has a value that it did not yield, is being dropped.
    ///
    /// Afterwards it is neither.
    fn abandon<Lock: ScopedRawMutex>(wait: LentWait<'_, Self, Lock>);
}

/// A rule whose waits yield the same whichever way they reach the queue.
#[expect(unnameable_types, reason = "sealed: no other crate may implement or call it")]
pub trait Yields: Rule {
    /// What a wait yields.
    type Item;
    /// What a wait that failed yields.
    type Error;

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
}

/// Why a wait yields an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(unnameable_types, reason = "sealed: no other crate may implement or call what names it")]
pub enum Failure {
    /// The queue is closed.
    Closed,
    /// The rule refused the waiter.
    Refused,
}

/// What a newcomer is told, under the lock.
#[derive(Debug)]
#[expect(unnameable_types, reason = "sealed: no other crate may implement or call what names it")]
pub enum Admission<V, W> {
    /// There is something for it already.
    Ready(V),
    /// It joins the list as the youngest, with this epoch.
    PushBack(usize),
    /// It joins the list as the oldest: those that wait wait for it too.
    PushFront,
    /// It joins the list before all those that this says to be after it, and after its equals.
    InsertBefore(fn(&W, &W) -> bool),
    /// It may not wait.
    Fail(Failure),
}

/// What says what a waiter waits for, in the queues that `R` runs.
pub type WaiterOf<R> = <R as Rule>::Waiter;

/// The wait list of the queues that `R` runs.
pub(crate) type ListOf<R> = WaitList<<R as Rule>::State, <R as Rule>::Waiter, <R as Rule>::Value>;

/// The same, where it is kept.
type KeptOf<R> = Kept<<R as Rule>::State, <R as Rule>::Waiter, <R as Rule>::Value>;

/// Tasks that wait, oldest first, for what `R` says.
///
/// This is what `#[primitive]` and `#[wait_map]` put into the types they make; see
/// [the module](crate::waiter). It is not padded: the type around it is, once, with what else is in it.
pub struct Queue<R: Rule, Lock = crate::lock::DefaultMutex> {
    word: R::Word,
    list: LockedCell<KeptOf<R>, Lock>,
}

impl<R: Rule<Word = AtomicQueueState>, Lock> Queue<R, Lock> {
    const_fn! {
        /// Returns a queue in which no task waits.
        pub fn new(state: R::State, lock: Lock) -> Self {
            Self::with_word(AtomicQueueState::new(QueueState::new()), state, lock)
        }
    }
}

impl<R: Rule, Lock> Queue<R, Lock> {
    const_fn! {
        /// Returns a queue in which no task waits, as `word` must say.
        pub(crate) fn with_word(word: R::Word, state: R::State, lock: Lock) -> Self {
            Self { word, list: LockedCell::new(Kept::new(state), lock) }
        }
    }

    /// The state word.
    #[inline(always)]
    pub(crate) fn word(&self) -> &R::Word {
        &self.word
    }
}

impl<R: Rule, Lock: ScopedRawMutex> Queue<R, Lock> {
    /// Calls `f` with the list, under the lock.
    #[inline(always)]
    pub(crate) fn with_list<T>(&self, f: impl FnOnce(&mut ListOf<R>) -> T) -> T {
        self.list.with_lock(|list| f(list))
    }

    /// Calls `f` with the list if the lock is free.
    pub(crate) fn try_with_list<T>(&self, f: impl FnOnce(&mut ListOf<R>) -> T) -> Option<T> {
        self.list.try_with_lock(|list| f(list))
    }
}
