//! State words: their layouts, and every transition that the library makes on them.
//!
//! A layout is a `#[bitfield]`; a transition is a method on its atomic cell. No other module changes a
//! state word, and after construction every change is a read-modify-write: a concurrent `close` survives
//! every interleaving.

pub(crate) mod cell;
pub(crate) mod mutex;
pub(crate) mod node;
pub(crate) mod once;
pub(crate) mod queue;
pub(crate) mod rwlock;
pub(crate) mod semaphore;
pub(crate) mod spin_rwlock;
pub(crate) mod word;

/// A word that says, among other things, whether a queue's list is empty.
///
/// `waiting` comes and goes under the list's lock only.
#[expect(unnameable_types, reason = "sealed: no other crate may implement or call it")]
pub trait QueueWord {
    /// Returns whether the word says that a task waits; the caller holds the lock.
    fn is_waiting(&self) -> bool;

    /// Makes the word say that no task waits; the caller holds the lock and has just emptied the list.
    fn leave(&self);
}

/// The word of a queue that admits, whose whole state it is; see
/// [`waiter::admission`](crate::waiter::admission).
pub(crate) trait AdmissionWord: QueueWord {
    /// What it holds.
    type Snapshot: Copy;

    /// Whether a task waits, in this snapshot.
    fn says_waiting(word: Self::Snapshot) -> bool;

    /// The snapshot in which no task waits, all else being equal.
    fn when_left(word: Self::Snapshot) -> Self::Snapshot;

    /// Returns the word to work on; the caller holds the list's lock.
    fn begin(&self) -> Self::Snapshot;

    /// Changes the word from `from`, in which a task waits, to `to`; the caller holds the list's lock.
    ///
    /// Returns whether it made a change, and a holder had left since `from` without the lock.
    fn settle(&self, from: Self::Snapshot, to: Self::Snapshot) -> bool;

    /// Replaces the word by what `change` makes of it; the caller holds the list's lock, and no task waits.
    ///
    /// Returns whether it did: if `change` returns `None`, nothing has changed.
    fn change(&self, change: impl Fn(Self::Snapshot) -> Option<Self::Snapshot>) -> bool;
}

/// The proof that a lock is held, in the way that the word says.
///
/// The transition that takes a lock makes one, the transition that gives it back uses it up, and between the
/// two it is moved: into the waiter that the lock is handed to, and into its guard. So nothing can give back
/// what it has not got. One that is forgotten leaves the lock held.
#[derive(Debug)]
#[must_use = "the lock stays held until this is given back"]
pub(crate) struct Held(());
