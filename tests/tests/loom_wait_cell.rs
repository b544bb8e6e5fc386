//! Models of [`WaitCell`].
#![cfg(loom)]
#![expect(
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a model runs on a host, and ends where it fails"
)]

mod support;

use std::{pin::Pin, task::Poll};

use support::{
    Task, Waiter, Work, exhaustive, leak, model,
    pairs::{Subject, pairs},
    pinned,
};
use sync_core::{WaitCell, wait_cell::Wait};

impl Subject for WaitCell {
    const ALONE: bool = true;

    type Wait = Wait<'static>;

    fn new() -> Self {
        WaitCell::new()
    }

    fn wait(&'static self, _: u8) -> Pin<Box<Wait<'static>>> {
        pinned(WaitCell::wait(self))
    }

    fn subscribe(&'static self, _: u8, task: &Task) -> Pin<Box<Wait<'static>>> {
        match task.poll(pinned(WaitCell::subscribe(self)).as_mut()) {
            Poll::Ready(wait) => pinned(wait),
            // Somebody was at the waker; then it was woken to try again.
            Poll::Pending => {
                assert!(task.calls() > 0, "busy, and not woken");
                pinned(WaitCell::wait(self))
            }
        }
    }

    fn wake(&'static self, _: u8, _: u8) -> String {
        // Whether there was a waker depends on what the other has done; that it is called is checked.
        WaitCell::wake(self);
        String::new()
    }

    fn wake_all(&'static self, key: u8, value: u8) -> String {
        Subject::wake(self, key, value)
    }

    fn close(&'static self) {
        WaitCell::close(self);
    }

    fn rest(&'static self) -> String {
        let stored = (0..2)
            .filter(|_| Task::new().poll(pinned(WaitCell::wait(self)).as_mut()) == Poll::Ready(Ok(())))
            .count();
        format!("{stored} stored, closed: {}", self.is_closed())
    }
}

// See `support/pairs.rs`. None of the changes that were tried failed here that did not fail below.
pairs!(WaitCell, without wake_all);

/// C1 order.  Property: whoever is woken sees what was done before it.
/// Threads: one makes a wait and polls it twice, one works and wakes. The work is Relaxed.
/// Interleavings that matter: the wake-up is stored before the first poll; it comes while the waker is
/// being registered; it takes the waker while the second poll looks.
/// Bound: two preemptions.
/// Fails if: `leave` or `take` of the word is Relaxed where a wake-up is noted (seen).
/// Not covered: `SeqCst` accesses and load buffering, which loom does not model.
#[test]
fn the_woken_see_what_was_done_before_wake() {
    model(|roles| {
        let (cell, work) = (leak(WaitCell::new()), leak(Work::new()));
        let (waiter, ()) = roles.at_once(
            || {
                let waiter = Waiter::polled(2, cell.wait());
                assert!(!waiter.is_ready() || work.seen());
                waiter
            },
            || {
                work.done();
                cell.wake();
            },
        );
        assert_eq!(waiter.yields(), Ok(()));
    });
}

/// C2 order of `close`.  Property: who is told that the cell is closed sees what was done before `close`.
/// Threads: one polls a wait twice and asks `is_closed`, one works and closes.
/// Interleavings that matter: closed before, while and after the waker is registered.
/// Bound: two preemptions.
/// Fails if: `leave` or `take` of the word is Relaxed where a close is noted (seen).
/// Not covered: as in C1.
#[test]
fn who_finds_it_closed_sees_what_was_done_before() {
    model(|roles| {
        let (cell, work) = (leak(WaitCell::new()), leak(Work::new()));
        let (waiter, ()) = roles.at_once(
            || {
                let waiter = Waiter::polled(2, cell.wait());
                assert!(!waiter.is_ready() || work.seen());
                assert!(!cell.is_closed() || work.seen());
                waiter
            },
            || {
                work.done();
                cell.close();
            },
        );
        assert!(waiter.yields().is_err());
    });
}

/// C3 `wait_for`.  Property: a condition that becomes true before a `wake` lets `wait_for` through.
/// Threads: one polls `wait_for`, one works and wakes.
/// Interleavings that matter: the wake-up before, while and after the waker is registered.
/// Bound: two preemptions.
/// Fails if: `leave` or `take` of the word is Relaxed (seen).
/// Not covered: as in C1.
#[test]
fn wait_for_misses_nothing() {
    model(|roles| {
        let (cell, work) = (leak(WaitCell::new()), leak(Work::new()));
        let (waiter, ()) = roles.at_once(
            || Waiter::polled(1, cell.wait_for(|| work.seen())),
            || {
                work.done();
                cell.wake();
            },
        );
        assert_eq!(waiter.yields(), Ok(()));
    });
}

/// C4 whose waker.  Property: a wait that is dropped takes back its own waker and no other's.
/// Threads: one drops a wait that is registered, one polls another wait on the same cell. Then a wake-up.
/// Interleavings that matter: the other one registers before the drop, and while it takes the waker back.
/// Bound: two preemptions.
/// Fails if: a drop takes whichever waker is registered. Not tried on the present word.
/// Not covered: more than two waits.
#[test]
fn a_drop_leaves_the_other_waits_waker() {
    model(|roles| {
        let cell = leak(WaitCell::new());
        let old = Waiter::queued(cell.wait());
        let ((), new) = roles.at_once(move || drop(old), || Waiter::polled(1, cell.wait()));
        cell.wake();
        assert_eq!(new.yields(), Ok(()));
    });
}

/// C5 one each.  Property: two wake-ups complete two waits, or one if the second comes while the first is
/// stored; never more.
/// Threads: one wakes, one wakes; a wait is polled in main, and a second wait after it.
/// Interleavings that matter: the second wake-up while the first one has the waker in its hands.
/// Bound: two preemptions.
/// Fails if: a wake-up leaves a note and calls the waker as well, for two waits. Not tried.
/// Not covered: as in C4.
#[test]
fn two_wake_ups_complete_at_most_two_waits() {
    model(|roles| {
        let cell = leak(WaitCell::new());
        let first = Waiter::queued(cell.wait());
        roles.at_once(|| cell.wake(), || cell.wake());
        assert_eq!(first.yields(), Ok(()));
        Waiter::polled(1, cell.wait()).waits();
    });
}

/// C6 the waker's halves.  Property: whoever takes a waker takes both halves of it, as they were put in.
/// Threads: one registers, one wakes.
/// Interleavings that matter: the halves are read right after the registration was seen.
/// Bound: none.
/// Fails if: `finish` publishes with Relaxed (seen: the halves are those of no waker).
/// Not covered: a second registration between the two reads, which the ticket is for.
#[test]
fn a_waker_is_taken_whole() {
    exhaustive(|roles| {
        let cell = leak(WaitCell::new());
        let (waiter, called) = roles.at_once(|| Waiter::polled(1, cell.wait()), || cell.wake());
        assert_eq!(waiter.calls(), usize::from(called));
        assert_eq!(waiter.yields(), Ok(()));
    });
}

/// C7 missed.  Property: a task that begins to register after somebody else has taken the wake-up sees, when it looks then,
/// what was done before that.
/// Threads: one works, wakes, takes the wake-up with a wait of its own and says so (Relaxed); one that hears of it polls a wait
/// and looks.
/// Interleavings that matter: the poll after the wake-up was taken; nothing else will tell it.
/// Bound: none.
/// Fails if: `begin_vacant` is Relaxed (seen).
/// Not covered: one that is registering when another wait takes the wake-up. It may miss it: a cell is for one wait at a time.
#[test]
fn who_registers_after_a_wake_up_sees_what_was_done_before() {
    exhaustive(|roles| {
        let (cell, work, taken) = (leak(WaitCell::new()), leak(Work::new()), leak(Work::new()));
        roles.at_once(
            || {
                if taken.seen() {
                    let _wait = Waiter::queued(cell.wait());
                    assert!(work.seen(), "it came after the wake-up, and does not see why");
                }
            },
            || {
                work.done();
                assert!(!cell.wake());
                assert!(Waiter::polled(1, cell.wait()).is_ready());
                taken.done();
            },
        );
    });
}

/// C8 again.  Property: who takes a wake-up that was taken and stored again meanwhile sees what was done before the second.
/// Threads: one wakes, takes that with a wait of its own, works and wakes again; one polls, with another waker, a wait that
/// is registered.
/// Interleavings that matter: the poll looks at the first wake-up, and exchanges at the second: the bits are the same.
/// Bound: two preemptions.
/// Fails if: the exchange of `begin` is Relaxed (seen).
/// Not covered: the same with more registrations between, which make it another word.
#[test]
fn who_takes_what_was_stored_again_sees_what_was_done_before() {
    model(|roles| {
        let (cell, work) = (leak(WaitCell::new()), leak(Work::new()));
        let waiter = Waiter::queued(cell.wait());
        let (first, second) = roles.at_once(
            || {
                cell.wake();
                let first = Waiter::polled(1, cell.wait()).is_ready();
                work.done();
                cell.wake();
                first
            },
            || waiter.moves().is_ready().then(|| work.seen()),
        );
        // Each took one, so the second one took the second.
        assert!(!first || second != Some(false), "it was taken after it was stored again");
    });
}
