//! Models of [`WaitMap`], which is `#[wait_map(match = unique)]`.
#![cfg(loom)]

mod support;

use std::pin::Pin;

use support::{
    Task,
    pairs::{Subject, pairs},
    pinned,
};
use sync_core::{WaitMap, wait_map::Wait};

type Map = WaitMap<u8, u8>;

impl Subject for Map {
    type Wait = Wait<'static, u8, u8>;

    fn new() -> Self {
        WaitMap::new()
    }

    fn wait(&'static self, key: u8) -> Pin<Box<Self::Wait>> {
        pinned(WaitMap::wait(self, key))
    }

    fn subscribe(&'static self, key: u8, task: &Task) -> Pin<Box<Self::Wait>> {
        let mut wait = pinned(WaitMap::wait(self, key));
        let poll = task.poll(pinned(wait.as_mut().subscribe()).as_mut());
        assert!(poll.is_ready(), "subscribing takes one poll");
        wait
    }

    fn wake(&'static self, key: u8, value: u8) -> String {
        format!("{:?}", WaitMap::wake(self, &key, value))
    }

    fn wake_all(&'static self, key: u8, value: u8) -> String {
        Subject::wake(self, key, value)
    }

    fn close(&'static self) {
        WaitMap::close(self);
    }

    fn rest(&'static self) -> String {
        // Of three keys, whose are taken?
        let waits: Vec<_> =
            (0..3).map(|key| Task::new().poll(pinned(WaitMap::wait(self, key)).as_mut())).collect();
        format!("{waits:?}, closed: {}", self.is_closed())
    }
}

pairs!(Map, and threes, without wake_all);
