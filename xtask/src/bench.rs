//! `cargo xtask bench`: measurements, which pass or fail nothing.

use anyhow::{Result, bail};
use clap::Args;

use crate::needs::VALGRIND;
use crate::step::{Job, Step};
use crate::workspace::Workspace;

const PACKAGE: &str = "benches";

/// Bench targets whose name starts like this count instructions under valgrind; the others measure time.
const INSTRUCTIONS: &str = "callgrind";

/// Which benchmarks.
#[derive(Debug, Args)]
pub(crate) struct Selection {
    /// A bench target of the `benches` package, or a part of the name of benchmarks in its time-measuring targets.
    name: Option<String>,
}

/// The steps for `selection`.
///
/// # Errors
///
/// When there is no `benches` package, or no benchmark in it.
pub(crate) fn steps(workspace: &Workspace, selection: &Selection) -> Result<Vec<Step>> {
    let Some(targets) = workspace.members.get(PACKAGE) else {
        bail!("package `{PACKAGE}` is not a member of this workspace");
    };
    if targets.is_empty() {
        bail!("package `{PACKAGE}` has no bench target");
    }
    let target = selection.name.as_ref().filter(|name| targets.contains(name));
    let filter = if target.is_some() { None } else { selection.name.as_ref() };
    let (instructions, time): (Vec<&String>, Vec<_>) = targets
        .iter()
        .filter(|name| target.is_none_or(|target| target == *name))
        .partition(|name| name.starts_with(INSTRUCTIONS));

    let mut steps = Vec::new();
    if !time.is_empty() {
        let job = job(&time);
        steps.push(step(
            "bench (time)",
            if let Some(filter) = filter { job.args(["--", filter]) } else { job },
        ));
    }
    if !instructions.is_empty() && filter.is_none() {
        steps.push(step("bench (instructions)", job(&instructions)).needs(VALGRIND));
    }
    Ok(steps)
}

fn job(targets: &[&String]) -> Job {
    Job::cargo("bench -p").args([PACKAGE]).args(targets.iter().flat_map(|target| ["--bench", target]))
}

fn step(name: &'static str, job: Job) -> Step {
    let mut step = Step::new(name, vec![job]).packages(&[PACKAGE]);
    step.limit = None;
    step.show_output = true;
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(name: Option<&str>) -> Vec<String> {
        let targets = ["callgrind", "queue", "cell"].map(str::to_owned);
        let workspace =
            Workspace { members: [(PACKAGE.to_owned(), targets.to_vec())].into(), ..Workspace::default() };
        let steps =
            steps(&workspace, &Selection { name: name.map(str::to_owned) }).expect("there are benchmarks");
        let line = |step: &Step| {
            let line = step.jobs[0].to_string();
            line[line.find("bench").expect("a bench command")..].to_owned()
        };
        steps.iter().map(line).collect()
    }

    #[test]
    fn everything_without_a_name() {
        assert_eq!(
            lines(None),
            ["bench -p benches --bench queue --bench cell", "bench -p benches --bench callgrind"]
        );
    }

    #[test]
    fn a_target_by_its_name() {
        assert_eq!(lines(Some("queue")), ["bench -p benches --bench queue"]);
        assert_eq!(lines(Some("callgrind")), ["bench -p benches --bench callgrind"]);
    }

    #[test]
    fn anything_else_is_a_filter_for_the_targets_that_measure_time() {
        assert_eq!(lines(Some("wake_all")), ["bench -p benches --bench queue --bench cell -- wake_all"]);
    }

    #[test]
    fn a_missing_package_is_named() {
        let error = steps(&Workspace::default(), &Selection { name: None }).expect_err("no members at all");
        assert!(error.to_string().contains("`benches`"), "{error}");
    }
}
