//! Reads sequences of calls from the bytes of a fuzzer: the first byte chooses the subject, the second one how it ends,
//! and each of the others is a call, or says what is called in the middle of one.
//!
//! There is one target per family of subjects; see `tests::spec`, where the subjects, their references and the driver
//! are. With `FUZZ_SHOW=1` a target writes which calls it makes before it makes them: for an input that crashes.

use std::fmt::Debug;

use tests::spec::{Subject, feed::decode, run};

/// Runs the sequence in `bytes` of one subject.
fn one<S: Subject>(name: &str, bytes: &[u8]) {
    let (steps, end) = decode::<S>(bytes);
    if std::env::var_os("FUZZ_SHOW").is_some() {
        show(name, &steps);
    }
    run::<S>(steps, end);
}

fn show(name: &str, calls: &[impl Debug]) {
    eprintln!("{name}:");
    for call in calls {
        eprintln!("    {call:?}");
    }
}

macro_rules! families {
    ($($family:ident { $($name:ident: $subject:ty;)* })*) => {$(
        /// Runs the sequence in `bytes`, whose first byte chooses the subject.
        pub fn $family(bytes: &[u8]) {
            let subjects: &[fn(&[u8])] = &[$(|bytes| one::<$subject>(stringify!($name), bytes)),*];
            if let Some((first, rest)) = bytes.split_first() {
                subjects[usize::from(*first) % subjects.len()](rest);
            }
        }
    )*};
}

tests::for_each_subject!(families);
