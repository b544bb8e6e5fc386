//! Where the wait types of the two libraries differ on purpose: a defect of the old one per test.
//!
//! The numbers are those of `README.md`. Each test asserts what the old library does, so that the list is
//! known to be true, and what this one does instead.

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{
    future::Future,
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};
use std::panic::catch_unwind;

use super::{
    OLD,
    sync::{Closed, WaitCell, WaitMap, WaitQueue, blocking::ConstInit, wait_map::WaitError},
    watched::{Watched, is_held},
};
use tests::{Count, Hooks, SILENT, Shared, Task, leak, quiet};
use tests::{poll, ready};

/// More than two batches of wakers.
const MANY: usize = 40;

type Waits = Vec<Pin<Box<dyn Future<Output = Result<(), Closed>> + Send>>>;

fn poll_with<F: Future + ?Sized>(waker: &Waker, future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(waker))
}

/// The old one writes back the word that it read before the close.
#[test]
fn d01_a_close_is_undone_by_the_drop_of_a_woken_wait() {
    let queue = WaitQueue::new();
    let mut wait = Box::pin(queue.wait());
    assert!(poll(wait.as_mut()).is_pending());
    queue.wake();
    queue.close();
    assert!(queue.is_closed());
    drop(wait);
    assert_eq!(queue.is_closed(), !OLD);
}

/// The old one's word says that a task waits, and no task does.
#[test]
fn d03_a_wait_between_the_batches_of_wake_all_confuses_the_queue() {
    let queue: &WaitQueue = leak(WaitQueue::new());
    let newcomer = leak(Shared::<Option<Waits>>::new(None));
    let task = leak(Task::new());
    let mut waits: Waits = (0..MANY).map(|_| Box::pin(queue.wait()) as _).collect();
    for (n, wait) in waits.iter_mut().enumerate() {
        let waker = Hooks::new().on_wake(move || {
            if n == 0 {
                let mut wait = Box::pin(queue.wait());
                assert!(task.poll(wait.as_mut()).is_pending());
                *newcomer.lock() = Some(vec![wait]);
            }
        });
        assert!(poll_with(&waker.waker(), wait.as_mut()).is_pending());
    }
    queue.wake_all();
    assert_eq!(task.woken(), usize::from(OLD), "it was not there when `wake_all` was called");
    let next = catch_unwind(AssertUnwindSafe(|| queue.wake()));
    assert_eq!(next.is_err(), OLD);
    assert_eq!(task.woken(), 1);
}

/// The old one's `wake_all` goes on as long as a task comes.
#[test]
fn d04_wake_all_chases_newcomers() {
    const ENOUGH: usize = 1000;

    static WOKEN: Count = Count::new();
    static COMERS: Shared<Waits> = Shared::new(Vec::new());

    /// Waits, and again whenever it is woken.
    fn come(queue: &'static WaitQueue) {
        let waker = Hooks::new().on_wake(move || {
            if WOKEN.up() < ENOUGH {
                come(queue);
            }
        });
        let mut wait = Box::pin(queue.wait());
        assert!(poll_with(&waker.waker(), wait.as_mut()).is_pending());
        COMERS.lock().push(wait);
    }

    let queue = leak(WaitQueue::new());
    (0..MANY).for_each(|_| come(queue));
    queue.wake_all();
    if OLD {
        assert!(WOKEN.get() >= ENOUGH);
    } else {
        assert_eq!(WOKEN.get(), MANY);
    }
}

/// The old one deadlocks if the waker's own functions use the queue.
#[test]
fn d07_a_waker_is_cloned_and_dropped_under_the_lock() {
    static CLONED: Count = Count::new();
    static DROPPED: Count = Count::new();

    let queue = WaitQueue::new_with_raw_mutex(Watched::INIT);
    let first = Hooks::new()
        .on_clone(|| _ = CLONED.add(usize::from(is_held())))
        .on_drop(|| _ = DROPPED.add(usize::from(is_held())))
        .waker();
    let mut wait = pin!(queue.wait());
    assert!(poll_with(&first, wait.as_mut()).is_pending());
    assert_eq!(CLONED.get(), usize::from(OLD));
    // Another task's.
    assert!(poll(wait.as_mut()).is_pending());
    assert_eq!(DROPPED.get(), usize::from(OLD));
}

/// The old one forgets those that it has taken out of the queue and not woken yet.
#[test]
fn d08_a_waker_that_panics_takes_the_others_wake_ups_with_it() {
    quiet();
    let queue = WaitQueue::new();
    let (bad, task) = (Hooks::new().on_wake(|| panic!("{}", SILENT)).waker(), Task::new());
    let (mut first, mut second) = (pin!(queue.wait()), pin!(queue.wait()));
    assert!(poll_with(&bad, first.as_mut()).is_pending());
    assert!(task.poll(second.as_mut()).is_pending());
    let woken = catch_unwind(AssertUnwindSafe(|| queue.wake_all()));
    assert!(woken.is_err());
    assert_eq!(task.woken(), usize::from(!OLD));
    // The wake-up itself has arrived, for the task that looks.
    assert_eq!(task.poll(second.as_mut()), Poll::Ready(Ok(())));
}

/// The old one's wait cannot be used for a second round.
#[test]
fn d12_wait_for_fails_in_its_second_round() {
    let (map, task, rounds) = (WaitMap::<u8, u8>::new(), Task::new(), Count::new());
    let mut wait = pin!(map.wait_for(1, || rounds.up() == 2));
    assert!(task.poll(wait.as_mut()).is_pending());
    let _ = map.wake(&1, 0);
    let second = task.poll(wait.as_mut());
    if OLD {
        assert!(matches!(second, Poll::Ready(Err(_))), "{second:?}");
        return;
    }
    assert_eq!(second, Poll::Pending);
    let _ = map.wake(&1, 0);
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(())));
}

/// The old one compares its whole word, in which another bit is set as well.
#[test]
fn d13_a_cell_says_that_it_is_open_right_after_close() {
    let cell = WaitCell::new();
    cell.close();
    assert_eq!(cell.is_closed(), !OLD);
    assert!(ready(cell.wait()).is_err());
}

/// The old one keeps the waker until the next wait, or forever.
#[test]
fn d14_a_dropped_wait_of_a_cell_leaves_its_waker() {
    let (cell, task) = (WaitCell::new(), Task::new());
    {
        let mut wait = pin!(cell.wait());
        assert!(task.poll(wait.as_mut()).is_pending());
        assert_eq!(task.wakers(), 1);
    }
    assert_eq!(task.wakers(), usize::from(OLD));
}

// Relatives of these, which are in no list.

/// The old one's close takes the wake-up with it, as it does not with a `WaitQueue`'s waits that were woken.
#[test]
fn r01_a_wake_up_that_a_cell_keeps_is_lost_when_it_is_closed() {
    let cell = WaitCell::new();
    cell.wake();
    cell.close();
    assert_eq!(ready(cell.wait()).is_err(), OLD);
}

/// The old one says "already consumed", as if there had been a value.
#[test]
fn r02_a_closed_wait_of_a_map_says_so_once() {
    let map = Arc::new(WaitMap::<u8, u8>::new());
    let mut wait = Box::pin(map.wait_owned(1));
    assert!(poll(wait.as_mut()).is_pending());
    map.close();
    assert_eq!(poll(wait.as_mut()), Poll::Ready(Err(WaitError::Closed)));
    let again = if OLD { WaitError::AlreadyConsumed } else { WaitError::Closed };
    assert_eq!(poll(wait.as_mut()), Poll::Ready(Err(again)));
}
