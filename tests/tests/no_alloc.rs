//! Nothing here allocates: counted by the global allocator, per thread.

#![cfg(not(loom))]
#![expect(unsafe_code, reason = "a global allocator is unsafe to implement")]

extern crate alloc;

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{
    alloc::{GlobalAlloc, Layout},
    cell::Cell,
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};
use std::{alloc::System, thread_local};

use sync_core::{
    Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockUpgradableReadGuard, RwLockWriteGuard, Semaphore,
    WaitCell, WaitMap, WaitQueue, mutex::MappedMutexGuard, wait_map::WakeOutcome,
};
use tests::{
    Task,
    subjects::{Gate, KEY, Mailboxes},
};

/// Counts what this thread allocates and frees.
struct Counting;

thread_local! {
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    // Not while the thread ends, when no task counts any more.
    let _ = CALLS.try_with(|calls| calls.set(calls.get() + 1));
}

// SAFETY: forwards to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count();
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller's promise.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Runs `f`, which may neither allocate nor free.
#[track_caller]
fn free_of_charge<T>(f: impl FnOnce() -> T) -> T {
    let before = CALLS.get();
    let result = f();
    let calls = CALLS.get() - before;
    assert_eq!(calls, 0, "it called the allocator {calls} times");
    result
}

/// Enough for several batches.
const MANY: usize = 100;

fn poll<F: Future>(wait: Pin<&mut F>, task: &Task) -> Poll<F::Output> {
    task.poll(wait)
}

#[test]
fn the_allocator_counts() {
    let before = CALLS.get();
    drop(core::hint::black_box(Box::new(1)));
    assert_eq!(CALLS.get() - before, 2);
}

/// Polls, polls again, polls with another waker, and drops every third, without allocating.
fn wait_and_cancel<F: Future>(waits: &mut [Pin<&mut Option<F>>], tasks: &[Task; 2])
where
    F::Output: core::fmt::Debug,
{
    for wait in &mut *waits {
        free_of_charge(|| {
            for task in [&tasks[0], &tasks[0], &tasks[1]] {
                let pending = wait.as_mut().as_pin_mut().map(|wait| poll(wait, task).is_pending());
                assert_eq!(pending, Some(true));
            }
        });
    }
    for wait in waits.iter_mut().step_by(3) {
        // What holds the wait stays; the wait is dropped in place.
        free_of_charge(|| wait.set(None));
    }
}

/// Makes [`MANY`] waits, has them wait and some cancel, does `end`, and polls and drops the rest.
fn round<F: Future>(make: impl Fn(usize) -> F, end: impl FnOnce())
where
    F::Output: core::fmt::Debug,
{
    let tasks = [Task::new(), Task::new()];
    let mut store: Vec<Pin<Box<Option<F>>>> = (0..MANY).map(|_| Box::pin(None)).collect();
    for (n, wait) in store.iter_mut().enumerate() {
        free_of_charge(|| wait.set(Some(make(n))));
    }
    let mut waits: Vec<_> = store.iter_mut().map(Pin::as_mut).collect();
    wait_and_cancel(&mut waits, &tasks);
    free_of_charge(end);
    for wait in &mut waits {
        free_of_charge(|| {
            if let Some(wait) = wait.as_mut().as_pin_mut() {
                assert!(poll(wait, &tasks[0]).is_ready());
            }
            wait.set(None);
        });
    }
    assert_eq!(tasks.each_ref().map(Task::wakers), [0, 0]);
}

#[test]
fn a_queue_allocates_nothing() {
    let queue = free_of_charge(WaitQueue::new);
    round(|_| queue.wait(), || queue.wake_all());
    round(|_| queue.wait(), || _ = queue.wake_n(MANY));
    let _stored = queue.try_wait();
    round(|_| queue.wait(), || (0..MANY - MANY.div_ceil(3)).for_each(|_| queue.wake()));
    round(|_| queue.wait(), || queue.close());
    free_of_charge(|| drop(queue));
}

#[test]
fn an_owned_wait_allocates_nothing() {
    let queue = Arc::new(WaitQueue::new());
    round(|_| queue.wait_owned(), || queue.wake_all());
    let map = Arc::new(Mailboxes::new());
    round(|_| map.wait_owned(KEY), || _ = map.wake_all(&KEY, 1));
    let gate = Arc::new(Gate::new(0));
    round(|_| gate.pass_owned(()), || gate.open());
    let map = Arc::new(WaitMap::<usize, usize>::new());
    round(|key| map.wait_owned(key), || map.close());
}

#[test]
fn a_map_allocates_nothing() {
    let map = free_of_charge(WaitMap::<usize, usize>::new);
    round(
        |key| map.wait(key),
        || {
            for key in 0..MANY {
                let there = key % 3 != 0;
                assert_eq!(map.wake(&key, key) == WakeOutcome::Woke, there);
            }
        },
    );
    round(|key| map.wait(key), || map.close());
}

#[test]
fn a_fifo_map_allocates_nothing() {
    let map = free_of_charge(Mailboxes::new);
    let left = MANY - MANY.div_ceil(3);
    round(|_| map.wait(KEY), || assert_eq!(map.wake_all(&KEY, 1), left));
    round(|_| map.wait(KEY), || assert_eq!(map.wake_n(&KEY, left, 1), left));
    round(|_| map.wait(KEY), || assert!((0..left).all(|_| map.wake_one(&KEY, 1) == WakeOutcome::Woke)));
    round(|_| map.wait(KEY), || map.close());
}

#[test]
fn a_primitive_allocates_nothing() {
    let gate = free_of_charge(|| Gate::new(0));
    round(|_| gate.pass(()), || gate.open());
    round(|_| gate.pass(()), || gate.add(MANY - MANY.div_ceil(3)));
    round(|_| gate.pass(()), || gate.close());
}

#[test]
fn a_cell_allocates_nothing() {
    let cell = free_of_charge(WaitCell::new);
    let tasks = [Task::new(), Task::new()];
    free_of_charge(|| {
        for end in 0..3 {
            let mut wait = pin!(cell.wait());
            for task in [&tasks[0], &tasks[0], &tasks[1]] {
                assert!(poll(wait.as_mut(), task).is_pending());
            }
            {
                // Takes the cell, and goes.
                let mut other = pin!(cell.wait());
                assert!(poll(other.as_mut(), &tasks[0]).is_pending());
            }
            assert!(poll(wait.as_mut(), &tasks[1]).is_pending());
            match end {
                0 => assert!(cell.wake()),
                1 => assert!(poll(pin!(cell.subscribe()), &tasks[0]).is_ready()),
                _ => assert!(cell.close()),
            }
            assert_eq!(poll(wait, &tasks[0]).is_ready(), end != 1);
        }
    });
}

#[test]
fn waiting_for_a_condition_and_subscribing_allocate_nothing() {
    let (queue, cell, map) = (WaitQueue::new(), WaitCell::new(), WaitMap::<u8, u8>::new());
    let context = &mut Context::from_waker(Waker::noop());
    free_of_charge(|| {
        let mut rounds = (0, 0, 0);
        let mut on_queue = pin!(queue.wait_for(|| {
            rounds.0 += 1;
            rounds.0 == 3
        }));
        let mut on_cell = pin!(cell.wait_for(|| {
            rounds.1 += 1;
            rounds.1 == 3
        }));
        let mut on_map = pin!(map.wait_for(1, || {
            rounds.2 += 1;
            rounds.2 == 3
        }));
        for _ in 0..2 {
            assert!(on_queue.as_mut().poll(context).is_pending());
            assert!(on_cell.as_mut().poll(context).is_pending());
            assert!(on_map.as_mut().poll(context).is_pending());
            queue.wake();
            cell.wake();
            assert_eq!(map.wake(&1, 1), WakeOutcome::Woke);
        }
        assert!(on_queue.as_mut().poll(context).is_ready());
        assert!(on_cell.as_mut().poll(context).is_ready());
        assert!(on_map.as_mut().poll(context).is_ready());

        let mut wait = pin!(queue.wait());
        assert!(wait.as_mut().subscribe().is_pending());
        let mut wait = pin!(map.wait(2));
        assert!(pin!(wait.as_mut().subscribe()).poll(context).is_ready());
    });
}

#[test]
fn events_and_latches() {
    let (event, latch) = (sync_core::Event::new(), sync_core::Latch::new(1));
    round(|_| event.wait(), || event.set());
    round(|_| latch.wait(), || latch.count_down(1));
}

/// Those of [`MANY`] that `wait_and_cancel` leaves.
const LEFT: usize = MANY - MANY.div_ceil(3);

/// [`MANY`] wait while `held` is held and some of them give up; then it is dropped, and they hold it in turn.
fn in_turn<F: Future>(held: impl Sized, make: impl Fn(usize) -> F)
where
    F::Output: core::fmt::Debug,
{
    // One at a time: a task that is polled in `round` drops what it got before the next one is.
    round(make, || drop(held));
}

#[test]
fn a_mutex_allocates_nothing() {
    let mutex = free_of_charge(|| Mutex::new([1, 2]));
    free_of_charge(|| {
        let mut guard = mutex.try_lock().expect("it is free");
        assert!(mutex.try_lock().is_none() && mutex.is_locked());
        guard[0] = 3;
        let part = MutexGuard::map(guard, |pair| &mut pair[0]);
        let Err(part) = MappedMutexGuard::try_map(part, |_| None::<&mut u8>) else {
            panic!("there is no such part")
        };
        drop(part);
        assert!(pin!(mutex.lock()).poll(&mut Context::from_waker(Waker::noop())).is_ready());
    });
    in_turn(mutex.try_lock().expect("it is free"), |_| mutex.lock());
    let shared = Arc::new(mutex);
    let held = free_of_charge(|| Arc::clone(&shared).try_lock_owned()).expect("it is free");
    let shared = &shared;
    in_turn(held, |_| Arc::clone(shared).lock_owned());
    assert!(!shared.is_locked());
}

#[test]
fn a_readers_writer_lock_allocates_nothing() {
    let lock = free_of_charge(|| RwLock::new([1, 2]));
    free_of_charge(|| {
        let writer = lock.try_write().expect("it is free");
        let upgradable = RwLockWriteGuard::downgrade_to_upgradable(writer);
        let reader = lock.try_read().expect("no task writes");
        let Err(upgradable) = RwLockUpgradableReadGuard::try_upgrade(upgradable) else { panic!("one reads") };
        drop(RwLockReadGuard::map(reader, |pair| &pair[0]));
        let Ok(writer) = RwLockUpgradableReadGuard::try_upgrade(upgradable) else { panic!("no task reads") };
        drop(RwLockWriteGuard::map(writer, |pair| &mut pair[0]));
    });
    in_turn(lock.try_read().expect("it is free"), |_| lock.write());
    let lock = Arc::new(lock);
    let held = lock.try_write_owned().expect("it is free");
    in_turn(held, |_| lock.write_owned());
    let (lock, tasks) = (&*lock, [Task::new(), Task::new()]);
    // All at once, and in several batches: first the readers, then one that may write.
    let writer = lock.try_write().expect("it is free");
    round(|_| lock.read(), || drop(RwLockWriteGuard::downgrade(writer)));
    free_of_charge(|| {
        let upgradable = lock.try_upgradable_read().expect("it is free");
        let reader = lock.try_read().expect("no task writes");
        let mut second = pin!(lock.upgradable_read());
        assert!(poll(second.as_mut(), &tasks[0]).is_pending());
        let mut upgrade = pin!(RwLockUpgradableReadGuard::upgrade(upgradable));
        assert!(poll(upgrade.as_mut(), &tasks[1]).is_pending());
        drop(reader);
        let Poll::Ready(writer) = poll(upgrade, &tasks[1]) else { panic!("no task reads") };
        drop(writer);
        assert!(poll(second, &tasks[0]).is_ready());
    });
}

#[test]
fn a_semaphore_allocates_nothing() {
    let semaphore = free_of_charge(|| Semaphore::new(3));
    free_of_charge(|| {
        let mut permit = semaphore.try_acquire(3).expect("there are three");
        let other = permit.split(1).expect("there are three");
        assert!(semaphore.try_acquire(1).is_err());
        permit.merge(other);
        drop(permit);
        assert_eq!(semaphore.forget_permits(3), 3);
    });
    round(|_| semaphore.acquire(1), || semaphore.add_permits(LEFT));
    assert_eq!(semaphore.forget_permits(LEFT), LEFT);
    let shared = Arc::new(Semaphore::new(0));
    round(|_| shared.acquire_owned(1), || shared.add_permits(LEFT));
    assert_eq!(shared.forget_permits(LEFT), LEFT);
    // A crowd behind a large one, which is the first of those that are dropped.
    round(|n| semaphore.acquire(if n == 0 { MANY } else { 1 }), || semaphore.add_permits(LEFT));
    assert_eq!(semaphore.forget_permits(LEFT), LEFT);
    round(|_| semaphore.acquire(1), || semaphore.close());
}

/// A thread that has to sleep needs a waker, which is the only thing here that allocates; if it need not
/// sleep it does not.
#[cfg(feature = "std")]
#[test]
fn blocking_without_having_to_wait_allocates_nothing() {
    let (mutex, lock, semaphore) = (Mutex::new(1), RwLock::new(1), Semaphore::new(1));
    free_of_charge(|| {
        *mutex.blocking_lock() += 1;
        assert_eq!(*lock.blocking_read(), 1);
        *lock.blocking_write() += 1;
        drop(semaphore.blocking_acquire(1));
    });
}
