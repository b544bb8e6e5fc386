//! Models of [`Semaphore`].
//!
//! What one permit guards is a [`Place`], which sees two who use it at once, and one who does not see what the
//! last one did.
//!
//! Not covered: `SeqCst` accesses and load buffering, which loom does not model; more waiters than two batches of
//! two.
#![cfg(loom)]
#![expect(
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a model runs on a host, and ends where it fails"
)]

mod support;

use std::{future::Future, pin::Pin, sync::Arc};

use loom::thread;
use support::{
    Place, Task, Waiter, Work, block_on, exhaustive, leak, model,
    pairs::{Subject, pairs},
    pinned,
};
use sync_core::{
    Closed, Semaphore,
    semaphore::{Acquire, Permit, TryAcquireError},
};

/// A semaphore without permits; whoever gets any keeps them for good. `FIRST` and those who come after it, in
/// turn, ask for one and two.
struct Empty<const FIRST: u8>(Semaphore);

impl<const FIRST: u8> Subject for Empty<FIRST> {
    const MAY_PASS: bool = true;

    /// Several rounds of a large `add_permits` are not one step: see S9.
    const CROWDS: &'static [usize] = &[0, 1];

    type Wait = Pin<Box<dyn Future<Output = Result<usize, Closed>> + Send>>;

    fn new() -> Self {
        Self(Semaphore::new(0))
    }

    fn wait(&'static self, key: u8) -> Pin<Box<Self::Wait>> {
        let wait = self.0.acquire(usize::from((FIRST + key) % 2 + 1));
        pinned(Box::pin(async move {
            let permit = wait.await?;
            let permits = permit.permits();
            permit.forget();
            Ok(permits)
        }))
    }

    /// Takes a permit away.
    fn subscribe(&'static self, _: u8, _: &Task) -> Pin<Box<Self::Wait>> {
        let taken = self.0.forget_permits(1);
        pinned(Box::pin(async move { Ok(taken) }))
    }

    fn wake(&'static self, _: u8, _: u8) -> String {
        self.0.add_permits(1);
        String::new()
    }

    /// Adds enough for two, or three.
    fn wake_all(&'static self, _: u8, _: u8) -> String {
        self.0.add_permits(3);
        String::new()
    }

    fn close(&'static self) {
        self.0.close();
    }

    fn rest(&'static self) -> String {
        let (there, wait) = (there(&self.0), self.0.waiters());
        let attempt = self.0.try_acquire(1).map(|permit| permit.permits());
        format!("{there} there, {wait} wait, {attempt:?}")
    }
}

// See `support/pairs.rs`: `wake` adds one permit and `wake_all` three; `subscribe` is `forget_permits`.
// Fails if: permits for a line that has gone meanwhile are lost; the word's `settle` is a load and a store; `release` does not look at
// `waiting`; a new waker is not stored (each seen).
mod one_before_two {
    use super::*;

    type Subject = Empty<0>;

    pairs!(Subject, and threes);
}
mod two_before_one {
    use super::*;

    type Subject = Empty<1>;

    pairs!(Subject, and threes);
}

fn with(permits: usize) -> &'static Semaphore {
    leak(Semaphore::new(permits))
}

/// One who has asked for `permits` and waits.
fn queued(semaphore: &'static Semaphore, permits: usize) -> Waiter<Acquire<'static>> {
    Waiter::queued(semaphore.acquire(permits))
}

/// The permits that somebody gets.
#[track_caller]
fn granted(waiter: Waiter<Acquire<'static>>) -> Permit<'static> {
    waiter.yields().expect("it was closed")
}

/// Asserts that nobody waits, and how many permits there are.
#[track_caller]
fn rests(semaphore: &Semaphore, permits: usize) {
    assert_eq!((semaphore.waiters(), there(semaphore)), (0, permits));
    if !semaphore.is_closed() {
        assert_eq!(semaphore.try_acquire(permits).expect("they are there").permits(), permits);
    }
}

/// How many permits there are, of a closed semaphore too.
fn there(semaphore: &Semaphore) -> usize {
    let there = semaphore.forget_permits(<Semaphore>::MAX_PERMITS);
    semaphore.add_permits(there);
    there
}

/// S1 exclusion.  Property: of two who want the one permit each gets it, alone, and sees what the other did.
/// Threads: two, each of which acquires, visits and releases; a hang is reported.
/// Interleavings that matter: the release before the second attempt, between that and the list's lock, and after
/// the second has queued.
/// Bound: none.
/// Fails if: `try_acquire`, `release` or all of `enter` is Relaxed; `release` does not look at `waiting` (seen).
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
/// Interleavings that matter: the second visit between the other's look at the word, under the list's lock, and
/// its exchange, which finds the same number.
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

/// Acquires the one permit, visits and releases.
fn visit(semaphore: &'static Semaphore, place: &Place) -> usize {
    let _permit = block_on(semaphore.acquire(1)).unwrap();
    place.visit()
}

/// S2 three sizes.  Property: three who want 1, 2 and 3 of three permits all get them; there are three in the
/// end.
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

/// S4 order with two who interfere.  Property: as S3, where attempt and release run into another change of the
/// word and try again.
/// Threads: one tries, one visits and drops a permit, one adds a permit and takes it.
/// Interleavings that matter: the third between load and exchange of either.
/// Bound: two preemptions.
/// Fails if: the second attempt of `release` is Relaxed (seen).
#[test]
fn who_tries_again_sees_what_was_done_with_the_permit() {
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

/// S5 no overtaking.  Property: while somebody waits, permits that come go to him; neither `try_acquire` nor a
/// newcomer gets them, nor those that were there and are too few for him.
/// Threads: one adds the permit that he lacks, one tries and gets in line behind the one who waits.
/// Interleavings that matter: both inside `add_permits`.
/// Bound: none.
/// Fails if: `enter` lets a newcomer have what is too little for the first; `try_acquire` does (seen).
#[test]
fn nobody_overtakes() {
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

/// S6 a large one collects.  Property: who waits for two gets one from each of two threads, and sees what both
/// did before; a small one behind it gets nothing before that.
/// Threads: each works (Relaxed) and adds one; one of them polls the two that wait, too.
/// Interleavings that matter: both additions beside each other, and the poll before, between and after them.
/// Bound: none.
/// Fails if: one who fits is given permits past the first; the youngest is served first (seen).
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
        assert_eq!((permit.permits(), small.calls()), (2, 0));
        drop(permit);
        drop(granted(small));
        rests(semaphore, 2);
    });
}

/// S7 permits from before.  Property: who collects sees also what was done before the permits that were there
/// when he got in line.
/// Threads: one works and adds a permit; one asks for two, and polls again; main adds the other before it joins.
/// Interleavings that matter: the permit before he gets in line, and after.
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

/// S8 the head gives up.  Property: those behind a large request that is dropped get what fits, whether it comes
/// before or after.
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

/// S9 granted and dropped.  Property: permits that were given to one who is dropped go to the next.
/// Threads: one drops the first, who was given two; one polls the second of two behind it as another task.
/// Interleavings that matter: the poll before, inside and after.
/// Bound: none.
/// Fails if: `abandon` forgets what it was given; the waker of the last poll is not stored; `give` unlinks
/// with Relaxed (seen).
#[test]
fn who_is_dropped_hands_its_permits_on() {
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

/// S11 batches.  Property: three permits for three, one more than a batch holds, one of whom is dropped: the
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

/// S11 where nobody leaves.  Property: all three are woken, and nobody else gets a permit.
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

/// S12 close beside an acquire.  Property: whoever is told that it is closed sees what was done before `close`,
/// by a future at its first poll, under the lock, or in line; by `try_acquire`; by `is_closed`.
/// Threads: one asks in the way that is given, one works (Relaxed) and closes.
/// Interleavings that matter: closed before the first attempt, before the lock, in line.
/// Bound: none.
/// Fails if: `close` has no Release; `is_closed`, the look of `try_acquire`, or the load or the failure of `enter` is
/// Relaxed (seen).
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
fn who_waits_is_told_after_close() {
    closed_after_work(|semaphore| Waiter::polled(2, semaphore.acquire(1)).is_ready());
}

/// S12 with `try_acquire`.
#[test]
fn who_tries_is_told_after_close() {
    closed_after_work(|semaphore| matches!(semaphore.try_acquire(1), Err(TryAcquireError::Closed)));
}

/// S12 with `is_closed`.
#[test]
fn who_asks_is_told_after_close() {
    closed_after_work(Semaphore::is_closed);
}

/// S12 with a future that is in line when the threads start.
/// Fails if: `settle` in the list unlinks, or a future looks at its node, with Relaxed (seen).
#[test]
fn who_is_in_line_is_told_after_close() {
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

/// S13 close beside an addition.  Property: those who wait for three permits get them in order, or are told that
/// it is closed from some point on; no permit is lost or made, and close stays.
/// Threads: one closes, one adds three for three who wait, which takes two batches each.
/// Interleavings that matter: `close` between the batches; after that nobody gets any.
/// Bound: two preemptions.
/// Fails if: `round` does not look at `closed`; the word's `settle`, or `close`, is a load and a store; `close`
/// tells one batch only (seen).
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

/// S14 close beside a release.  Property: a permit that comes back is not lost, close is not lost, whoever waits
/// is told one of the two.
/// Threads: one closes, one drops a permit; if it `waits`, one waits for it.
/// Interleavings that matter: the release before `close`, inside it, after.
/// Bound: none.
/// Fails if: `close`, or the word's `settle`, is a load and a store; permits for a line that has gone meanwhile
/// are lost (seen).
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

/// S14 with nobody waiting.
#[test]
fn close_beside_a_release_to_nobody() {
    close_beside_a_release(false);
}

/// S14 with one who waits.
#[test]
fn close_beside_a_release_to_one() {
    close_beside_a_release(true);
}

/// S15 close beside a drop.  Property: all who wait are told, though one of them leaves, whether he was given
/// permits or not; those are there in the end.
/// Threads: one closes, one drops the first of three; where `given`, he has been given permits.
/// Interleavings that matter: the drop before `close`, between its batches, after; what he hands on goes to
/// nobody who is to be told.
/// Bound: two preemptions.
/// Fails if: `round` does not look at `closed`; `close` tells one batch only; `abandon` forgets what it was given (seen).
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

/// S15 with one who was not given any.
#[test]
fn close_beside_one_who_gives_up() {
    close_beside_a_drop(false);
}

/// S15 with one who was.
#[test]
fn close_beside_one_who_hands_on() {
    close_beside_a_drop(true);
}

/// S16 close beside a newcomer.  Property: a newcomer gets a permit that is there, or is told; he does not wait.
/// Threads: one closes with three in line, in two batches; one polls a newcomer.
/// Interleavings that matter: the newcomer between the batches: he must not queue, nobody would come to him.
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

/// S17 permits taken away.  Property: `forget_permits` takes one that nobody gets, and says so.
/// Threads: one takes one away, one adds one, for one who wants two, where one was there.
/// Interleavings that matter: the two inside each other, while he waits.
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

/// S18 permits taken away from a newcomer.  Property: of two permits, one who wants both and `forget_permits` of
/// one do not get three.
/// Threads: one takes one away, one tries, and gets in line if he must.
/// Interleavings that matter: the one who waits comes between `forget_permits`' look at the word and the lock.
/// Bound: none.
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

/// S19 a permit in parts.  Property: parts that are dropped in two threads come to the whole for who waits; what
/// was merged does not come twice.
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

/// S20 what is left over.  Property: a newcomer who gets what one in line left over sees what was done before it
/// came.
/// Threads: one visits and adds two permits, with one in line who wants one; one tries.
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
        assert!(weak.upgrade().is_none(), "somebody still has it");
    });
}

/// S22 what was done.  Property: who is given a permit sees what was done before it came, wherever it is found.
/// Threads: one works (Relaxed) and adds a permit, one polls twice.
/// Interleavings that matter: the permit before the first attempt, before the lock, in line.
/// Bound: none.
/// Fails if: as S1 (seen).
#[test]
fn who_is_given_a_permit_sees_the_work() {
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

/// S23 the line leaves.  Property: if the only one in line is dropped while a permit comes back, it is there, and
/// who gets it then sees what was done with it.
/// Threads: one works (Relaxed) and drops a permit, one drops the one in line, one tries.
/// Interleavings that matter: the drop between the release's look at the word and the list's lock; the attempt
/// after that: only the word orders it.
/// Bound: two preemptions.
/// Fails if: the change of a word without a line is not made, or has no Release (both seen; the second not by two threads, one
/// of which drops and then tries).
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
