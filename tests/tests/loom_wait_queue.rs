//! Models of [`WaitQueue`].
#![cfg(loom)]
#![expect(
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a model runs on a host, and ends where it fails"
)]

mod support;

use std::{pin::Pin, task::Poll};

use support::{
    Task, Waiter, Work, exhaustive, leak, model,
    pairs::{Linearizable, pairs},
    pinned,
};
use sync_core::{WaitQueue, wait_queue::Wait};

impl Linearizable for WaitQueue {
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

// See `support/pairs.rs`. Fails if (each seen): `enter` does not look at `closed`; `leave` or `close` is a
// load and a store; a `wake` that finds the list empty under the lock does not store itself; `give` unlinks
// with Relaxed; a `wake` that had to wait for the lock does not look whether the queue is being closed.
pairs!(WaitQueue, and threes);

/// Q1 order.  Property: a task that is woken by `wake` sees what was done before it.
/// Threads: one makes a wait and polls it twice, one works and wakes. The work is Relaxed.
/// Interleavings that matter: the wake-up is stored before the first poll, or before its look under the
/// lock; it is given before the second poll.
/// Bound: none.
/// Fails if: `store_wake` is Relaxed; `take_wake_of` is Relaxed; `enter` is Relaxed (all seen).
/// Not covered: `SeqCst` accesses and load buffering, which loom does not model.
#[test]
fn the_woken_see_what_was_done_before_wake() {
    exhaustive(|roles| {
        let (queue, work) = (leak(WaitQueue::new()), leak(Work::new()));
        let (waiter, ()) = roles.at_once(
            || {
                let waiter = Waiter::polled(2, queue.wait());
                assert!(!waiter.is_ready() || work.seen());
                waiter
            },
            || {
                work.done();
                queue.wake();
            },
        );
        assert_eq!(waiter.yields(), Ok(()));
    });
}

/// Q2 order.  Property: a task that is woken by `wake_all` sees what was done before it; a wait that was made
/// before it and not polled is woken too.
/// Threads: one polls a wait twice that was made before both started, one works and wakes all.
/// Interleavings that matter: `wake_all` before the first poll, between its two looks at the word, after
/// it is in line.
/// Bound: none.
/// Fails if: `enter` does not compare epochs (a defect of the library that this found); `bump_unless_waiting`
/// is Relaxed (seen).
/// Not covered: as in Q1.
#[test]
fn a_wait_that_was_made_is_woken_by_wake_all() {
    exhaustive(|roles| {
        let (queue, work) = (leak(WaitQueue::new()), leak(Work::new()));
        let waiter = Waiter::polled(0, queue.wait());
        let (waiter, ()) = roles.at_once(
            || {
                let waiter = waiter.polls().polls();
                assert!(!waiter.is_ready() || work.seen());
                waiter
            },
            || {
                work.done();
                queue.wake_all();
            },
        );
        assert_eq!(waiter.yields(), Ok(()));
    });
}

/// Q3 subscribe, then look.  Property: a task that subscribes and then does not see the work is woken by
/// the `wake_all` that follows the work.
/// Threads: one makes a wait, subscribes, looks and polls; one works and wakes all. Nothing is stored, so
/// either the look or the wake-up has to tell.
/// Interleavings that matter: `wake_all` between making the wait and subscribing, and beside `enter`.
/// Bound: none.
/// Fails if: `bump_unless_waiting` is Relaxed; `give` unlinks with Relaxed (seen).
/// Not covered: as in Q1.
#[test]
fn subscribe_then_look_misses_no_wake_all() {
    exhaustive(|roles| {
        let (queue, work) = (leak(WaitQueue::new()), leak(Work::new()));
        let (waiter, ()) = roles.at_once(
            || {
                let mut waiter = Waiter::polled(0, queue.wait());
                let woken = waiter.wait().subscribe().is_ready();
                let seen = work.seen();
                assert!(!woken || seen, "woken, and does not see why");
                (!seen).then(|| waiter.polls())
            },
            || {
                work.done();
                queue.wake_all();
            },
        );
        if let Some(waiter) = waiter {
            assert_eq!(waiter.yields(), Ok(()));
        }
    });
}

/// Q4 `wait_for`.  Property: a condition that becomes true before a `wake_all` lets `wait_for` through.
/// Threads: one polls `wait_for`, one works and wakes all.
/// Interleavings that matter: as in Q2 and Q3.
/// Bound: none.
/// Fails if: `bump_unless_waiting` is Relaxed; `give` unlinks with Relaxed (seen).
/// Not covered: as in Q1.
#[test]
fn wait_for_misses_nothing() {
    exhaustive(|roles| {
        let (queue, work) = (leak(WaitQueue::new()), leak(Work::new()));
        let (waiter, ()) = roles.at_once(
            || Waiter::polled(1, queue.wait_for(|| work.seen())),
            || {
                work.done();
                queue.wake_all();
            },
        );
        assert_eq!(waiter.yields(), Ok(()));
    });
}

/// Q5 order of `close`.  Property: a task that is told that the queue is closed sees what was done before
/// `close`.
/// Threads: one asks `is_closed` and polls a wait twice, one works and closes.
/// Interleavings that matter: closed before the first poll, before the lock, in line.
/// Bound: none.
/// Fails if: the first load of `enter` is Relaxed (a defect that this found); `close` is Relaxed (seen).
/// Not covered: as in Q1.
#[test]
fn a_task_that_finds_it_closed_sees_what_was_done_before() {
    exhaustive(|roles| {
        let (queue, work) = (leak(WaitQueue::new()), leak(Work::new()));
        let (waiter, ()) = roles.at_once(
            || {
                let waiter = Waiter::polled(2, queue.wait());
                assert!(!waiter.is_ready() || work.seen());
                assert!(!queue.is_closed() || work.seen());
                waiter
            },
            || {
                work.done();
                queue.close();
            },
        );
        assert!(waiter.yields().is_err());
    });
}

/// Q6 order, handed on.  Property: the one that gets a wake-up whose wait was dropped sees what was done
/// before that `wake`.
/// Threads: one drops the first of two waits and polls the second, one works and wakes.
/// Interleavings that matter: the wake-up goes to the first before the drop, to the second after it.
/// Bound: none.
/// Fails if: `abandon` does not hand on; a future's look at its node is Relaxed (seen).
/// Not covered: as in Q1.
#[test]
fn a_wake_up_that_is_handed_on_brings_what_was_done() {
    exhaustive(|roles| {
        let (queue, work) = (leak(WaitQueue::new()), leak(Work::new()));
        let (first, second) = (Waiter::queued(queue.wait()), Waiter::queued(queue.wait()));
        let (second, ()) = roles.at_once(
            || {
                drop(first);
                let second = second.polls();
                assert!(!second.is_ready() || work.seen());
                second
            },
            || {
                work.done();
                queue.wake();
            },
        );
        assert_eq!(second.yields(), Ok(()));
    });
}

/// Q7 newcomers.  Property: a wake-up given while a `wake_all` is between two batches is not spent on those
/// who are about to be woken anyway.
/// Threads: one wakes all three that wait, in two batches; a newcomer is polled in the other, which wakes
/// one then.
/// Interleavings that matter: the newcomer and its wake-up between the batches. Whatever comes first, it is
/// woken: by `wake_all`, by the wake-up, or by the one that is stored.
/// Bound: two preemptions.
/// Fails if: `wake` does not compare epochs, and wakes one that is about to be woken (seen, one way round
/// only). Not covered: batches of 32, and thousands of waits; a plain test has those.
#[test]
fn wake_between_batches_is_for_the_newcomer() {
    model(|roles| {
        let queue = leak(WaitQueue::new());
        let crowd = crowd(queue);
        let ((), newcomer) = roles.at_once(
            || queue.wake_all(),
            || {
                let newcomer = Waiter::polled(1, queue.wait());
                queue.wake();
                newcomer
            },
        );
        for waiter in crowd {
            assert_eq!(waiter.yields(), Ok(()));
        }
        assert_eq!(newcomer.polls().yields(), Ok(()));
    });
}

/// Q8 exactly those.  Property: `wake_all` wakes every task that was there when it was called, and no task
/// that came while it ran, though a task that it wakes waits again at once.
/// Threads: one wakes all three that wait, in two batches; one polls the first of them, and waits again if
/// that is ready.
/// Interleavings that matter: the task waits again between the batches.
/// Bound: two preemptions.
/// Fails if: `give` unlinks with Relaxed; a future's look at its node is Relaxed (seen).
/// Not covered: as in Q7.
#[test]
fn wake_all_does_not_wake_a_task_that_waits_again() {
    model(|roles| {
        let queue = leak(WaitQueue::new());
        let mut crowd = crowd(queue);
        let first = crowd.remove(0);
        let ((), (first, again)) = roles.at_once(
            || queue.wake_all(),
            || {
                let first = first.polls();
                let again = first.is_ready().then(|| Waiter::queued(queue.wait()));
                (first, again)
            },
        );
        assert_eq!(first.yields(), Ok(()));
        for waiter in crowd {
            assert_eq!(waiter.yields(), Ok(()));
        }
        if let Some(again) = again {
            again.waits();
        }
    });
}

/// Q9 `wake_n`.  Property: of three wake-ups for three waits, one of which is dropped, two wake the others
/// and one is stored.
/// Threads: one drops the second of three, one calls `wake_n(3)`, which takes two batches.
/// Interleavings that matter: the drop before, between and after the batches; after it was woken.
/// Bound: two preemptions.
/// Fails if: `abandon` does not hand on (seen).
/// Not covered: as in Q7.
#[test]
fn wake_n_beside_a_drop_loses_nothing() {
    model(|roles| {
        let queue = leak(WaitQueue::new());
        let mut crowd = crowd(queue);
        let second = crowd.remove(1);
        let (woken, ()) = roles.at_once(|| queue.wake_n(3), move || drop(second));
        for waiter in crowd {
            assert_eq!(waiter.yields(), Ok(()));
        }
        assert!(matches!(woken, 2 | 3), "{woken} were woken");
        assert_eq!(queue.try_wait(), Poll::Ready(Ok(())), "the third wake-up is lost");
        assert_eq!(queue.try_wait(), Poll::Pending);
    });
}

/// Q10 memory.  Property: a wait that has completed is its owner's alone, though the waker is still at work.
/// Threads: one polls until ready and uses the wait's memory for the next wait, one wakes.
/// Interleavings that matter: a poll inside the waker's steps. loom's cell sees two that touch a node.
/// Bound: none.
/// Fails if: `Node::unlink` writes the phase before it takes the waker (seen: it aborts); `give` unlinks with
/// Relaxed (seen).
/// Not covered: the memory of a queue that is freed then; the address sanitizer sees that.
#[test]
fn a_completed_wait_is_left_alone() {
    exhaustive(|roles| {
        let queue = leak(WaitQueue::new());
        let waiter = Waiter::queued(queue.wait());
        roles.at_once(
            || {
                let mut waiter = waiter.polls();
                if waiter.is_ready() {
                    // In the same place.
                    waiter.wait().set(queue.wait());
                    assert!(Task::new().poll(waiter.wait()).is_pending(), "one wake-up, taken twice");
                }
            },
            || queue.wake(),
        );
    });
}

/// Q11 `try_wait`.  Property: a task that takes a stored wake-up sees what was done before it.
/// Threads: one tries, one works and wakes.
/// Interleavings that matter: the wake-up before the attempt.
/// Bound: none.
/// Fails if: `take_wake` or `store_wake` is Relaxed (seen).
/// Not covered: as in Q1.
#[test]
fn a_waiter_that_takes_a_stored_wake_up_sees_what_was_done_before() {
    exhaustive(|roles| {
        let (queue, work) = (leak(WaitQueue::new()), leak(Work::new()));
        roles.at_once(
            || assert!(queue.try_wait().is_pending() || work.seen()),
            || {
                work.done();
                queue.wake();
            },
        );
    });
}

/// Q12 missed.  Property: a task that subscribes after another task has taken the wake-up sees, when it looks
/// then, what was done before that.
/// Threads: one works, wakes and takes the wake-up with a wait of its own; one subscribes and looks.
/// Interleavings that matter: the newcomer looks at the word before the wake-up, and exchanges after it was
/// taken: the bits are the same.
/// Bound: none.
/// Fails if: the exchange of `enter` is Relaxed (seen).
/// Not covered: as in Q1.
#[test]
fn a_waiter_that_subscribes_after_a_wake_up_sees_what_was_done_before() {
    exhaustive(|roles| {
        let (queue, work) = (leak(WaitQueue::new()), leak(Work::new()));
        // It stays in line until both are over.
        let ((_waiter, seen), taken) = roles.at_once(
            || {
                let mut waiter = Waiter::polled(0, queue.wait());
                _ = waiter.wait().subscribe();
                (waiter, work.seen())
            },
            || {
                work.done();
                queue.wake();
                Waiter::polled(1, queue.wait()).is_ready()
            },
        );
        // Had it subscribed before, the wake-up would have been its own.
        assert!(!taken || seen, "it came after the wake-up, and does not see why");
    });
}

/// Q13 one step.  Property: `wake_n` for three, one more than a batch, comes before or after `close`: all are
/// woken, or none is.
/// Threads: one wakes three; one closes.
/// Interleavings that matter: the close before, inside and after the hold of the lock in which the three are
/// granted their wake-ups; between the batches in which they are told.
/// Bound: none.
/// Fails if: `wake_oldest` grants two, and the rest in another hold of the lock (seen).
/// Not covered: as in Q7.
#[test]
fn wake_n_for_a_crowd_is_one_step_beside_close() {
    exhaustive(|roles| {
        let queue = leak(WaitQueue::new());
        let crowd = crowd(queue);
        let (woken, ()) = roles.at_once(|| queue.wake_n(3), || queue.close());
        let ready = crowd.into_iter().filter_map(|waiter| waiter.yields().ok()).count();
        assert!(matches!(ready, 0 | 3), "{ready} of three");
        assert_eq!(woken, ready);
    });
}

/// Three tasks that wait: one more than a batch holds in a model.
fn crowd(queue: &'static WaitQueue) -> Vec<Waiter<Wait<'static>>> {
    (0..3).map(|_| Waiter::queued(queue.wait())).collect()
}
