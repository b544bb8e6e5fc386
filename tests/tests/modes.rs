//! What `#[wait_map]` promises in each of its modes, beyond `unique` and `fifo` without options, which have tests of
//! their own.
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

use alloc::boxed::Box;
use core::{
    fmt::Debug,
    future::Future,
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    task::Poll,
};
use std::panic::catch_unwind;

use sync_core::{Closed, WaitQueue};
use tests::{SILENT, Task, quiet};

/// A wait and its task, in line.
struct Waiting<F> {
    task: Task,
    wait: Pin<Box<F>>,
}

impl<F: Future> Waiting<F> {
    /// Polls `wait` once: it has to wait.
    #[track_caller]
    fn new(wait: F) -> Self {
        let mut this = Self { task: Task::new(), wait: Box::pin(wait) };
        assert!(this.task.poll(this.wait.as_mut()).is_pending(), "there was nothing to wait for");
        this
    }

    fn poll(&mut self) -> Poll<F::Output> {
        self.task.poll(self.wait.as_mut())
    }

    fn was_woken(&self) -> bool {
        self.task.woken() > 0
    }

    /// What it yields, having been woken once.
    #[track_caller]
    fn yields(mut self) -> F::Output {
        assert_eq!(self.task.woken(), 1, "how often it was woken");
        match self.poll() {
            Poll::Ready(output) => output,
            Poll::Pending => panic!("it was woken and waits on"),
        }
    }

    /// Waits on, and was not woken.
    #[track_caller]
    fn waits(&mut self) {
        assert_eq!(self.task.woken(), 0, "how often it was woken");
        assert!(self.poll().is_pending(), "it does not wait any more");
    }
}

/// What `future` yields at its first poll.
#[track_caller]
fn ready<F: Future>(future: F) -> F::Output {
    match Task::new().poll(pin!(future)) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

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
