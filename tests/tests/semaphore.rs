//! What a semaphore has that other locks do not: numbers. What it has in common with them is in `turns.rs`,
//! and with other primitives in `wakers.rs` and `batches.rs`, as a `Subject`.

#![cfg(not(loom))]

extern crate alloc;

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{cell::Cell, panic::AssertUnwindSafe, pin::pin, task::Poll};
use std::{panic::catch_unwind, thread_local};

use sync_core::{
    ScopedRawMutex, Semaphore,
    semaphore::{Acquire, TryAcquireError},
};
use tests::{
    Task, Waiter, scaled,
    watched::{Watched, is_held},
};

const MAX: usize = Semaphore::<Watched>::MAX_PERMITS;

/// More than two batches.
const MANY: usize = scaled(70, 7);

/// One that was polled once, and has to wait.
#[track_caller]
fn queued(semaphore: &Semaphore, permits: usize) -> Waiter<Acquire<'_>> {
    Waiter::queued(semaphore.acquire(permits))
}

/// How many permits it has been given; they are given back.
#[track_caller]
fn permits_of(waiter: Waiter<Acquire<'_>>) -> usize {
    waiter.yields_once().expect("it is not closed").permits()
}

/// Asserts that it has been told that the semaphore is closed.
#[track_caller]
fn is_closed(waiter: &mut Waiter<Acquire<'_>>) {
    assert_eq!(waiter.woken(), 1, "how often it was woken");
    // As often as it is asked.
    for _ in 0..2 {
        assert!(matches!(waiter.poll_now(), Poll::Ready(Err(_))));
    }
}

/// How many permits there are, which a closed semaphore does not say: no task gets them.
#[track_caller]
fn kept<L: ScopedRawMutex>(semaphore: &Semaphore<L>) -> usize {
    let there = semaphore.forget_permits(usize::MAX);
    semaphore.add_permits(there);
    let available = if semaphore.is_closed() { 0 } else { there };
    assert_eq!(semaphore.available_permits(), available);
    there
}

/// The message of the panic that `f` ends with.
#[track_caller]
fn panic_of<R>(f: impl FnOnce() -> R) -> String {
    let Err(panic) = catch_unwind(AssertUnwindSafe(f)) else { panic!("it does not panic") };
    match panic.downcast::<String>() {
        Ok(message) => *message,
        Err(panic) => (*panic.downcast_ref::<&str>().expect("a message")).into(),
    }
}

const TOO_MANY: &str = "a semaphore cannot have, or be asked for, more than Semaphore::MAX_PERMITS permits";

/// Fails if: the message speaks of permits that are there, as it once did of zero when the semaphore was
/// full.
#[track_caller]
fn too_many<R>(f: impl FnOnce() -> R) {
    assert_eq!(panic_of(f), TOO_MANY);
}

#[test]
fn permits_are_counted() {
    let semaphore = Semaphore::new(5);
    assert_eq!(semaphore.available_permits(), 5);
    let two = semaphore.try_acquire(2).unwrap();
    let three = semaphore.try_acquire(3).unwrap();
    assert_eq!((two.permits(), three.permits(), semaphore.available_permits()), (2, 3, 0));
    assert_eq!(semaphore.try_acquire(1).unwrap_err(), TryAcquireError::InsufficientPermits);
    drop(three);
    assert_eq!(semaphore.try_acquire(4).unwrap_err(), TryAcquireError::InsufficientPermits);
    semaphore.add_permits(1);
    let four = semaphore.try_acquire(4).unwrap();
    // For good, but not what others have.
    four.forget();
    assert_eq!(semaphore.available_permits(), 0);
    drop(two);
    assert_eq!(semaphore.forget_permits(1), 1);
    assert_eq!(semaphore.forget_permits(5), 1);
    assert_eq!(semaphore.forget_permits(5), 0);
    assert_eq!(semaphore.available_permits(), 0);
}

/// In order, whatever their sizes; a large one collects what comes, and is not starved by small ones that
/// would fit.
/// Seen to fail with: newcomers that do not ask whether a task waits.
#[test]
fn a_large_request_at_the_front_is_not_starved() {
    let semaphore = Semaphore::new(3);
    let large = queued(&semaphore, 10);
    let small = queued(&semaphore, 1);
    assert_eq!(semaphore.waiters(), 2);
    // Those that are there stay there, and no other task gets them.
    assert_eq!(semaphore.available_permits(), 3);
    assert_eq!(semaphore.try_acquire(1).unwrap_err(), TryAcquireError::InsufficientPermits);
    for _ in 0..6 {
        semaphore.add_permits(1);
        assert!(!large.is_told() && !small.is_told());
    }
    semaphore.add_permits(1);
    assert!(large.is_told() && !small.is_told());
    assert_eq!((semaphore.available_permits(), semaphore.waiters()), (0, 1));
    semaphore.add_permits(1);
    assert!(small.is_told());
    assert_eq!(permits_of(large) + permits_of(small), 11);
    assert_eq!((semaphore.available_permits(), semaphore.waiters()), (11, 0));
}

/// As many as it reaches for, and what is left over is for the next one.
#[test]
fn what_comes_goes_as_far_as_it_reaches() {
    let semaphore = Semaphore::new(0);
    let line = [3, 2, 4, 1].map(|n| queued(&semaphore, n));
    let told = || line.each_ref().map(Waiter::is_told);
    semaphore.add_permits(8);
    assert_eq!(told(), [true, true, false, false]);
    assert_eq!(semaphore.available_permits(), 3);
    semaphore.add_permits(2);
    assert_eq!(told(), [true; 4]);
    assert_eq!(semaphore.available_permits(), 0);
    for (wait, permits) in line.into_iter().zip([3, 2, 4, 1]) {
        assert_eq!(permits_of(wait), permits);
    }
}

/// Several batches at once.
#[test]
fn many_are_told_at_once() {
    let semaphore = Semaphore::new(0);
    let line: Vec<_> = (0..MANY).map(|_| queued(&semaphore, 2)).collect();
    let last = queued(&semaphore, 2);
    semaphore.add_permits(2 * MANY + 1);
    assert!(line.iter().all(Waiter::is_told) && !last.is_told());
    assert_eq!(semaphore.available_permits(), 1);
    drop(line);
    assert!(last.is_told());
}

/// Pitfall 19. The first one, which was too large, leaves.
/// Seen to fail with: `abandon` not calling `round`.
#[test]
fn waiters_behind_a_large_request_go_on_when_it_leaves() {
    let semaphore = Semaphore::new(2);
    let (large, small, middle, last) =
        (queued(&semaphore, 9), queued(&semaphore, 1), queued(&semaphore, 2), queued(&semaphore, 1));
    drop(large);
    assert!(small.is_told() && !middle.is_told() && !last.is_told());
    drop(middle);
    assert!(last.is_told());
    assert_eq!(permits_of(small) + permits_of(last), 2);
    assert_eq!(semaphore.available_permits(), 2);
}

/// Pitfall 11. What it had been given goes to those behind it, and what no task takes stays.
/// Seen to fail with: `abandon` giving back nothing.
#[test]
fn permits_of_a_dropped_wait_go_to_the_next() {
    let semaphore = Semaphore::new(0);
    let (first, second, third) = (queued(&semaphore, 5), queued(&semaphore, 2), queued(&semaphore, 2));
    semaphore.add_permits(5);
    assert!(first.is_told() && !second.is_told());
    drop(first);
    assert!(second.is_told() && third.is_told());
    assert_eq!(semaphore.available_permits(), 1);
    drop((second, third));
    assert_eq!(semaphore.available_permits(), 5);
}

#[test]
fn nothing_is_acquired_like_something() {
    let semaphore = Semaphore::new(0);
    let none = semaphore.try_acquire(0).unwrap();
    assert_eq!(none.permits(), 0);
    drop(none);
    assert!(matches!(Task::new().poll(pin!(semaphore.acquire(0))), Poll::Ready(Ok(_))));
    // It does not overtake either.
    let one = queued(&semaphore, 1);
    assert_eq!(semaphore.try_acquire(0).unwrap_err(), TryAcquireError::InsufficientPermits);
    let none = queued(&semaphore, 0);
    let next = queued(&semaphore, 1);
    semaphore.add_permits(0);
    assert!(!one.is_told() && !none.is_told());
    semaphore.add_permits(1);
    assert!(one.is_told() && none.is_told() && !next.is_told());
    assert_eq!(permits_of(none), 0);
    assert_eq!(permits_of(one), 1);
    drop(next);
    semaphore.close();
    assert_eq!(semaphore.try_acquire(0).unwrap_err(), TryAcquireError::Closed);
    assert!(matches!(Task::new().poll(pin!(semaphore.acquire(0))), Poll::Ready(Err(_))));
}

#[test]
fn all_there_can_be_are_acquired_at_once() {
    let semaphore = Semaphore::new(MAX);
    let mut all = semaphore.try_acquire(MAX).unwrap();
    assert_eq!((all.permits(), kept(&semaphore)), (MAX, 0));
    let waits = queued(&semaphore, MAX);
    let half = all.split(MAX / 2).unwrap();
    drop(half);
    assert!(!waits.is_told());
    drop(all);
    assert_eq!(permits_of(waits), MAX);
    assert_eq!(kept(&semaphore), MAX);
    // More than there can be is not waited for.
    for closed in [false, true] {
        too_many(|| semaphore.acquire(MAX + 1));
        too_many(|| semaphore.acquire(usize::MAX));
        too_many(|| drop(semaphore.acquire(1 << (usize::BITS - 1))));
        assert!(semaphore.try_acquire(MAX + 1).is_err());
        assert!(semaphore.try_acquire(usize::MAX).is_err());
        assert_eq!(kept(&semaphore), MAX);
        assert_eq!(semaphore.is_closed(), closed);
        semaphore.close();
    }
    let owned = Arc::new(Semaphore::new(0));
    too_many(|| owned.acquire_owned(MAX + 1));
    assert!(owned.try_acquire_owned(MAX + 1).is_err());
    too_many(|| Semaphore::new(MAX + 1));
    too_many(|| Semaphore::new(usize::MAX));
}

/// Pitfall 10: the count is what it was. With no waiter that waits, with a task, and closed.
/// Seen to fail with: `plus` that wraps.
#[test]
fn too_many_permits_are_refused_and_change_nothing() {
    // No task waits.
    let semaphore = Semaphore::new(MAX - 1);
    too_many(|| semaphore.add_permits(2));
    too_many(|| semaphore.add_permits(MAX));
    too_many(|| semaphore.add_permits(MAX + 1));
    too_many(|| semaphore.add_permits(usize::MAX));
    assert_eq!(kept(&semaphore), MAX - 1);
    semaphore.add_permits(1);
    too_many(|| semaphore.add_permits(1));
    semaphore.add_permits(0);
    assert_eq!(kept(&semaphore), MAX);
    // A task waits, and goes on waiting as if it had not been tried.
    let all = semaphore.try_acquire(2).unwrap();
    let (first, second) = (queued(&semaphore, MAX), queued(&semaphore, 1));
    too_many(|| semaphore.add_permits(3));
    assert!(!first.is_told() && !second.is_told());
    assert_eq!((kept(&semaphore), semaphore.waiters()), (MAX - 2, 2));
    drop(all);
    assert!(first.is_told());
    semaphore.add_permits(1);
    assert!(second.is_told());
    assert_eq!(permits_of(second), 1);
    assert_eq!(semaphore.forget_permits(1), 1);
    assert_eq!(permits_of(first), MAX);
    // Closed: it stays closed, and counts on.
    semaphore.close();
    too_many(|| semaphore.add_permits(1));
    assert!(semaphore.is_closed());
    assert_eq!(kept(&semaphore), MAX);
}

/// Pitfall 7: a panic runs the program's hook, or on a small machine its handler, which may use the same
/// semaphore to say what happened. Also: it is the caller's line that is named, whether or not a task waits.
/// Seen to fail with: `plus` that panics under the lock.
#[test]
fn too_many_permits_are_refused_without_the_lock() {
    thread_local! {
        static SEEN: Cell<Option<(bool, bool)>> = const { Cell::new(None) };
    }
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let here = panic.location().is_some_and(|place| place.file() == file!());
        SEEN.set(Some((is_held(), here)));
        print(panic);
    }));
    let refused = |f: &dyn Fn()| {
        too_many(f);
        assert_eq!(SEEN.take(), Some((false, true)), "(under the lock, in this file)");
    };
    let semaphore = Semaphore::new_with_raw_mutex(MAX - 1, Watched::default());
    refused(&|| semaphore.add_permits(2));
    refused(&|| semaphore.add_permits(usize::MAX));
    let (task, mut waits) = (Task::new(), Box::pin(semaphore.acquire(MAX)));
    assert!(task.poll(waits.as_mut()).is_pending());
    refused(&|| semaphore.add_permits(2));
    semaphore.add_permits(1);
    assert_eq!(task.woken(), 1);
    // The one that was given them leaves, and there is no room for them.
    semaphore.add_permits(1);
    too_many(|| drop(waits));
    assert_eq!(SEEN.take().map(|seen| seen.0), Some(false), "under the lock");
    assert_eq!(semaphore.available_permits(), 1);
}

/// A permit that is given back to a semaphore that was filled up meanwhile.
#[test]
fn a_permit_for_which_there_is_no_room_any_more_panics() {
    let semaphore = Semaphore::new(3);
    let permit = semaphore.try_acquire(3).unwrap();
    semaphore.add_permits(MAX);
    too_many(|| drop(permit));
    assert_eq!(semaphore.available_permits(), MAX);
    // The same for one that was given to a future which no task polls.
    let all = semaphore.try_acquire(MAX).unwrap();
    let waits = queued(&semaphore, 1);
    drop(all);
    assert!(waits.is_told());
    semaphore.add_permits(1);
    too_many(|| drop(waits));
    assert_eq!((semaphore.available_permits(), semaphore.waiters()), (MAX, 0));
    assert_eq!(semaphore.try_acquire(MAX).unwrap().permits(), MAX);
    // With a task behind it, who is still there and can still leave.
    let one = semaphore.try_acquire(1).unwrap();
    let (given, behind) = {
        let rest = semaphore.try_acquire(MAX - 1).unwrap();
        let given = queued(&semaphore, 1);
        let behind = queued(&semaphore, MAX);
        drop(one);
        rest.forget();
        (given, behind)
    };
    assert!(given.is_told() && !behind.is_told());
    semaphore.add_permits(MAX - 1);
    assert_eq!(permits_of(given), 1);
    assert_eq!(permits_of(behind), MAX);
}

#[test]
fn permits_are_split_and_merged() {
    let semaphore = Semaphore::new(8);
    let mut all = semaphore.try_acquire(8).unwrap();
    let mut three = all.split(3).unwrap();
    assert_eq!((all.permits(), three.permits()), (5, 3));
    // None of them, more than there are, and all.
    assert_eq!(all.split(0).unwrap().permits(), 0);
    assert!(all.split(6).is_none() && all.split(usize::MAX).is_none());
    let five = all.split(5).unwrap();
    assert_eq!((all.permits(), five.permits()), (0, 5));
    assert!(all.split(1).is_none());
    drop(all);
    assert_eq!(semaphore.available_permits(), 0);
    three.merge(five);
    assert_eq!((three.permits(), semaphore.available_permits()), (8, 0));
    assert!(core::ptr::eq(three.semaphore(), &raw const semaphore));
    // The whole comes back, each part once.
    drop(three.split(2));
    assert_eq!(semaphore.available_permits(), 2);
    drop(three);
    assert_eq!(semaphore.available_permits(), 8);
}

#[test]
fn permits_of_two_semaphores_are_not_merged() {
    let (one, other) = (Semaphore::new(1), Semaphore::new(1));
    let mut permit = one.try_acquire(1).unwrap();
    let foreign = other.try_acquire(1).unwrap();
    let message = panic_of(|| permit.merge(foreign));
    assert!(message.contains("permits of two semaphores cannot be merged"), "{message}");
    // Each has what it had.
    assert_eq!((permit.permits(), one.available_permits(), other.available_permits()), (1, 0, 1));
    drop(permit);
    assert_eq!(one.available_permits(), 1);

    let (one, other) = (Arc::new(Semaphore::new(1)), Arc::new(Semaphore::new(1)));
    let mut permit = one.try_acquire_owned(1).unwrap();
    let foreign = other.try_acquire_owned(1).unwrap();
    panic_of(|| permit.merge(foreign));
    assert_eq!((permit.permits(), one.available_permits(), other.available_permits()), (1, 0, 1));
}

#[test]
fn more_than_there_can_be_are_not_merged() {
    let semaphore = Semaphore::new(MAX);
    let mut all = semaphore.try_acquire(MAX).unwrap();
    semaphore.add_permits(1);
    let one = semaphore.try_acquire(1).unwrap();
    too_many(|| all.merge(one));
    assert_eq!((all.permits(), semaphore.available_permits()), (MAX, 1));
    assert_eq!(semaphore.forget_permits(1), 1);
    drop(all);
}

#[test]
fn owned_permits_are_like_borrowed_ones() {
    let semaphore = Arc::new(Semaphore::new(4));
    let mut all = semaphore.try_acquire_owned(4).unwrap();
    let two = all.split(2).unwrap();
    assert_eq!(Arc::strong_count(&semaphore), 3);
    all.merge(two);
    assert_eq!(Arc::strong_count(&semaphore), 2);
    assert!(core::ptr::eq(all.semaphore(), &raw const *semaphore));
    let task = Task::new();
    let mut waits = Box::pin(semaphore.acquire_owned(1));
    assert!(task.poll(waits.as_mut()).is_pending());
    drop(all);
    let Poll::Ready(Ok(one)) = task.poll(waits.as_mut()) else { panic!("there are four") };
    drop(waits);
    assert_eq!(Arc::strong_count(&semaphore), 2);
    one.forget();
    assert_eq!((Arc::strong_count(&semaphore), semaphore.available_permits()), (1, 3));
    // The last one frees it.
    let all = semaphore.try_acquire_owned(3).unwrap();
    let weak = Arc::downgrade(&semaphore);
    drop(semaphore);
    assert_eq!(weak.upgrade().expect("the permit has it").available_permits(), 0);
    drop(all);
    assert!(weak.upgrade().is_none());
}

/// While a task waits, what is there may be taken away, and no more.
#[test]
fn permits_are_forgotten_while_a_task_waits() {
    let semaphore = Semaphore::new(3);
    let waits = queued(&semaphore, 5);
    assert_eq!(semaphore.forget_permits(2), 2);
    assert_eq!((kept(&semaphore), semaphore.waiters()), (1, 1));
    semaphore.add_permits(3);
    assert!(!waits.is_told());
    assert_eq!(semaphore.forget_permits(usize::MAX), 4);
    semaphore.add_permits(5);
    assert_eq!(permits_of(waits), 5);
    semaphore.close();
    assert_eq!(semaphore.forget_permits(2), 2);
    assert_eq!((kept(&semaphore), semaphore.is_closed()), (3, true));
}

/// Pitfalls 1, 6 and 13: every task is told, in whatever order they are polled and dropped then, and it stays
/// closed.
#[test]
fn closing_wakes_all_waiters() {
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
        let semaphore = Semaphore::new(2);
        let held = semaphore.try_acquire(1).unwrap();
        let mut line = [MAX, 1, 0, 3].map(|n| Some(queued(&semaphore, n)));
        semaphore.close();
        assert!(semaphore.is_closed());
        for place in order {
            let mut waits = line[place].take().expect("each once");
            is_closed(&mut waits);
            semaphore.close();
        }
        assert_eq!(semaphore.waiters(), 0);
        assert_eq!(semaphore.try_acquire(1).unwrap_err(), TryAcquireError::Closed);
        assert!(matches!(Task::new().poll(pin!(semaphore.acquire(1))), Poll::Ready(Err(_))));
        // What was acquired is valid, and comes back.
        assert_eq!(held.permits(), 1);
        drop(held);
        assert_eq!(kept(&semaphore), 2);
        semaphore.add_permits(1);
        assert_eq!(kept(&semaphore), 3);
        assert!(semaphore.is_closed());
        assert_eq!(semaphore.try_acquire(1).unwrap_err(), TryAcquireError::Closed);
    }
}

/// One that was given permits before has them though it polls afterwards; if it gives up, no other task gets
/// them.
#[test]
fn closing_takes_nothing_back() {
    let semaphore = Semaphore::new(0);
    let (polls, drops, mut waits) = (queued(&semaphore, 1), queued(&semaphore, 1), queued(&semaphore, 1));
    semaphore.add_permits(2);
    semaphore.close();
    drop(drops);
    assert_eq!(kept(&semaphore), 1);
    is_closed(&mut waits);
    assert_eq!(permits_of(polls), 1);
    assert_eq!((kept(&semaphore), semaphore.waiters()), (2, 0));
}

/// Pitfall 18: what it prints in each state.
#[test]
fn it_prints_what_it_has() {
    let semaphore = Semaphore::new(17);
    assert!(format!("{semaphore:?}").contains("17"));
    let permit = semaphore.try_acquire(12).unwrap();
    assert!(format!("{permit:?}").contains("12"));
    let mut waits = queued(&semaphore, 6);
    assert!(format!("{semaphore:?}").contains('5'));
    assert!(!format!("{:?}", waits.wait()).is_empty());
    semaphore.close();
    assert!(format!("{semaphore:?}").contains("closed: true"));
    assert_eq!(TryAcquireError::Closed.to_string(), "the semaphore is closed");
    assert_eq!(TryAcquireError::InsufficientPermits.to_string(), "the semaphore has too few permits");
}
