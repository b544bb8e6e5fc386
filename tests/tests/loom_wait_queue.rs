//! Models of [`WaitQueue`].
#![cfg(loom)]

mod support;

use std::{pin::Pin, task::Poll};

use support::{
    Task,
    pairs::{Subject, pairs},
    pinned,
};
use sync_core::{WaitQueue, wait_queue::Wait};

impl Subject for WaitQueue {
    type Wait = Wait<'static>;

    fn new() -> Self {
        WaitQueue::new()
    }

    fn wait(&'static self, _: u8) -> Pin<Box<Wait<'static>>> {
        pinned(WaitQueue::wait(self))
    }

    fn subscribe(&'static self, _: u8, _: &Task) -> Pin<Box<Wait<'static>>> {
        let mut wait = pinned(WaitQueue::wait(self));
        let _ = wait.as_mut().subscribe();
        wait
    }

    fn wake(&'static self, _: u8, _: u8) -> String {
        WaitQueue::wake(self);
        String::new()
    }

    fn wake_all(&'static self, _: u8, _: u8) -> String {
        WaitQueue::wake_all(self);
        String::new()
    }

    fn close(&'static self) {
        WaitQueue::close(self);
    }

    fn rest(&'static self) -> String {
        let stored = (0..2).filter(|_| matches!(self.try_wait(), Poll::Ready(Ok(())))).count();
        format!("{stored} stored, {} wait, closed: {}", self.waiters(), self.is_closed())
    }
}

pairs!(WaitQueue, and threes);
