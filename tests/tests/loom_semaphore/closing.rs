//! `close` beside everything.

use sync_core::{
    Semaphore,
    semaphore::{Permit, TryAcquireError},
};

use super::{queued, rests, with};
use crate::support::{Waiter, Work, exhaustive, leak, model};

/// S12 close beside an acquire.  Property: a task that is told that it is closed sees what was done before
/// `close`, by a future at its first poll, under the lock, or in line; by `try_acquire`; by `is_closed`.
/// Threads: one asks in the way that is given, one works (Relaxed) and closes.
/// Interleavings that matter: closed before the first attempt, before the lock, in line.
/// Bound: none.
/// Fails if: `close` has no Release; `is_closed`, the look of `try_acquire`, or the load or the failure of
/// `enter` is Relaxed (seen).
fn closed_after_work(asks: fn(&'static Semaphore) -> bool) {
    exhaustive(move |roles| {
        let (semaphore, work) = (with(0), leak(Work::new()));
        roles.at_once(
            move || assert!(!asks(semaphore) || work.seen()),
            || {
                work.done();
                semaphore.close();
            },
        );
        assert!(semaphore.is_closed());
        assert!(matches!(semaphore.try_acquire(0), Err(TryAcquireError::Closed)));
        rests(semaphore, 0);
    });
}

/// S12 with a future.
#[test]
fn a_waiter_is_told_after_close() {
    closed_after_work(|semaphore| Waiter::polled(2, semaphore.acquire(1)).is_ready());
}

/// S12 with `try_acquire`.
#[test]
fn a_task_that_tries_is_told_after_close() {
    closed_after_work(|semaphore| matches!(semaphore.try_acquire(1), Err(TryAcquireError::Closed)));
}

/// S12 with `is_closed`.
#[test]
fn a_task_that_asks_is_told_after_close() {
    closed_after_work(Semaphore::is_closed);
}

/// S12 with a future that is in line when the threads start.
/// Fails if: `settle` in the list unlinks, or a future looks at its node, with Relaxed (seen).
#[test]
fn a_queued_waiter_is_told_after_close() {
    exhaustive(|roles| {
        let (semaphore, work) = (with(0), leak(Work::new()));
        let waiter = queued(semaphore, 1);
        let (waiter, ()) = roles.at_once(
            || {
                let waiter = waiter.polls();
                assert!(!waiter.is_ready() || work.seen());
                waiter
            },
            || {
                work.done();
                semaphore.close();
            },
        );
        assert!(waiter.yields().is_err());
        rests(semaphore, 0);
    });
}

/// S13 close beside an addition.  Property: those that wait for three permits get them in order, or are told
/// that it is closed from some point on; no permit is lost or made, and close stays.
/// Threads: one closes, one adds three for three that wait, which takes two batches each.
/// Interleavings that matter: `close` between the batches; after that no task gets any.
/// Bound: two preemptions.
/// Fails if: `round` does not look at `closed`; the word's `settle`, or `close`, is a load and a store;
/// `close` tells one batch only (seen).
#[test]
fn close_beside_an_addition_to_many() {
    model(|roles| {
        let semaphore = with(0);
        let crowd = [(); 3].map(|()| queued(semaphore, 1));
        roles.at_once(|| semaphore.close(), || semaphore.add_permits(3));
        let outcomes = crowd.map(Waiter::yields);
        let got = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert!(outcomes[..got].iter().all(Result::is_ok), "one was told, and one behind it was let in");
        rests(semaphore, 3 - got);
        drop(outcomes);
        assert!(semaphore.is_closed());
        rests(semaphore, 3);
    });
}

/// S14 close beside a release.  Property: a permit that comes back is not lost, close is not lost, whichever
/// task waits is told one of the two.
/// Threads: one closes, one drops a permit; if it `waits`, one waits for it.
/// Interleavings that matter: the release before `close`, inside it, after.
/// Bound: none.
/// Fails if: `close`, or the word's `settle`, is a load and a store; permits for a line that has gone
/// meanwhile are lost (seen).
fn close_beside_a_release(waits: bool) {
    exhaustive(move |roles| {
        let semaphore = with(1);
        let permit = semaphore.try_acquire(1).unwrap();
        let waiter = waits.then(|| queued(semaphore, 1));
        roles.at_once(|| semaphore.close(), move || drop(permit));
        drop(waiter.map(Waiter::yields));
        assert!(semaphore.is_closed());
        rests(semaphore, 1);
    });
}

/// S14 with no waiter waiting.
#[test]
fn close_during_a_release_without_waiters() {
    close_beside_a_release(false);
}

/// S14 with one that waits.
#[test]
fn close_beside_a_release_to_one() {
    close_beside_a_release(true);
}

/// S15 close beside a drop.  Property: all that wait are told, though one of them leaves, whether it was
/// given permits or not; those are there in the end.
/// Threads: one closes, one drops the first of three; where `given`, it has been given permits.
/// Interleavings that matter: the drop before `close`, between its batches, after; what it hands on goes to
/// no task that is to be told.
/// Bound: two preemptions.
/// Fails if: `round` does not look at `closed`; `close` tells one batch only; `abandon` forgets what it was
/// given (seen).
fn close_beside_a_drop(given: bool) {
    model(move |roles| {
        let semaphore = with(0);
        let first = queued(semaphore, 1);
        let crowd = [(); 3].map(|()| queued(semaphore, 1));
        semaphore.add_permits(usize::from(given));
        roles.at_once(|| semaphore.close(), move || drop(first));
        let outcomes = crowd.map(Waiter::yields);
        let got = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert!(got == 0 || (given && outcomes[0].is_ok()), "let in out of turn");
        drop(outcomes);
        rests(semaphore, usize::from(given));
    });
}

/// S15 with one that was not given any.
#[test]
fn close_during_a_cancellation() {
    close_beside_a_drop(false);
}

/// S15 with one that was.
#[test]
fn close_during_a_hand_off() {
    close_beside_a_drop(true);
}

/// S16 close beside a newcomer.  Property: a newcomer gets a permit that is there, or is told; it does not
/// wait.
/// Threads: one closes with three in line, in two batches; one polls a newcomer.
/// Interleavings that matter: the newcomer between the batches: it must not queue, no task would come to it.
/// Bound: two preemptions.
/// Fails if: `enter` does not look at `closed`; `close` tells one batch only (seen).
#[test]
fn close_beside_a_newcomer() {
    model(|roles| {
        let semaphore = with(0);
        let crowd = [(); 3].map(|()| queued(semaphore, 1));
        let ((), newcomer) = roles.at_once(|| semaphore.close(), || Waiter::polled(1, semaphore.acquire(1)));
        assert!(crowd.into_iter().all(|waiter| waiter.yields().is_err()));
        assert!(newcomer.yields().is_err());
        rests(semaphore, 0);
    });
}

/// S24 one step.  Property: `add_permits` for three that wait, one more than a batch, comes before or after
/// `close`: all get their permits, or none does.
/// Threads: one adds three permits; one closes.
/// Interleavings that matter: the close before, inside and after the hold of the lock in which the three are
/// admitted; between the batches in which they are woken.
/// Bound: none.
/// Fails if: an admission ends where a batch is full, and goes on in another hold of the lock (seen).
#[test]
fn add_permits_for_a_crowd_is_one_step_beside_close() {
    exhaustive(|roles| {
        let semaphore = with(0);
        let crowd: Vec<_> = (0..3).map(|_| queued(semaphore, 1)).collect();
        roles.at_once(|| semaphore.add_permits(3), || semaphore.close());
        let admitted =
            crowd.into_iter().filter_map(|waiter| waiter.yields().ok().map(Permit::forget)).count();
        assert!(matches!(admitted, 0 | 3), "{admitted} of three");
        assert_eq!(semaphore.forget_permits(4), 3 - admitted);
    });
}

/// S25 one step.  Property: `forget_permits` takes none of the permits that an `add_permits` has for those
/// that wait.
/// Threads: one adds four permits, for three that wait; one forgets as many as there are.
/// Interleavings that matter: as in S24.
/// Bound: none.
/// Fails if: as in S24 (seen).
#[test]
fn forget_permits_takes_nothing_from_a_crowd() {
    exhaustive(|roles| {
        let semaphore = with(0);
        let crowd: Vec<_> = (0..3).map(|_| queued(semaphore, 1)).collect();
        let ((), forgotten) = roles.at_once(|| semaphore.add_permits(4), || semaphore.forget_permits(4));
        for waiter in crowd {
            waiter.yields().expect("it is open").forget();
        }
        assert!(forgotten < 2, "{forgotten} were forgotten");
        rests(semaphore, 1 - forgotten);
    });
}
