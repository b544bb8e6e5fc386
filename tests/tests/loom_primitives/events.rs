//! [`Event`], [`AutoEvent`] and [`Latch`].

use std::pin::Pin;

use sync_core::{AutoEvent, Event, Latch, event, latch};

use crate::support::{
    Task, Waiter, Work, exhaustive, leak, model,
    pairs::{Linearizable, pairs},
    pinned,
};

/// [`Linearizable`] of a primitive with `wait`, and what wakes one and all.
macro_rules! subject {
    ($type:ident, $wait:ty, $new:expr, |$this:ident| wake $wake:expr, all $all:expr, rest $rest:expr) => {
        impl Linearizable for $type {
            type Wait = $wait;

            fn new() -> Self {
                $new
            }

            fn wait(&'static self, _: u8) -> Pin<Box<Self::Wait>> {
                pinned($type::wait(self))
            }

            fn subscribe(&'static self, _: u8, task: &Task) -> Pin<Box<Self::Wait>> {
                let mut wait = pinned($type::wait(self));
                let poll = task.poll(pinned(wait.as_mut().subscribe()).as_mut());
                assert!(poll.is_ready(), "subscribing takes one poll");
                wait
            }

            fn wake(&'static self, _: u8, _: u8) -> String {
                let $this = self;
                $wake;
                String::new()
            }

            fn wake_all(&'static self, _: u8, _: u8) -> String {
                let $this = self;
                $all;
                String::new()
            }

            fn close(&'static self) {
                $type::close(self);
            }

            fn rest(&'static self) -> String {
                let $this = self;
                format!("{:?}, closed: {}", $rest, self.is_closed())
            }
        }
    };
}

subject!(Event, event::Wait<'static>, Event::new(), |this| wake this.set(), all this.reset(), rest this.is_set());
subject!(AutoEvent, event::AutoWait<'static>, AutoEvent::new(), |this| wake this.set(), all this.reset(), rest this.try_wait());
subject!(Latch, latch::Wait<'static>, Latch::new(2), |this| wake this.count_down(1), all this.count_down(2), rest this.count());

/// Where "all" is `reset`. While an event is set no task waits, so there is no wait that was woken beside
/// others.
mod event_pairs {
    use super::*;
    // Fails if `AT_ONCE` is false (seen).
    pairs!(@of pairs pair Event: wake Wake, wake_all WakeAll, close Close, wait Wait, repoll Repoll,
        drop_queued DropQueued, subscribe Subscribe);
}

/// Where "all" is `reset`.
mod auto_event_pairs {
    use super::*;
    // That what was given is put back is V2's: without it, all orders agree.
    pairs!(AutoEvent, and threes);
}

/// Where one counts down by one, and "all" by two, which opens it; then no task waits, see above.
mod latch_pairs {
    use super::*;
    pairs!(@of pairs pair Latch: wake Wake, wake_all WakeAll, close Close, wait Wait, repoll Repoll,
        drop_queued DropQueued, subscribe Subscribe);
}

/// V1 event.  Property: every task that waits when an event is set is let through, whatever resets it.
/// Threads: one sets an event that three wait for, which takes two batches; one resets it. (Set after reset:
/// it stays.)
/// Interleavings that matter: the reset between the batches.
/// Bound: two preemptions.
/// Fails if: `AT_ONCE` is false (seen).
/// Not covered: newcomers; the pairs have those.
#[test]
fn a_reset_keeps_no_earlier_waiter() {
    model(|roles| {
        let event = leak(Event::new());
        let crowd: Vec<_> = (0..3).map(|_| Waiter::queued(event.wait())).collect();
        roles.at_once(|| event.set(), || event.reset());
        for waiter in crowd {
            assert_eq!(waiter.yields(), Ok(()));
        }
    });
}

/// V2 auto event.  Property: a set event that was given to a wait which is dropped lets the next one through.
/// Threads: one sets an event for which two wait, one drops the first of them.
/// Interleavings that matter: the drop before and after the event is given.
/// Bound: none.
/// Fails if: `put_back` puts nothing back (seen).
/// Not covered: three waits.
#[test]
fn the_next_in_line_gets_what_the_first_leaves() {
    exhaustive(|roles| {
        let event = leak(AutoEvent::new());
        let (first, second) = (Waiter::queued(event.wait()), Waiter::queued(event.wait()));
        roles.at_once(|| event.set(), move || drop(first));
        assert_eq!(second.yields(), Ok(()));
        assert!(!event.try_wait());
    });
}

/// V3 latch.  Property: a task that is let through sees what was done before each count.
/// Threads: two work and count down by one, one polls a wait twice.
/// Interleavings that matter: the second count under the lock, the first without it.
/// Bound: two preemptions.
/// Fails if: `try_change` is Relaxed (seen); the first load of `try_take` is (seen).
/// Not covered: see W1.
#[test]
fn a_task_that_passes_a_latch_sees_what_all_did() {
    model(|roles| {
        let latch = leak(Latch::new(2));
        let works = [leak(Work::new()), leak(Work::new())];
        let other = loom::thread::spawn(move || {
            works[0].done();
            latch.count_down(1);
        });
        let (waiter, ()) = roles.at_once(
            move || {
                let waiter = Waiter::polled(2, latch.wait());
                assert!(!waiter.is_ready() || works.iter().all(|work| work.seen()));
                waiter
            },
            move || {
                works[1].done();
                latch.count_down(1);
            },
        );
        other.join().unwrap();
        assert_eq!(waiter.yields(), Ok(()));
    });
}
