//! A task that leaves the line, or with permits before it knows that it has them; batches.

use loom::thread;

use super::{granted, queued, rests, with};
use crate::support::{Work, exhaustive, leak, model};

/// S8 the head gives up.  Property: those behind a large request that is dropped get what fits, whether it
/// comes before or after.
/// Threads: one drops the large one, one adds two permits for the two behind it.
/// Interleavings that matter: the drop before, inside and after the addition.
/// Bound: none.
/// Fails if: `abandon` does not look at those behind (seen).
#[test]
fn the_head_gives_up_as_permits_come() {
    exhaustive(|roles| {
        let semaphore = with(0);
        let large = queued(semaphore, 3);
        let small = [queued(semaphore, 1), queued(semaphore, 1)];
        roles.at_once(move || drop(large), || semaphore.add_permits(2));
        for small in small {
            granted(small).forget();
        }
        rests(semaphore, 0);
    });
}

/// S9 granted and dropped.  Property: permits that were given to one that is dropped go to the next.
/// Threads: one drops the first, which was given two; one polls the second of two behind it as another task.
/// Interleavings that matter: the poll before, inside and after.
/// Bound: none.
/// Fails if: `abandon` forgets what it was given; the waker of the last poll is not stored; `give` unlinks
/// with Relaxed (seen).
#[test]
fn a_waiter_that_is_dropped_hands_its_permits_on() {
    exhaustive(|roles| {
        let semaphore = with(0);
        let first = queued(semaphore, 2);
        let (second, third) = (queued(semaphore, 1), queued(semaphore, 1));
        semaphore.add_permits(2);
        let ((), third) = roles.at_once(move || drop(first), || third.moves());
        granted(second).forget();
        granted(third).forget();
        rests(semaphore, 0);
    });
}

/// S10 gone before it is woken.  Property: permits that are back before `add_permits` that gave them has
/// finished are not lost, nor made twice.
/// Threads: one adds a permit; one polls the first of two, and gives the permit back if it is ready.
/// Interleavings that matter: the poll and the release inside the addition.
/// Bound: none.
/// Fails if: `release` does not look at `waiting`; `give` unlinks with Relaxed (seen).
#[test]
fn permits_are_back_before_the_task_is_woken() {
    exhaustive(|roles| {
        let semaphore = with(0);
        let (first, second) = (queued(semaphore, 1), queued(semaphore, 1));
        let ((), first) = roles.at_once(
            || semaphore.add_permits(1),
            || {
                let first = first.polls();
                (!first.is_ready()).then_some(first)
            },
        );
        if let Some(first) = first {
            drop(granted(first));
        }
        drop(granted(second));
        rests(semaphore, 1);
    });
}

/// S11 batches.  Property: three permits for three, one more than a batch holds, one of which is dropped: the
/// others get theirs, and the third permit is there in the end.
/// Threads: one adds three, one drops the second and tries to acquire.
/// Interleavings that matter: both between the batches.
/// Bound: two preemptions.
/// Fails if: `abandon` forgets what it was given; permits for a line that has gone meanwhile are lost (seen).
#[test]
fn a_crowd_is_let_in_beside_a_drop() {
    model(|roles| {
        let semaphore = with(0);
        let [first, second, third] = [(); 3].map(|()| queued(semaphore, 1));
        let ((), permit) = roles.at_once(
            || semaphore.add_permits(3),
            || {
                drop(second);
                semaphore.try_acquire(1).ok()
            },
        );
        drop((granted(first), granted(third), permit));
        rests(semaphore, 3);
    });
}

/// S11 where no task leaves.  Property: all three are woken, and no other task gets a permit.
/// Threads: one adds three, one tries to acquire and polls the third as another task.
/// Fails if: only one batch is let in; `try_acquire` overtakes (seen).
#[test]
fn a_crowd_is_let_in() {
    model(|roles| {
        let semaphore = with(0);
        let [first, second, third] = [(); 3].map(|()| queued(semaphore, 1));
        let ((), third) = roles.at_once(
            || semaphore.add_permits(3),
            || {
                assert!(semaphore.try_acquire(1).is_err(), "overtakes");
                third.moves()
            },
        );
        drop([first, second, third].map(granted));
        rests(semaphore, 3);
    });
}

/// S23 the line leaves.  Property: if the only one in line is dropped while a permit comes back, it is there,
/// and who gets it then sees what was done with it.
/// Threads: one works (Relaxed) and drops a permit, one drops the one in line, one tries.
/// Interleavings that matter: the drop between the release's look at the word and the list's lock; the
/// attempt after that: only the word orders it.
/// Bound: two preemptions.
/// Fails if: the change of a word without a line is not made, or has no Release (both seen; the second not by
/// two threads, one of which drops and then tries).
#[test]
fn the_last_in_line_leaves_as_a_permit_comes() {
    model(|roles| {
        let (semaphore, work) = (with(1), leak(Work::new()));
        let permit = semaphore.try_acquire(1).unwrap();
        let waiter = queued(semaphore, 1);
        let newcomer = thread::spawn(|| {
            if let Ok(_permit) = semaphore.try_acquire(1) {
                assert!(work.seen());
            }
        });
        roles.at_once(
            move || {
                work.done();
                drop(permit);
            },
            || drop(waiter),
        );
        newcomer.join().unwrap();
        rests(semaphore, 1);
    });
}
