//! More wake-ups than 16 bits count, one at a time; with optimisation, more than 32 bits count.
//!
//! Whatever is counted meanwhile (epochs, tickets, rounds), the last one is like the first: one wake-up is
//! for one wait.
//! Seen to fail with: a node that keeps 16 bits of its epoch.

use core::{
    future::Future,
    hint::black_box,
    pin::pin,
    task::{Context, Poll, Waker},
};

use sync_core::{
    AutoEvent, Barrier, Condvar, Event, Mutex, RwLock, Semaphore, WaitCell, WaitQueue, wait_map,
};
use tests::{Task, block_on, ready, subjects::Gate};

/// Beyond 2^16; each of these waits.
const WAITS: usize = (1 << 16) + 7;

/// Beyond 2^32 where that takes less than a minute: of what is counted without any task waiting.
const CALLS: u64 = if cfg!(debug_assertions) { 1 << 18 } else { (1 << 32) + 7 };

/// A task waits, is told and is through, so many times; no task is through before.
fn waits_and_is_told<F: Future>(mut wait: impl FnMut(usize) -> F, mut tell: impl FnMut(usize)) {
    let task = Task::new();
    for n in 0..WAITS {
        let mut wait = pin!(wait(n));
        assert!(task.poll(wait.as_mut()).is_pending(), "wait {n}");
        tell(n);
        assert_eq!(task.woken(), n + 1);
        assert!(task.poll(wait.as_mut()).is_ready(), "wait {n}");
    }
}

#[wait_map(key = u8, value = usize, match = unique)]
struct One;

#[wait_map(key = u8, value = usize, match = fifo)]
struct Many;

#[wait_map(key = usize, match = up_to)]
struct Reached;

#[wait_map(key = u16, match = up_to, wrapping)]
struct Acked;

#[wait_map(key = u8, match = mask, consume)]
struct Flags;

#[wait_map(key = u8, event = u8, match = predicate(u8::eq))]
struct Watch;

#[test]
fn every_primitive_beyond_sixteen_bits() {
    let queue = WaitQueue::new();
    waits_and_is_told(|_| queue.wait(), |_| queue.wake());
    waits_and_is_told(|_| queue.wait(), |_| queue.wake_all());
    waits_and_is_told(|_| queue.wait(), |_| assert_eq!(queue.wake_n(1), 1));
    let cell = WaitCell::new();
    waits_and_is_told(|_| cell.wait(), |_| assert!(cell.wake()));
    let semaphore = Semaphore::new(0);
    waits_and_is_told(
        |_| async { semaphore.acquire(1).await.map(sync_core::semaphore::Permit::forget) },
        |_| semaphore.add_permits(1),
    );
    let gate: Gate = Gate::new(0);
    waits_and_is_told(|_| gate.pass(()), |_| gate.add(1));
    let one = One::new();
    waits_and_is_told(|_| one.wait(1), |n| assert_eq!(one.wake(&1, n), wait_map::WakeOutcome::Woke));
    let many = Many::new();
    waits_and_is_told(|_| many.wait(1), |n| assert_eq!(many.wake_one(&1, n), wait_map::WakeOutcome::Woke));
    waits_and_is_told(|_| many.wait(1), |n| assert_eq!(many.wake_all(&1, n), 1));
    let reached = Reached::new();
    waits_and_is_told(|n| reached.wait(n + 1), |n| assert_eq!(reached.advance(n + 1), 1));
    let acked = Acked::new();
    let low = |n: usize| u16::try_from(n & 0xffff).expect("16 bits");
    waits_and_is_told(|n| acked.wait(low(n + 1)), |n| assert_eq!(acked.advance(low(n + 1)), 1));
    let flags = Flags::new();
    waits_and_is_told(|_| flags.wait_any(1), |_| assert_eq!(flags.set(1), 1));
    let watch = Watch::new();
    waits_and_is_told(|_| watch.wait(1), |_| assert_eq!(watch.notify(&1), 1));
    let event = AutoEvent::new();
    waits_and_is_told(|_| event.wait(), |_| event.set());
    let event = Event::new();
    waits_and_is_told(
        |_| event.wait(),
        |_| {
            event.set();
            event.reset();
        },
    );
}

#[test]
fn every_lock_beyond_sixteen_bits() {
    let mutex = Mutex::new(0_usize);
    let lock = RwLock::new(0_usize);
    let (barrier, condvar) = (Barrier::new(2), Condvar::new());
    for n in 0..WAITS {
        let guard = mutex.try_lock().expect("it is free");
        let mut next = pin!(mutex.lock());
        let task = Task::new();
        assert!(task.poll(next.as_mut()).is_pending());
        drop(guard);
        let Poll::Ready(mut guard) = task.poll(next.as_mut()) else { panic!("it was handed over") };
        *guard += 1;
        assert_eq!(*guard, n + 1);

        // The one that waits for a notification lets the mutex go, and has it again.
        let mut notified = pin!(condvar.wait(guard));
        assert!(task.poll(notified.as_mut()).is_pending());
        assert_eq!(condvar.notify_one(), 1);
        assert!(task.poll(notified.as_mut()).is_ready());

        let reader = lock.try_read().expect("no task writes");
        let mut writer = pin!(lock.write());
        assert!(task.poll(writer.as_mut()).is_pending());
        drop(reader);
        assert!(task.poll(writer.as_mut()).is_ready());

        let mut first = pin!(barrier.wait());
        assert!(task.poll(first.as_mut()).is_pending());
        assert!(ready(barrier.wait()).is_leader());
        assert!(task.poll(first.as_mut()).is_ready());
    }
    assert_eq!(block_on(mutex.lock()).to_owned(), WAITS);
}

/// One test per call, so that they run side by side. In each, a task waits first that is told in the end.
#[test]
fn wake_ups_that_are_stored() {
    let queue = WaitQueue::new();
    for _ in 0..CALLS {
        queue.wake();
        assert!(black_box(queue.try_wait()).is_ready());
    }
    assert!(queue.try_wait().is_pending());
}

#[test]
fn wake_ups_of_all() {
    let queue = WaitQueue::new();
    let mut made_before = pin!(queue.wait());
    for _ in 0..CALLS {
        queue.wake_all();
    }
    ready(made_before.as_mut()).expect("it was made before");
    let (task, mut waits) = (Task::new(), pin!(queue.wait()));
    assert!(task.poll(waits.as_mut()).is_pending(), "it was made after all of them");
    queue.wake_all();
    assert!(task.poll(waits.as_mut()).is_ready());
}

#[test]
fn registrations_in_a_cell() {
    let (cell, cx) = (WaitCell::new(), &mut Context::from_waker(Waker::noop()));
    // Its word counts nothing: the unit tests of the word visit all of its states.
    for _ in 0..4 * WAITS {
        let mut wait = pin!(cell.wait());
        assert!(wait.as_mut().poll(cx).is_pending());
    }
    let task = Task::new();
    let mut wait = pin!(cell.wait());
    assert!(task.poll(wait.as_mut()).is_pending());
    assert!(cell.wake());
    assert_eq!(task.woken(), 1);
}
