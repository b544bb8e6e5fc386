//! Those that wait in line, those that stand by, and what has to hold of them.

use alloc::vec::Vec;

use tests::{
    Task,
    fuse::{Run, Waiting, act, task},
};

use crate::scene::{Act, Does, WithUserCode};

/// A wait, and what it was given.
pub(crate) type Waiter<'s> = tests::Waiter<Waiting<'s>>;

/// Returns `wait` as a task whose wakers may panic.
fn waiter(wait: Waiting<'_>) -> Waiter<'_> {
    let mut waiter = Waiter::new(wait);
    waiter.task = task();
    waiter
}

/// Polls `waiter`; if that panics, it waits on as before.
pub(crate) fn poll(run: Option<&Run>, waiter: &mut Waiter<'_>) {
    act(run, || waiter.poll_in_place());
}

/// Drops the wait of `waiter`, and what that has yielded.
pub(crate) fn leave(run: Option<&Run>, waiter: &mut Waiter<'_>) {
    act(run, || {
        waiter.cancel();
        drop(waiter.take());
    });
}

/// Returns whether `waiter` was given something.
pub(crate) fn was_given(waiter: &Waiter<'_>) -> bool {
    waiter.peek(Option::is_some) == Some(true)
}

fn is_told(waiter: &Waiter<'_>) -> bool {
    waiter.woken() > 0
}

pub(crate) struct Scene<'s, S: WithUserCode> {
    pub(crate) subject: &'s S,
    pub(crate) kept: Option<S::Kept<'s>>,
    pub(crate) line: Vec<Waiter<'s>>,
    pub(crate) bystanders: Vec<Waiter<'s>>,
    /// The one that comes.
    pub(crate) newcomer: Option<Waiter<'s>>,
    /// The task that polls instead of another.
    pub(crate) other: Task,
    /// How many waits there were.
    pub(crate) waits: usize,
}

impl<'s, S: WithUserCode> Scene<'s, S> {
    pub(crate) fn new(subject: &'s S, n: usize) -> Self {
        let mut scene = Self {
            subject,
            kept: Some(subject.keep()),
            line: Vec::new(),
            bystanders: Vec::new(),
            newcomer: None,
            other: task(),
            waits: 0,
        };
        for place in 0..n {
            if place == 0 || place == n / 2 {
                scene.watch();
            }
            let waiter = scene.newcomer();
            assert!(waiter.is_pending(), "there is something for number {place}");
            scene.line.push(waiter);
        }
        if n > 0 {
            scene.watch();
        }
        scene
    }

    pub(crate) fn watch(&mut self) {
        if let Some(wait) = self.subject.bystander(self.bystanders.len()) {
            let mut bystander = waiter(wait);
            bystander.poll_in_place();
            self.bystanders.push(bystander);
        }
    }

    pub(crate) fn newcomer(&mut self) -> Waiter<'s> {
        let mut waiter = waiter(self.subject.wait(self.waits));
        self.waits += 1;
        waiter.poll_in_place();
        waiter
    }

    pub(crate) fn give(&mut self) {
        self.subject.give(&mut self.kept);
    }

    /// Does it, with the run's panic.
    pub(crate) fn act(&mut self, run: &Run, act: &Act<S>) {
        match act.does {
            Does::Come | Does::Find => {
                let mut newcomer = waiter(self.subject.wait(self.waits));
                self.waits += 1;
                poll(Some(run), &mut newcomer);
                self.newcomer = Some(newcomer);
            }
            Does::Repoll(place) => {
                let before = core::mem::replace(&mut self.line[place].task, self.other.clone());
                poll(Some(run), &mut self.line[place]);
                self.line[place].task = before;
            }
            Does::Leave(place) => leave(Some(run), &mut self.line[place]),
            Does::LeaveGiven => leave(Some(run), &mut self.line[0]),
            Does::Take => poll(Some(run), &mut self.line[0]),
            Does::Do(does) => drop(run.act(|| does(self.subject, &mut self.kept))),
        }
    }

    /// How many of those that were in line are told now: the first ones, as they stand there.
    pub(crate) fn told(&self, skip: usize) -> usize {
        let line = self.line.iter().skip(skip).filter(|waiter| waiter.is_pending() || waiter.is_ready());
        let told: Vec<_> = line.map(is_told).collect();
        let n = told.iter().filter(|told| **told).count();
        assert!(told[..n].iter().all(|told| *told), "told, but not those at the front: {told:?}");
        n
    }

    /// Every task polls: a task that is told is through, and no other task was given anything.
    pub(crate) fn settle(&mut self) {
        for (place, waiter) in self.line.iter_mut().enumerate().filter(|(_, waiter)| waiter.is_pending()) {
            let told = is_told(waiter);
            waiter.poll_in_place();
            assert_eq!(told, !waiter.is_pending(), "number {place} was told, or was given something");
        }
    }

    /// Those that only stand by are told of a close, and of nothing else.
    pub(crate) fn bystanders_are_told(&self, closed: bool) {
        for bystander in &self.bystanders {
            assert_eq!(
                is_told(bystander),
                closed,
                "a waiter was told what was not for it, or not told of a close"
            );
        }
    }

    /// A task that still waits gets what it waits for, by and by; or, of what is closed, is told that.
    pub(crate) fn finish(&mut self, closed: bool) {
        for _ in 0..4 * self.waits + 8 {
            for waiter in &mut self.line {
                if is_told(waiter) {
                    waiter.poll_in_place();
                }
                if was_given(waiter) {
                    leave(None, waiter);
                }
            }
            if !self.line.iter().any(Waiter::is_pending) {
                break;
            }
            if !closed {
                self.give();
            }
        }
        let left = self.line.iter().filter(|waiter| waiter.is_pending()).count();
        assert_eq!(left, 0, "how many wait forever");
        self.kept = None;
        self.bystanders.clear();
        self.line.clear();
        if closed {
            assert!(self.newcomer().peek(Option::is_none) == Some(true), "it is closed, and a task waits");
        }
    }

    /// A new task waits and is told, twice.
    pub(crate) fn works(&mut self) {
        for round in 0..2 {
            self.kept = Some(self.subject.keep());
            let mut first = self.newcomer();
            assert!(first.is_pending(), "no task has to wait any more, in round {round}");
            for _ in 0..4 * self.waits + 8 {
                if !is_told(&first) {
                    self.give();
                }
            }
            assert!(is_told(&first), "no task is told any more, in round {round}");
            first.poll_in_place();
            assert!(was_given(&first), "in round {round}");
        }
    }
}
