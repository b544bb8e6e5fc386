//! State words: their layouts, and every transition that the library makes on them.
//!
//! A layout is a `#[bitfield]`; a transition is a method on its atomic cell. No other module changes a
//! state word, and after construction every change is a read-modify-write: a concurrent `close` survives
//! every interleaving.

pub(crate) mod atomic;
pub(crate) mod cell;
pub mod field;
pub(crate) mod node;
pub(crate) mod once;
pub(crate) mod queue;
pub(crate) mod spin_rwlock;
