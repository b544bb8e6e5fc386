//! Permits that are taken away, or come in parts.

use super::{granted, queued, rests, with};
use crate::support::{Waiter, exhaustive};

/// S17 permits taken away.  Property: `forget_permits` takes one that no task gets, and says so.
/// Threads: one takes one away, one adds one, for one that wants two, where one was there.
/// Interleavings that matter: the two inside each other, while it waits.
/// Bound: none.
/// Fails if: `forget_permits` takes nothing under the lock, or does not look at `waiting` (seen).
#[test]
fn forget_beside_an_addition() {
    exhaustive(|roles| {
        let semaphore = with(1);
        let waiter = queued(semaphore, 2);
        let (taken, ()) = roles.at_once(|| semaphore.forget_permits(1), || semaphore.add_permits(1));
        semaphore.add_permits(taken);
        drop(granted(waiter));
        rests(semaphore, 2);
    });
}

/// S18 permits taken away from a newcomer.  Property: of two permits, one that wants both and
/// `forget_permits` of one do not get three.
/// Threads: one takes one away, one tries, and gets in line if it must.
/// Interleavings that matter: the one that waits comes between `forget_permits`' look at the word and the
/// lock. Bound: none.
/// Fails if: `release` does not look at `waiting` (seen).
#[test]
fn forget_beside_an_acquire() {
    exhaustive(|roles| {
        let semaphore = with(2);
        let (taken, waiter) =
            roles.at_once(|| semaphore.forget_permits(1), || Waiter::polled(1, semaphore.acquire(2)));
        assert_eq!(waiter.is_ready(), taken == 0);
        semaphore.add_permits(taken);
        drop(granted(waiter));
        rests(semaphore, 2);
    });
}

/// S19 a permit in parts.  Property: parts that are dropped in two threads come to the whole for the waiter;
/// what was merged does not come twice.
/// Threads: each drops a part of one permit, one of them after another split and merge.
/// Interleavings that matter: both releases beside each other.
/// Bound: none.
/// Fails if: `split` or `merge` leaves the other its permits; permits for a line that has gone meanwhile
/// are lost (seen).
#[test]
fn parts_of_a_permit_come_back() {
    exhaustive(|roles| {
        let semaphore = with(3);
        let mut whole = semaphore.try_acquire(3).unwrap();
        let waiter = queued(semaphore, 3);
        let mut part = whole.split(1).unwrap();
        roles.at_once(
            move || {
                part.merge(whole.split(1).unwrap());
                drop(whole);
                drop(part);
            },
            || semaphore.add_permits(1),
        );
        drop(granted(waiter));
        rests(semaphore, 4);
    });
}
