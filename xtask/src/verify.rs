//! `cargo xtask verify`: every method of VERIFICATION.md at the length that finds the most, for an idle
//! machine.
//!
//! What `cargo xtask test` bounds so that it ends soon is not bounded here. Hours, with the defaults.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use crate::step::{Job, Step};

/// What `--skip` calls the methods, in their order.
const METHODS: [&str; 13] = [
    "test",
    "exhaustive",
    "random",
    "rounds",
    "miri",
    "fuzz",
    "loom",
    "shuttle",
    "orderings",
    "mutants",
    "limits",
    "sanitize",
    "soak",
];

/// How long what has no end goes on, and what is left out.
#[derive(Debug, Clone, Args)]
pub(crate) struct Extent {
    /// How long the soak runs, and each target of the fuzzer.
    #[arg(long, value_name = "N", default_value_t = 60)]
    minutes: u64,
    /// At how many points of a loom model a thread may be interrupted.
    #[arg(long, value_name = "N", default_value_t = 4)]
    preemptions: u32,
    /// Under how many schedules each test of shuttle runs.
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    schedules: u64,
    /// How many random sequences of calls each primitive is given.
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    cases: u64,
    /// Leave a method out, to run it by itself on another machine or another day; may be repeated.
    #[arg(long, value_name = "METHOD", value_parser = METHODS)]
    skip: Vec<String>,
}

/// A step per method; each is a sub-command of its own, and could be run by itself.
///
/// # Errors
///
/// When this program does not know where it is.
pub(crate) fn steps(extent: &Extent) -> Result<Vec<Step>> {
    let this = env::current_exe().context("cannot find the program that runs this")?;
    Ok(lay_out(&this, extent))
}

fn lay_out(this: &PathBuf, extent: &Extent) -> Vec<Step> {
    let Extent { minutes, preemptions, schedules, cases, skip } = extent;
    let xtask = |line: &str| Job::new(this).args(line.split_whitespace());
    let exhaustive = Job::cargo("test --release -p tests --test spec short -- --nocapture --test-threads=1");
    let random = Job::cargo("test --release -p tests --test spec long -- --nocapture");
    let steps: [_; METHODS.len()] = [
        ("test", vec![xtask("test")]),
        ("specification (exhaustive)", vec![exhaustive.env("SPEC_SECONDS", "60")]),
        ("specification (random)", vec![random.env("PROPTEST_CASES", cases.to_string())]),
        (
            "specification (rounds)",
            vec![xtask("rounds --length 4"), xtask(&format!("rounds --cases {cases}"))],
        ),
        ("miri", vec![xtask("miri --all --seeds 64")]),
        ("specification (fuzz)", vec![xtask(&format!("fuzz --seconds {}", 60 * minutes))]),
        ("interleavings (loom)", vec![xtask(&format!("loom --preemptions {preemptions}"))]),
        ("interleavings (shuttle)", vec![xtask(&format!("shuttle --iterations {schedules}"))]),
        ("orderings", vec![xtask("orderings")]),
        ("mutants", vec![xtask("mutants"), xtask("mutants --package sync-macros")]),
        ("limits", vec![xtask("limits")]),
        ("sanitize", vec![xtask("sanitize")]),
        ("soak", vec![xtask(&format!("soak --minutes {minutes}"))]),
    ];
    let left =
        METHODS.into_iter().zip(steps).filter(|(method, _)| skip.iter().all(|skipped| skipped != method));
    left.map(|(_, (name, jobs))| {
        let mut step = Step::new(name, jobs);
        step.limit = None;
        step.show_output = true;
        step
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn each_line_is_one_that_this_program_understands() {
        let this = PathBuf::from("xtask");
        let extent = Extent { minutes: 7, preemptions: 3, schedules: 11, cases: 13, skip: Vec::new() };
        let mut own = 0;
        for job in lay_out(&this, &extent).iter().flat_map(|step| &step.jobs) {
            assert!(job.feed.is_none());
            if job.program == this.as_os_str() {
                own += 1;
                Cli::try_parse_from([this.clone().into_os_string()].into_iter().chain(job.args.clone()))
                    .unwrap_or_else(|error| panic!("{job}: {error}"));
            }
        }
        assert!(own > 5, "{own}");
    }

    /// The names and the steps are two lists.
    #[test]
    fn a_method_that_is_skipped_is_the_one_that_was_named() {
        let this = PathBuf::from("xtask");
        let whole = Extent { minutes: 1, preemptions: 2, schedules: 1, cases: 1, skip: Vec::new() };
        let names =
            |extent: &Extent| lay_out(&this, extent).into_iter().map(|step| step.name).collect::<Vec<_>>();
        let all = names(&whole);
        for (at, method) in METHODS.into_iter().enumerate() {
            assert!(all[at].contains(method), "{method}: {}", all[at]);
            let mut rest = all.clone();
            rest.remove(at);
            assert_eq!(names(&Extent { skip: vec![method.to_owned()], ..whole.clone() }), rest);
        }
    }
}
