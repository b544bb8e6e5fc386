//! What a word says: after stores that meet, and after `close`.

use alloc::sync::Arc;
use core::pin::pin;
use std::thread;

use sync_core::{Semaphore, WaitCell, WaitQueue};
use tests::{
    Count, Dice, Shared, Task, Waiter, leak,
    subjects::{Gate, KEY, Keyed, Mailboxes, Subject},
    within,
};

use super::{poll_all, ready};

// 1: a stale load is stored back.

/// Fails if `store_wake` stores what it loaded instead of comparing: the drop of the woken wait, which gives
/// its wake-up back, then also has to ignore `closed`.
/// Seen to fail with: `store_wake` not asking whether the word is closed, and writing a new one with `woken`.
#[test]
fn p01_a_close_survives_the_drop_of_a_woken_wait() {
    fn check<S: Subject>() {
        let subject = S::make();
        let (woken, late) = (subject.waiter(), subject.waiter());
        woken.poll();
        subject.wake();
        subject.close();
        woken.cancel();
        late.poll();
        // A cell keeps the wake-up for one wait.
        if late.was_woken() && !S::MANY {
            let late = subject.waiter();
            late.poll();
            assert!(late.was_closed());
        } else {
            assert!(late.was_closed(), "{subject:?}");
        }
    }
    check::<WaitQueue>();
    check::<WaitCell>();
    check::<Keyed>();
    check::<Mailboxes>();
    check::<Gate>();
    check::<Semaphore>();
}

/// Runs `one` and `other` at the same time, many times, each time on what `make` returns, and then `check`.
fn race<T: Sync + 'static>(
    make: impl Fn() -> &'static T + Send + Sync + 'static,
    one: fn(&'static T),
    other: fn(&'static T),
    check: fn(&'static T),
) {
    const ROUNDS: usize = 10_000;
    within(30, move || {
        // Rounds that were started, and that the other side has finished: waited for without sleeping, since
        // two threads that have just been woken hardly ever meet.
        let (started, finished) = (Count::new(), Count::new());
        let current: Shared<Option<&'static T>> = Shared::new(None);
        let until = |count: &Count, round: usize| {
            for spins in 1.. {
                if count.get() >= round {
                    break;
                }
                if spins % 1000 == 0 {
                    thread::yield_now();
                }
                core::hint::spin_loop();
            }
        };
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut dice = Dice::new(1);
                for round in 1..=ROUNDS {
                    until(&started, round);
                    let subject = current.lock().expect("made before the start");
                    for _ in 0..dice.roll(50) {
                        core::hint::spin_loop();
                    }
                    other(subject);
                    finished.up();
                }
            });
            let mut dice = Dice::new(2);
            for round in 1..=ROUNDS {
                let subject = make();
                *current.lock() = Some(subject);
                started.up();
                // The other one has to take its subject out first.
                for _ in 0..dice.roll(100) {
                    core::hint::spin_loop();
                }
                one(subject);
                until(&finished, round);
                check(subject);
            }
        });
    });
}

/// A subject with two that wait.
struct Two<S: Subject> {
    subject: &'static S,
    waiters: [Arc<Waiter>; 2],
}

impl<S: Subject> Two<S> {
    fn make() -> &'static Self {
        let subject = S::make();
        let two = Self { subject, waiters: [subject.waiter(), subject.waiter()] };
        poll_all(&two.waiters);
        leak(two)
    }

    fn assert_closed_for_all(&self) {
        let late = self.subject.waiter();
        // What is stored is taken by one.
        for _ in 0..2 {
            late.poll();
        }
        for waiter in &self.waiters {
            waiter.poll();
            assert!(!waiter.is_pending(), "it is closed, and a task waits");
        }
        assert!(!late.is_pending(), "it is closed, and a new task waits");
    }
}

/// Fails if any transition of the word is a load and a store, as a close between the two is lost.
#[test]
fn p01_a_close_beside_a_wake_is_not_lost() {
    fn check<S: Subject>() {
        race(Two::<S>::make, |two| two.subject.wake(), |two| two.subject.close(), Two::assert_closed_for_all);
    }
    check::<WaitQueue>();
    check::<Keyed>();
    check::<Mailboxes>();
    check::<Gate>();
    check::<Semaphore>();
}

/// As above, for the transitions in the drop of a wait that was woken.
/// Seen to fail with: `leave` made of a load and a store.
#[test]
fn p01_a_close_beside_the_drop_of_a_woken_wait_is_not_lost() {
    fn check<S: Subject>() {
        let make = || {
            let two = Two::<S>::make();
            two.subject.wake();
            two
        };
        race(make, |two| two.waiters[0].cancel(), |two| two.subject.close(), Two::assert_closed_for_all);
    }
    check::<WaitQueue>();
    check::<Keyed>();
    check::<Mailboxes>();
    check::<Gate>();
    check::<Semaphore>();
}

/// Fails if `wake` of a cell stores what it loaded.
#[test]
fn p01_a_close_of_a_cell_beside_a_wake_is_not_lost() {
    let make = || -> &'static WaitCell { leak(WaitCell::new()) };
    race(
        make,
        |cell| _ = cell.wake(),
        |cell| _ = cell.close(),
        |cell| {
            assert!(cell.is_closed());
            let _stored = ready(cell.wait());
            assert!(ready(cell.wait()).is_err());
        },
    );
}

// 2: an impossible failure that is possible.

/// Fails if `wake_all` or `close` asserts that the word is what it was before it took the lock.
/// Seen to fail with: `leave` made of a load and a store.
#[test]
fn p02_closing_beside_a_wake_all_is_no_surprise() {
    fn check<S: Subject>() {
        race(
            Two::<S>::make,
            |two| two.subject.wake_all(),
            |two| two.subject.close(),
            |two| {
                for waiter in &two.waiters {
                    assert_eq!(waiter.task.woken(), 1, "told by one of the two, once");
                }
                two.assert_closed_for_all();
            },
        );
    }
    check::<WaitQueue>();
    check::<Mailboxes>();
    check::<Gate>();
    check::<Semaphore>();
}

// 13: equality where a bit test is meant.

/// Fails if `is_closed` compares the whole word.
/// Seen to fail with: `self.load(Acquire) == CellState::new().with_closed(true)`.
#[test]
fn p13_it_is_closed_right_after_close_in_every_state() {
    for state in 0..4 {
        let task = Task::new();
        let (cell, queue, map, gate) = (WaitCell::new(), WaitQueue::new(), Mailboxes::new(), Gate::new(0));
        let mut on_cell = pin!(cell.wait());
        let mut on_queue = pin!(queue.wait());
        let mut on_map = pin!(map.wait(KEY));
        let mut on_gate = pin!(gate.pass(()));
        assert!(!cell.is_closed() && !queue.is_closed() && !map.is_closed() && !gate.is_closed());
        // A task waits, a wake-up is stored, a task was woken; and it had been counted.
        if state == 1 || state == 3 {
            assert!(task.poll(on_cell.as_mut()).is_pending());
            assert!(task.poll(on_queue.as_mut()).is_pending());
            assert!(task.poll(on_map.as_mut()).is_pending());
            assert!(task.poll(on_gate.as_mut()).is_pending());
        }
        if state >= 2 {
            cell.wake();
            queue.wake();
            queue.wake_all();
            map.wake_all(&KEY, 1);
            gate.add(2);
        }
        cell.close();
        queue.close();
        map.close();
        gate.close();
        for _ in 0..2 {
            assert!(cell.is_closed() && queue.is_closed() && map.is_closed() && gate.is_closed(), "{state}");
            cell.wake();
            cell.close();
            queue.wake();
            queue.wake_all();
            queue.close();
        }
    }
}
