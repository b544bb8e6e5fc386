//! Wakers and values: where they run, and when they panic.

use alloc::vec::Vec;
use core::{
    future::Future,
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    task::{Context, Poll},
};
use std::panic::catch_unwind;

use sync_core::{
    Semaphore, WaitMap, WaitQueue,
    wait_map::{WaitError, WakeOutcome},
};
use tests::{
    Hooks, SILENT, Task, quiet,
    watched::{Watched, looking, not_held},
    within,
};

use super::{MANY, Tokens, ready};

// 7: foreign code under the lock.

/// A value that looks whether the lock is held when it is cloned or dropped.
struct Looks;

impl Clone for Looks {
    fn clone(&self) -> Self {
        not_held();
        Self
    }
}

impl Drop for Looks {
    fn drop(&mut self) {
        not_held();
    }
}

#[sync_core::wait_map(key = u8, value = Looks, match = fifo)]
struct LooksByKey;

fn poll_looking<F: Future>(wait: Pin<&mut F>) -> Poll<F::Output> {
    wait.poll(&mut Context::from_waker(&looking()))
}

/// Fails if a waker is cloned, woken or dropped, or a value cloned or dropped, under the raw lock.
/// Seen to fail with: the waker cloned inside the closure of `keep_waiting`; what `own.remove()` returns
/// dropped inside the one of `detach`.
#[test]
fn p07_no_foreign_code_runs_under_the_lock() {
    within(20, || {
        let queue = WaitQueue::new_with_raw_mutex(Watched::default());
        for end in 0..5 {
            let mut waits: Vec<_> = (0..MANY).map(|_| Box::pin(queue.wait())).collect();
            for wait in &mut waits {
                assert!(poll_looking(wait.as_mut()).is_pending());
                assert!(poll_looking(wait.as_mut()).is_pending());
            }
            match end {
                0 => queue.wake_all(),
                1 => assert_eq!(queue.wake_n(MANY), MANY),
                2 => (0..MANY).for_each(|_| queue.wake()),
                3 => waits.clear(),
                _ => queue.close(),
            }
            for mut wait in waits {
                assert!(poll_looking(wait.as_mut()).is_ready());
            }
        }

        let map = LooksByKey::new_with_raw_mutex(Watched::default());
        for end in 0..6 {
            let mut waits: Vec<_> = (0..MANY).map(|_| Box::pin(map.wait(1))).collect();
            for wait in &mut waits {
                assert!(poll_looking(wait.as_mut()).is_pending());
                assert!(poll_looking(wait.as_mut()).is_pending());
            }
            match end {
                0 => assert_eq!(map.wake_all(&1, Looks), MANY),
                1 => assert_eq!(map.wake_n(&1, MANY + 1, Looks), MANY),
                2 => assert!((0..MANY).all(|_| matches!(map.wake_one(&1, Looks), WakeOutcome::Woke))),
                3 => waits.clear(),
                // Each value goes from one to the next, and the last one drops it.
                4 => {
                    assert_eq!(map.wake_n(&1, 2, Looks), 2);
                    waits.clear();
                }
                _ => map.close(),
            }
            assert!(matches!(map.wake_one(&2, Looks), WakeOutcome::NoMatch(_) | WakeOutcome::Closed(_)));
            for mut wait in waits {
                assert!(poll_looking(wait.as_mut()).is_ready());
            }
        }

        let map = WaitMap::<u8, Looks, Watched>::default();
        let mut wait = pin!(map.wait(1));
        assert!(poll_looking(wait.as_mut()).is_pending());
        {
            let mut duplicate = pin!(map.wait(1));
            assert!(matches!(poll_looking(duplicate.as_mut()), Poll::Ready(Err(WaitError::Duplicate))));
        }
        assert!(matches!(map.wake(&2, Looks), WakeOutcome::NoMatch(_)));
        assert!(matches!(map.wake(&1, Looks), WakeOutcome::Woke));
        assert!(matches!(poll_looking(wait.as_mut()), Poll::Ready(Ok(_))));
    });
}

// 8: a waker that panics. In every operation: wakers.rs; between batches: batches.rs.

/// Fails if a batch is forgotten when one of its wakers panics, or if the rounds end then.
/// Seen to fail with: `Drop for Calls` doing nothing; `Drop for Rounds` doing nothing.
#[test]
fn p08_a_panic_in_a_waker_loses_no_other_wake_up() {
    quiet();
    for place in [0, 10, MANY - 1] {
        let queue = WaitQueue::new();
        let tasks: Vec<_> = (0..MANY).map(|_| Task::new()).collect();
        let mut waits: Vec<_> = tasks.iter().map(|_| Box::pin(queue.wait())).collect();
        for (n, wait) in waits.iter_mut().enumerate() {
            let waker = if n == place {
                Hooks::new().on_wake(|| panic!("{}", SILENT)).waker()
            } else {
                tasks[n].waker()
            };
            assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        assert!(catch_unwind(AssertUnwindSafe(|| queue.wake_all())).is_err());
        for (n, task) in tasks.iter().enumerate() {
            assert_eq!(task.woken(), usize::from(n != place));
        }
        assert_eq!(queue.waiters(), 0);
        queue.wake();
        assert_eq!(ready(queue.wait()), Ok(()));
    }
}

/// The same where the drop of a wait lets many go on: fails if the batches after the first are forgotten.
/// Seen to fail with: the batch called in `Drop for Rounds`, where a panic ends it.
#[test]
fn p08_a_panic_while_a_large_wait_hands_on_loses_no_other_wake_up() {
    fn check<L: Future, S: Future>(large: L, small: impl Fn() -> S, add: impl FnOnce()) {
        let (tasks, mut large) = ((0..MANY).map(|_| Task::new()).collect::<Vec<_>>(), Box::pin(large));
        assert!(Task::new().poll(large.as_mut()).is_pending());
        let mut waits: Vec<_> = tasks.iter().map(|_| Box::pin(small())).collect();
        for (n, wait) in waits.iter_mut().enumerate() {
            let hooks = if n == 3 { Hooks::new().on_wake(|| panic!("{}", SILENT)) } else { Hooks::new() };
            let waker = if n == 3 { hooks.waker() } else { tasks[n].waker() };
            assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        add();
        assert!(catch_unwind(AssertUnwindSafe(|| drop(large))).is_err());
        for (n, task) in tasks.iter().enumerate() {
            assert_eq!(task.woken(), usize::from(n != 3), "of {MANY}, the one at {n}");
        }
        assert!(waits.iter_mut().all(|wait| Task::new().poll(wait.as_mut()).is_ready()));
    }
    quiet();
    let tokens = Tokens::new(0);
    check(tokens.acquire(MANY), || tokens.acquire(1), || tokens.add(MANY));
    let semaphore = Semaphore::new(0);
    check(semaphore.acquire(MANY), || semaphore.acquire(1), || semaphore.add_permits(MANY));
}
