//! The tests that most mutants fail, in one program: `cargo xtask mutants` builds it for each of them, which
//! costs half of what a program for every file does. `cargo test` leaves it out, because it has the files
//! themselves.

extern crate alloc;

#[path = "tests/batches.rs"]
mod batches;
#[path = "tests/between_batches.rs"]
mod between_batches;
#[path = "tests/blocking.rs"]
mod blocking;
#[path = "tests/fairness.rs"]
mod fairness;
#[path = "tests/guards.rs"]
mod guards;
#[path = "tests/liars.rs"]
mod liars;
#[path = "tests/lock_rounds.rs"]
mod lock_rounds;
#[path = "tests/modes.rs"]
mod modes;
#[path = "tests/pitfalls_locks.rs"]
mod pitfalls_locks;
#[path = "tests/primitives.rs"]
mod primitives;
#[path = "tests/printed.rs"]
mod printed;
#[path = "tests/rwlock.rs"]
mod rwlock;
#[path = "tests/semaphore.rs"]
mod semaphore;
#[path = "tests/turns.rs"]
mod turns;
#[path = "tests/uncontended.rs"]
mod uncontended;
#[path = "tests/wakers.rs"]
mod wakers;
