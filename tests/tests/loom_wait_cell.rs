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
    pairs::{Linearizable, pairs},
    pinned,
};
use sync_core::{WaitCell, wait_cell::Wait};

impl Linearizable for WaitCell {
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
            // A task was at the waker; then it was woken to try again.
            Poll::Pending => {
                assert!(task.woken() > 0, "busy, and not woken");
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
        Linearizable::wake(self, key, value)
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

/// C1 order.  Property: a task that is woken sees what was done before it.
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

/// C2 order of `close`.  Property: a task that is told that the cell is closed sees what was done before
/// `close`.
/// Threads: one polls a wait twice and asks `is_closed`, one works and closes.
/// Interleavings that matter: closed before, while and after the waker is registered.
/// Bound: two preemptions.
/// Fails if: `leave` or `take` of the word is Relaxed where a close is noted (seen).
/// Not covered: as in C1.
#[test]
fn a_task_that_finds_it_closed_sees_what_was_done_before() {
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

/// C6 the waker's halves.  Property: a task that takes a waker takes both halves of it, as they were put in.
/// Threads: one registers, one wakes.
/// Interleavings that matter: the halves are read right after the registration was seen.
/// Bound: none.
/// Fails if: `finish` publishes with Relaxed (seen: the halves are those of no waker).
/// Not covered: a second registration between the two reads: that is C9.
#[test]
fn a_waker_is_taken_whole() {
    exhaustive(|roles| {
        let cell = leak(WaitCell::new());
        let (waiter, called) = roles.at_once(|| Waiter::polled(1, cell.wait()), || cell.wake());
        assert_eq!(waiter.woken(), usize::from(called));
        assert_eq!(waiter.yields(), Ok(()));
    });
}

/// C7 missed.  Property: a task that begins to register after another one has taken the wake-up sees, when it
/// looks then, what was done before that. Threads: one works, wakes, takes the wake-up with a wait of its own
/// and says so (Relaxed); one that hears of it polls a wait and looks. Interleavings that matter: the poll
/// after the wake-up was taken; nothing else will tell it. Bound: none. Fails if: `begin_vacant` is Relaxed
/// (seen). Not covered: one that is registering when another wait takes the wake-up. It may miss it: a cell
/// is for one wait at a time.
#[test]
fn a_waiter_that_registers_after_a_wake_up_sees_what_was_done_before() {
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

/// C8 again.  Property: a task that takes a wake-up that was taken and stored again meanwhile sees what was
/// done before the second. Threads: one wakes, takes that with a wait of its own, works and wakes again; one
/// polls, with another waker, a wait that is registered. Interleavings that matter: the poll looks at the
/// first wake-up, and exchanges at the second: the bits are the same. Bound: two preemptions. Fails if: the
/// exchange of `begin` is Relaxed (seen).
/// Not covered: the same with more registrations between, which make it another word.
#[test]
fn a_waiter_that_takes_what_was_stored_again_sees_what_was_done_before() {
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

/// C9 the waker that is there.  Property: a notifier takes the waker that is registered when it takes one,
/// whatever became of the slot since it first looked. Threads: one wakes; one wakes too, completes its wait
/// with that and waits again, twice, each time as another task. Interleavings that matter: the first notifier
/// stops when it has seen the first waker, and goes on when the third is registered, which makes the word the
/// one that it saw. Bound: two preemptions. Fails if: a notifier reads the waker first, and takes it if the
/// word is the same again (seen with the protocol that this one replaced and a count of registrations of one
/// bit: the first task was called a second time, and the third never); `settle` does not look whether the
/// claim is still its own; a claim is given an id that is not free (both seen). Not covered: more
/// registrations between. `state/cell/tests.rs` visits all states that those lead to.
#[test]
fn a_notifier_takes_the_waker_that_is_there() {
    model(|roles| {
        let cell = leak(WaitCell::new());
        let first = Waiter::queued(cell.wait());
        let (_, (first, second, third)) = roles.at_once(
            || cell.wake(),
            move || {
                cell.wake();
                let first = first.polls();
                let second = Waiter::polled(1, cell.wait());
                cell.wake();
                let second = second.polls();
                (first, second, Waiter::polled(1, cell.wait()))
            },
        );
        if first.woken() > 1 || second.woken() > 1 {
            // Then one of them has one reference less than it counts on.
            let _ = core::mem::ManuallyDrop::new((first, second, third));
            panic!("a waker was called that was not there any more");
        }
        cell.wake();
        assert_eq!(third.yields(), Ok(()));
    });
}

/// Polls `wait` as an executor does that nothing else can come in between: until its task has not been woken
/// since.
///
/// # Panics
///
/// If that is more than twice.
fn has_its_turn(waiter: Waiter<Wait<'static>>) -> Waiter<Wait<'static>> {
    for _ in 0..2 {
        let calls = waiter.woken();
        waiter.poll();
        if waiter.is_ready() || waiter.woken() == calls {
            return waiter;
        }
    }
    panic!("polled on and on");
}

/// C10 two registrants.  Property: a task that comes to a slot at which another one is stopped is registered
/// all the same, after one poll, and no wake-up is lost by that. Threads: two, each polls a wait of its own,
/// the one again and again as long as it is woken. Then wake-ups. Interleavings that matter: the other one
/// stops anywhere between the first and the last step of its registration. Bound: two preemptions; without
/// one it takes two minutes, and passes. Fails if: a task that finds a registrant at the slot is told that it
/// is busy and wakes itself (seen; loom's `spin_loop` is a yield, which an executor of a higher priority does
/// not do); a registrant that was overtaken goes on as if it were not, or does not wake its task (both seen).
/// Not covered: three registrants, of which the last one may find no slot.
#[test]
fn a_stopped_registrant_does_not_block_another() {
    model(|roles| {
        let cell = leak(WaitCell::new());
        let (high, low) =
            roles.at_once(|| has_its_turn(Waiter::polled(0, cell.wait())), || Waiter::polled(1, cell.wait()));
        assert!(cell.wake(), "neither is registered");
        // The one that was registered has been woken now, and the other one when it lost its place.
        assert!(low.woken() > 0, "it is not registered, and does not know");
        assert_eq!(high.yields(), Ok(()));
        low.poll();
        assert!(cell.wake());
        assert_eq!(low.yields(), Ok(()));
    });
}

/// C11 a notifier at the slot.  Property: a task that comes to a slot at which a notifier is stopped is
/// registered all the same, after one poll; the waker that was there is called, once; the next wake-up is for
/// the new one.
/// Threads: one wakes; one takes the wake-up with the wait that was registered, and waits anew as another
/// task.
/// Interleavings that matter: the notifier stops when it has claimed the waker, and settles when the slot has
/// another one. Bound: none. Fails if: a task that finds a notifier at the slot is told that it is busy and
/// wakes itself; a registrant that takes a waker over from a notifier drops it (both seen). Not covered: two
/// notifiers that are stopped; see C12.
#[test]
fn a_stopped_notifier_does_not_block_a_registration() {
    exhaustive(|roles| {
        let cell = leak(WaitCell::new());
        let first = Waiter::queued(cell.wait());
        let (called, (first, second)) = roles.at_once(
            || cell.wake(),
            move || {
                let first = first.polls();
                let second = first.is_ready().then(|| has_its_turn(Waiter::polled(0, cell.wait())));
                (first, second)
            },
        );
        // It finds no waker while that wait is being polled.
        assert_eq!(first.woken(), usize::from(called), "once, by whichever of the two");
        match second {
            Some(second) => {
                assert_eq!(second.woken(), 0);
                assert!(cell.wake());
                assert_eq!(second.yields(), Ok(()));
            }
            None => assert_eq!(first.yields(), Ok(())),
        }
    });
}

/// C12 owed.  Property: a notifier that has no id of its own leaves the waker to those that have, and one of
/// them calls it. Threads: two wake (a model has one id for both); one takes a wake-up with the wait that was
/// registered, and waits anew. Interleavings that matter: the first notifier stops when it has claimed the
/// first waker, the second one finds the second waker. Bound: two preemptions. Fails if: `settle` looks for
/// no waker that is owed a call; it is weaker than `AcqRel` (both seen). Not covered: more ids.
/// `state/cell/tests.rs` has those.
#[test]
fn a_waker_that_is_owed_a_call_is_called() {
    model(|roles| {
        let (cell, work) = (leak(WaitCell::new()), leak(Work::new()));
        let first = Waiter::queued(cell.wait());
        let other = loom::thread::spawn(|| {
            work.done();
            cell.wake();
        });
        let (_, (first, second)) = roles.at_once(
            || cell.wake(),
            move || {
                let first = first.polls();
                let second = first.is_ready().then(|| has_its_turn(Waiter::polled(0, cell.wait())));
                (first, second)
            },
        );
        other.join().unwrap();
        let Some(second) = second else {
            assert_eq!(first.yields(), Ok(()));
            return;
        };
        let calls = second.woken();
        if !second.is_ready() {
            second.poll();
            assert!(!second.is_ready() || calls > 0, "a wake-up is stored, and its task was not woken");
        }
        cell.wake();
        if !second.is_ready() {
            assert_eq!(second.yields(), Ok(()));
        }
    });
}

/// C13 two registrants and a notifier.  Property: one wake-up completes one of two waits, and the task of the
/// one that is not registered knows it. Threads: two register, one wakes. Interleavings that matter: one
/// overtakes the other, and the wake-up comes at each step of both. Bound: two preemptions. Fails if: a
/// registrant that was overtaken drops its waker instead of calling it (seen). Not covered: as in C10.
#[test]
fn one_wake_up_for_two_registrants() {
    model(|roles| {
        let (cell, work) = (leak(WaitCell::new()), leak(Work::new()));
        let waker = loom::thread::spawn(|| {
            work.done();
            cell.wake();
        });
        let waits = roles.at_once(|| Waiter::polled(1, cell.wait()), || Waiter::polled(1, cell.wait()));
        waker.join().unwrap();
        let mut through = 0;
        let mut waits = [waits.0, waits.1];
        for waiter in &mut waits {
            let (calls, before) = (waiter.woken(), waiter.is_ready());
            waiter.poll();
            if waiter.is_ready() {
                through += 1;
                assert!(before || calls > 0, "a wake-up is stored, and its task was not woken");
                assert!(work.seen());
            }
        }
        assert_eq!(through, 1, "one wake-up is for one");
    });
}

/// C14 a wake-up beside one that is stored.  Property: `wait_for` sees what was done before a `wake` that
/// found a wake-up stored, or is woken by it. Threads: one polls `wait_for`, one works and wakes; a wake-up
/// is stored before that.
/// Interleavings that matter: the stored wake-up is taken after the second `wake`, which changed nothing in
/// the word.
/// Bound: two preemptions. Fails if: `claim` returns without an exchange where it would change nothing
/// (seen).
/// Not covered: a third wake-up.
#[test]
fn a_wake_up_beside_one_that_is_stored_is_as_of_now() {
    model(|roles| {
        let (cell, work) = (leak(WaitCell::new()), leak(Work::new()));
        assert!(!cell.wake());
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
