//! `#[primitive]` with a word.

use std::pin::Pin;

use sync_core::{Latch, ScopedRawMutex, WordPolicy};

use crate::support::{
    Task, Waiter, Work, exhaustive, leak, model,
    pairs::{Linearizable, pairs},
    pinned,
};

#[sync_core::bitfield(usize)]
pub struct CountState {
    waiting: bool,
    closed: bool,
    #[bits(..)]
    count: usize,
}

/// Tokens, of which each wait takes as many as it asks for.
#[sync_core::primitive(method = take, future = Take, new(count: usize) = CountState::new().with_count(count), word = CountState)]
pub(crate) struct Tokens;

impl WordPolicy for Tokens {
    type Word = CountState;
    type Waiter = usize;
    type Value = usize;

    fn take(word: CountState, need: &usize) -> Option<(CountState, usize)> {
        word.count().checked_sub(*need).map(|rest| (word.with_count(rest), *need))
    }

    fn put_back(word: CountState, _: &usize, given: usize) -> CountState {
        word.with_count(word.count() + given)
    }
}

impl<Lock: ScopedRawMutex> Tokens<Lock> {
    /// Adds `n` tokens.
    pub(crate) fn add(&self, n: usize) {
        self.change(|word| word.with_count(word.count() + n));
    }
}

impl Linearizable for Tokens {
    type Wait = Take<'static>;

    fn new() -> Self {
        Tokens::new(0)
    }

    fn wait(&'static self, _: u8) -> Pin<Box<Self::Wait>> {
        pinned(self.take(1))
    }

    fn subscribe(&'static self, _: u8, task: &Task) -> Pin<Box<Self::Wait>> {
        let mut wait = pinned(self.take(1));
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
        let left = (0..8).filter(|_| self.try_take(&1).is_some()).count();
        format!("{left} left, {:?}", self.word())
    }
}

// See `support/pairs.rs`. Fails if (each seen): those that do not fit the batch are not let in at once
// (`AT_ONCE`); `settle` writes back a `closed` that it read before; the word says forever that a task waits.
pairs!(Tokens, and threes);

/// W1 order.  Property: a task that takes something sees what was done before it was given.
/// Threads: one polls a take twice, one works and adds a token. The work is Relaxed.
/// Interleavings that matter: the token is there before the first poll; it comes between the fast path and
/// the look under the lock; it is given before the second poll.
/// Bound: none.
/// Fails if: `try_change` is Relaxed (seen).
/// Not covered: `SeqCst` accesses and load buffering, which loom does not model.
#[test]
fn a_waiter_that_takes_sees_what_was_done_before() {
    exhaustive(|roles| {
        let (tokens, work) = (leak(Tokens::new(0)), leak(Work::new()));
        let (waiter, ()) = roles.at_once(
            || {
                let waiter = Waiter::polled(2, tokens.take(1));
                assert!(!waiter.is_ready() || work.seen());
                waiter
            },
            || {
                work.done();
                tokens.add(1);
            },
        );
        assert_eq!(waiter.yields(), Ok(1));
    });
}

/// W2 handed on.  Property: a task that gets what a dropped take was given sees what the dropper did before.
/// Threads: one works and drops a take that was given a token, one polls a take twice.
/// Interleavings that matter: the newcomer queues before and after the drop, and passes after it.
/// Bound: none.
/// Fails if: `change` is Relaxed; `put_back` puts nothing back (both seen).
/// Not covered: see W1.
#[test]
fn a_waiter_that_gets_what_was_put_back_sees_what_was_done_before() {
    exhaustive(|roles| {
        let (tokens, work) = (leak(Tokens::new(0)), leak(Work::new()));
        let given = Waiter::queued(tokens.take(1));
        tokens.add(1);
        let ((), waiter) = roles.at_once(
            move || {
                work.done();
                drop(given);
            },
            || {
                let waiter = Waiter::polled(2, tokens.take(1));
                assert!(!waiter.is_ready() || work.seen());
                waiter
            },
        );
        assert_eq!(waiter.yields(), Ok(1));
    });
}

/// W3 given by another task.  Property: what several gave, and what a third one takes out for a waiter, is
/// ordered as if the taker had taken it.
/// Threads: two work and add a token each; a take of two waits, or comes.
/// Interleavings that matter: one adds without the lock, the other under it and hands over.
/// Bound: two preemptions.
/// Fails if: `try_change` is Relaxed (seen).
/// Not covered: see W1.
#[test]
fn a_waiter_that_takes_sees_what_all_givers_did() {
    model(|roles| {
        let tokens = leak(Tokens::new(0));
        let works = [leak(Work::new()), leak(Work::new())];
        let other = loom::thread::spawn(move || {
            works[0].done();
            tokens.add(1);
        });
        let (waiter, ()) = roles.at_once(
            move || {
                let waiter = Waiter::polled(2, tokens.take(2));
                assert!(!waiter.is_ready() || works.iter().all(|work| work.seen()));
                waiter
            },
            move || {
                works[1].done();
                tokens.add(1);
            },
        );
        other.join().unwrap();
        assert_eq!(waiter.yields(), Ok(2));
    });
}

/// W4 open.  Property: a task that passes what is open, which is a load, sees what was done before it was
/// opened. Threads: one polls a wait once, one works and opens; each of a latch and of an event.
/// Interleavings that matter: it is open at the first load.
/// Bound: none.
/// Fails if: the first load of `try_take` is Relaxed (seen); `try_change` is (seen).
/// Not covered: see W1.
#[test]
fn a_task_that_passes_what_is_open_sees_what_was_done_before() {
    exhaustive(|roles| {
        let (latch, work) = (leak(Latch::new(1)), leak(Work::new()));
        roles.at_once(
            || assert!(!Waiter::polled(1, latch.wait()).is_ready() || work.seen()),
            || {
                work.done();
                latch.count_down(1);
            },
        );
        assert_eq!(Waiter::polled(1, latch.wait()).yields(), Ok(()));
    });
}

/// W5 closed.  Property: a task that is told that it is closed sees what was done before it was closed.
/// Threads: one polls a take twice and looks at `is_closed`, one works and closes.
/// Interleavings that matter: closed before the first poll, before the look under the lock, and between the
/// polls.
/// Bound: none.
/// Fails if: the loads of `enter` are Relaxed; `close` is; `snapshot` is (all seen).
/// Not covered: see W1.
#[test]
fn a_task_that_finds_it_closed_sees_what_was_done_before() {
    exhaustive(|roles| {
        let (tokens, work) = (leak(Tokens::new(0)), leak(Work::new()));
        let (waiter, ()) = roles.at_once(
            || {
                assert!(!tokens.is_closed() || work.seen());
                let waiter = Waiter::polled(2, tokens.take(1));
                assert!(!waiter.is_ready() || work.seen());
                waiter
            },
            || {
                work.done();
                tokens.close();
            },
        );
        assert!(waiter.yields().is_err());
    });
}

/// W6 granted.  Property: those that are given something and do not fit the batch have it: a drop hands it
/// on, and no other task takes it.
/// Threads: one adds four tokens for four that wait, which takes two batches; one drops the third of them and
/// asks for a token itself.
/// Interleavings that matter: the drop while it is granted and still linked.
/// Bound: two preemptions.
/// Fails if: `put_back` puts nothing back; those that are granted are not released if no task waits (both
/// seen). Not covered: a policy that panics.
#[test]
fn the_granted_may_leave() {
    model(|roles| {
        let tokens = leak(Tokens::new(0));
        let mut crowd: Vec<_> = (0..4).map(|_| Waiter::queued(tokens.take(1))).collect();
        let third = crowd.remove(2);
        let ((), newcomer) = roles.at_once(
            || tokens.add(4),
            || {
                drop(third);
                Waiter::polled(1, tokens.take(1))
            },
        );
        for waiter in crowd {
            assert_eq!(waiter.yields(), Ok(1));
        }
        assert_eq!(newcomer.yields(), Ok(1));
        assert_eq!(tokens.word().count(), 0);
    });
}

/// W7 beside the granted.  Property: a task that gives while others are granted and still linked gives to no
/// task twice, and to those behind them.
/// Threads: one adds three tokens for three that wait, which takes two batches; one queues, and adds one.
/// Interleavings that matter: the second between the batches of the first.
/// Bound: two preemptions.
/// Fails if: `one` does not look whether the first is granted something; `round` asks those again that are
/// (both seen).
/// Not covered: more than one left by a batch.
#[test]
fn a_release_beside_the_granted_goes_to_waiters_behind() {
    model(|roles| {
        let tokens = leak(Tokens::new(0));
        let crowd: Vec<_> = (0..3).map(|_| Waiter::queued(tokens.take(1))).collect();
        let ((), newcomer) = roles.at_once(
            || tokens.add(3),
            || {
                let newcomer = Waiter::polled(1, tokens.take(1));
                tokens.add(1);
                newcomer
            },
        );
        for waiter in crowd {
            assert_eq!(waiter.yields(), Ok(1));
        }
        assert_eq!(newcomer.yields(), Ok(1));
        assert_eq!(tokens.word().count(), 0);
    });
}

/// W8 again.  Property: a task that takes what was taken and given again meanwhile sees what was done before
/// that.
/// Threads: one takes a token, works and gives it back, one takes it.
/// Interleavings that matter: the second looks before the first takes, and exchanges after it has given back:
/// the bits are the same.
/// Bound: none.
/// Fails if: the exchange of `try_take` is Relaxed (seen).
/// Not covered: see W1.
#[test]
fn a_waiter_that_takes_what_was_given_again_sees_what_was_done_before() {
    exhaustive(|roles| {
        let (tokens, work) = (leak(Tokens::new(1)), leak(Work::new()));
        let (lent, seen) = roles.at_once(
            || {
                let lent = tokens.try_take(&1).is_some();
                if lent {
                    work.done();
                    tokens.add(1);
                }
                lent
            },
            || tokens.try_take(&1).map(|_| work.seen()),
        );
        // It was not there while it was lent, so it was taken before (then it could not be lent) or after
        // that.
        assert!(!lent || seen != Some(false), "it was taken after it was given again");
    });
}

/// W9 left over.  Property: a task that takes, without the lock, what a change under the lock has left sees
/// what was done before that.
/// Threads: one works and adds two tokens, for one of which a task waits; one takes the other.
/// Interleavings that matter: the take after the change.
/// Bound: none.
/// Fails if: `settle` is Relaxed (seen).
/// Not covered: see W1.
#[test]
fn a_waiter_that_takes_what_is_left_over_sees_what_was_done_before() {
    exhaustive(|roles| {
        let (tokens, work) = (leak(Tokens::new(0)), leak(Work::new()));
        let waiter = Waiter::queued(tokens.take(1));
        roles.at_once(
            || {
                work.done();
                tokens.add(2);
            },
            || assert!(tokens.try_take(&1).is_none() || work.seen()),
        );
        assert_eq!(waiter.yields(), Ok(1));
    });
}

/// W10 given by the one that leaves.  Property: a task that gets, when the one in front leaves, what was
/// given without the lock sees what was done before that.
/// Threads: one works and adds two tokens, one asks for three and gives up, one asks for two.
/// Interleavings that matter: the tokens are added before the first one queues; the last one queues behind
/// it.
/// Bound: two preemptions.
/// Fails if: `try_change`, `change` or `settle` is Relaxed (all seen).
/// Not covered: see W1. With the exchange of `enter` Relaxed it passes: a task that waits has loaded the word
/// since.
#[test]
fn a_waiter_that_gets_what_the_front_did_not_take_sees_what_was_done_before() {
    model(|roles| {
        let (tokens, work) = (leak(Tokens::new(0)), leak(Work::new()));
        let giver = loom::thread::spawn(move || {
            work.done();
            tokens.add(2);
        });
        let ((), waiter) = roles.at_once(
            || drop(Waiter::polled(1, tokens.take(3))),
            || {
                let waiter = Waiter::polled(2, tokens.take(2));
                assert!(!waiter.is_ready() || work.seen());
                waiter
            },
        );
        giver.join().unwrap();
        assert_eq!(waiter.yields(), Ok(2));
    });
}

/// W11 again, under the lock.  Property: as W8, for one that finds nothing at first, and enters.
/// Threads: one gives a token, takes it, works and gives it back; one polls a take.
/// Interleavings that matter: the take finds nothing, looks again under the lock at the token that was given
/// first, and exchanges when it was given back: the bits are the same.
/// Bound: none.
/// Fails if: the exchange of `enter` is Relaxed (seen).
/// Not covered: see W1.
#[test]
fn a_task_that_enters_when_it_was_given_again_sees_what_was_done_before() {
    exhaustive(|roles| {
        let (tokens, work) = (leak(Tokens::new(0)), leak(Work::new()));
        let (lent, seen) = roles.at_once(
            || {
                tokens.add(1);
                let lent = tokens.try_take(&1).is_some();
                if lent {
                    work.done();
                    tokens.add(1);
                }
                lent
            },
            || Waiter::polled(1, tokens.take(1)).is_ready().then(|| work.seen()),
        );
        // As in W8.
        assert!(!lent || seen != Some(false), "it was taken after it was given again");
    });
}
