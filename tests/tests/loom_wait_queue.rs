//! Models of [`WaitQueue`].
#![cfg(loom)]

mod support;

use std::{pin::Pin, task::Poll};

use loom::thread;
use support::{
    Task, Work, exhaustive, leak, model,
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

/// Q1 order.  Property: whoever is woken by `wake` sees what was done before it.
/// Threads: main (makes a wait, polls it twice) + 1 (works, wakes). The work is Relaxed.
/// Interleavings that matter: the wake-up is stored before the first poll; it comes between the polls;
/// it is given while main polls.
/// Bound: none.
/// Fails if: PLANTS.
/// Not covered: SeqCst accesses and load buffering, which loom does not model.
#[test]
fn the_woken_see_what_was_done_before_wake() {
    exhaustive(|| {
        let (queue, work) = (leak(WaitQueue::new()), leak(Work::new()));
        let waker = thread::spawn(move || {
            work.done();
            queue.wake();
        });
        let (task, mut wait) = (Task::new(), pinned(queue.wait()));
        if (0..2).all(|_| task.poll(&mut wait).is_pending()) {
            waker.join().unwrap();
            assert_eq!(task.woken(&mut wait), Ok(()));
        }
        assert!(work.seen());
    });
}

/// Q2 order.  Property: whoever is woken by `wake_all` sees what was done before it; a wait that was made
/// before it and not polled is woken too.
/// Threads: main (makes a wait before the other thread starts, polls it twice) + 1 (works, wakes all).
/// Interleavings that matter: `wake_all` before the first poll, before main has the lock, after it queued.
/// Bound: none.
/// Fails if: PLANTS.
/// Not covered: as in Q1.
#[test]
fn a_wait_that_was_made_sees_what_was_done_before_wake_all() {
    exhaustive(|| {
        let (queue, work) = (leak(WaitQueue::new()), leak(Work::new()));
        let (task, mut wait) = (Task::new(), pinned(queue.wait()));
        let waker = thread::spawn(move || {
            work.done();
            queue.wake_all();
        });
        if (0..2).all(|_| task.poll(&mut wait).is_pending()) {
            waker.join().unwrap();
            assert_eq!(task.woken(&mut wait), Ok(()));
        }
        assert!(work.seen());
    });
}

/// Q3 subscribe, then look.  Property: a task that subscribes and then does not see the work is woken by
/// the `wake_all` that follows the work.
/// Threads: main (makes a wait, subscribes, looks, polls) + 1 (works, wakes all). Nothing is stored, so
/// either the look or the wake-up has to tell.
/// Interleavings that matter: `wake_all` between making the wait and subscribing, and beside `enter`.
/// Bound: none.
/// Fails if: PLANTS.
/// Not covered: as in Q1.
#[test]
fn subscribe_then_look_misses_no_wake_all() {
    exhaustive(|| {
        let (queue, work) = (leak(WaitQueue::new()), leak(Work::new()));
        let waker = thread::spawn(move || {
            work.done();
            queue.wake_all();
        });
        let mut wait = pinned(queue.wait());
        let subscribed = wait.as_mut().subscribe();
        let seen = work.seen();
        assert!(subscribed.is_pending() || seen, "woken, and does not see why");
        if !seen {
            let task = Task::new();
            if task.poll(&mut wait).is_pending() {
                waker.join().unwrap();
                assert_eq!(task.woken(&mut wait), Ok(()));
            }
        }
    });
}

/// Q4 `wait_for`.  Property: a condition that becomes true before a `wake` lets `wait_for` through.
/// Threads: main (polls `wait_for` twice) + 1 (works, wakes).
/// Interleavings that matter: as in Q1 and Q3.
/// Bound: none.
/// Fails if: `wait_for_value` looks before it subscribes; PLANTS.
/// Not covered: as in Q1.
#[test]
fn wait_for_misses_nothing() {
    exhaustive(|| {
        let (queue, work) = (leak(WaitQueue::new()), leak(Work::new()));
        let waker = thread::spawn(move || {
            work.done();
            queue.wake();
        });
        let (task, mut wait) = (Task::new(), pinned(queue.wait_for(|| work.seen())));
        if task.poll(&mut wait).is_pending() {
            waker.join().unwrap();
            assert_eq!(task.woken(&mut wait), Ok(()));
        }
    });
}

/// Q5 order of `close`.  Property: who is told that the queue is closed sees what was done before `close`.
/// Threads: main (asks `is_closed`, polls a wait twice) + 1 (works, closes).
/// Interleavings that matter: closed before the first poll, before the lock, while it waits.
/// Bound: none.
/// Fails if: PLANTS.
/// Not covered: as in Q1.
#[test]
fn who_finds_it_closed_sees_what_was_done_before() {
    exhaustive(|| {
        let (queue, work) = (leak(WaitQueue::new()), leak(Work::new()));
        let closer = thread::spawn(move || {
            work.done();
            queue.close();
        });
        if queue.is_closed() {
            assert!(work.seen());
        }
        let (task, mut wait) = (Task::new(), pinned(queue.wait()));
        if (0..2).all(|_| task.poll(&mut wait).is_pending()) {
            closer.join().unwrap();
            assert!(task.woken(&mut wait).is_err());
        }
        assert!(work.seen());
    });
}

/// Q6 order, handed on.  Property: the one who gets a wake-up whose wait was dropped sees what was done
/// before that `wake`.
/// Threads: main (drops a queued wait) + 1 (works, wakes); a second wait is in line and polled in main.
/// Interleavings that matter: the wake-up goes to the first before, and to the second after the drop.
/// Bound: none.
/// Fails if: `abandon` does not hand on: PLANTS.
/// Not covered: as in Q1.
#[test]
fn a_wake_up_that_is_handed_on_brings_what_was_done() {
    exhaustive(|| {
        let (queue, work) = (leak(WaitQueue::new()), leak(Work::new()));
        let (task, mut first, mut second) = (Task::new(), pinned(queue.wait()), pinned(queue.wait()));
        task.queue(&mut first);
        task.queue(&mut second);
        let waker = thread::spawn(move || {
            work.done();
            queue.wake();
        });
        drop(first);
        if task.poll(&mut second).is_pending() {
            waker.join().unwrap();
            assert_eq!(task.woken(&mut second), Ok(()));
        }
        assert!(work.seen());
    });
}

/// Q7 newcomers.  Property: a wake-up given while a `wake_all` is between two batches is not spent on those
/// who are about to be woken anyway.
/// Threads: main (a newcomer is polled, then wakes one) + 1 (wakes all three who wait, in two batches).
/// Interleavings that matter: both steps of main between the batches. Whatever comes first, the newcomer is
/// woken: by `wake_all`, by the wake-up, or by the one that is stored.
/// Bound: two preemptions.
/// Fails if: PLANTS.
/// Not covered: batches of 32, and thousands of waits; a plain test has those.
#[test]
fn wake_between_batches_is_for_the_newcomer() {
    model(|| {
        let queue = leak(WaitQueue::new());
        let mut crowd = crowd(queue);
        let waker = thread::spawn(|| queue.wake_all());
        let (task, mut newcomer) = (Task::new(), pinned(queue.wait()));
        let ready = task.poll(&mut newcomer).is_ready();
        queue.wake();
        waker.join().unwrap();
        for (task, wait) in &mut crowd {
            assert_eq!(task.woken(wait), Ok(()));
        }
        assert!(ready || task.poll(&mut newcomer).is_ready(), "the newcomer's wake-up is lost");
    });
}

/// Q8 exactly those.  Property: `wake_all` wakes nobody who came while it ran, though the tasks that it
/// wakes wait again at once; and everybody who was there.
/// Threads: main (polls the first wait until it is ready, then waits again) + 1 (wakes all three).
/// Interleavings that matter: main waits again between the batches.
/// Bound: two preemptions.
/// Fails if: PLANTS.
/// Not covered: as in Q7.
#[test]
fn wake_all_does_not_wake_who_waits_again() {
    model(|| {
        let queue = leak(WaitQueue::new());
        let mut crowd = crowd(queue);
        let waker = thread::spawn(|| queue.wake_all());
        let (task, again) = (Task::new(), &mut pinned(queue.wait()));
        let (first, wait) = &mut crowd[0];
        let woken = first.poll(wait).is_ready();
        if woken {
            *again = pinned(queue.wait());
            task.queue(again);
        }
        waker.join().unwrap();
        for (task, wait) in crowd.iter_mut().skip(usize::from(woken)) {
            assert_eq!(task.woken(wait), Ok(()));
        }
        if woken {
            assert!(task.poll(again).is_pending(), "it came after `wake_all` was called");
            assert_eq!(task.calls(), 0);
        }
    });
}

/// Q9 `wake_n`.  Property: of three wake-ups for three waits, one of which is dropped, two wake the others
/// and one is stored.
/// Threads: main (drops the second of three) + 1 (`wake_n(3)`, in two batches).
/// Interleavings that matter: the drop before, between and after the batches; after it was woken.
/// Bound: two preemptions.
/// Fails if: PLANTS.
/// Not covered: as in Q7.
#[test]
fn wake_n_beside_a_drop_loses_nothing() {
    model(|| {
        let queue = leak(WaitQueue::new());
        let mut crowd = crowd(queue);
        let waker = thread::spawn(|| queue.wake_n(3));
        drop(crowd.remove(1));
        let woken = waker.join().unwrap();
        for (task, wait) in &mut crowd {
            assert_eq!(task.woken(wait), Ok(()));
        }
        assert!(matches!(woken, 2 | 3), "{woken} were woken");
        assert_eq!(queue.try_wait(), Poll::Ready(Ok(())), "the third wake-up is lost");
        assert_eq!(queue.try_wait(), Poll::Pending);
    });
}

/// Q10 memory.  Property: a wait that has completed is its owner's alone, while the waker is still at work.
/// Threads: main (polls until ready, then uses the wait's memory for the next wait) + 1 (wakes).
/// Interleavings that matter: main's polls inside the waker's steps. loom's cell sees two who touch a node.
/// Bound: none.
/// Fails if: `Node::unlink` writes the phase before it takes the waker: PLANTS.
/// Not covered: the memory of a queue that is freed then: `kept_alive` and the address sanitizer.
#[test]
fn a_completed_wait_is_left_alone() {
    exhaustive(|| {
        let queue = leak(WaitQueue::new());
        let (task, mut wait) = (Task::new(), pinned(queue.wait()));
        task.queue(&mut wait);
        let waker = thread::spawn(|| queue.wake());
        if task.poll(&mut wait).is_ready() {
            // In the same place.
            wait.set(queue.wait());
            assert!(task.poll(&mut wait).is_pending(), "one wake-up, taken twice");
        }
        waker.join().unwrap();
    });
}

/// Q11 leaving and coming.  Property: the word says that somebody waits exactly while somebody does.
/// Threads: main (drops the only wait) + 1 (a newcomer is polled), then a wake-up.
/// Interleavings that matter: `leave` beside `enter`; both are under the lock.
/// Bound: none.
/// Fails if: PLANTS.
/// Not covered: nothing of it.
#[test]
fn a_newcomer_beside_the_last_drop_is_woken() {
    exhaustive(|| {
        let queue = leak(WaitQueue::new());
        let mut wait = pinned(queue.wait());
        Task::new().queue(&mut wait);
        let newcomer = thread::spawn(|| {
            let (task, mut wait) = (Task::new(), pinned(queue.wait()));
            task.queue(&mut wait);
            (task, wait)
        });
        drop(wait);
        let (task, mut wait) = newcomer.join().unwrap();
        queue.wake();
        assert_eq!(task.woken(&mut wait), Ok(()));
    });
}

/// Three tasks that wait: one more than a batch holds in a model.
fn crowd(queue: &'static WaitQueue) -> Vec<(Task, Pin<Box<Wait<'static>>>)> {
    (0..3)
        .map(|_| {
            let (task, mut wait) = (Task::new(), pinned(queue.wait()));
            task.queue(&mut wait);
            (task, wait)
        })
        .collect()
}
