//! Models of `#[wait_map(match = fifo)]`.
#![cfg(loom)]

mod support;

use std::pin::Pin;

use support::{
    Task,
    pairs::{Subject, pairs},
    pinned,
};

/// Mail by topic.
#[sync_core::wait_map(key = u8, value = u8, match = fifo, future = Receive)]
pub struct Mail;

/// Everybody waits for one key.
const KEY: u8 = 7;

impl Subject for Mail {
    // Values are cloned without the lock, a few at a time; until then their waits are still in line.
    const WAKE_ALL_IS_ONE_STEP: bool = false;

    type Wait = Receive<'static>;

    fn new() -> Self {
        Mail::new()
    }

    fn wait(&'static self, _: u8) -> Pin<Box<Self::Wait>> {
        pinned(Mail::wait(self, KEY))
    }

    fn subscribe(&'static self, _: u8, task: &Task) -> Pin<Box<Self::Wait>> {
        let mut wait = pinned(Mail::wait(self, KEY));
        let poll = task.poll(pinned(wait.as_mut().subscribe()).as_mut());
        assert!(poll.is_ready(), "subscribing takes one poll");
        wait
    }

    fn wake(&'static self, _: u8, value: u8) -> String {
        format!("{:?}", self.wake_one(&KEY, value))
    }

    fn wake_all(&'static self, _: u8, value: u8) -> String {
        format!("{:?}", Mail::wake_all(self, &KEY, value))
    }

    fn close(&'static self) {
        Mail::close(self);
    }

    fn rest(&'static self) -> String {
        format!("{self:?}")
    }
}

pairs!(Mail, and threes);
