//! Sequences of calls against a plain sequential reference, for every primitive and every mode: see
//! `tests::spec`.
//!
//! `short_sequences` goes through all of them up to a length that takes a second or so; `SPEC_LENGTH=n` is
//! another length, `SPEC_SECONDS=n` all lengths that fit into that time. `long_sequences` are random ones, as
//! many as `PROPTEST_CASES` says. `fuzz/` has the same ones chosen by coverage. For the long ones:
//!
//! ```sh
//! SPEC_SECONDS=60 cargo test --release -p tests --test spec short -- --nocapture --test-threads=1
//! PROPTEST_CASES=100000 cargo test --release -p tests --test spec long
//! ```
//!
//! Under Miri there are no random ones, and the short ones have one call, with up to eleven at the end.
//!
//! Seen to fail with (both, unless noted):
//!
//! | subject | change |
//! | --- | --- |
//! | all but `wait_cell` | `keep_waiting` takes every waker for one that would wake the same task |
//! | `mutex`, `mutex_owned` | `Exclusive::abandon` releases nothing; `unlock` releases nothing; the message for a future that is polled again |
//! | `rwlock` | an upgrade queues as the youngest (short ones from 5 calls on); newcomers overtake; the drop of an upgrade that was let in releases a reader |
//! | `semaphore` | `Counted::abandon` gives back one permit too few; newcomers overtake; `forget_permits` takes nothing while a task waits |
//! | `wait_queue` | the drop of a woken wait hands nothing on; `wake_all` counts no epoch; `wake_n` stores nothing when fewer wait |
//! | `wait_cell` | a shared registration is not told when it is dropped, nor when it is taken over; a wait that was woken says `Closed` when it is polled again |
//! | `wait_map`, `unique_undelivered` | no duplicates; the error of a wait that is polled again; a waker that is not dropped with its wait |
//! | `fifo`, `fifo_buckets_undelivered` | what a dropped wait was given is handed to no task; `wake_n` claims one too few; `close` closes one bucket |
//! | `up_to`, `up_to_wrapping` | the line is in the order of arrival; `close` hides a position that was reached; positions that wrap are in no order |
//! | `mask` | flags are cleared before all that wait have been asked |
//! | `mask_consume` | flags of a dropped wait are lost if it is closed; are set, but given to no task |
//! | `predicate`, `predicate_undelivered` | `notify` stops at the first one of which it does not hold; what no task took is dropped |
//! | `primitive`, `primitive_not_fair` | who leaves the front of the line lets no task on; newcomers queue though the policy is not fair |
//! | `primitive_word`, `auto_event`, `once_cell` | `put_back` is not called |
//! | `event`, `latch`, `auto_event`, `primitive_word` | newcomers pass though it is closed; `event`: lets one through; `latch`: counts one too many, opens at one; `auto_event`: is not used up |
//! | `barrier` | who leaves is still counted; a round does not begin at zero |
//! | `condvar` | a notification that was not used is gone; one for all is handed on |
//!
//! The first row of `rwlock`, the first ones of `wait_queue`, `mask` and `condvar`, and the second one of
//! `predicate_undelivered` were found by `cargo xtask fuzz` as well, within a minute each.
#![cfg(not(loom))]

use core::time::Duration;
use std::{env, eprintln, time::Instant};

use tests::spec::{
    Specified,
    feed::{every, every_between, every_within},
};

/// A number from the environment.
fn number(name: &str) -> Option<usize> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|error| panic!("{name}={text}: {error}")))
}

/// All sequences of the subject's own length; of `SPEC_LENGTH`; or up to the length that takes
/// `SPEC_SECONDS`.
fn short_sequences<S: Specified>(name: &str) {
    let start = Instant::now();
    let (length, count) = if let Some(seconds) = number("SPEC_SECONDS") {
        every_within::<S>(Duration::from_secs(seconds as u64))
    } else {
        let length = number("SPEC_LENGTH").unwrap_or(if cfg!(miri) { 1 } else { S::LENGTH });
        (length, every::<S>(length))
    };
    let took = start.elapsed().as_secs_f64();
    eprintln!("{name}: {count} sequences of {length} calls in {took:.1} s");
}

/// So many as `PROPTEST_CASES` says, of calls in which up to so many others are made.
#[cfg(not(miri))]
fn long_sequences<S: Specified>(others: usize) {
    use proptest::{prelude::*, test_runner::TestRunner};
    use tests::spec::{
        ENDS, Step,
        feed::{table, table_between},
        quietly, run,
    };

    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if number("PROPTEST_CASES").is_none() {
        config.cases = 500;
    }
    let between = (1..=6_usize, prop::sample::select(table_between::<S>()));
    let between = prop::collection::vec(between, 0..=others);
    let step = (prop::sample::select(table::<S>()), between).prop_map(|(op, between)| Step { op, between });
    let steps = prop::collection::vec(step, 0..60);
    // Quietly: shrinking makes it panic many times, and the last message is in the failure.
    let outcome = quietly(|| {
        TestRunner::new(config).run(&(steps, 0..ENDS), |(steps, end)| {
            run::<S>(steps, end);
            Ok(())
        })
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// From every state that the subject's own number of calls leads to; or `SPEC_BETWEEN`.
fn calls_between<S: Specified>(name: &str) {
    let start = Instant::now();
    let length = number("SPEC_BETWEEN").unwrap_or(S::BETWEEN);
    let extent = every_between::<S>(length);
    let took = start.elapsed().as_secs_f64();
    eprintln!(
        "{name}: from {} states by {length} calls, {} pairs in {took:.1} s",
        extent.states, extent.pairs
    );
}

macro_rules! specs {
    ($($family:ident { $($name:ident: $subject:ty;)* })*) => {$($(
        mod $name {
            #[test]
            fn short_sequences() {
                super::short_sequences::<$subject>(stringify!($name));
            }

            // Proptest takes longer to choose a sequence than the short ones take to run, where each step is
            // interpreted.
            #[cfg(not(miri))]
            #[test]
            fn long_sequences() {
                super::long_sequences::<$subject>(0);
            }

            #[test]
            fn calls_between() {
                super::calls_between::<$subject>(stringify!($name));
            }

            #[cfg(not(miri))]
            #[test]
            fn random_calls_between() {
                super::long_sequences::<$subject>(3);
            }
        }
    )*)*};
}

tests::for_each_subject!(specs);
