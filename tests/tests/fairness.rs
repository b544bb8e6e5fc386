//! Whether a newcomer may take what a task that waits cannot use: not under a policy that is fair, which they
//! are unless they say otherwise.
//!
//! Seen to fail with: `has_queued` that finds no waiter; a policy that asks for one of `FAIR` and a task
//! waiting; `is_first` that is always true.

#![cfg(not(loom))]

extern crate alloc;

use alloc::boxed::Box;
use core::pin::pin;

use sync_core::{Policy, ScopedRawMutex, Select};
use tests::{Count, Task};

/// Each takes as many as it asks for.
macro_rules! tokens {
    ($Tokens:ident, $Take:ident, fair: $fair:literal) => {
        #[sync_core::primitive(method = take, future = $Take)]
        struct $Tokens;

        impl Policy for $Tokens {
            type State = usize;
            type Waiter = usize;
            type Value = ();
            type Event<'e> = ();

            const FAIR: bool = $fair;

            fn try_ready(left: &mut usize, need: &usize) -> Option<()> {
                *left = left.checked_sub(*need)?;
                Some(())
            }
            fn select(left: &mut usize, need: &mut usize, (): &mut ()) -> Select<()> {
                Self::try_ready(left, need).map_or(Select::Stop, Select::Wake)
            }
        }

        impl<Lock: ScopedRawMutex> $Tokens<Lock> {
            fn add(&self, n: usize) {
                self.notify((), |left| *left += n);
            }
        }
    };
}

tokens!(Fair, TakeFair, fair: true);
tokens!(Unfair, TakeUnfair, fair: false);

#[test]
fn a_waiter_for_more_than_there_is_is_not_overtaken() {
    let tokens = Fair::new(1);
    let (large, small) = (Task::new(), Task::new());
    let (mut two, mut one) = (pin!(tokens.take(2)), pin!(tokens.take(1)));
    assert!(large.poll(two.as_mut()).is_pending());
    assert!(small.poll(one.as_mut()).is_pending(), "it overtakes");
    tokens.add(1);
    assert_eq!((large.woken(), small.woken()), (1, 0));
    assert!(large.poll(two).is_ready() && small.poll(one.as_mut()).is_pending());
    tokens.add(1);
    assert!(small.poll(one).is_ready());
}

#[test]
fn a_policy_may_let_newcomers_pass() {
    let tokens = Unfair::new(1);
    let (large, small) = (Task::new(), Task::new());
    let (mut two, one) = (pin!(tokens.take(2)), pin!(tokens.take(1)));
    assert!(large.poll(two.as_mut()).is_pending());
    assert!(small.poll(one).is_ready(), "it waits, though it need not");
    tokens.add(1);
    assert!(large.poll(two.as_mut()).is_pending());
    tokens.add(1);
    assert!(large.poll(two).is_ready());
}

/// No task has it, and each that is asked whether it does is counted.
#[sync_core::primitive(method = wait, future = WaitInVain)]
struct Nothing;

static ASKED: Count = Count::new();

impl Policy for Nothing {
    type State = ();
    type Waiter = ();
    type Value = ();
    type Event<'e> = ();

    fn try_ready((): &mut (), (): &()) -> Option<()> {
        ASKED.up();
        None
    }
    fn select((): &mut (), (): &mut (), (): &mut ()) -> Select<()> {
        Select::Stop
    }
}

/// A task that was first may have been too large for what is there, so that the next one is asked; a task
/// that was not held up no task.
#[test]
fn only_when_the_first_one_leaves_the_next_one_is_asked() {
    let nothing = Nothing::new(());
    let task = Task::new();
    let mut waits = [(); 3].map(|()| Box::pin(nothing.wait(())));
    for wait in &mut waits {
        assert!(task.poll(wait.as_mut()).is_pending());
    }
    let [first, second, third] = waits;
    // A newcomer behind a task is not asked either.
    assert_eq!(ASKED.take(), 1);
    drop(second);
    assert_eq!(ASKED.take(), 0);
    drop(first);
    assert_eq!(ASKED.take(), 1);
    drop(third);
    assert_eq!(ASKED.take(), 0);
}
