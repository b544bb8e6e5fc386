//! Counters at their edges, through the public interface: a hundred thousand that wait, more wake-ups than 16
//! bits count, sequence numbers that go round, and arguments as large as they can be.
//!
//! What would have to be counted up to 2<sup>60</sup> is set near its end in the unit tests beside the words
//! (`wait_queue`, `wait_cell`, `waiter/keyed`, `rwlock`, `semaphore`, `barrier`). With optimisation, which is
//! how `cargo xtask limits` runs this, the wake-ups of a queue are more than 32 bits count, and a
//! `RwSpinlock` has as many readers as it can have.
#![cfg(not(loom))]

#[path = "limits/counts.rs"]
mod counts;
#[path = "limits/crowds.rs"]
mod crowds;
#[path = "limits/edges.rs"]
mod edges;
