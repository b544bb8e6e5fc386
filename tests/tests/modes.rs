//! What `#[wait_map]` promises in each of its modes, beyond `unique` and `fifo` without options, which have
//! tests of their own.
#![cfg(not(loom))]
#![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
#![expect(
    clippy::trivially_copy_pass_by_ref,
    clippy::needless_pass_by_value,
    reason = "keys and events are passed by reference, undelivered values by value"
)]

extern crate alloc;

#[path = "modes/buckets.rs"]
mod buckets;
#[path = "modes/mask.rs"]
mod mask;
#[path = "modes/predicate.rs"]
mod predicate;
#[path = "modes/undelivered.rs"]
mod undelivered;
#[path = "modes/up_to.rs"]
mod up_to;

use core::{fmt::Debug, panic::AssertUnwindSafe};
use std::panic::catch_unwind;

use sync_core::{Closed, WaitQueue};
use tests::{SILENT, Waiter, quiet, ready};

/// What a wait yields when it is too late.
fn closed() -> Closed {
    let queue = WaitQueue::new();
    queue.close();
    ready(queue.wait()).unwrap_err()
}

/// Runs `test`, which panics with [`SILENT`].
#[track_caller]
fn panics<T: Debug>(test: impl FnOnce() -> T) {
    quiet();
    let panic = catch_unwind(AssertUnwindSafe(test)).expect_err("it did not panic");
    assert_eq!(panic.downcast_ref::<&str>(), Some(&SILENT));
}
