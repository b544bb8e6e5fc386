//! The table of steps.

use core::time::Duration;
use std::path::Path;

use crate::features::{self, ADAPTERS};
use crate::needs::{CLIPPY, RUSTFMT};
use crate::step::{Count, Expect, Job, Step, filtered, unfiltered};
use crate::tables::Update;
use crate::workspace::Workspace;
use crate::{
    bench, cross, firmware, kernel, links, loom, minimums, miri, msrv, rounds, shuttle, sizes, targets,
};

/// Lines that `request_reply` is given: not a round number, so that it is found in the output for one reason
/// only.
const REQUESTS: usize = 211;

/// Jobs that `worker_pool` is given; as odd as the number of requests.
const JOBS: usize = 137;

/// Everything that must pass, quick answers first.
pub(crate) fn all(workspace: &Workspace) -> Vec<Step> {
    [
        fmt(),
        clippy(workspace),
        unit(None),
        doc_tests(None),
        ui(None),
        features::steps(workspace),
        msrv::steps(workspace),
        cross::native(workspace),
        docs(),
        links::steps(),
        examples(workspace),
        surroundings(),
        bench::check(),
        targets::steps(workspace, &targets::Selection::default()),
        sizes::steps(workspace, Update::default()),
        firmware::steps(workspace, Update::default()),
        kernel::steps(workspace, Update::default()),
        rounds::steps(workspace, &rounds::Selection::default()),
        shuttle::steps(workspace, &shuttle::Selection::default()),
        miri::steps(workspace, &miri::Selection::default()),
        loom::steps(workspace, &loom::Selection::default()),
    ]
    .concat()
}

pub(crate) fn fmt() -> Vec<Step> {
    // Workspaces of their own; the firmware and the kernel have steps for themselves.
    let apart = ["fuzz", "tests/downstream"]
        .map(|folder| Job::cargo("fmt --all --check --manifest-path").args([format!("{folder}/Cargo.toml")]));
    vec![Step::new("fmt", [vec![Job::cargo("fmt --all --check")], apart.into()].concat()).needs(RUSTFMT)]
}

pub(crate) fn clippy(workspace: &Workspace) -> Vec<Step> {
    let deny = ["--", "-D", "warnings"];
    let loom = |line| loom::in_loom_world(workspace, Job::cargo(line)).args(deny);
    vec![
        Step::new("clippy", vec![Job::cargo("clippy --workspace --all-targets").args(deny)]).needs(CLIPPY),
        Step::new(
            "clippy (all features)",
            vec![Job::cargo("clippy --workspace --all-targets --all-features").args(deny)],
        )
        .needs(CLIPPY),
        Step::new(
            "clippy (loom)",
            vec![loom("clippy -p sync-core --all-targets"), loom("clippy -p tests --test loom_*")],
        )
        .packages(&["sync-core", "tests"])
        .needs(CLIPPY),
        Step::new(
            "clippy (shuttle)",
            ["clippy -p sync-core --all-targets", "clippy -p tests --test shuttle_*"]
                .map(|line| shuttle::in_shuttle_world(workspace, Job::cargo(line)).args(deny))
                .into(),
        )
        .packages(&["sync-core", "tests"])
        .needs(CLIPPY),
    ]
}

pub(crate) fn unit(filter: Option<&str>) -> Vec<Step> {
    let all = ["sync-core", "sync-macros", "hygiene", "xtask", "orderings"];
    let with_std = ["sync-core", "tests", "hygiene"];
    let step = |name, packages: &[&'static str], job: Job, minimum| {
        let job = job.args(packages.iter().flat_map(|package| ["-p", package]));
        Step::new(name, vec![filtered(job, filter, &[])])
            .packages(packages)
            .counts(Count::Libtest("tests"), unfiltered(filter, minimum))
            .within(Duration::from_mins(15))
    };
    let mut unit = step("unit", &all, Job::cargo("test --tests --no-fail-fast"), minimums::UNIT);
    // By themselves: the default lock of their sync-core is one that knows whether it is held.
    let tests = Job::cargo("test --tests --no-fail-fast -p tests --features watched");
    unit.jobs.push(filtered(tests, filter, &[]));
    unit.packages.push("tests");
    vec![
        unit,
        step(
            "unit (std)",
            &with_std,
            Job::cargo("test --tests --no-fail-fast --features sync-core/std"),
            minimums::UNIT_STD,
        ),
        // The one raw lock that the others do not build.
        step(
            "unit (critical-section)",
            &["sync-core"],
            Job::cargo("test --lib --no-default-features --features critical-section"),
            minimums::UNIT_CRITICAL_SECTION,
        ),
        step(
            "unit (adapters)",
            &["sync-core"],
            Job::cargo("test --lib --features").args([ADAPTERS.join(",")]),
            minimums::UNIT_ADAPTERS,
        ),
    ]
}

/// The counters' edges that take too many calls for a build without optimisation.
pub(crate) fn limits(filter: Option<&str>) -> Vec<Step> {
    let job = Job::cargo("test --release --no-fail-fast -p tests --test limits");
    vec![
        Step::new("limits", vec![filtered(job, filter, &[])])
            .packages(&["tests"])
            .counts(Count::Libtest("tests"), unfiltered(filter, minimums::LIMITS))
            .within(Duration::from_mins(15)),
    ]
}

/// The tests of the examples and the benchmarks: by themselves, because they turn on features of sync-core
/// that the unit tests are to run without.
fn surroundings() -> Vec<Step> {
    vec![
        Step::new("surroundings", vec![Job::cargo("test --tests --no-fail-fast -p examples -p benches")])
            .packages(&["examples", "benches"])
            .counts(Count::Libtest("tests"), Some(minimums::SURROUNDINGS))
            .within(Duration::from_mins(10)),
    ]
}

pub(crate) fn doc_tests(filter: Option<&str>) -> Vec<Step> {
    let job = Job::cargo(
        "test --doc --no-fail-fast -p sync-core -p sync-macros --features sync-core/std,sync-core/embassy-sync",
    );
    vec![
        Step::new("doc-tests", vec![filtered(job, filter, &[])])
            .packages(&["sync-core", "sync-macros"])
            .counts(Count::Libtest("doc tests"), unfiltered(filter, minimums::DOC_TESTS))
            .within(Duration::from_mins(15)),
    ]
}

pub(crate) fn ui(filter: Option<&str>) -> Vec<Step> {
    // One at a time: trybuild writes past libtest's capture, and two tests' lines would run into each other.
    let mut job = Job::cargo("test --tests --no-fail-fast -p ui-tests -- --test-threads=1");
    if let Some(name) = filter {
        job = job.args([format!("trybuild={name}")]);
    }
    vec![
        Step::new("ui", vec![job])
            .packages(&["ui-tests"])
            .counts(Count::Trybuild, unfiltered(filter, minimums::UI))
            .within(Duration::from_mins(15)),
    ]
}

pub(crate) fn docs() -> Vec<Step> {
    // Public docs alone first: only then does rustdoc complain of links into what is private.
    let lines = [
        "doc --no-deps -p sync-core -p sync-macros",
        "doc --no-deps -p sync-core -p sync-macros --document-private-items --all-features",
        "doc --no-deps --workspace --document-private-items",
    ];
    let jobs = lines.map(|line| Job::cargo(line).env("RUSTDOCFLAGS", "-D warnings"));
    vec![Step::new("docs", jobs.into()).packages(&["sync-core", "sync-macros"])]
}

pub(crate) fn examples(workspace: &Workspace) -> Vec<Step> {
    let input = |name, contents| (workspace.target.join("xtask").join(name), contents);
    let requests =
        (0..REQUESTS).fold(String::new(), |lines, line| lines + &format!("request {line}: a brown fox\n"));
    let requests = input("requests.txt", requests);
    let jobs = input("jobs.txt", "light 1 1\nheavy 3 2\n".repeat(JOBS / 2) + "last 2 0\n");
    let too_heavy = input("too-heavy.txt", "heavy 4 1\n".to_owned());
    let bad_config = input("bad-config.txt", "version = 1\nbackend = tom 99\n".to_owned());
    let missing = workspace.target.join("xtask").join("no-such-file.txt");

    // As the README has it: from the root, without naming a package.
    let run = |example, args: &str| {
        Job::cargo("run --release --example").args([example, "--"]).args(args.split_whitespace())
    };
    let on = |example, file: &Path, args| run(example, args).args(["--file".as_ref(), file.as_os_str()]);
    let prints = |text: &str| Expect::Prints(text.to_owned());
    let fails = |text: &str| Expect::FailsWith(text.to_owned());
    let all_answered = prints(&REQUESTS.to_string());
    let unanswered = format!("ended without a reply:  {}", REQUESTS - 100);

    let mut step = Step::new(
        "examples",
        vec![
            Job::cargo("build --release -p examples --examples"),
            on("request_reply", &requests.0, "").expect(all_answered.clone()),
            on("request_reply", &requests.0, "--executor smol --in-flight 7").expect(all_answered),
            on("request_reply", &requests.0, "--hang-up-after 100").expect(prints(&unanswered)),
            on("request_reply", &missing, "").expect(fails("no-such-file.txt")),
            run("worker_pool", "").expect(prints("turned away:     0")),
            on("worker_pool", &jobs.0, "--permits 3").expect(prints(&JOBS.to_string())),
            run("worker_pool", "--close-after 0 --jobs 17").expect(prints("17 jobs")),
            on("worker_pool", &too_heavy.0, "--permits 3").expect(fails("heavy weighs 4")),
            run("config_store", "").expect(prints("accepted:               7 versions")),
            on("config_store", &bad_config.0, "").expect(fails("add up to 99")),
            run("fair_resource", "").expect(prints("bound:         7 turns")),
            run("fair_resource", "--tasks 16 --patience 0").expect(prints("bound:         31 turns")),
            run("fair_resource", "--tasks 0").expect(fails("--tasks is 0")),
            run("interrupt", "").expect(prints("bytes received:        100000")),
            run("interrupt", "--burst 500 --pause 0 --bytes 70001")
                .expect(prints("bytes received:        70001")),
            run("interrupt", "--burst 0").expect(fails("--burst is 0")),
            run("primitives", "").expect(prints("another one receives item 1")),
            run("layouts", "").expect(prints("3..64   0x0  readers = 0")),
        ],
    )
    .packages(&["examples"])
    .counts(Count::Jobs("runs"), None);
    step.files = vec![requests, jobs, too_heavy, bad_config];
    vec![step]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn step_names_are_unique() {
        let steps = all(&Workspace::default());
        let names: BTreeSet<_> = steps.iter().map(|step| step.name).collect();
        assert_eq!(names.len(), steps.len());
    }

    #[test]
    fn steps_that_run_tests_ask_for_a_minimum_and_only_a_filter_lifts_it() {
        for step in all(&Workspace::default()).iter().filter(|step| step.count.is_tests()) {
            assert!(step.minimum.is_some_and(|minimum| minimum > 0), "{} asks for nothing", step.name);
        }
        for step in [unit(Some("x")), doc_tests(Some("x")), ui(Some("x"))].concat() {
            assert_eq!(step.minimum, None, "{}", step.name);
            assert!(
                step.jobs.iter().all(|job| job.to_string().ends_with('x')),
                "{} drops the filter",
                step.name
            );
        }
    }
}
