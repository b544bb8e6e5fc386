//! Models of [`WaitCell`].
#![cfg(loom)]

mod support;

use std::{pin::Pin, task::Poll};

use support::{
    Task,
    pairs::{Subject, pairs},
    pinned,
};
use sync_core::{WaitCell, wait_cell::Wait};

impl Subject for WaitCell {
    const ALONE: bool = true;

    type Wait = Wait<'static>;

    fn new() -> Self {
        WaitCell::new()
    }

    fn wait(&'static self, _: u8) -> Pin<Box<Wait<'static>>> {
        pinned(WaitCell::wait(self))
    }

    fn subscribe(&'static self, _: u8, task: &Task) -> Pin<Box<Wait<'static>>> {
        match task.poll(pinned(WaitCell::subscribe(self)).as_mut()) {
            Poll::Ready(wait) => pinned(wait),
            // Somebody was at the waker; then it was woken to try again.
            Poll::Pending => {
                assert!(task.calls() > 0, "busy, and not woken");
                pinned(WaitCell::wait(self))
            }
        }
    }

    fn wake(&'static self, _: u8, _: u8) -> String {
        // Whether there was a waker depends on what the other has done; that it is called is checked.
        WaitCell::wake(self);
        String::new()
    }

    fn wake_all(&'static self, key: u8, value: u8) -> String {
        Subject::wake(self, key, value)
    }

    fn close(&'static self) {
        WaitCell::close(self);
    }

    fn rest(&'static self) -> String {
        let stored = (0..2)
            .filter(|_| Task::new().poll(pinned(WaitCell::wait(self)).as_mut()) == Poll::Ready(Ok(())))
            .count();
        format!("{stored} stored, closed: {}", self.is_closed())
    }
}

pairs!(WaitCell, without wake_all);
