//! Models of `#[wait_map]` in the modes `up_to`, `mask` and `predicate`.
#![cfg(loom)]
#![expect(
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a model runs on a host, and ends where it fails"
)]

mod support;

use std::pin::Pin;

use support::{
    Task, Waiter, Work, exhaustive, leak, model,
    pairs::{Linearizable, pairs},
    pinned,
};

/// Up to where the log is on disk.
#[sync_core::wait_map(key = u8, match = up_to, future = Flush)]
pub struct Flushed;

/// Flags that every task sees, and that those that see them clear.
#[sync_core::wait_map(key = u8, match = mask, future = AnyEvent)]
pub struct Events;

/// Flags that go to one.
#[sync_core::wait_map(key = u8, match = mask, consume, future = AnyTicket)]
pub struct Tickets;

/// Which waiters are told of what.
#[sync_core::wait_map(key = u8, value = u8, event = u8, match = predicate(u8::eq), future = Tell)]
pub struct Told;

/// The waiters that are told that something happened.
#[sync_core::wait_map(key = u8, event = u8, match = predicate(u8::eq), future = Notice)]
pub struct Noticed;

/// Has `$map` take part in the pairs: `$wait` waits, `$wake` wakes all, with a value, and
/// `$other` is what stands where others wake all.
macro_rules! subject {
    ($map:ident, $future:ident, $wait:expr, $wake:expr, $other:expr) => {
        impl Linearizable for $map {
            type Wait = $future<'static>;

            fn new() -> Self {
                $map::new()
            }

            fn wait(&'static self, _: u8) -> Pin<Box<Self::Wait>> {
                pinned($wait(self))
            }

            fn subscribe(&'static self, _: u8, task: &Task) -> Pin<Box<Self::Wait>> {
                let mut wait = pinned($wait(self));
                let poll = task.poll(pinned(wait.as_mut().subscribe()).as_mut());
                assert!(poll.is_ready(), "subscribing takes one poll");
                wait
            }

            fn wake(&'static self, _: u8, value: u8) -> String {
                format!("{:?}", $wake(self, value))
            }

            fn wake_all(&'static self, _: u8, value: u8) -> String {
                format!("{:?}", $other(self, value))
            }

            fn close(&'static self) {
                $map::close(self);
            }

            fn rest(&'static self) -> String {
                rest(self)
            }
        }
    };
}

/// What is left in a map: a task that waits, and what it keeps.
trait Rest: std::fmt::Debug {
    fn kept(&self) -> u8 {
        0
    }
}

fn rest(map: &impl Rest) -> String {
    format!("{map:?} with {}", map.kept())
}

impl Rest for Told {}
impl Rest for Noticed {}
impl Rest for Events {
    fn kept(&self) -> u8 {
        self.get()
    }
}
impl Rest for Tickets {
    fn kept(&self) -> u8 {
        self.get()
    }
}

/// Every task waits for one key, or one flag: so those of the crowd take part.
const KEY: u8 = 4;

subject!(
    Events,
    AnyEvent,
    |map: &'static Events| map.wait_any(KEY).clear_on_exit(),
    |map: &Events, _| map.set(KEY),
    |map: &Events, _| map.clear(KEY)
);
subject!(
    Tickets,
    AnyTicket,
    |map: &'static Tickets| map.wait_any(KEY),
    |map: &Tickets, _| map.set(KEY),
    |map: &Tickets, _| map.clear(KEY)
);
subject!(
    Told,
    Tell,
    |map: &'static Told| map.wait(KEY),
    |map: &Told, value| map.notify_with(&KEY, value),
    |map: &Told, value| map.notify_with(&KEY, 10 + value)
);
subject!(
    Noticed,
    Notice,
    |map: &'static Noticed| map.wait(KEY),
    |map: &Noticed, _| map.notify(&KEY),
    |map: &Noticed, _| map.notify(&(KEY + 1))
);

/// Wait, cancel and close beside `set`, and each beside each: flags that are cleared on exit. See
/// `support/pairs.rs`.
///
/// Fails if: `set` does not clear what was waited for, or gives flags to those that are left between two
/// batches of `close` (both seen).
mod events {
    use super::*;

    pairs!(Events, and threes);
}

/// The same with flags that go to one.
///
/// Fails if: `set` gives flags to those that are left between two batches of `close` (seen).
mod tickets {
    use super::*;

    pairs!(Tickets, and threes);
}

/// The same beside `notify_with`.
///
/// Fails if: `notify_with` claims those that are left between two batches of `close` (seen).
mod told {
    use super::*;

    pairs!(Told, and threes);
}

/// The same beside `notify`.
///
/// Fails if: `notify` wakes those that are left between two batches of `close` (seen).
mod noticed {
    use super::*;

    pairs!(Noticed, and threes);
}

/// U1 wait beside advance.  Property: a wait whose position is reached yields, whatever came first, and sees
/// what was done before; the other one waits on.
/// Threads: one polls two waits, one works and advances.
/// Interleavings that matter: the advance before, between and after the waits take their places.
/// Bound: none.
/// Fails if: `enter` does not look at the position (seen).
/// Not covered: rounds of thirty-two, which a plain test has; `SeqCst` accesses and load buffering, which
/// loom does not model.
#[test]
fn a_waiter_that_is_reached_goes_on_and_sees_what_was_done() {
    exhaustive(|roles| {
        let (flushed, work) = (leak(Flushed::new()), leak(Work::new()));
        let ((near, far), woken) = roles.at_once(
            || {
                let far = Waiter::polled(1, flushed.wait(2));
                let near = Waiter::polled(2, flushed.wait(1));
                assert!(!near.is_ready() || work.seen());
                (near, far)
            },
            || {
                work.done();
                flushed.advance(1)
            },
        );
        assert_eq!(woken, near.woken());
        assert_eq!(near.yields(), Ok(1));
        far.waits();
        assert_eq!(flushed.current(), 1);
    });
}

/// U2 two advances.  Property: every task is woken once, by one of the two, with a position that is enough;
/// the position is the further one.
/// Threads: one advances to 3, one to 5; six wait, which are three batches.
/// Interleavings that matter: one advance between the rounds of the other.
/// Bound: two preemptions.
/// Fails if: `advance` lets only the nearest one go, or does not release those that did not fit into the
/// first batch (seen). Not covered: rounds of thirty-two, which a plain test has; `SeqCst` accesses and load
/// buffering, which loom does not model.
#[test]
fn two_that_advance_wake_each_waiter_once() {
    model(|roles| {
        let flushed = leak(Flushed::new());
        let waiting: Vec<_> =
            [5, 1, 3, 2, 6, 4].map(|until| (until, Waiter::queued(flushed.wait(until)))).into();
        let (three, five) = roles.at_once(|| flushed.advance(3), || flushed.advance(5));
        assert_eq!((three + five, flushed.current()), (5, 5));
        for (until, waiter) in waiting {
            if until == 6 {
                waiter.waits();
            } else {
                assert_eq!(waiter.woken(), 1);
                let position = waiter.yields().unwrap();
                assert!(position == 5 || (position == 3 && until <= 3));
            }
        }
    });
}

/// U3 cancel beside advance.  Property: the others are woken, the one that is dropped is woken or not
/// counted.
/// Threads: one drops the middle one of three waits, one advances.
/// Interleavings that matter: the drop before the advance and between its rounds.
/// Bound: none.
/// Fails if: as U2 (seen).
/// Not covered: rounds of thirty-two, which a plain test has; `SeqCst` accesses and load buffering, which
/// loom does not model.
#[test]
fn a_wait_that_is_dropped_during_advance_takes_no_other_with_it() {
    exhaustive(|roles| {
        let flushed = leak(Flushed::new());
        let [first, second, third] = [1, 2, 3].map(|until| Waiter::queued(flushed.wait(until)));
        let ((), woken) = roles.at_once(|| drop(second), || flushed.advance(3));
        assert!(woken == 2 || woken == 3);
        assert_eq!((first.yields(), third.yields()), (Ok(3), Ok(3)));
    });
}

/// U4 close beside advance.  Property: `close` is before or after `advance`: all that are reached learn of
/// the position, or all of the close; and a task that is not reached, of the close.
/// Threads: one closes, one advances; four wait, of which three are reached, which are two batches.
/// Interleavings that matter: each between the rounds of the other.
/// Bound: two preemptions.
/// Fails if: `advance` looks anew under each hold of the lock which waiter is reached, and whether the map is
/// closed, as it did (seen).
/// Not covered: rounds of thirty-two, which a plain test has; `SeqCst` accesses and load buffering, which
/// loom does not model.
#[test]
fn close_beside_advance() {
    model(|roles| {
        let flushed = leak(Flushed::new());
        let waiting = [1, 2, 3].map(|until| Waiter::queued(flushed.wait(until)));
        let far = Waiter::queued(flushed.wait(9));
        let ((), woken) = roles.at_once(|| flushed.close(), || flushed.advance(3));
        let yielded = waiting.map(Waiter::yields);
        let reached = yielded.iter().filter(|yielded| **yielded == Ok(3)).count();
        assert_eq!(reached, woken);
        assert!(reached == 0 || reached == 3, "{reached} of three");
        assert!(far.yields().is_err());
        // What is reached is reached.
        assert_eq!(Waiter::polled(1, flushed.wait(3)).yields(), Ok(3));
    });
}

/// U5 out of order.  Property: of two that take their places at once, the nearer one is in front.
/// Threads: each polls a wait.
/// Interleavings that matter: which one is first.
/// Bound: none.
/// Fails if: `enter` queues newcomers behind every task (seen).
/// Not covered: rounds of thirty-two, which a plain test has; `SeqCst` accesses and load buffering, which
/// loom does not model.
#[test]
fn two_that_join_at_once_are_in_order() {
    exhaustive(|roles| {
        let flushed = leak(Flushed::new());
        let middle = Waiter::queued(flushed.wait(2));
        let (far, near) =
            roles.at_once(|| Waiter::queued(flushed.wait(3)), || Waiter::queued(flushed.wait(1)));
        // If they were out of order, the far one would hide the near one, or the middle one would.
        assert_eq!((flushed.advance(1), near.yields()), (1, Ok(1)));
        assert_eq!((flushed.advance(2), middle.yields()), (1, Ok(2)));
        assert_eq!((flushed.advance(3), far.yields()), (1, Ok(3)));
    });
}

/// M1 two flags.  Property: a wait for all of two flags yields when both are set, whichever task sets which;
/// what it clears is both, once.
/// Threads: each sets a flag.
/// Interleavings that matter: which one is first.
/// Bound: none.
/// Fails if: `set` does not clear what was waited for (seen).
/// Not covered: rounds of thirty-two, which a plain test has; `SeqCst` accesses and load buffering, which
/// loom does not model.
#[test]
fn a_wait_for_all_goes_on_when_the_last_one_is_set() {
    exhaustive(|roles| {
        let (events, work) = (leak(Events::new()), leak(Work::new()));
        let all = Waiter::queued(events.wait_all(0b11).clear_on_exit());
        let (one, two) = roles.at_once(
            || {
                work.done();
                events.set(0b01)
            },
            || events.set(0b10),
        );
        assert_eq!((one + two, all.woken()), (1, 1));
        assert_eq!(all.yields(), Ok(0b11));
        assert!(work.seen());
        assert_eq!(events.get(), 0);
    });
}
