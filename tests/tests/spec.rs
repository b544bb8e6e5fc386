//! Sequences of calls against a plain sequential reference, for every primitive and every mode: see `tests::spec`.
#![cfg(not(loom))]

use core::time::Duration;
use std::{env, eprintln, time::Instant};

use proptest::{prelude::*, test_runner::TestRunner};
use tests::spec::{
    Subject,
    feed::{every, every_within, table},
    quietly, run,
};

/// A number from the environment.
fn number(name: &str) -> Option<usize> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|error| panic!("{name}={text}: {error}")))
}

/// All sequences of the subject's own length; of `SPEC_LENGTH`; or up to the length that takes `SPEC_SECONDS`.
fn short_sequences<S: Subject>(name: &str) {
    let start = Instant::now();
    let (length, count) = if let Some(seconds) = number("SPEC_SECONDS") {
        every_within::<S>(Duration::from_secs(seconds as u64))
    } else {
        let length = number("SPEC_LENGTH").unwrap_or(S::LENGTH);
        (length, every::<S>(length))
    };
    let took = start.elapsed().as_secs_f64();
    eprintln!("{name}: {count} sequences of {length} calls in {took:.1} s");
}

/// So many as `PROPTEST_CASES` says.
fn long_sequences<S: Subject>() {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if number("PROPTEST_CASES").is_none() {
        config.cases = 500;
    }
    let table = table::<S>();
    let calls = prop::collection::vec(prop::sample::select(table), 0..60);
    // Quietly: shrinking makes it panic many times, and the last message is in the failure.
    let outcome = quietly(|| {
        TestRunner::new(config).run(&(calls, 0..24_usize), |(calls, order)| {
            run::<S>(&calls, order);
            Ok(())
        })
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

macro_rules! specs {
    ($($family:ident { $($name:ident: $subject:ty;)* })*) => {$($(
        mod $name {
            #[test]
            fn short_sequences() {
                super::short_sequences::<$subject>(stringify!($name));
            }

            #[test]
            fn long_sequences() {
                super::long_sequences::<$subject>();
            }
        }
    )*)*};
}

tests::for_each_subject!(specs);
