//! `cargo xtask shuttle`: many tasks on a few threads, under schedules that are drawn.

use core::time::Duration;

use clap::Args;

use crate::minimums;
use crate::step::{Count, Job, Step};
use crate::workspace::Workspace;

/// For `RUSTFLAGS`, as [`loom::FLAGS`](crate::loom) is.
const FLAGS: &str = "--cfg shuttle -D warnings";

/// Which tests, and how long.
#[derive(Debug, Default, Args)]
pub(crate) struct Selection {
    /// Run only the tests whose name contains NAME; the minimum count is then not asked for.
    #[arg(long, value_name = "NAME")]
    filter: Option<String>,
    /// How many schedules each test is run under.
    #[arg(long, value_name = "N")]
    iterations: Option<usize>,
}

/// The step for `selection`.
pub(crate) fn steps(workspace: &Workspace, selection: &Selection) -> Vec<Step> {
    let line = "test --profile loom --no-fail-fast -p tests --test shuttle_*";
    let mut job = in_shuttle_world(workspace, Job::cargo(line));
    if let Some(iterations) = selection.iterations {
        job = job.env("SHUTTLE_ITERATIONS", iterations.to_string());
    }
    let minimum = selection.filter.is_none().then_some(minimums::SHUTTLE);
    // As long as a long run takes; a short one is over in a minute.
    let limit = if selection.iterations.is_some() { None } else { Some(Duration::from_mins(15)) };
    let mut step =
        Step::new("shuttle", vec![job.args(["--", "--test-threads=2"]).args(selection.filter.as_deref())])
            .packages(&["tests"])
            .counts(Count::Libtest("tests"), minimum);
    step.limit = limit;
    vec![step]
}

/// The `cfg` reaches every dependency, so nothing compiled with it can be shared with the other steps.
pub(crate) fn in_shuttle_world(workspace: &Workspace, job: Job) -> Job {
    job.args(["--target-dir".into(), workspace.target.join("shuttle").into_os_string()])
        .env("RUSTFLAGS", workspace.rustflags(FLAGS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(filter: Option<&str>, iterations: Option<usize>) -> String {
        let selection = Selection { filter: filter.map(str::to_owned), iterations };
        let steps = steps(&Workspace { target: "/t".into(), ..Workspace::default() }, &selection);
        assert_eq!(steps.len(), 1);
        assert_eq!(steps[0].minimum.is_some(), filter.is_none());
        steps[0].jobs[0].to_string()
    }

    #[test]
    fn all_tests_have_a_world_of_their_own() {
        let line = line(None, None);
        assert!(line.starts_with("RUSTFLAGS='--cfg shuttle -D warnings' "), "{line}");
        assert!(line.contains("--target-dir /t/shuttle"), "{line}");
        assert!(!line.contains("SHUTTLE_ITERATIONS"), "{line}");
    }

    #[test]
    fn a_filter_and_a_number_are_passed_on() {
        let line = line(Some("mutex"), Some(70));
        assert!(line.contains("SHUTTLE_ITERATIONS=70 "), "{line}");
        assert!(line.ends_with(" --test-threads=2 mutex"), "{line}");
    }
}
