//! Those who wait in line, those who stand by, and what has to hold of them.

use alloc::{boxed::Box, vec::Vec};
use core::task::{Context, Poll};

use tests::fuse::{Got, Run, Task, Waiting};

use crate::scene::{Act, Does, Subject};

/// What became of a wait.
pub(crate) enum Outcome<'s> {
    Waits(Waiting<'s>),
    Given(#[expect(dead_code, reason = "it has to be dropped")] Box<dyn Got + 's>),
    Refused,
    Gone,
}

pub(crate) struct Waiter<'s> {
    pub(crate) task: Task,
    pub(crate) outcome: Outcome<'s>,
}

impl<'s> Waiter<'s> {
    pub(crate) fn new(wait: Waiting<'s>) -> Self {
        Self { task: Task::new(), outcome: Outcome::Waits(wait) }
    }

    /// Polls it as `task`; if that panics, it waits on as before.
    pub(crate) fn poll_as(&mut self, run: Option<&Run>, task: Task) {
        let Outcome::Waits(wait) = &mut self.outcome else { return };
        let waker = task.waker();
        let polled = match run {
            Some(run) => run.act(|| wait.as_mut().poll(&mut Context::from_waker(&waker))),
            None => Some(wait.as_mut().poll(&mut Context::from_waker(&waker))),
        };
        match polled {
            Some(Poll::Ready(Some(got))) => self.outcome = Outcome::Given(got),
            Some(Poll::Ready(None)) => self.outcome = Outcome::Refused,
            Some(Poll::Pending) | None => {}
        }
    }

    pub(crate) fn poll(&mut self, run: Option<&Run>) {
        self.poll_as(run, self.task);
    }

    pub(crate) fn leave(&mut self, run: Option<&Run>) {
        let outcome = core::mem::replace(&mut self.outcome, Outcome::Gone);
        match run {
            Some(run) => drop(run.act(|| drop(outcome))),
            None => drop(outcome),
        }
    }

    pub(crate) fn waits(&self) -> bool {
        matches!(self.outcome, Outcome::Waits(_))
    }

    pub(crate) fn told(&self) -> bool {
        self.task.woken() > 0
    }
}

pub(crate) struct Scene<'s, S: Subject> {
    pub(crate) subject: &'s S,
    pub(crate) kept: Option<S::Kept<'s>>,
    pub(crate) line: Vec<Waiter<'s>>,
    pub(crate) bystanders: Vec<Waiter<'s>>,
    /// The one who comes.
    pub(crate) newcomer: Option<Waiter<'s>>,
    /// Who polls instead of somebody else.
    pub(crate) other: Task,
    /// How many waits there were.
    pub(crate) waits: usize,
}

impl<'s, S: Subject> Scene<'s, S> {
    pub(crate) fn new(subject: &'s S, n: usize) -> Self {
        let mut scene = Self {
            subject,
            kept: Some(subject.keep()),
            line: Vec::new(),
            bystanders: Vec::new(),
            newcomer: None,
            other: Task::new(),
            waits: 0,
        };
        for place in 0..n {
            if place == 0 || place == n / 2 {
                scene.watch();
            }
            let waiter = scene.newcomer();
            assert!(waiter.waits(), "there is something for number {place}");
            scene.line.push(waiter);
        }
        if n > 0 {
            scene.watch();
        }
        scene
    }

    pub(crate) fn watch(&mut self) {
        if let Some(wait) = self.subject.bystander(self.bystanders.len()) {
            let mut bystander = Waiter::new(wait);
            bystander.poll(None);
            self.bystanders.push(bystander);
        }
    }

    pub(crate) fn newcomer(&mut self) -> Waiter<'s> {
        let mut waiter = Waiter::new(self.subject.wait(self.waits));
        self.waits += 1;
        waiter.poll(None);
        waiter
    }

    pub(crate) fn give(&mut self) {
        self.subject.give(&mut self.kept);
    }

    /// Does it, with the run's panic.
    pub(crate) fn act(&mut self, run: &Run, act: &Act<S>) {
        match act.does {
            Does::Come | Does::Find => {
                let mut newcomer = Waiter::new(self.subject.wait(self.waits));
                self.waits += 1;
                newcomer.poll(Some(run));
                self.newcomer = Some(newcomer);
            }
            Does::Repoll(place) => self.line[place].poll_as(Some(run), self.other),
            Does::Leave(place) => self.line[place].leave(Some(run)),
            Does::LeaveGiven => self.line[0].leave(Some(run)),
            Does::Take => self.line[0].poll(Some(run)),
            Does::Do(does) => drop(run.act(|| does(self.subject, &mut self.kept))),
        }
    }

    /// How many of those who were in line are told now: the first ones, as they stand there.
    pub(crate) fn told(&self, skip: usize) -> usize {
        let line = self.line.iter().skip(skip).filter(|waiter| !matches!(waiter.outcome, Outcome::Gone));
        let told: Vec<_> = line.map(Waiter::told).collect();
        let n = told.iter().filter(|told| **told).count();
        assert!(told[..n].iter().all(|told| *told), "told, but not those at the front: {told:?}");
        n
    }

    /// Everybody polls: who is told is through, and nobody else was given anything.
    pub(crate) fn settle(&mut self) {
        for (place, waiter) in self.line.iter_mut().enumerate().filter(|(_, waiter)| waiter.waits()) {
            let told = waiter.told();
            waiter.poll(None);
            assert_eq!(told, !waiter.waits(), "number {place} was told, or was given something");
        }
    }

    /// Those who only stand by are told of a close, and of nothing else.
    pub(crate) fn bystanders_are_told(&self, closed: bool) {
        for bystander in &self.bystanders {
            assert_eq!(
                bystander.told(),
                closed,
                "somebody was told whom it was not for, or not told of a close"
            );
        }
    }

    /// Whoever still waits gets what he waits for, by and by; or, of what is closed, is told that.
    pub(crate) fn finish(&mut self, closed: bool) {
        for _ in 0..4 * self.waits + 8 {
            for waiter in &mut self.line {
                if waiter.told() {
                    waiter.poll(None);
                }
                if matches!(waiter.outcome, Outcome::Given(_)) {
                    waiter.leave(None);
                }
            }
            if !self.line.iter().any(Waiter::waits) {
                break;
            }
            if !closed {
                self.give();
            }
        }
        let left = self.line.iter().filter(|waiter| waiter.waits()).count();
        assert_eq!(left, 0, "so many wait for ever");
        self.kept = None;
        self.bystanders.clear();
        self.line.clear();
        if closed {
            assert!(matches!(self.newcomer().outcome, Outcome::Refused), "it is closed, and somebody waits");
        }
    }

    /// Somebody new waits and is told, twice.
    pub(crate) fn works(&mut self) {
        for round in 0..2 {
            self.kept = Some(self.subject.keep());
            let mut first = self.newcomer();
            assert!(first.waits(), "nobody has to wait any more, in round {round}");
            for _ in 0..4 * self.waits + 8 {
                if !first.told() {
                    self.give();
                }
            }
            assert!(first.told(), "nobody is told any more, in round {round}");
            first.poll(None);
            assert!(matches!(first.outcome, Outcome::Given(_)), "in round {round}");
        }
    }
}
