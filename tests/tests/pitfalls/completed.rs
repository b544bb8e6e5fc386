//! Waits that are done, and every call at every stage.

use core::{panic::AssertUnwindSafe, pin::pin, task::Poll};
use std::panic::catch_unwind;

use sync_core::{
    Semaphore, WaitCell, WaitMap, WaitQueue,
    wait_map::{WaitError, WakeOutcome},
};
use tests::{
    Task, Tracker, quiet,
    subjects::{Gate, Keyed, Mailboxes, Subject},
};

use super::{Parcels, Tokens, poll_all, ready};

// 5: polled again after completion.

/// Fails if a wait of a policy that has yielded asks the policy again.
/// Seen to fail with: `poll_slow` arming a spent wait anew.
#[test]
fn p05_a_completed_wait_does_not_yield_a_second_value() {
    quiet();
    let tokens = Tokens::new(5);
    let mut acquire = pin!(tokens.acquire(2));
    let task = Task::new();
    assert_eq!(task.poll(acquire.as_mut()), Poll::Ready(Ok(2)));
    let again = catch_unwind(AssertUnwindSafe(|| task.poll(acquire.as_mut())));
    let message = again.expect_err("it must not yield again");
    let message = message.downcast_ref::<&str>().copied().unwrap_or_default();
    assert!(message.contains("polled again"), "the message does not say what happened: {message}");
    // Nothing was taken, nor put back when it is dropped.
    assert_eq!(ready(tokens.acquire(3)), Ok(3));
    assert!(Task::new().poll(pin!(tokens.acquire(1))).is_pending());

    let parcels = Parcels::new();
    let mut wait = pin!(parcels.wait(1));
    assert!(task.poll(wait.as_mut()).is_pending());
    let tracker = Tracker::new();
    assert!(matches!(parcels.wake_one(&1, tracker.value(1)), WakeOutcome::Woke));
    assert!(task.poll(wait.as_mut()).is_ready());
    assert!(catch_unwind(AssertUnwindSafe(|| task.poll(wait.as_mut()).is_ready())).is_err());
}

/// Fails if a completed wait takes a second wake-up, or queues again.
/// Seen to fail with: `poll_slow` arming a spent wait anew.
#[test]
fn p05_a_completed_wait_takes_no_second_wake_up() {
    let queue = WaitQueue::new();
    let task = Task::new();
    let mut wait = pin!(queue.wait());
    queue.wake();
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(())));
    queue.wake();
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(())));
    assert_eq!(wait.as_mut().subscribe(), Poll::Ready(Ok(())));
    assert_eq!(queue.try_wait(), Poll::Ready(Ok(())), "the second wake-up was taken by the first wait");

    let cell = WaitCell::new();
    let mut wait = pin!(cell.wait());
    cell.wake();
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(())));
    cell.wake();
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(())));
    assert_eq!(ready(cell.wait()), Ok(()), "the second wake-up was taken by the first wait");

    let map = WaitMap::<u8, u8>::new();
    let mut wait = pin!(map.wait(1));
    assert!(task.poll(wait.as_mut()).is_pending());
    assert_eq!(map.wake(&1, 2), WakeOutcome::Woke);
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(2)));
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Err(WaitError::AlreadyConsumed)));
    assert_eq!(map.wake(&1, 3), WakeOutcome::NoMatch(3));
}

// 6: completed without being unlinked.

/// Fails if a poll that sees the queue closed yields without taking the lock, while its node is linked: its
/// neighbours then point to what is gone.
#[test]
fn p06_waits_may_be_dropped_in_any_order_after_a_close() {
    fn check<S: Subject>() {
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]] {
            let subject = S::make();
            let waiters = [subject.waiter(), subject.waiter(), subject.waiter()];
            poll_all(&waiters);
            subject.close();
            for place in order {
                waiters[place].poll();
                assert!(waiters[place].was_closed());
                waiters[place].cancel();
            }
        }
    }
    check::<WaitQueue>();
    check::<Keyed>();
    check::<Mailboxes>();
    check::<Gate>();
    check::<Semaphore>();
}

// 18: a state that cannot be, and can.

/// Every stage a wait can be in, with everything that can be done to it there; fails if one of them is
/// thought impossible.
#[test]
fn p18_every_stage_bears_every_call() {
    for stage in 0..7 {
        for call in 0..4 {
            let (queue, map) = (WaitQueue::new(), WaitMap::<u8, u8>::new());
            let task = Task::new();
            let mut on_queue = Box::pin(queue.wait());
            let mut on_map = Box::pin(map.wait(1));
            match stage {
                0 => {}
                1 => {
                    assert_eq!(on_queue.as_mut().subscribe(), Poll::Pending);
                    assert_eq!(task.poll(pin!(on_map.as_mut().subscribe())), Poll::Ready(Ok(())));
                }
                _ => {
                    assert!(task.poll(on_queue.as_mut()).is_pending());
                    assert!(task.poll(on_map.as_mut()).is_pending());
                }
            }
            match stage {
                3 => {
                    queue.wake();
                    assert_eq!(map.wake(&1, 2), WakeOutcome::Woke);
                }
                4 => {
                    queue.wake_all();
                    assert_eq!(map.wake(&1, 2), WakeOutcome::Woke);
                    assert!(task.poll(on_queue.as_mut()).is_ready());
                    assert!(task.poll(on_map.as_mut()).is_ready());
                }
                5 => {
                    queue.close();
                    map.close();
                }
                6 => {
                    queue.close();
                    map.close();
                    assert!(task.poll(on_queue.as_mut()).is_ready());
                    assert!(task.poll(on_map.as_mut()).is_ready());
                }
                _ => {}
            }
            let (waits, closed) = (stage < 3, stage >= 5);
            match call {
                0 => {
                    assert_eq!(task.poll(on_queue.as_mut()).is_pending(), waits);
                    assert_eq!(task.poll(on_map.as_mut()).is_pending(), waits);
                }
                1 => {
                    let subscribed = on_queue.as_mut().subscribe();
                    assert_eq!(subscribed.is_pending(), waits);
                    assert_eq!(matches!(subscribed, Poll::Ready(Err(_))), closed);
                    let subscribed = task.poll(pin!(on_map.as_mut().subscribe()));
                    assert_eq!(subscribed, Poll::Ready(if closed { Err(WaitError::Closed) } else { Ok(()) }));
                }
                2 => {
                    assert!(!format!("{on_queue:?} {on_map:?} {queue:?} {map:?}").is_empty());
                }
                _ => {}
            }
            drop(on_queue);
            drop(on_map);
            assert_eq!(queue.waiters(), 0);
            assert_eq!(task.wakers(), 0);
        }
    }
}
