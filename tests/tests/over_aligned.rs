//! Waits whose nodes have padding, because what they wait for, or are given, is aligned to more than a
//! pointer; on a thread that polls them without having been woken, and so may free them while the call that
//! wakes them is not over.
//!
//! For Miri (`cargo xtask miri`). Padding is the part of a node that is in no `UnsafeCell`: a reference to
//! the node that is there for one step longer than the node has to be is undefined behaviour, and nothing but
//! Miri shows it.
#![cfg(not(loom))]

extern crate alloc;

use alloc::{boxed::Box, vec::Vec};
use core::{
    future::Future,
    task::{Context, Poll, Waker},
};
use std::thread;

use sync_core::{Policy, Select, primitive, wait_map, wait_map::WakeOutcome};
use tests::{Count, scaled, within};

/// Aligned to more than any word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(32))]
struct Wide(usize);

#[wait_map(key = Wide, match = fifo)]
struct Keys;

#[wait_map(key = u8, value = Wide, match = fifo)]
struct Values;

#[wait_map(key = u8, value = Wide, match = unique)]
struct Single;

/// Lets in as many as it is open for, who say which ones they are.
#[primitive(method = pass, future = Pass)]
struct Gate;

impl Policy for Gate {
    type State = usize;
    type Waiter = Wide;
    type Value = Wide;
    type Event<'e> = ();

    fn try_ready(open: &mut usize, waiter: &Wide) -> Option<Wide> {
        *open = open.checked_sub(1)?;
        Some(*waiter)
    }

    fn select(open: &mut usize, waiter: &mut Wide, (): &mut ()) -> Select<Wide> {
        Self::try_ready(open, waiter).map_or(Select::Stop, Select::Wake)
    }
}

/// How many waits each test makes, each in an allocation of its own.
const ROUNDS: usize = scaled(2_000, 40);

/// Makes [`ROUNDS`] waits on a thread of their own, each of which is polled again as soon as this thread
/// calls `wake` for it, not only when that is over, and freed as soon as it is ready.
fn polled_meanwhile<F: Future>(
    wait: impl Fn(usize) -> F + Sync,
    wake: impl Fn(usize),
    assert: impl Fn(usize, F::Output) + Sync,
) {
    let (queued, calls) = (Count::new(), Count::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0..ROUNDS {
                let mut wait = Box::pin(wait(round));
                let cx = &mut Context::from_waker(Waker::noop());
                assert!(wait.as_mut().poll(cx).is_pending());
                queued.up();
                while calls.get() == round {
                    thread::yield_now();
                }
                let yielded = loop {
                    match wait.as_mut().poll(cx) {
                        Poll::Ready(yielded) => break yielded,
                        Poll::Pending => thread::yield_now(),
                    }
                };
                drop(wait);
                assert(round, yielded);
            }
        });
        for round in 0..ROUNDS {
            while queued.get() == round {
                thread::yield_now();
            }
            calls.up();
            wake(round);
        }
    });
}

#[test]
fn a_wide_key_is_woken() {
    within(60, || {
        let keys = Keys::new();
        polled_meanwhile(
            |round| keys.wait(Wide(round)),
            |round| assert_eq!(keys.wake_one(&Wide(round)), WakeOutcome::Woke),
            |_, yielded| assert_eq!(yielded, Ok(())),
        );
    });
}

#[test]
fn a_wide_value_is_given() {
    within(60, || {
        let values = Values::new();
        polled_meanwhile(
            |_| values.wait(0),
            |round| assert_eq!(values.wake_all(&0, Wide(round)), 1),
            |round, yielded| assert_eq!(yielded, Ok(Wide(round))),
        );
    });
}

#[test]
fn a_wide_value_is_given_to_the_only_one() {
    within(60, || {
        let single = Single::new();
        polled_meanwhile(
            |_| single.wait(0),
            |round| assert_eq!(single.wake(&0, Wide(round)), WakeOutcome::Woke),
            |round, yielded| assert_eq!(yielded, Ok(Wide(round))),
        );
    });
}

#[test]
fn a_wide_waiter_is_let_in() {
    within(60, || {
        let gate = Gate::new(0);
        polled_meanwhile(
            |round| gate.pass(Wide(round)),
            |_| gate.notify((), |open| *open = 1),
            |round, yielded| assert_eq!(yielded, Ok(Wide(round))),
        );
    });
}

#[test]
fn a_wide_key_is_closed() {
    within(60, || {
        let maps: Vec<_> = (0..ROUNDS).map(|_| Keys::new()).collect();
        polled_meanwhile(
            |round| maps[round].wait(Wide(0)),
            |round| maps[round].close(),
            |_, yielded| assert!(yielded.is_err()),
        );
    });
}
