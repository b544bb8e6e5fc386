//! Foreign code that fails: every call into user code panics once, in every operation of every primitive.
//!
//! A scenario is run without a panic first, and the calls that its one operation makes into user code are
//! counted: wakers cloned, woken and dropped, keys compared and hashed, values cloned and dropped, predicates
//! and policies asked, initialisers and closures run. Then it is run once for each of these calls, with a
//! panic in that one. Whatever call it is:
//!
//! - the panic comes out of the operation, and no other one;
//! - if the library had decided by then which tasks to tell (a waker panics, or a drop), every task is told
//!   that was to be told, and no other task;
//! - if it was still asking (a comparison, a clone, a policy), those at the front are told that it had
//!   decided about, and the next call of the same operation tells the rest;
//! - who is told is through when it polls, and no task waits forever;
//! - every waker, key and value is dropped once, and no waker and no value under the lock;
//! - a new task waits and is told afterwards, or is refused by what was closed.
//!
//! Seen to fail with: a `WakeBatch` or `Rounds` whose drop does not go on; rounds that are not stubborn; a
//! `gate::Round` or `Settle` that is not finished when a rule has panicked; a `wake_n` that leaves the rest
//! claimed, or does not go on when a waker has panicked; a value that moves into the closure under the lock
//! (`Offer`); a replaced or cancelled waker that is dropped under the lock; `Evicted` that is not woken; a
//! claim of `OnceCell` that is not given up; `Arrived` that does not take itself off a barrier; buckets that
//! are closed in a loop; a waker that goes into the search for a place by value.
//!
//! `scene.rs` has the operations and `line.rs` the waiters to which they happen, `tests/src/fuse.rs` the user
//! code. What does not wait in a line, or is an `async fn`, has scenarios of its own.
#![cfg(not(loom))]

#[macro_use]
extern crate alloc;

#[path = "foreign/cell.rs"]
mod cell;
#[path = "foreign/composed.rs"]
mod composed;
#[path = "foreign/keyed.rs"]
mod keyed;
#[path = "foreign/line.rs"]
mod line;
#[path = "foreign/locks.rs"]
mod locks;
#[path = "foreign/once.rs"]
mod once;
#[path = "foreign/policies.rs"]
mod policies;
#[path = "foreign/queues.rs"]
mod queues;
#[path = "foreign/scene.rs"]
mod scene;

/// One test for each subject, with the number of panics that its table injects at least.
macro_rules! tables {
    ($($name:ident: $subject:ty, $panics:literal;)*) => {$(
        #[test]
        fn $name() {
            $crate::scene::table::<$subject>().at_least($panics);
        }
    )*};
}
use tables;
