//! The list of defects of `pitfalls.rs`, where they are about locks and permits. Most of its lines have their
//! tests where the property is tested anyway; here are those that are left, and where the others are:
//!
//! | # | for a mutex, a readers-writer lock and a semaphore |
//! | --- | --- |
//! | 1, 2, 3, 4, 6 | a semaphore is one of the subjects of `pitfalls.rs`; the others are not closed, and `spec.rs` looks at their words' effects after each call |
//! | 5 | `turns.rs`: `a_future_yields_one_guard`; `rwlock.rs`: `an_upgrade_yields_one_guard`; below: permits |
//! | 7 | `turns.rs`: `a_waker_comes_back`, `with_a_raw_lock_that_is_only_scoped`; `rwlock.rs`: `a_waker_comes_back_during_a_change`; `semaphore.rs`: `too_many_permits_are_refused_without_the_lock` |
//! | 8 | `turns.rs`: `a_waker_panics`; `rwlock.rs`: `a_waker_that_panics_during_a_change_leaves_nothing_held`; `pitfalls.rs`, `batches.rs`, `wakers.rs`: semaphores |
//! | 9 | `batches.rs`: `a_wake_during_close_is_for_nobody`; below |
//! | 10 | `semaphore.rs`: `too_many_permits_are_refused_and_change_nothing` |
//! | 11, 14 | `turns.rs`: `whoever_gives_up_hands_on`, and each test's end; `rwlock.rs`: `an_upgrade_that_gives_up_releases_the_lock`; `semaphore.rs`: `permits_of_a_dropped_wait_go_to_the_next`; below |
//! | 12 | no wait of a lock is used twice |
//! | 13 | `semaphore.rs`: `closing_wakes_all_waiters` |
//! | 15, 17 | `auto_traits.rs`; every test of `turns.rs` for owners, too; `guards.rs`: `parts_that_own_the_whole` |
//! | 16 | `turns.rs`: `with_a_raw_lock_that_is_only_scoped`; below |
//! | 18, 20 | below |
//! | 19 | `rwlock.rs`: `waiters_behind_a_writer_go_on_when_it_leaves`; `semaphore.rs`: `waiters_behind_a_large_request_go_on_when_it_leaves` |
//!
//! Each says which change in the library makes it fail. "Seen to fail with" means that the change was made.

#![cfg(not(loom))]
#![expect(unsafe_code, reason = "a raw lock that is nothing but scoped")]

extern crate alloc;

use alloc::{boxed::Box, sync::Arc};
use core::{
    cell::Cell,
    future::Future,
    panic::AssertUnwindSafe,
    task::{Context, Poll},
};
use std::panic::catch_unwind;

use sync_core::{
    Mutex, RwLock, RwLockUpgradableReadGuard, RwLockWriteGuard, ScopedRawMutex, Semaphore,
    blocking::ConstInit,
};
use tests::{Holder, Hooks, SILENT, Shared, Task, Turns, leak, quiet, ready, scaled, turns, within};

/// Fails if a spent future makes another permit of what it was given: then there are more than there were.
/// Seen to fail with: `poll_slow` that is pending when it is spent.
#[test]
fn p05_permits_are_not_forged() {
    let semaphore = Semaphore::new(5);
    for waits in [false, true] {
        let task = Task::new();
        let mut acquire = Box::pin(semaphore.acquire(3));
        if waits {
            let all = semaphore.try_acquire(5);
            assert!(task.poll(acquire.as_mut()).is_pending());
            drop(all);
        }
        let Poll::Ready(Ok(permit)) = task.poll(acquire.as_mut()) else { panic!("there are five") };
        for _ in 0..3 {
            assert!(catch_unwind(AssertUnwindSafe(|| task.poll(acquire.as_mut()).is_ready())).is_err());
        }
        assert_eq!(semaphore.available_permits(), 2);
        permit.forget();
        drop(acquire);
        assert_eq!(semaphore.available_permits(), 2);
        semaphore.add_permits(3);
    }
}

/// Closed by a waker in the middle of a distribution to several batches: no task gets any more from then on,
/// those that have got theirs keep them, and the sum is right.
/// Fails if `round` does not ask whether it is closed, as `a_wake_during_close_is_for_nobody` was seen to.
#[test]
fn p09_closed_in_the_middle_of_add_permits() {
    const MANY: usize = scaled(100, 7);
    within(20, || {
        let semaphore: &'static Semaphore = leak(Semaphore::new(0));
        let tasks: Vec<_> = (0..MANY).map(|_| Task::new()).collect();
        let mut waits: Vec<_> = (0..MANY).map(|_| Box::pin(semaphore.acquire(1))).collect();
        let hooks = Hooks::new().on_wake(|| semaphore.close());
        assert!(waits[0].as_mut().poll(&mut Context::from_waker(&hooks.waker())).is_pending());
        for (wait, task) in waits.iter_mut().zip(&tasks).skip(1) {
            assert!(task.poll(wait.as_mut()).is_pending());
        }
        semaphore.add_permits(MANY);
        assert!(semaphore.is_closed());
        // The permits came first.
        for (n, wait) in waits.iter_mut().enumerate() {
            assert_eq!(tasks[n].woken(), usize::from(n > 0));
            match tasks[n].poll(wait.as_mut()) {
                Poll::Ready(Ok(permit)) => permit.forget(),
                Poll::Ready(Err(_)) => panic!("it is closed, at {n}"),
                Poll::Pending => panic!("it sleeps on, at {n}"),
            }
        }
        assert_eq!(semaphore.forget_permits(MANY), 0);
        assert!(semaphore.try_acquire(1).is_err());
    });
}

/// A task whose waker, when it is called, drops the very wait that it is called for: what it was handed goes
/// on.
/// Seen to fail with: `Exclusive::abandon` that releases nothing.
#[test]
fn p11_a_wait_is_dropped_by_its_own_waker() {
    fn check<T: Turns>() {
        let lock = T::make();
        let guard = lock.try_lock().expect("it is free");
        let odd: &'static Shared<Option<Arc<Holder<T>>>> = leak(Shared::new(Some(lock.holder())));
        let hooks = Hooks::new().on_wake(|| {
            let odd = odd.lock().take();
            odd.expect("it is woken once").cancel();
        });
        let waits = odd.lock().clone().expect("it was just made");
        waits.poll_with(&hooks.waker());
        let next = lock.polled_holder();
        drop(guard);
        assert_eq!(next.task.woken(), 1);
        next.poll();
        assert!(next.take().is_some());
        assert!(lock.try_lock().is_some());
    }
    within(20, || {
        check::<turns::Locking>();
        check::<turns::LockingOwned>();
        check::<turns::Writing>();
        check::<turns::WritingOwned>();
        check::<turns::Upgrading>();
        check::<turns::Acquiring>();
        check::<turns::AcquiringOwned>();
    });
}

/// Pitfalls 8 and 11 at once: a holder panics, and while that unwinds the guard, a wait that had been handed
/// another lock, and permits go back.
#[test]
fn p11_everything_is_given_back_while_a_panic_unwinds() {
    quiet();
    let (mutex, lock, semaphore) = (Mutex::new(()), RwLock::new(()), Semaphore::new(2));
    let task = Task::new();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let held = mutex.try_lock();
        let mut given = Box::pin(mutex.lock());
        let mut queued = Box::pin(mutex.lock());
        assert!(task.poll(given.as_mut()).is_pending() && task.poll(queued.as_mut()).is_pending());
        drop(held);
        let reader = lock.try_read();
        let up = lock.try_upgradable_read().expect("no task writes");
        let mut upgrade = Box::pin(RwLockUpgradableReadGuard::upgrade(up));
        assert!(task.poll(upgrade.as_mut()).is_pending());
        let _permit = semaphore.try_acquire(2);
        let mut acquire = Box::pin(semaphore.acquire(1));
        assert!(task.poll(acquire.as_mut()).is_pending());
        let _ends = (reader, given, queued, upgrade, acquire);
        panic!("{}", SILENT);
    }));
    assert!(panicked.is_err());
    assert!(mutex.try_lock().is_some() && lock.try_write().is_some());
    assert_eq!((semaphore.available_permits(), task.wakers()), (2, 0));
}

/// A raw lock as a critical section is one: it can be taken by a closure only, again by its holder, and not
/// be asked.
#[derive(Debug, Default)]
struct Section(Cell<usize>);

// SAFETY: only one thread uses it, which gets in while it is inside; the test shows that the library does
// not.
unsafe impl ScopedRawMutex for Section {
    fn with_lock<R>(&self, f: impl FnOnce() -> R) -> R {
        assert_eq!(self.0.replace(1), 0, "it is entered while it is inside");
        let result = f();
        self.0.set(0);
        result
    }
    fn try_with_lock<R>(&self, f: impl FnOnce() -> R) -> Option<R> {
        Some(self.with_lock(f))
    }
    fn is_locked(&self) -> bool {
        self.0.get() > 0
    }
}

impl ConstInit for Section {
    const INIT: Self = Self(Cell::new(0));
}

/// Fails to compile if any operation of a lock wants more of its raw lock than `ScopedRawMutex`; that it is
/// neither `Sync` nor a `RawMutex` is no obstacle on one thread.
#[test]
fn p16_a_critical_section_is_enough() {
    let mutex: Mutex<u8, Section> = Mutex::default();
    let held = mutex.try_lock();
    let (task, mut wait) = (Task::new(), Box::pin(mutex.lock()));
    assert!(task.poll(wait.as_mut()).is_pending());
    drop(held);
    assert!(task.poll(wait.as_mut()).is_ready());
    assert_eq!(*ready(mutex.lock()), 0);

    let lock = RwLock::new_with_raw_mutex(1, Section::INIT);
    let writer = ready(lock.write());
    let mut wait = Box::pin(lock.read());
    assert!(task.poll(wait.as_mut()).is_pending());
    let up = RwLockWriteGuard::downgrade_to_upgradable(writer);
    assert!(task.poll(wait.as_mut()).is_ready());
    drop(ready(RwLockUpgradableReadGuard::upgrade(up)));

    let semaphore = Semaphore::new_with_raw_mutex(0, Section::INIT);
    let mut wait = Box::pin(semaphore.acquire(2));
    assert!(task.poll(wait.as_mut()).is_pending());
    semaphore.add_permits(2);
    assert!(matches!(task.poll(wait.as_mut()), Poll::Ready(Ok(_))));
    semaphore.close();
    assert!(ready(semaphore.acquire(1)).is_err());
}

/// Every stage that a wait for a lock can be in, with everything that can be done to it and its lock there;
/// fails if one of them is thought impossible.
#[test]
fn p18_every_stage_bears_every_call() {
    fn check<T: Turns>() {
        // Not polled, queued, handed over, ready without waiting, ready after it.
        for stage in 0..5 {
            for call in 0..6 {
                let lock = T::make();
                let holder = lock.holder();
                let mut guard = if stage == 3 { None } else { lock.try_lock() };
                if stage > 0 {
                    holder.poll();
                }
                if stage == 2 || stage == 4 {
                    guard = None;
                }
                if stage == 4 {
                    holder.poll();
                }
                match call {
                    0 => holder.poll(),
                    1 => holder.poll_with(&Task::new().waker()),
                    2 => holder.cancel(),
                    3 => drop(lock.try_lock()),
                    4 => drop(lock.polled_holder()),
                    _ => assert!(!format!("{lock:?} {holder:?}").is_empty()),
                }
                drop(guard);
                holder.poll();
                assert_eq!(holder.has_yielded(), call != 2 || stage > 2, "{call} in {stage}");
                assert_eq!(holder.take().is_some(), holder.has_yielded());
                assert!(lock.try_lock().is_some());
                assert_eq!(holder.task.wakers(), 0);
            }
        }
    }
    check::<turns::Locking>();
    check::<turns::Writing>();
    check::<turns::Upgrading>();
    check::<turns::Acquiring>();
}

/// A lock that was handed over waits for its holder (`turns.rs` shows it), so the documentation has to say so
/// where users read first what is handed over. Fails if the word goes.
#[test]
fn p20_the_documentation_warns_of_it() {
    for text in [
        include_str!("../../sync-core/src/mutex/mod.rs"),
        include_str!("../../sync-core/src/rwlock/mod.rs"),
        include_str!("../../sync-core/src/semaphore/mod.rs"),
    ] {
        assert!(text.contains("futurelock"));
    }
}
