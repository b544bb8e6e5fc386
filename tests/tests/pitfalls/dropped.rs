//! A task that leaves with something, or from the front.

use alloc::vec::Vec;
use core::{pin::pin, task::Poll};

use sync_core::{Semaphore, WaitCell, WaitMap, WaitQueue, wait_map::WakeOutcome};
use tests::{
    Task, Tracked, Tracker,
    subjects::{Gate, Mailboxes, Subject},
};

use super::{Parcels, Tokens, poll_all, ready};

// 11: cancelled after it was given something.

/// Fails if a wait that is dropped after it was woken keeps the wake-up.
/// Seen to fail with: `Signal::abandon` without `wake_one`.
#[test]
fn p11_a_wake_up_of_a_dropped_wait_goes_to_the_next() {
    fn check<S: Subject>(is_kept: bool) {
        let subject = S::make();
        let waiters: Vec<_> = (0..3).map(|_| subject.waiter()).collect();
        poll_all(&waiters);
        subject.wake();
        for [woken, next] in [[0, 1], [1, 2]] {
            assert_eq!(waiters[woken].task.woken(), 1);
            assert_eq!(waiters[next].task.woken(), 0);
            waiters[woken].cancel();
            assert_eq!(waiters[next].task.woken(), 1);
        }
        waiters[2].cancel();
        let late = subject.waiter();
        late.poll();
        assert_eq!(late.was_woken(), is_kept);
    }
    check::<WaitQueue>(true);
    check::<Gate>(true);
    check::<Semaphore>(true);
    // There is no task left that a value could go to.
    check::<Mailboxes>(false);
}

/// Fails if what every task was given is handed on as well.
/// Seen to fail with: `Wakeup::All` handled as `Wakeup::One` in `Signal::abandon`.
#[test]
fn p11_a_wake_all_of_a_dropped_wait_is_over() {
    fn check<S: Subject>() {
        let subject = S::make();
        let waiters: Vec<_> = (0..3).map(|_| subject.waiter()).collect();
        poll_all(&waiters);
        subject.wake_all();
        let late = subject.waiter();
        late.poll();
        for waiter in &waiters {
            waiter.cancel();
        }
        assert_eq!(late.task.woken(), 0);
        assert!(late.is_pending());
    }
    check::<WaitQueue>();
    check::<Gate>();
}

/// Fails if a value that was given and not taken is forgotten, or dropped twice, or given to another key.
/// Seen to fail with: `Fifo::abandon` dropping it.
#[test]
fn p11_a_value_of_a_dropped_wait_goes_to_the_next_of_its_key() {
    let tracker = Tracker::new();
    let parcels = Parcels::new();
    let tasks = [Task::new(), Task::new(), Task::new()];
    let mut first = Box::pin(parcels.wait(1));
    let mut other_key = pin!(parcels.wait(2));
    let mut second = Box::pin(parcels.wait(1));
    assert!(tasks[0].poll(first.as_mut()).is_pending());
    assert!(tasks[1].poll(other_key.as_mut()).is_pending());
    assert!(tasks[2].poll(second.as_mut()).is_pending());
    assert!(matches!(parcels.wake_one(&1, tracker.value(5)), WakeOutcome::Woke));
    drop(first);
    assert_eq!([tasks[1].woken(), tasks[2].woken()], [0, 1]);
    assert_eq!(tracker.alive(), 1);
    drop(second);
    assert_eq!(tracker.alive(), 0, "the last one drops it");
    assert_eq!(tracker.made(), 1, "no task cloned it");

    let map = WaitMap::<u8, Tracked>::new();
    let mut wait = Box::pin(map.wait(1));
    assert!(tasks[0].poll(wait.as_mut()).is_pending());
    assert!(matches!(map.wake(&1, tracker.value(6)), WakeOutcome::Woke));
    drop(wait);
    assert_eq!((tracker.made(), tracker.alive()), (2, 0));
    // What comes back is not dropped.
    assert!(matches!(map.wake(&1, tracker.value(7)), WakeOutcome::NoMatch(Tracked { number: 7, .. })));
    map.close();
    assert!(matches!(map.wake(&1, tracker.value(8)), WakeOutcome::Closed(Tracked { number: 8, .. })));
    assert_eq!(tracker.alive(), 0);
}

/// Fails if the wait of a cell takes its wake-up along when it is dropped.
/// Seen to fail with: `WakerSlot::wake` leaving no note when it takes a waker.
#[test]
fn p11_a_cell_keeps_the_wake_up_of_a_dropped_wait() {
    let cell = WaitCell::new();
    let task = Task::new();
    let mut wait = Box::pin(cell.wait());
    assert!(task.poll(wait.as_mut()).is_pending());
    assert!(cell.wake());
    drop(wait);
    assert_eq!(ready(cell.wait()), Ok(()));
    assert!(task.poll(pin!(cell.wait())).is_pending());
}

// 19: the front of the queue leaves.

/// Fails if those behind a task that cancels are not asked again.
/// Seen to fail with: the `was_first` branch left out of `Policy`'s `abandon`.
#[test]
fn p19_waiters_behind_a_large_request_go_on_when_it_leaves() {
    let tokens = Tokens::new(2);
    let tasks = [Task::new(), Task::new(), Task::new(), Task::new()];
    let mut large = Box::pin(tokens.acquire(10));
    let mut small = Box::pin(tokens.acquire(1));
    let mut middle = Box::pin(tokens.acquire(2));
    let mut last = Box::pin(tokens.acquire(1));
    assert!(tasks[0].poll(large.as_mut()).is_pending());
    assert!(tasks[1].poll(small.as_mut()).is_pending());
    assert!(tasks[2].poll(middle.as_mut()).is_pending());
    assert!(tasks[3].poll(last.as_mut()).is_pending());
    let woken = || tasks.each_ref().map(Task::woken);
    drop(large);
    assert_eq!(woken(), [0, 1, 0, 0], "in order, and no further than it goes");
    drop(middle);
    assert_eq!(woken(), [0, 1, 0, 1]);
    // One that was let through and is dropped puts back what it was given.
    drop(small);
    assert_eq!(tasks[3].poll(last.as_mut()), Poll::Ready(Ok(1)));
    assert_eq!(ready(tokens.acquire(1)), Ok(1));
    assert!(Task::new().poll(pin!(tokens.acquire(1))).is_pending());
    tokens.add(1);
    assert_eq!(ready(tokens.acquire(1)), Ok(1));
}

/// Fails if only those behind the very first are asked, when that one was let through and is about to leave.
#[test]
fn p19_a_waiter_in_the_middle_leaves_and_nothing_changes() {
    let tokens = Tokens::new(1);
    let tasks = [Task::new(), Task::new(), Task::new()];
    let mut large = Box::pin(tokens.acquire(3));
    let mut other = Box::pin(tokens.acquire(3));
    let mut small = Box::pin(tokens.acquire(1));
    assert!(tasks[0].poll(large.as_mut()).is_pending());
    assert!(tasks[1].poll(other.as_mut()).is_pending());
    assert!(tasks[2].poll(small.as_mut()).is_pending());
    drop(other);
    assert_eq!(tasks[2].woken(), 0, "it would overtake the first");
    tokens.add(3);
    assert_eq!([tasks[0].woken(), tasks[2].woken()], [1, 1]);
}

// 20: handed to a future that is not polled.

/// A woken wait has its wake-up whether or not it is polled, and no other task gets it meanwhile; when it is
/// dropped the next one does. It cannot be otherwise in a fair queue, so the text that users read first has
/// to say so. Fails if that paragraph goes, or if a later wake-up is spent on one that has been woken.
#[test]
fn p20_a_woken_wait_that_is_not_polled_keeps_its_wake_up() {
    fn check<S: Subject>() {
        let subject = S::make();
        let waiters: Vec<_> = (0..3).map(|_| subject.waiter()).collect();
        poll_all(&waiters);
        subject.wake();
        subject.wake();
        let told: Vec<_> = waiters.iter().map(|waiter| waiter.task.woken()).collect();
        assert_eq!(told, [1, 1, 0]);
        waiters[0].cancel();
        waiters[2].poll();
        assert!(waiters[2].was_woken());
    }
    check::<WaitQueue>();
    check::<Mailboxes>();
    check::<Gate>();
    check::<Semaphore>();
    assert!(include_str!("../../../README.md").contains("futurelock"));
}
