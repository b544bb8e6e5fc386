//! Models of primitives whose state is one word, and of those that the library makes with `#[primitive]`.
//!
//! The orderings of `GateCell` that W1 and W2 hold in place are in the table of `waiter/worded.rs`.
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
    pairs::{Subject, pairs},
    pinned,
};
use sync_core::{
    AutoEvent, Barrier, Condvar, Event, Latch, Mutex, OnceCell, ScopedRawMutex, WordPolicy, event, latch,
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
pub struct Tokens;

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
    pub fn add(&self, n: usize) {
        self.change(|word| word.with_count(word.count() + n));
    }
}

impl Subject for Tokens {
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

// See `support/pairs.rs`. Fails if (each seen): those who do not fit the batch are not let in at once (`AT_ONCE`);
// `settle` writes back a `closed` that it read before; the word says for ever that somebody waits.
pairs!(Tokens, and threes);

/// [`Subject`] of a primitive with `wait`, and what wakes one and all.
macro_rules! subject {
    ($type:ident, $wait:ty, $new:expr, |$this:ident| wake $wake:expr, all $all:expr, rest $rest:expr) => {
        impl Subject for $type {
            type Wait = $wait;

            fn new() -> Self {
                $new
            }

            fn wait(&'static self, _: u8) -> Pin<Box<Self::Wait>> {
                pinned($type::wait(self))
            }

            fn subscribe(&'static self, _: u8, task: &Task) -> Pin<Box<Self::Wait>> {
                let mut wait = pinned($type::wait(self));
                let poll = task.poll(pinned(wait.as_mut().subscribe()).as_mut());
                assert!(poll.is_ready(), "subscribing takes one poll");
                wait
            }

            fn wake(&'static self, _: u8, _: u8) -> String {
                let $this = self;
                $wake;
                String::new()
            }

            fn wake_all(&'static self, _: u8, _: u8) -> String {
                let $this = self;
                $all;
                String::new()
            }

            fn close(&'static self) {
                $type::close(self);
            }

            fn rest(&'static self) -> String {
                let $this = self;
                format!("{:?}, closed: {}", $rest, self.is_closed())
            }
        }
    };
}

subject!(Event, event::Wait<'static>, Event::new(), |this| wake this.set(), all this.reset(), rest this.is_set());
subject!(AutoEvent, event::AutoWait<'static>, AutoEvent::new(), |this| wake this.set(), all this.reset(), rest this.try_wait());
subject!(Latch, latch::Wait<'static>, Latch::new(2), |this| wake this.count_down(1), all this.count_down(2), rest this.count());

/// Where "all" is `reset`. While an event is set nobody waits, so there is no wait that was woken beside others.
mod event_pairs {
    use super::*;
    // Fails if `AT_ONCE` is false (seen).
    pairs!(@of pairs pair Event: wake Wake, wake_all WakeAll, close Close, wait Wait, repoll Repoll,
        drop_queued DropQueued, subscribe Subscribe);
}

/// Where "all" is `reset`.
mod auto_event_pairs {
    use super::*;
    // That what was given is put back is V2's: without it, all orders agree.
    pairs!(AutoEvent, and threes);
}

/// Where one counts down by one, and "all" by two, which opens it; then nobody waits, see above.
mod latch_pairs {
    use super::*;
    pairs!(@of pairs pair Latch: wake Wake, wake_all WakeAll, close Close, wait Wait, repoll Repoll,
        drop_queued DropQueued, subscribe Subscribe);
}

/// W1 order.  Property: whoever takes something sees what was done before it was given.
/// Threads: one polls a take twice, one works and adds a token. The work is Relaxed.
/// Interleavings that matter: the token is there before the first poll; it comes between the fast path and the look
/// under the lock; it is given before the second poll.
/// Bound: none.
/// Fails if: `try_change` is Relaxed (seen).
/// Not covered: `SeqCst` accesses and load buffering, which loom does not model.
#[test]
fn who_takes_sees_what_was_done_before() {
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

/// W2 handed on.  Property: whoever gets what a dropped take was given sees what the dropper did before.
/// Threads: one works and drops a take that was given a token, one polls a take twice.
/// Interleavings that matter: the newcomer queues before and after the drop, and passes after it.
/// Bound: none.
/// Fails if: `change` is Relaxed; `put_back` puts nothing back (both seen).
/// Not covered: see W1.
#[test]
fn who_gets_what_was_put_back_sees_what_was_done_before() {
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

/// W3 given by somebody else.  Property: what several gave, and what a third one takes out for a waiter, is ordered as
/// if the taker had taken it.
/// Threads: two work and add a token each; a take of two waits, or comes.
/// Interleavings that matter: one adds without the lock, the other under it and hands over.
/// Bound: two preemptions.
/// Fails if: `try_change` is Relaxed (seen).
/// Not covered: see W1.
#[test]
fn who_takes_sees_what_all_givers_did() {
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

/// W4 open.  Property: whoever passes what is open, which is a load, sees what was done before it was opened.
/// Threads: one polls a wait once, one works and opens; each of a latch and of an event.
/// Interleavings that matter: it is open at the first load.
/// Bound: none.
/// Fails if: the first load of `try_take` is Relaxed (seen); `try_change` is (seen).
/// Not covered: see W1.
#[test]
fn who_passes_what_is_open_sees_what_was_done_before() {
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

/// W5 closed.  Property: whoever is told that it is closed sees what was done before it was closed.
/// Threads: one polls a take twice and looks at `is_closed`, one works and closes.
/// Interleavings that matter: closed before the first poll, before the look under the lock, and between the polls.
/// Bound: none.
/// Fails if: the loads of `enter` are Relaxed; `close` is; `snapshot` is (all seen).
/// Not covered: see W1.
#[test]
fn who_finds_it_closed_sees_what_was_done_before() {
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

/// W6 granted.  Property: those who are given something and do not fit the batch have it: a drop hands it on, and
/// nobody else takes it.
/// Threads: one adds four tokens for four who wait, which takes two batches; one drops the third of them and asks for
/// a token itself.
/// Interleavings that matter: the drop while it is granted and still linked.
/// Bound: two preemptions.
/// Fails if: `put_back` puts nothing back; those who are granted are not released if nobody waits (both seen).
/// Not covered: a policy that panics.
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

/// W7 beside the granted.  Property: who gives while others are granted and still linked gives to nobody twice, and to
/// those behind them.
/// Threads: one adds three tokens for three who wait, which takes two batches; one queues, and adds one.
/// Interleavings that matter: the second between the batches of the first.
/// Bound: two preemptions.
/// Fails if: `one` does not look whether the first is granted something; `round` asks those again who are (both seen).
/// Not covered: more than one left by a batch.
#[test]
fn who_gives_beside_the_granted_gives_to_those_behind() {
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

/// W8 again.  Property: who takes what was taken and given again meanwhile sees what was done before that.
/// Threads: one takes a token, works and gives it back, one takes it.
/// Interleavings that matter: the second looks before the first takes, and exchanges after it has given back: the bits
/// are the same.
/// Bound: none.
/// Fails if: the exchange of `try_take` is Relaxed (seen).
/// Not covered: see W1.
#[test]
fn who_takes_what_was_given_again_sees_what_was_done_before() {
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
        // It was not there while it was lent, so it was taken before (then it could not be lent) or after that.
        assert!(!lent || seen != Some(false), "it was taken after it was given again");
    });
}

/// W9 left over.  Property: who takes, without the lock, what a change under the lock has left sees what was done
/// before that.
/// Threads: one works and adds two tokens, for one of which somebody waits; one takes the other.
/// Interleavings that matter: the take after the change.
/// Bound: none.
/// Fails if: `settle` is Relaxed (seen).
/// Not covered: see W1.
#[test]
fn who_takes_what_is_left_over_sees_what_was_done_before() {
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

/// W10 given by the one who leaves.  Property: who gets, when the one in front leaves, what was given without the lock
/// sees what was done before that.
/// Threads: one works and adds two tokens, one asks for three and gives up, one asks for two.
/// Interleavings that matter: the tokens are added before the first one queues; the last one queues behind it.
/// Bound: two preemptions.
/// Fails if: `try_change`, `change` or `settle` is Relaxed (all seen).
/// Not covered: see W1. With the exchange of `enter` Relaxed it passes: whoever waits has loaded the word since.
#[test]
fn who_gets_what_the_front_did_not_take_sees_what_was_done_before() {
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
/// Interleavings that matter: the take finds nothing, looks again under the lock at the token that was given first, and
/// exchanges when it was given back: the bits are the same.
/// Bound: none.
/// Fails if: the exchange of `enter` is Relaxed (seen).
/// Not covered: see W1.
#[test]
fn who_enters_when_it_was_given_again_sees_what_was_done_before() {
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

/// V1 event.  Property: everybody who waits when an event is set is let through, whatever resets it.
/// Threads: one sets an event that three wait for, which takes two batches; one resets it. (Set after reset: it stays.)
/// Interleavings that matter: the reset between the batches.
/// Bound: two preemptions.
/// Fails if: `AT_ONCE` is false (seen).
/// Not covered: newcomers; the pairs have those.
#[test]
fn a_reset_keeps_nobody_who_waited() {
    model(|roles| {
        let event = leak(Event::new());
        let crowd: Vec<_> = (0..3).map(|_| Waiter::queued(event.wait())).collect();
        roles.at_once(|| event.set(), || event.reset());
        for waiter in crowd {
            assert_eq!(waiter.yields(), Ok(()));
        }
    });
}

/// V2 auto event.  Property: a set event that was given to a wait which is dropped lets the next one through.
/// Threads: one sets an event for which two wait, one drops the first of them.
/// Interleavings that matter: the drop before and after the event is given.
/// Bound: none.
/// Fails if: `put_back` puts nothing back (seen).
/// Not covered: three waits.
#[test]
fn the_next_in_line_gets_what_the_first_leaves() {
    exhaustive(|roles| {
        let event = leak(AutoEvent::new());
        let (first, second) = (Waiter::queued(event.wait()), Waiter::queued(event.wait()));
        roles.at_once(|| event.set(), move || drop(first));
        assert_eq!(second.yields(), Ok(()));
        assert!(!event.try_wait());
    });
}

/// V3 latch.  Property: whoever is let through sees what was done before each count.
/// Threads: two work and count down by one, one polls a wait twice.
/// Interleavings that matter: the second count under the lock, the first without it.
/// Bound: two preemptions.
/// Fails if: `try_change` is Relaxed (seen); the first load of `try_take` is (seen).
/// Not covered: see W1.
#[test]
fn who_passes_a_latch_sees_what_all_did() {
    model(|roles| {
        let latch = leak(Latch::new(2));
        let works = [leak(Work::new()), leak(Work::new())];
        let other = loom::thread::spawn(move || {
            works[0].done();
            latch.count_down(1);
        });
        let (waiter, ()) = roles.at_once(
            move || {
                let waiter = Waiter::polled(2, latch.wait());
                assert!(!waiter.is_ready() || works.iter().all(|work| work.seen()));
                waiter
            },
            move || {
                works[1].done();
                latch.count_down(1);
            },
        );
        other.join().unwrap();
        assert_eq!(waiter.yields(), Ok(()));
    });
}

/// B1 barrier.  Property: both go on, one of them as the leader, and each sees what the other did before.
/// Threads: two, each of which works, and waits.
/// Interleavings that matter: the last one is counted between the other's counting and its queueing.
/// Bound: none.
/// Fails if: `try_ready` never lets anybody through (seen).
/// Not covered: three parties.
#[test]
fn a_barrier_lets_both_go_on() {
    exhaustive(|roles| {
        let (barrier, works) = (leak(Barrier::new(2)), [leak(Work::new()), leak(Work::new())]);
        let party = move |me: usize| {
            works[me].done();
            let leads = loom::future::block_on(barrier.wait()).is_leader();
            assert!(works[1 - me].seen());
            leads
        };
        let (a, b) = roles.at_once(move || party(0), move || party(1));
        assert!(a != b, "one leads");
        assert_eq!(barrier.arrived(), 0);
    });
}

/// B2 one leaves.  Property: one that is dropped is counted with those who complete its round, or not at all.
/// Threads: one drops a wait that is queued, one comes, and if that completes the round, another one for the next.
/// Interleavings that matter: the newcomers are counted before, inside and after the drop.
/// Bound: none.
/// Fails if: a dropped wait is taken out of the count though its round is over (seen). That it is taken out at all, a
/// plain test sees.
/// Not covered: three parties.
#[test]
fn who_leaves_a_barrier_is_not_counted() {
    exhaustive(|roles| {
        let barrier = leak(Barrier::new(2));
        let first = Waiter::queued(barrier.wait());
        let ((), (second, third)) = roles.at_once(
            move || drop(first),
            || {
                let second = Waiter::polled(1, barrier.wait());
                // The next round.
                let third = second.is_ready().then(|| Waiter::queued(barrier.wait()));
                (second, third)
            },
        );
        assert_eq!(barrier.arrived(), 1);
        assert!(Waiter::polled(1, barrier.wait()).yields().is_leader());
        assert!(!third.unwrap_or(second).yields().is_leader());
        assert_eq!(barrier.arrived(), 0);
        Waiter::polled(1, barrier.wait()).waits();
    });
}

/// C1 no notification is missed.  Property: what is changed under the mutex and then notified ends a `wait_while`.
/// Threads: one waits until the value is there; one locks, writes it, unlocks and notifies.
/// Interleavings that matter: the change before the first look, between the look and the wait, and while it waits.
/// Bound: two preemptions.
/// Fails if: the mutex is unlocked before the wait is in line (seen).
/// Not covered: several who wait; C2, C3.
#[test]
fn a_notification_is_not_missed() {
    model(|roles| {
        let (mutex, changed) = (leak(Mutex::new(0)), leak(Condvar::new()));
        roles.at_once(
            || {
                let value = loom::future::block_on(async {
                    *changed.wait_while(mutex.lock().await, |value| *value == 0).await
                });
                assert_eq!(value, 1);
            },
            || {
                loom::future::block_on(async { *mutex.lock().await = 1 });
                changed.notify_one();
            },
        );
    });
}

/// C2 a notified wait is dropped.  Property: the next in line is notified instead.
/// Threads: one notifies one of two, one drops the first of them.
/// Interleavings that matter: the drop before and after it is notified.
/// Bound: none.
/// Fails if: `on_cancel` returns no event (seen).
/// Not covered: `notify_all`, of which nothing is handed on.
#[test]
fn a_notification_is_handed_on() {
    exhaustive(|roles| {
        let (mutex, changed) = (leak(Mutex::new(0)), leak(Condvar::new()));
        let wait = || Waiter::queued(changed.wait(mutex.try_lock().unwrap()));
        let (first, second) = (wait(), wait());
        let (_, ()) = roles.at_once(|| changed.notify_one(), move || drop(first));
        assert_eq!(*second.yields(), 0);
    });
}

/// C3 dropped while it locks again.  Property: the next in line is notified instead.
/// Threads: one drops a wait that was notified and is in line for the mutex, one unlocks the mutex.
/// Interleavings that matter: the drop before and after it is handed the mutex.
/// Bound: none.
/// Fails if: a `Notification` that is dropped notifies nobody (seen).
/// Not covered: a third one at the mutex.
#[test]
fn a_notification_is_handed_on_from_the_line_for_the_mutex() {
    exhaustive(|roles| {
        let (mutex, changed) = (leak(Mutex::new(0)), leak(Condvar::new()));
        let wait = || Waiter::queued(changed.wait(mutex.try_lock().unwrap()));
        let (mut first, second) = (wait(), wait());
        let guard = mutex.try_lock().unwrap();
        changed.notify_one();
        first.poll();
        assert!(!first.is_ready(), "the mutex is locked");
        let ((), ()) = roles.at_once(move || drop(first), move || drop(guard));
        assert_eq!(*second.yields(), 0);
    });
}

/// O1 once.  Property: one initializer runs, and both get its value.
/// Threads: two, each of which asks for the value.
/// Interleavings that matter: the second looks while the first one makes it, and when it is there and the word does
/// not say so yet.
/// Bound: none.
/// Fails if: the one who has made it does not say so to those who wait (seen); `try_change` or a load of `try_take` is Relaxed (seen).
/// Not covered: an initializer that waits for something; O2.
#[test]
fn a_value_is_made_once() {
    exhaustive(|roles| {
        let cell = leak(OnceCell::new());
        let ask = move |mine: u32| *loom::future::block_on(cell.get_or_init(async || mine));
        let (a, b) = roles.at_once(move || ask(1), move || ask(2));
        assert!(a == b && (a == 1 || a == 2), "{a}, {b}");
    });
}

/// O2 the initializer is dropped.  Property: the next in line makes the value.
/// Threads: one drops a future that is making the value, one asks for it.
/// Interleavings that matter: the newcomer queues before the drop, inside it, and comes after it.
/// Bound: none.
/// Fails if: a dropped initializer stays `busy` (seen).
/// Not covered: several in line.
#[test]
fn the_next_in_line_makes_the_value() {
    exhaustive(|roles| {
        let cell = leak(OnceCell::new());
        let first = Waiter::queued(cell.get_or_init(std::future::pending));
        let ((), second) =
            roles.at_once(move || drop(first), || Waiter::polled(1, cell.get_or_init(async || 2)));
        assert_eq!(*second.yields(), 2);
    });
}

/// O3 set.  Property: the cell is set if nobody makes the value at that time, and whoever asks has the one value.
/// Threads: one sets it, one asks for the value.
/// Interleavings that matter: the set before, inside and after the making.
/// Bound: none.
/// Fails if: `set` does not take the turn (seen).
/// Not covered: two who set.
#[test]
fn a_value_is_set_or_made() {
    exhaustive(|roles| {
        let cell = leak(OnceCell::new());
        let (set, asked) =
            roles.at_once(|| cell.set(1), || *loom::future::block_on(cell.get_or_init(async || 2)));
        assert_eq!(asked, if set.is_ok() { 1 } else { 2 });
    });
}
