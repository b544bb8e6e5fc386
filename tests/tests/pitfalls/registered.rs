//! Wakers that a cell keeps, and waiting in a loop.

use core::{
    future::Future,
    panic::AssertUnwindSafe,
    pin::pin,
    task::{Context, Poll},
};
use std::panic::catch_unwind;

use sync_core::{
    Closed, Semaphore, WaitCell, WaitMap, WaitQueue,
    wait_map::{WaitError, WakeOutcome},
};
use tests::{
    Count, Hooks, SILENT, Task, quiet,
    subjects::{Gate, Keyed, Mailboxes, Subject},
};

use super::ready;

// 12: a wait that is used again in a loop.

/// Fails if the second round of `wait_for` finds its wait completed, or not queued.
/// Seen to fail with: `rearm` left out of `Queue::<Unique>::wait_for_value`.
#[test]
fn p12_wait_for_takes_as_many_rounds_as_it_needs() {
    let (seen, task) = (Count::new(), Task::new());
    let map = WaitMap::<u8, u8>::new();
    let mut wait = pin!(map.wait_for(1, || seen.up() == 5));
    assert!(task.poll(wait.as_mut()).is_pending());
    for round in 1..=5 {
        assert_eq!(seen.get(), round);
        assert_eq!(map.wake(&1, 0), WakeOutcome::Woke, "round {round}");
        assert_eq!(task.woken(), round);
        let polled = task.poll(wait.as_mut());
        assert_eq!(polled, if round == 5 { Poll::Ready(Ok(())) } else { Poll::Pending });
    }

    let (seen, task, queue) = (Count::new(), Task::new(), WaitQueue::new());
    let mut wait = pin!(queue.wait_for_value(|| (seen.up() == 5).then_some("done")));
    for round in 1..=5 {
        assert!(task.poll(wait.as_mut()).is_pending());
        assert_eq!(seen.get(), round);
        if round % 2 == 0 {
            queue.wake();
        } else {
            queue.wake_all();
        }
        assert_eq!(task.woken(), round);
    }
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok("done")));

    let (seen, task, cell) = (Count::new(), Task::new(), WaitCell::new());
    let mut wait = pin!(cell.wait_for(|| seen.up() == 5));
    for round in 1..=5 {
        assert!(task.poll(wait.as_mut()).is_pending());
        assert_eq!(seen.get(), round);
        assert!(cell.wake());
    }
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(())));
}

/// Fails if `wait_for` goes on after a close.
#[test]
fn p12_wait_for_ends_with_the_primitive() {
    let task = Task::new();
    let (map, queue, cell) = (WaitMap::<u8, u8>::new(), WaitQueue::new(), WaitCell::new());
    let mut on_map = pin!(map.wait_for(1, || false));
    let mut on_queue = pin!(queue.wait_for(|| false));
    let mut on_cell = pin!(cell.wait_for(|| false));
    assert!(task.poll(on_map.as_mut()).is_pending());
    assert!(task.poll(on_queue.as_mut()).is_pending());
    assert!(task.poll(on_cell.as_mut()).is_pending());
    // One is there already.
    assert_eq!(ready(map.wait_for(1, || true)), Err(WaitError::Duplicate));
    map.close();
    queue.close();
    cell.close();
    assert_eq!(task.woken(), 3);
    assert_eq!(task.poll(on_map.as_mut()), Poll::Ready(Err(WaitError::Closed)));
    assert!(matches!(task.poll(on_queue.as_mut()), Poll::Ready(Err(Closed { .. }))));
    assert!(matches!(task.poll(on_cell.as_mut()), Poll::Ready(Err(Closed { .. }))));
}

// 14: a stored waker outlives its future.

/// Fails if a wait that is dropped leaves its waker behind.
/// Seen to fail with: `Drop for wait_cell::Wait` left out.
#[test]
fn p14_a_dropped_wait_takes_its_waker_back() {
    fn check<S: Subject>() {
        let subject = S::make();
        let waiter = subject.waiter();
        waiter.poll();
        assert_eq!(waiter.task.wakers(), 1);
        // The same one again is not kept twice.
        waiter.poll();
        assert_eq!(waiter.task.wakers(), 1);
        let other = Task::new();
        waiter.poll_with(&other.waker());
        assert_eq!((waiter.task.wakers(), other.wakers()), (0, 1));
        waiter.cancel();
        assert_eq!(other.wakers(), 0);
    }
    check::<WaitQueue>();
    check::<WaitCell>();
    check::<Keyed>();
    check::<Mailboxes>();
    check::<Gate>();
    check::<Semaphore>();
}

/// Fails if `subscribe` does not hand the registration to what it yields.
#[test]
fn p14_what_subscribe_registers_goes_with_the_wait() {
    let (cell, task) = (WaitCell::new(), Task::new());
    let Poll::Ready(wait) = task.poll(pin!(cell.subscribe())) else { panic!("not ready") };
    assert_eq!(task.wakers(), 1);
    drop(wait);
    assert_eq!(task.wakers(), 0);
    assert!(!cell.wake(), "no task waits");

    let map = WaitMap::<u8, u8>::new();
    let mut wait = Box::pin(map.wait(1));
    assert_eq!(task.poll(pin!(wait.as_mut().subscribe())), Poll::Ready(Ok(())));
    assert_eq!(task.wakers(), 1);
    drop(wait);
    assert_eq!(task.wakers(), 0);
}

/// Fails if an old wait takes back the waker of the one that came after it.
/// Seen to fail with: `WakerSlot::deregister` taking whatever registration is there.
#[test]
fn p14_a_wait_takes_no_other_waker_back() {
    let cell = WaitCell::new();
    let (old, new) = (Task::new(), Task::new());
    let mut first = Box::pin(cell.wait());
    let mut second = pin!(cell.wait());
    assert!(old.poll(first.as_mut()).is_pending());
    assert!(new.poll(second.as_mut()).is_pending());
    // A task that has the cell taken from it is told.
    assert_eq!(old.woken(), 1);
    drop(first);
    assert!(cell.wake());
    assert_eq!(new.woken(), 1);
    assert_eq!(new.poll(second.as_mut()), Poll::Ready(Ok(())));
}

/// Two waits of one task share its waker; fails if the one that registered last takes it back from both.
/// Seen to fail with: `attempt_slow` never noting that a registration is shared.
#[test]
fn p14_a_wait_of_the_same_task_is_not_left_without_a_waker() {
    let (cell, task) = (WaitCell::new(), Task::new());
    let mut stays = pin!(cell.wait());
    let mut goes = Box::pin(cell.wait());
    assert!(task.poll(stays.as_mut()).is_pending());
    assert!(task.poll(goes.as_mut()).is_pending());
    drop(goes);
    cell.wake();
    assert!(task.woken() > 0, "the wait that stays is not woken");
    assert_eq!(task.poll(stays.as_mut()), Poll::Ready(Ok(())));
}

/// Fails if a poll that panics after it registered leaves its waker behind: the wait does not know its id.
/// Seen to fail with: `Undo` that does nothing.
#[test]
fn p14_a_poll_that_panics_leaves_no_waker_behind() {
    quiet();
    let (cell, task) = (WaitCell::new(), Task::new());
    // When it is told that the cell was taken from it, it panics.
    let touchy = Hooks::new().on_wake(|| panic!("{}", SILENT)).waker();
    let mut first = Box::pin(cell.wait());
    assert!(first.as_mut().poll(&mut Context::from_waker(&touchy)).is_pending());
    let mut wait = Box::pin(cell.wait());
    assert!(catch_unwind(AssertUnwindSafe(|| task.poll(wait.as_mut()))).is_err());
    drop(wait);
    assert_eq!(task.wakers(), 0);
    assert!(!cell.wake(), "none is registered");
}
