//! State words: their layouts, and every transition that the library makes on them.
//!
//! A layout is a `#[bitfield]`; a transition is a method on its atomic cell. No other module changes a
//! state word, and after construction every change is a read-modify-write: a concurrent `close` survives
//! every interleaving.

pub(crate) mod atomic;
pub(crate) mod cell;
pub mod field;
pub(crate) mod mutex;
pub(crate) mod node;
pub(crate) mod queue;
pub(crate) mod rwlock;
pub(crate) mod semaphore;

/// A word that says, among other things, whether a queue's list is empty.
///
/// `waiting` comes and goes under the list's lock only.
pub trait QueueWord {
    /// Returns whether the word says that somebody waits; the caller holds the lock.
    fn is_waiting(&self) -> bool;

    /// Makes the word say that nobody waits; the caller holds the lock and has just emptied the list.
    fn leave(&self);
}

/// The proof that somebody holds a lock, in the way that the word says.
///
/// The transition that takes a lock makes one, the transition that gives it back uses it up, and between the
/// two it is moved: into the waiter that the lock is handed to, and into its guard. So nobody can give back
/// what he has not got. One that is forgotten leaves the lock held.
#[derive(Debug)]
#[must_use = "the lock stays held until this is given back"]
pub struct Held(());
