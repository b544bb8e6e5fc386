//! Models of [`WaitMap`], which is `#[wait_map(match = unique)]`.
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
    Task, Waiter, Work, exhaustive, leak,
    pairs::{Linearizable, pairs},
    pinned,
};
use sync_core::{
    WaitMap,
    wait_map::{Wait, WakeOutcome},
};

type Map = WaitMap<u8, u8>;

impl Linearizable for Map {
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
        Linearizable::wake(self, key, value)
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

// See `support/pairs.rs`. Fails if `wake` trusts a plain load that says that no task waits (seen: beside
// `close`).
pairs!(Map, and threes, without wake_all);

/// M1 order.  Property: a task that is woken sees what was done before it, and has the value; a wake-up that
/// found no waiter was before the wait.
/// Threads: one polls a wait twice, one works and wakes. The work is Relaxed.
/// Interleavings that matter: the wake-up before the wait is in line, and between the polls.
/// Bound: none.
/// Fails if: a wake-up says `NoMatch` although it found one. Its orderings are the lock's and those of Q1.
/// Not covered: `SeqCst` accesses and load buffering, which loom does not model.
#[test]
fn the_woken_see_what_was_done_before_wake() {
    exhaustive(|roles| {
        let (map, work) = (leak(Map::new()), leak(Work::new()));
        let (waiter, outcome) = roles.at_once(
            || {
                let waiter = Waiter::polled(2, map.wait(1));
                assert!(!waiter.is_ready() || work.seen());
                waiter
            },
            || {
                work.done();
                map.wake(&1, 9)
            },
        );
        match outcome {
            WakeOutcome::Woke => assert_eq!(waiter.yields(), Ok(9)),
            outcome => {
                assert_eq!(outcome, WakeOutcome::NoMatch(9));
                waiter.waits();
            }
        }
    });
}

/// M2 subscribe, then look.  Property: a task that subscribes and does not see the work is there for the
/// wake-up that follows the work: no reply comes too early.
/// Threads: one subscribes, looks and polls; one works and wakes.
/// Interleavings that matter: the wake-up that finds no waiter, beside `enter`.
/// Bound: none.
/// Fails if: `wake` trusts a plain load that says that no task waits (seen).
/// Not covered: as in M1.
#[test]
fn subscribe_then_look_misses_no_wake() {
    exhaustive(|roles| {
        let (map, work) = (leak(Map::new()), leak(Work::new()));
        let (waiter, outcome) = roles.at_once(
            || {
                let mut waiter = Waiter::polled(0, map.wait(1));
                let task = Task::new();
                assert!(task.poll(pinned(waiter.wait().subscribe()).as_mut()).is_ready());
                (!work.seen()).then(|| waiter.polls())
            },
            || {
                work.done();
                map.wake(&1, 9)
            },
        );
        if let Some(waiter) = waiter {
            assert_eq!(outcome, WakeOutcome::Woke, "neither seen nor woken");
            assert_eq!(waiter.yields(), Ok(9));
        }
    });
}

/// M3 `wait_for`.  Property: a condition that becomes true before a `wake` lets `wait_for` through, though
/// a wake-up that finds no waiter is not stored.
/// Threads: one polls `wait_for`, one works and wakes.
/// Interleavings that matter: as in M2.
/// Bound: none.
/// Fails if: `wake` trusts a plain load that says that no task waits (seen).
/// Not covered: more than one round.
#[test]
fn wait_for_misses_nothing() {
    exhaustive(|roles| {
        let (map, work) = (leak(Map::new()), leak(Work::new()));
        let (waiter, _) = roles.at_once(
            || Waiter::polled(1, map.wait_for(1, || work.seen())),
            || {
                work.done();
                map.wake(&1, 9)
            },
        );
        assert_eq!(waiter.yields(), Ok(()));
    });
}

/// M4 values.  Property: a value that is given to a wait that is dropped is dropped once, and one that comes
/// back is the caller's. loom reports an `Arc` that is not freed.
/// Threads: one drops a wait that is in line, one wakes it with an `Arc`.
/// Interleavings that matter: the drop before, while and after the value is given.
/// Bound: none.
/// Fails if: `abandon` forgets the value, or `take` leaves it in place. Not tried.
/// Not covered: a value whose drop panics.
#[test]
fn a_value_is_dropped_once() {
    exhaustive(|roles| {
        let map = leak(WaitMap::<u8, loom::sync::Arc<()>>::new());
        let waiter = Waiter::queued(map.wait(1));
        let value = loom::sync::Arc::new(());
        let given = value.clone();
        let ((), outcome) = roles.at_once(move || drop(waiter), || map.wake(&1, given));
        let back = matches!(outcome, WakeOutcome::NoMatch(_));
        assert_eq!(loom::sync::Arc::strong_count(&value), 1 + usize::from(back));
    });
}
