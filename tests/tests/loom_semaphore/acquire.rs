//! A task that acquires, and what it sees.

use std::sync::Arc;

use loom::thread;
use sync_core::{Semaphore, semaphore::TryAcquireError};

use super::{granted, queued, rests, visit, with};
use crate::support::{Place, Waiter, Work, block_on, exhaustive, leak, model};

/// S1 exclusion.  Property: of two that want the one permit each gets it, alone, and sees what the other did.
/// Threads: two, each of which acquires, visits and releases; a hang is reported.
/// Interleavings that matter: the release before the second attempt, between that and the list's lock, and
/// after the second has queued.
/// Bound: none.
/// Fails if: `try_acquire`, `release` or all of `enter` is Relaxed; `release` does not look at `waiting`
/// (seen).
#[test]
fn two_acquire_one_permit() {
    exhaustive(|roles| {
        let (semaphore, place) = (with(1), leak(Place::new()));
        let visit = || visit(semaphore, place);
        let (one, two) = roles.at_once(visit, visit);
        assert_eq!(one + two, 1);
        rests(semaphore, 1);
    });
}

/// S1 where one of them comes again.
/// Interleavings that matter: the second visit between the other's look at the word, under the list's lock,
/// and its exchange, which finds the same number.
/// Fails if: the exchange of `enter` is Relaxed: it may find what a later release has made equal to what was
/// loaded (seen).
#[test]
fn one_acquires_twice() {
    exhaustive(|roles| {
        let (semaphore, place) = (with(1), leak(Place::new()));
        let (one, two) =
            roles.at_once(|| visit(semaphore, place), || (visit(semaphore, place), visit(semaphore, place)));
        assert_eq!(one + two.0 + two.1, 3);
        rests(semaphore, 1);
    });
}

/// S2 three sizes.  Property: three that want 1, 2 and 3 of three permits all get them; there are three in
/// the end.
/// Threads: three.
/// Interleavings that matter: the large one first, in the middle, and last in line.
/// Bound: two preemptions.
/// Fails if: the youngest is served first; `release` does not look at `waiting` (seen).
#[test]
fn three_acquire_different_numbers() {
    model(|roles| {
        let semaphore = with(3);
        let acquire = |permits| move || drop(block_on(semaphore.acquire(permits)).unwrap());
        let third = thread::spawn(acquire(3));
        roles.at_once(acquire(1), acquire(2));
        third.join().unwrap();
        rests(semaphore, 3);
    });
}

/// S3 order without a line.  Property: `try_acquire` that succeeds comes after what was done with the permit.
/// Threads: one tries, twice; one visits and drops its permit.
/// Interleavings that matter: the release before an attempt; inside one, which tries again.
/// Bound: none.
/// Fails if: `try_acquire` or `release` is Relaxed, in either loop of the former (seen).
#[test]
fn try_acquire_sees_what_was_done_with_the_permit() {
    exhaustive(|roles| {
        let (semaphore, place) = (with(1), leak(Place::new()));
        let permit = semaphore.try_acquire(1).unwrap();
        roles.at_once(
            || {
                for _ in 0..2 {
                    if let Ok(_permit) = semaphore.try_acquire(1) {
                        assert!(place.visit() > 0);
                    }
                }
            },
            move || {
                place.visit();
                drop(permit);
            },
        );
        rests(semaphore, 1);
    });
}

/// S4 order with two that interfere.  Property: as S3, where attempt and release run into another change of
/// the word and try again.
/// Threads: one tries, one visits and drops a permit, one adds a permit and takes it.
/// Interleavings that matter: the third between load and exchange of either.
/// Bound: two preemptions.
/// Fails if: the second attempt of `release` is Relaxed (seen).
#[test]
fn a_task_that_tries_again_sees_what_was_done_with_the_permit() {
    model(|roles| {
        let (semaphore, work) = (with(1), leak(Work::new()));
        let permit = semaphore.try_acquire(1).unwrap();
        let third = thread::spawn(|| semaphore.add_permits(1));
        roles.at_once(
            || {
                if let Ok(_both) = semaphore.try_acquire(2) {
                    assert!(work.seen());
                }
            },
            move || {
                work.done();
                drop(permit);
            },
        );
        third.join().unwrap();
        rests(semaphore, 2);
    });
}

/// S5 no overtaking.  Property: while a task waits, permits that come go to it; neither `try_acquire` nor a
/// newcomer gets them, nor those that were there and are too few for it.
/// Threads: one adds the permit that it lacks, one tries and gets in line behind the one that waits.
/// Interleavings that matter: both inside `add_permits`.
/// Bound: none.
/// Fails if: `enter` lets a newcomer have what is too little for the first; `try_acquire` does (seen).
#[test]
fn no_waiter_is_overtaken() {
    exhaustive(|roles| {
        let semaphore = with(1);
        let waiter = queued(semaphore, 2);
        let ((), newcomer) = roles.at_once(
            || semaphore.add_permits(1),
            || {
                let attempt = semaphore.try_acquire(1).map(|permit| permit.permits());
                assert_eq!(attempt, Err(TryAcquireError::InsufficientPermits), "overtakes");
                let newcomer = Waiter::polled(1, semaphore.acquire(1));
                assert!(!newcomer.is_ready(), "overtakes");
                newcomer
            },
        );
        drop(granted(waiter));
        drop(granted(newcomer));
        rests(semaphore, 2);
    });
}

/// S6 a large one collects.  Property: a task that waits for two gets one from each of two threads, and sees
/// what both did before; a small one behind it gets nothing before that.
/// Threads: each works (Relaxed) and adds one; one of them polls the two that wait, too.
/// Interleavings that matter: both additions beside each other, and the poll before, between and after them.
/// Bound: none.
/// Fails if: one that fits is given permits past the first; the youngest is served first (seen).
#[test]
fn a_large_request_collects() {
    exhaustive(|roles| {
        let semaphore = with(0);
        let (one, two) = (leak(Work::new()), leak(Work::new()));
        let (large, small) = (queued(semaphore, 2), queued(semaphore, 1));
        let ((), (large, small)) = roles.at_once(
            || {
                one.done();
                semaphore.add_permits(1);
            },
            || {
                two.done();
                semaphore.add_permits(1);
                let (large, small) = (large.polls(), small.polls());
                assert!(!large.is_ready() || one.seen());
                assert!(!small.is_ready(), "it overtakes the large one");
                (large, small)
            },
        );
        let permit = granted(large);
        assert!(two.seen());
        assert_eq!((permit.permits(), small.woken()), (2, 0));
        drop(permit);
        drop(granted(small));
        rests(semaphore, 2);
    });
}

/// S7 permits from before.  Property: a task that collects sees also what was done before the permits that
/// were there when it got in line.
/// Threads: one works and adds a permit; one asks for two, and polls again; main adds the other before it
/// joins.
/// Interleavings that matter: the permit before it gets in line, and after.
/// Bound: none.
/// Fails if: `enter`, and both accesses of `round`, are without Acquire; permits for a line that has
/// gone meanwhile are lost (seen).
#[test]
fn a_large_request_counts_what_was_there() {
    exhaustive(|roles| {
        let (semaphore, work) = (with(0), leak(Work::new()));
        roles.at_once(
            || {
                work.done();
                semaphore.add_permits(1);
            },
            || {
                let large = Waiter::polled(1, semaphore.acquire(2));
                semaphore.add_permits(1);
                let large = large.polls();
                assert!(!large.is_ready() || work.seen());
            },
        );
        rests(semaphore, 2);
    });
}

/// S20 what is left over.  Property: a newcomer that gets what one in line left over sees what was done
/// before it came.
/// Threads: one visits and adds two permits, with one in line that wants one; one tries.
/// Interleavings that matter: the attempt after the line is empty: only the word orders it.
/// Bound: none.
/// Fails if: the word's `settle` has no Release; `try_acquire` is Relaxed (seen).
#[test]
fn a_newcomer_gets_what_is_left_over() {
    exhaustive(|roles| {
        let (semaphore, work) = (with(0), leak(Work::new()));
        let waiter = queued(semaphore, 1);
        roles.at_once(
            || {
                work.done();
                semaphore.add_permits(2);
            },
            || {
                if let Ok(_permit) = semaphore.try_acquire(1) {
                    assert!(work.seen());
                }
            },
        );
        drop(granted(waiter));
        rests(semaphore, 2);
    });
}

/// S21 owned.  Property: as S1 for `acquire_owned`, and the semaphore is gone with the last permit.
/// Threads: two, each with an `Arc` of its own.
/// Interleavings that matter: as S1.
/// Bound: none.
/// Fails if: as S1 (seen).
/// Not covered: the memory; the address sanitizer sees that.
#[test]
fn two_acquire_owned() {
    exhaustive(|roles| {
        let (semaphore, place) = (Arc::new(Semaphore::new(1)), leak(Place::new()));
        let weak = Arc::downgrade(&semaphore);
        let visit = |semaphore: Arc<Semaphore>| {
            move || {
                let wait = semaphore.acquire_owned(1);
                drop(semaphore);
                let _permit = block_on(wait).unwrap();
                place.visit()
            }
        };
        let (one, two) = roles.at_once(visit(Arc::clone(&semaphore)), visit(semaphore));
        assert_eq!(one + two, 1);
        assert!(weak.upgrade().is_none(), "a task still has it");
    });
}

/// S22 what was done.  Property: a task that is given a permit sees what was done before it came, wherever it
/// is found.
/// Threads: one works (Relaxed) and adds a permit, one polls twice.
/// Interleavings that matter: the permit before the first attempt, before the lock, in line.
/// Bound: none.
/// Fails if: as S1 (seen).
#[test]
fn a_waiter_that_is_given_a_permit_sees_the_work() {
    exhaustive(|roles| {
        let (semaphore, work) = (with(0), leak(Work::new()));
        let (waiter, ()) = roles.at_once(
            || {
                let waiter = Waiter::polled(2, semaphore.acquire(1));
                assert!(!waiter.is_ready() || work.seen());
                waiter
            },
            || {
                work.done();
                semaphore.add_permits(1);
            },
        );
        drop(granted(waiter));
        rests(semaphore, 1);
    });
}
