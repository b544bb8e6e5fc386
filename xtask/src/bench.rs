//! `cargo xtask bench`: measurements, which pass or fail nothing; but for `instructions --check`, which has
//! limits.

use anyhow::{Result, bail, ensure};
use clap::Args;

use crate::needs::VALGRIND;
use crate::step::{Job, Step};
use crate::workspace::Workspace;

const PACKAGE: &str = "benches";

/// The programs of the package that measure and write `RESULTS.md`.
const TIMES: &str = "times";
const INSTRUCTIONS: &str = "instructions";

/// Which benchmarks.
#[derive(Debug, Args)]
pub(crate) struct Selection {
    /// `times` or `instructions`, or a part of the name of what they measure: then nothing is written.
    name: Option<String>,
    /// With `instructions`: fail when an operation of sync-core is above its limit in `benches/LIMITS.md`, or
    /// has none.
    #[arg(long)]
    check: bool,
    /// With `instructions`: write `benches/LIMITS.md`.
    #[arg(long, conflicts_with = "check")]
    update: bool,
}

/// The steps for `selection`.
///
/// # Errors
///
/// When there is no `benches` package, or an option that only `instructions` has is given without that name.
pub(crate) fn steps(workspace: &Workspace, selection: &Selection) -> Result<Vec<Step>> {
    if !workspace.members.contains_key(PACKAGE) {
        bail!("package `{PACKAGE}` is not a member of this workspace");
    }
    let name = selection.name.as_deref();
    if selection.check || selection.update {
        ensure!(name == Some(INSTRUCTIONS), "`--check` and `--update` belong to `instructions`");
        return Ok(limits(if selection.check { "--check" } else { "--update" }));
    }
    let program = name.filter(|name| [TIMES, INSTRUCTIONS].contains(name));
    let filter = if program.is_some() { None } else { name };
    let wanted = |name| program.is_none_or(|program| program == name);

    let mut steps = Vec::new();
    if wanted(TIMES) {
        steps.push(step("bench (time)", TIMES, filter));
    }
    if wanted(INSTRUCTIONS) {
        steps.push(step("bench (instructions)", INSTRUCTIONS, filter).needs(VALGRIND));
    }
    Ok(steps)
}

/// What is part of `cargo xtask test`: the instructions of sync-core, compared with their limits.
pub(crate) fn check() -> Vec<Step> {
    limits("--check")
}

fn limits(option: &str) -> Vec<Step> {
    // Not `--release`: it only starts other programs, and builds those that it counts itself.
    let job = Job::cargo("run -p").args([PACKAGE, "--bin", INSTRUCTIONS, "--", option]);
    vec![Step::new("instructions", vec![job]).packages(&[PACKAGE]).needs(VALGRIND)]
}

fn step(name: &'static str, program: &str, filter: Option<&str>) -> Step {
    let mut job = Job::cargo("run --release -p").args([PACKAGE, "--bin", program]);
    if let Some(filter) = filter {
        job = job.args(["--", filter]);
    }
    let mut step = Step::new(name, vec![job]).packages(&[PACKAGE]);
    step.limit = None;
    step.show_output = true;
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(name: Option<&str>, check: bool) -> Selection {
        Selection { name: name.map(str::to_owned), check, update: false }
    }

    fn lines(name: Option<&str>) -> Vec<String> {
        let workspace =
            Workspace { members: [(PACKAGE.to_owned(), Vec::new())].into(), ..Workspace::default() };
        let steps = steps(&workspace, &selection(name, false)).expect("there are benchmarks");
        let line = |step: &Step| {
            let line = step.jobs[0].to_string();
            line[line.find("run").expect("a program")..].to_owned()
        };
        steps.iter().map(line).collect()
    }

    #[test]
    fn everything_without_a_name() {
        assert_eq!(
            lines(None),
            ["run --release -p benches --bin times", "run --release -p benches --bin instructions"]
        );
    }

    #[test]
    fn a_program_by_its_name() {
        assert_eq!(lines(Some("times")), ["run --release -p benches --bin times"]);
        assert_eq!(lines(Some("instructions")), ["run --release -p benches --bin instructions"]);
    }

    #[test]
    fn anything_else_is_a_filter_for_both() {
        assert_eq!(
            lines(Some("wake_all")),
            [
                "run --release -p benches --bin times -- wake_all",
                "run --release -p benches --bin instructions -- wake_all"
            ]
        );
    }

    #[test]
    fn check_compares_instructions_and_nothing_else() {
        let workspace =
            Workspace { members: [(PACKAGE.to_owned(), Vec::new())].into(), ..Workspace::default() };
        let checked = steps(&workspace, &selection(Some("instructions"), true)).expect("it has limits");
        let line = checked[0].jobs[0].to_string();
        assert!(line.ends_with("run -p benches --bin instructions -- --check"), "{line}");
        assert_eq!(checked[0].needs, [VALGRIND]);
        steps(&workspace, &selection(Some("times"), true)).expect_err("times have no limits");
        steps(&workspace, &selection(None, true)).expect_err("times have no limits");
    }

    #[test]
    fn a_missing_package_is_named() {
        let error = steps(&Workspace::default(), &selection(None, false)).expect_err("no members at all");
        assert!(error.to_string().contains("`benches`"), "{error}");
    }
}
