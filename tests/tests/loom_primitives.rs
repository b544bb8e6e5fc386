//! Models of primitives whose state is one word, and of those that the library makes with `#[primitive]`.
//!
//! The orderings of `PolicyWord` that W1 and W2 hold in place are in the table of `waiter/word_policy.rs`.
#![cfg(loom)]
#![expect(
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a model runs on a host, and ends where it fails"
)]

#[path = "loom_primitives/barrier.rs"]
mod barrier;
#[path = "loom_primitives/condvar.rs"]
mod condvar;
#[path = "loom_primitives/events.rs"]
mod events;
#[path = "loom_primitives/once_cell.rs"]
mod once_cell;
mod support;
#[path = "loom_primitives/word.rs"]
mod word;
