//! Threads that sleep until it is their turn, in the same line as the tasks. With the feature `std`.

#![cfg(all(not(loom), feature = "std"))]
#![expect(unsafe_code, reason = "a raw lock that counts")]

extern crate alloc;

use alloc::{boxed::Box, vec::Vec};
use core::{future::Future, panic::AssertUnwindSafe, pin::Pin, task::Poll};
use std::thread::{self, JoinHandle};

use sync_core::{Mutex, RwLock, ScopedRawMutex, Semaphore, spin::Spinlock};
use tests::{Count, Dice, GiveUp, Shared, Task, block_on, leak, within};

/// A raw lock that counts how often it was taken: once by each that joins the line.
#[derive(Debug, Default)]
struct Counted(Spinlock);

// SAFETY: forwards to the spinlock.
unsafe impl ScopedRawMutex for Counted {
    fn with_lock<R>(&self, f: impl FnOnce() -> R) -> R {
        let result = ScopedRawMutex::with_lock(&self.0, f);
        // Afterwards, so that a task that sees it finds the line as it is then.
        JOINED.with(|joined| joined.get().up());
        result
    }
    fn try_with_lock<R>(&self, f: impl FnOnce() -> R) -> Option<R> {
        self.0.try_with_lock(f)
    }
    fn is_locked(&self) -> bool {
        ScopedRawMutex::is_locked(&self.0)
    }
}

std::thread_local! {
    static JOINED: core::cell::Cell<&'static Count> = core::cell::Cell::new(leak(Count::new()));
}

/// Starts a thread that runs `f`, and returns when it has been under the raw lock, which is when it is in
/// line.
fn in_line(f: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    let joined: &'static Count = leak(Count::new());
    let thread = thread::spawn(move || {
        JOINED.set(joined);
        f();
    });
    while joined.get() == 0 {
        thread::yield_now();
    }
    thread
}

/// Polls once, in vain.
fn queued<F: Future>(wait: F) -> (Task, Pin<Box<F>>) {
    let (task, mut wait) = (Task::new(), Box::pin(wait));
    assert!(task.poll(wait.as_mut()).is_pending());
    (task, wait)
}

/// A thread between two tasks has its turn between theirs.
#[test]
fn threads_and_tasks_wait_in_one_line() {
    within(20, || {
        let mutex: &'static Mutex<Vec<&str>, Counted> =
            leak(Mutex::new_with_raw_mutex(Vec::new(), Counted::default()));
        let held = mutex.blocking_lock();
        let (first, mut first_wait) = queued(mutex.lock());
        let thread = in_line(|| mutex.blocking_lock().push("thread"));
        let (last, mut last_wait) = queued(mutex.lock());
        drop(held);
        assert_eq!((first.woken(), last.woken()), (1, 0));
        let Poll::Ready(mut guard) = first.poll(first_wait.as_mut()) else { panic!("it is its turn") };
        guard.push("first");
        drop(guard);
        thread.join().expect("it does not panic");
        assert_eq!(last.woken(), 1);
        let Poll::Ready(mut guard) = last.poll(last_wait.as_mut()) else { panic!("it is its turn") };
        guard.push("last");
        assert_eq!(*guard, ["first", "thread", "last"]);
    });
}

#[test]
fn readers_and_writers_sleep() {
    within(20, || {
        let lock: &'static RwLock<u8, Counted> = leak(RwLock::new_with_raw_mutex(0, Counted::default()));
        // At once, if it can be had.
        assert_eq!((*lock.blocking_read(), *lock.blocking_read()), (0, 0));
        let mut writer = lock.blocking_write();
        let reader = in_line(|| assert_eq!(*lock.blocking_read(), 1));
        let next = in_line(|| *lock.blocking_write() += 1);
        let last = in_line(|| assert_eq!(*lock.blocking_read(), 2));
        *writer += 1;
        drop(writer);
        for thread in [reader, next, last] {
            thread.join().expect("it saw what it should");
        }
        assert_eq!(*lock.try_write().expect("no task has it any more"), 2);
    });
}

#[test]
fn permits_are_slept_for() {
    within(20, || {
        let semaphore: &'static Semaphore<Counted> =
            leak(Semaphore::new_with_raw_mutex(1, Counted::default()));
        assert_eq!(semaphore.blocking_acquire(1).expect("there is one").permits(), 1);
        let large = in_line(|| semaphore.blocking_acquire(3).expect("it is open").forget());
        let small = in_line(|| semaphore.blocking_acquire(1).expect("it is open").forget());
        assert_eq!(semaphore.waiters(), 2);
        semaphore.add_permits(3);
        large.join().expect("it has three");
        small.join().expect("it has one");
        let closed = in_line(|| assert!(semaphore.blocking_acquire(1).is_err()));
        semaphore.close();
        closed.join().expect("it is told");
        assert!(semaphore.blocking_acquire(0).is_err());
        let panic =
            std::panic::catch_unwind(AssertUnwindSafe(|| semaphore.blocking_acquire(usize::MAX).is_ok()));
        assert!(panic.is_err(), "so many there can never be");
    });
}

/// Threads that block and tasks that give up, all at once.
#[test]
fn threads_and_tasks_take_turns() {
    const TURNS: usize = 5000;
    within(60, || {
        let mutex: &'static Mutex<usize> = leak(Mutex::new(0));
        let lock: &'static RwLock<usize> = leak(RwLock::new(0));
        let semaphore: &'static Semaphore = leak(Semaphore::new(1));
        let under_permit: &'static Shared<usize> = leak(Shared::new(0));
        let tasks: Vec<_> = (0..2)
            .map(|seed| {
                thread::spawn(move || {
                    block_on(async {
                        let mut dice = Dice::new(seed);
                        let mut turns = [0; 3];
                        for _ in 0..TURNS {
                            if let Some(mut guard) = GiveUp::after(dice.patience(), mutex.lock()).await {
                                *guard += 1;
                                turns[0] += 1;
                            }
                            if let Some(mut guard) = GiveUp::after(dice.patience(), lock.write()).await {
                                *guard += 1;
                                turns[1] += 1;
                            }
                            if let Some(permit) = GiveUp::after(dice.patience(), semaphore.acquire(1)).await {
                                *under_permit.lock() += 1;
                                turns[2] += 1;
                                drop(permit);
                            }
                        }
                        turns
                    })
                })
            })
            .collect();
        let threads: Vec<_> = (0..2)
            .map(|_| {
                thread::spawn(move || {
                    for _ in 0..TURNS {
                        *mutex.blocking_lock() += 1;
                        *lock.blocking_write() += 1;
                        assert!(*lock.blocking_read() > 0);
                        let permit = semaphore.blocking_acquire(1).expect("no task closes it");
                        *under_permit.lock() += 1;
                        drop(permit);
                    }
                    [TURNS; 3]
                })
            })
            .collect();
        let mut turns = [0; 3];
        for thread in tasks.into_iter().chain(threads) {
            let had = thread.join().expect("its assertions hold");
            for (sum, had) in turns.iter_mut().zip(had) {
                *sum += had;
            }
        }
        let values = [mutex.try_lock().map(|guard| *guard), lock.try_read().map(|guard| *guard)];
        assert_eq!(values, [Some(turns[0]), Some(turns[1])]);
        assert_eq!((*under_permit.lock(), semaphore.available_permits()), (turns[2], 1));
    });
}
