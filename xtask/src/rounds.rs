//! `cargo xtask rounds`: calls in the middle of calls, with batches of two wakers.
//!
//! A batch of two (`--cfg small_batch`) is what makes a call on four waits one of two rounds, so that all
//! that can be called between the two can be gone through.

use core::time::Duration;

use clap::Args;

use crate::minimums;
use crate::step::{Count, Job, Step};
use crate::workspace::Workspace;

/// For `RUSTFLAGS`, as [`loom::FLAGS`](crate::loom) is.
const FLAGS: &str = "--cfg small_batch -D warnings";

/// What is run: the specification, and what the tests have many waiters for, who are then in more rounds.
/// `quick` is most of it in one program.
const TESTS: &str = "--test spec --test quick --test pitfalls --test foreign";

/// Which tests, and how far.
#[derive(Debug, Default, Args)]
pub(crate) struct Selection {
    /// Run only the tests whose name contains NAME; the minimum count is then not asked for.
    #[arg(long, value_name = "NAME")]
    filter: Option<String>,
    /// How many calls lead to the states from which every call is made with every other one in it: all those
    /// of one subject, instead of its own number. With optimisation, and only this.
    #[arg(long, value_name = "N", conflicts_with_all = ["filter", "cases"])]
    length: Option<usize>,
    /// How many random sequences with calls in the middle of calls each subject is given. With optimisation,
    /// and only this.
    #[arg(long, value_name = "N", conflicts_with = "filter")]
    cases: Option<u64>,
}

/// The step for `selection`.
pub(crate) fn steps(workspace: &Workspace, selection: &Selection) -> Vec<Step> {
    let Selection { filter, length, cases } = selection;
    let line = |line: &str| {
        Job::cargo(line)
            .args(["--target-dir".into(), workspace.target.join("rounds").into_os_string()])
            .env("RUSTFLAGS", workspace.rustflags(FLAGS))
    };
    let spec = "test --release --no-fail-fast -p tests --features watched --test spec";
    let only = |test| ["--", "--nocapture", "--test-threads=2", test];
    let (job, long) = if let Some(length) = length {
        (line(spec).args(only("::calls_between")).env("SPEC_BETWEEN", length.to_string()), true)
    } else if let Some(cases) = cases {
        let job = line(spec).args(only("random_calls_between"));
        (job.env("PROPTEST_CASES", cases.to_string()), true)
    } else {
        let job = line(&format!("test --no-fail-fast -p tests --features watched {TESTS}"));
        // Sequences without calls in the middle are one round, whatever its size.
        let harness = ["--", "--skip", "short_sequences", "--skip", "long_sequences"];
        (job.args(harness).args(filter.as_deref()), false)
    };
    let minimum = (filter.is_none() && !long).then_some(minimums::ROUNDS);
    let mut step =
        Step::new("rounds", vec![job]).packages(&["tests"]).counts(Count::Libtest("tests"), minimum);
    step.limit = if long { None } else { Some(Duration::from_mins(15)) };
    step.show_output = long;
    vec![step]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(selection: &Selection) -> String {
        let steps = steps(&Workspace { target: "/t".into(), ..Workspace::default() }, selection);
        assert_eq!(steps.len(), 1);
        let whole = selection.filter.is_none() && selection.length.is_none() && selection.cases.is_none();
        assert_eq!(steps[0].minimum.is_some(), whole);
        steps[0].jobs[0].to_string()
    }

    #[test]
    fn batches_of_two_have_a_world_of_their_own() {
        let line = line(&Selection::default());
        assert!(line.starts_with("RUSTFLAGS='--cfg small_batch -D warnings' "), "{line}");
        assert!(line.contains("--target-dir /t/rounds"), "{line}");
        assert!(line.contains("--features watched"), "{line}");
    }

    #[test]
    fn a_filter_a_length_and_a_number_are_passed_on() {
        let filter = Some("semaphore".to_owned());
        assert!(line(&Selection { filter, ..Selection::default() }).ends_with(" semaphore"));
        let length = line(&Selection { length: Some(4), ..Selection::default() });
        assert!(length.contains("SPEC_BETWEEN=4 ") && length.ends_with(" ::calls_between"), "{length}");
        let cases = line(&Selection { cases: Some(70), ..Selection::default() });
        assert!(cases.contains("PROPTEST_CASES=70 ") && cases.contains(" --release "), "{cases}");
    }
}
