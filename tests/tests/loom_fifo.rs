//! Models of `#[wait_map(match = fifo)]`.
#![cfg(loom)]
#![expect(
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a model runs on a host, and ends where it fails"
)]

mod support;

use std::pin::Pin;

use support::{
    Task, Waiter, Work, exhaustive, leak, model,
    pairs::{Linearizable, pairs},
    pinned,
};
use sync_core::wait_map::WakeOutcome;

/// Mail by topic.
#[sync_core::wait_map(key = u8, value = u8, match = fifo, future = Receive)]
pub struct Mail;

/// Every task waits for one key.
const KEY: u8 = 7;

impl Linearizable for Mail {
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

// See `support/pairs.rs`. Fails if a value is handed on to one that is left between two batches of `close`,
// as it was (seen).
pairs!(Mail, and threes);

/// F1 order.  Property: a task that is given a value sees what was done before; a wake-up that found no
/// waiter was before the wait.
/// Threads: one polls a wait twice, one works and wakes. The work is Relaxed.
/// Interleavings that matter: the wake-up before the wait is in line, and between the polls.
/// Bound: none.
/// Fails if: a wake-up says `NoMatch` although it found one. Its orderings are the lock's and those of Q1.
/// Not covered: `SeqCst` accesses and load buffering, which loom does not model.
#[test]
fn the_woken_see_what_was_done_before_wake_one() {
    exhaustive(|roles| {
        let (mail, work) = (leak(Mail::new()), leak(Work::new()));
        let (waiter, was_woken) = roles.at_once(
            || {
                let waiter = Waiter::polled(2, mail.wait(KEY));
                assert!(!waiter.is_ready() || work.seen());
                waiter
            },
            || {
                work.done();
                woke(mail.wake_one(&KEY, 9))
            },
        );
        if was_woken {
            assert_eq!(waiter.yields(), Ok(9));
        } else {
            waiter.waits();
        }
    });
}

/// F2 exactly those.  Property: `wake_all` gives its value to all three that wait, in two rounds, and to
/// no task that came meanwhile; a wake-up between the rounds is the newcomer's.
/// Threads: one wakes all; one polls a newcomer and wakes one.
/// Interleavings that matter: both between the rounds.
/// Bound: two preemptions.
/// Fails if: those that a `wake_all` has claimed are open to a `wake_one` between its rounds: so it was when
/// the pairs were written, and they saw it.
/// Not covered: rounds of eight, and thousands of waits; a plain test has those.
#[test]
fn wake_all_gives_to_the_waiters_there_were() {
    model(|roles| {
        let mail = leak(Mail::new());
        let crowd: Vec<_> = (0..3).map(|_| Waiter::queued(mail.wait(KEY))).collect();
        let (woken, (newcomer, one)) = roles.at_once(
            || mail.wake_all(&KEY, 1),
            || {
                let newcomer = Waiter::polled(1, mail.wait(KEY));
                (newcomer, woke(mail.wake_one(&KEY, 2)))
            },
        );
        let mut yielded: Vec<_> = crowd.into_iter().map(Waiter::yields).collect();
        // Both in line before `wake_all`, and one woken; the newcomer alone; or after both.
        yielded.push(newcomer.polls().yields());
        let ones = yielded.iter().filter(|&value| *value == Ok(1)).count();
        assert_eq!(ones, woken);
        assert_eq!(yielded.iter().filter(|&value| *value == Ok(2)).count(), usize::from(one));
    });
}

/// F3 handed on.  Property: a value whose wait is dropped goes to the next of the same key, or nowhere, once.
/// Threads: one drops the first of two waits, one gives two values.
/// Interleavings that matter: the drop before, between and after the values.
/// Bound: none.
/// Fails if: `abandon` does not hand on (seen).
/// Not covered: other keys in between.
#[test]
fn a_value_whose_wait_is_dropped_is_handed_on() {
    exhaustive(|roles| {
        let (mail, work) = (leak(Mail::new()), leak(Work::new()));
        let (first, second) = (Waiter::queued(mail.wait(KEY)), Waiter::queued(mail.wait(KEY)));
        let (second, ()) = roles.at_once(
            || {
                drop(first);
                let second = second.polls();
                assert!(!second.is_ready() || work.seen());
                second
            },
            || {
                work.done();
                assert!(woke(mail.wake_one(&KEY, 9)));
            },
        );
        assert_eq!(second.yields(), Ok(9));
    });
}

/// Whether a task was woken.
fn woke(outcome: WakeOutcome<u8>) -> bool {
    outcome == WakeOutcome::Woke
}
