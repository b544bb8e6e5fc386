//! Owned waits beside borrowed ones.

use alloc::sync::Arc;
use core::task::Poll;

use sync_core::{
    WaitMap, WaitQueue,
    spin::Spinlock,
    wait_map::{WaitError, WakeOutcome},
};
use tests::{
    Task,
    subjects::{By, Gate, KEY, Mailboxes},
};

// 15: hand-copied twins.

/// Fails if an owned wait differs from a borrowed one in any way that can be seen.
#[test]
fn p15_owned_waits_are_like_borrowed_ones() {
    let task = Task::new();
    let queue = Arc::new(WaitQueue::<Spinlock>::default());
    let (mut owned, mut borrowed) = (Box::pin(queue.wait_owned()), Box::pin(queue.wait()));
    assert!(owned.same_queue(&queue.wait_owned()) && owned.waits_on(&queue));
    assert!(borrowed.same_queue(&queue.wait()) && borrowed.waits_on(&queue));
    let other = Arc::new(WaitQueue::default());
    assert!(!owned.waits_on(&other) && !owned.same_queue(&other.wait_owned()));
    assert!(!borrowed.waits_on(&other) && !borrowed.same_queue(&other.wait()));
    assert_eq!(owned.as_mut().subscribe(), Poll::Pending);
    assert_eq!(borrowed.as_mut().subscribe(), Poll::Pending);
    assert_eq!(queue.waiters(), 2);
    queue.wake();
    // Handed on from one kind to the other.
    drop(owned);
    assert_eq!(task.poll(borrowed.as_mut()), Poll::Ready(Ok(())));
    drop(borrowed);
    assert_eq!(Arc::strong_count(&queue), 1);

    let map = Arc::new(Mailboxes::<Spinlock>::default());
    let (mut owned, mut borrowed) = (Box::pin(map.wait_owned(KEY)), Box::pin(map.wait(KEY)));
    assert!(task.poll(borrowed.as_mut()).is_pending());
    assert!(task.poll(owned.as_mut()).is_pending());
    assert_eq!(map.wake_one(&KEY, 4), WakeOutcome::Woke);
    drop(borrowed);
    assert_eq!(task.poll(owned.as_mut()), Poll::Ready(Ok(4)));

    let gate = Arc::new(Gate::<Spinlock>::default());
    let (mut owned, mut borrowed) = (Box::pin(gate.pass_owned(())), Box::pin(gate.pass(())));
    assert!(task.poll(owned.as_mut()).is_pending());
    assert!(task.poll(borrowed.as_mut()).is_pending());
    gate.add(1);
    drop(owned);
    assert_eq!(task.poll(borrowed.as_mut()), Poll::Ready(Ok(By::One)));

    let map = Arc::new(WaitMap::<u8, u8, Spinlock>::default());
    let (mut owned, mut borrowed) = (Box::pin(map.wait_owned(1)), Box::pin(map.wait(1)));
    assert!(task.poll(owned.as_mut()).is_pending());
    assert_eq!(task.poll(borrowed.as_mut()), Poll::Ready(Err(WaitError::Duplicate)));
    map.close();
    assert_eq!(task.poll(owned.as_mut()), Poll::Ready(Err(WaitError::Closed)));
}

/// The wait keeps what it waits on; fails if `Owned` does not.
#[test]
fn p15_an_owned_wait_keeps_its_queue() {
    let task = Task::new();
    let queue = Arc::new(WaitQueue::new());
    let weak = Arc::downgrade(&queue);
    let mut wait = Box::pin(queue.wait_owned());
    assert!(task.poll(wait.as_mut()).is_pending());
    drop(queue);
    weak.upgrade().expect("the wait holds it").wake();
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(())));
    drop(wait);
    assert!(weak.upgrade().is_none());
}
