//! Models of a primitive of a user's own: the README's `Tokens`.
#![cfg(loom)]

mod support;

use std::{pin::Pin, task::Poll};

use support::{
    Task,
    pairs::{Subject, pairs},
    pinned,
};
use sync_core::{Policy, ScopedRawMutex, Select};

/// A counting semaphore in which each task asks for its own number of tokens.
#[sync_core::primitive(method = acquire, future = Acquire)]
pub struct Tokens;

impl Policy for Tokens {
    type State = usize;
    type Waiter = usize;
    type Value = ();
    type Event<'e> = ();

    fn try_ready(available: &mut usize, need: &usize) -> Option<()> {
        (*available >= *need).then(|| *available -= *need)
    }

    fn select(available: &mut usize, need: &mut usize, (): &mut ()) -> Select<()> {
        match Self::try_ready(available, need) {
            Some(()) => Select::Wake(()),
            None => Select::Stop,
        }
    }

    fn on_cancel<'e>(available: &mut usize, need: &'e mut usize, given: &mut Option<()>) -> Option<()> {
        given.take().map(|()| *available += *need)
    }
}

impl<Lock: ScopedRawMutex> Tokens<Lock> {
    /// Adds `n` tokens, and lets through whom they are enough for.
    pub fn add(&self, n: usize) {
        self.notify((), |available| *available += n);
    }
}

impl Subject for Tokens {
    type Wait = Acquire<'static>;

    fn new() -> Self {
        Tokens::new(0)
    }

    fn wait(&'static self, _: u8) -> Pin<Box<Self::Wait>> {
        pinned(self.acquire(1))
    }

    fn subscribe(&'static self, _: u8, task: &Task) -> Pin<Box<Self::Wait>> {
        let mut wait = pinned(self.acquire(1));
        let poll = task.poll(pinned(wait.as_mut().subscribe()).as_mut());
        assert!(poll.is_ready(), "subscribing takes one poll");
        wait
    }

    fn wake(&'static self, _: u8, _: u8) -> String {
        self.add(1);
        String::new()
    }

    fn wake_all(&'static self, _: u8, _: u8) -> String {
        self.add(5);
        String::new()
    }

    fn close(&'static self) {
        Tokens::close(self);
    }

    fn rest(&'static self) -> String {
        // Each wait takes one and does not put it back: it has completed.
        let left = (0..8)
            .filter(|_| Task::new().poll(pinned(self.acquire(1)).as_mut()) == Poll::Ready(Ok(())))
            .count();
        format!("{left} left, {self:?}")
    }
}

pairs!(Tokens, and threes);
