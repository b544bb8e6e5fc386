//! `cargo xtask miri`: the tests interpreted, so that undefined behaviour shows that happens to do no harm
//! here.
//!
//! Interpreted, a test takes a thousand times as long: counts shrink by `tests::scaled`, a batch is of two
//! wakers, and what `cargo xtask test` has time for is chosen here. `cargo xtask miri --all --seeds N` is for
//! an idle machine.
//!
//! Under both models of aliasing, Stacked Borrows and Tree Borrows: neither one's rules are all of the
//! other's, and which of them Rust will have is open.

use core::time::Duration;

use clap::Args;

use crate::minimums;
use crate::needs::{MIRI, NIGHTLY, Need};
use crate::step::{Count, Expect, Job, Step, unfiltered};
use crate::workspace::Workspace;

/// No integer becomes a pointer, and an address is aligned because of what it points into, not by chance.
/// Leaks are reported, too: what a test keeps as long as the program can be reached from a static
/// (`tests::leak`).
const FLAGS: &str = "-Zmiri-strict-provenance -Zmiri-symbolic-alignment-check";

/// Forty waiters for more than one round of wakers become three.
const WORLD: &str = "--cfg small_batch";

/// What is interpreted of sync-core beside its examples, and of the tests: `quick` is most of the files, in one program, of
/// which those in [`SHORT`] are over in a minute. Not the tests of `#[bitfield]`, which is arithmetic without a pointer in it.
const UNITS: &str = "-p sync-core --lib";
const PROGRAMS: &str = "-p tests --test over_aligned";
const QUICK: &str = "-p tests --test quick";
const SHORT: [&str; 10] = [
    "guards::",
    "semaphore::",
    "rwlock::",
    "primitives::",
    "blocking::",
    "between_batches::",
    "fairness::",
    "lock_rounds::",
    "pitfalls_locks::",
    "liars::",
];
/// Not short, though its name has one of them in it.
const LONG: [&str; 1] = ["batches::semaphore::"];
const GUARDS: [&str; 1] = ["guards::"];
const SPEC: &str = "-p tests --test spec";
const EXAMPLES: &str = "-p sync-core --doc --features std";

/// Hashes of thousands of keys: minutes of nothing to see.
const ARITHMETIC: [&str; 3] = ["every_part_of_a_key_counts", "keys_are_spread", "keys_in_a_row"];

/// The tests in which threads meet, which differ from seed to seed; and one of them, which has to be in the
/// output.
const THREADED: [(&str, &[&str], &str); 3] = [
    ("-p sync-core --lib", &["engine::tests", "lock::spin::"], "a_node_is_let_go_of_by_close"),
    (QUICK, &["blocking::", "threads_meet", "from_thread_to_thread"], "a_mutex_lets_one_in"),
    ("-p tests --test over_aligned", &[], "a_wide_key_is_woken"),
];

/// What could go wrong with other sizes and another order of bytes: words, layouts, padding; and a lock of
/// each kind.
const ELSEWHERE: [(&str, &[&str]); 3] =
    [(UNITS, &["engine::", "waker_slot::", "wait_map::", "wait_queue::"]), (PROGRAMS, &[]), (QUICK, &GUARDS)];

/// Other machines: 32 bits, big-endian, another architecture. Nothing of them has to be installed.
const MACHINES: [(&str, &str); 3] = [
    ("miri (i686)", "i686-unknown-linux-gnu"),
    ("miri (s390x)", "s390x-unknown-linux-gnu"),
    ("miri (aarch64)", "aarch64-unknown-linux-gnu"),
];

/// Which tests, and how often.
#[derive(Debug, Args)]
pub(crate) struct Selection {
    /// Run only the tests whose name contains NAME; the minimum count is then not asked for.
    #[arg(long, value_name = "NAME")]
    filter: Option<String>,
    /// Under how many schedules the tests of several threads run.
    #[arg(long, value_name = "N", default_value_t = 3)]
    seeds: u32,
    /// Also the tests that take longer than `cargo xtask test` may: half an hour.
    #[arg(long)]
    all: bool,
}

impl Default for Selection {
    fn default() -> Self {
        Self { filter: None, seeds: 3, all: false }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Model {
    Stacked,
    Tree,
}

impl Model {
    fn flags(self) -> String {
        match self {
            Self::Stacked => FLAGS.to_owned(),
            Self::Tree => format!("{FLAGS} -Zmiri-tree-borrows"),
        }
    }
}

/// The steps for `selection`.
pub(crate) fn steps(workspace: &Workspace, selection: &Selection) -> Vec<Step> {
    let filter = selection.filter.as_deref();
    let machines = MACHINES.into_iter().map(|(name, target)| {
        let jobs = ELSEWHERE.map(|(what, tests)| {
            let job = test(workspace, &Model::Stacked.flags(), &format!("{what} --target {target}"));
            if selection.all { skipping(job, &ARITHMETIC) } else { named(job, tests) }
        });
        step(name, jobs.into(), Some(minimums::MIRI_ELSEWHERE))
    });
    let mut steps = vec![
        step(
            "miri (stacked borrows)",
            model(workspace, selection, Model::Stacked),
            unfiltered(filter, minimums::MIRI_STACKED),
        ),
        step(
            "miri (tree borrows)",
            model(workspace, selection, Model::Tree),
            unfiltered(filter, minimums::MIRI_TREE),
        ),
    ];
    if filter.is_none() {
        steps.push(planted(workspace));
        steps.extend(seeds(workspace, selection));
        steps.extend(machines);
    }
    if selection.all {
        for step in &mut steps {
            step.limit = None;
        }
    }
    steps
}

fn step(name: &'static str, jobs: Vec<Job>, minimum: Option<usize>) -> Step {
    let mut step = Step::new(name, jobs)
        .packages(&["sync-core", "tests"])
        .counts(Count::Libtest("tests"), minimum)
        .within(Duration::from_mins(45));
    step.needs = NEEDS.into();
    step
}

const NEEDS: [Need; 2] = [NIGHTLY, MIRI];

/// Everything under one of the two models.
fn model(workspace: &Workspace, selection: &Selection, model: Model) -> Vec<Job> {
    let Selection { filter, all, .. } = selection;
    let flags = model.flags();
    let with = |what: &str| test(workspace, &flags, what);
    let (units, programs, quick, spec) = (with(UNITS), with(PROGRAMS), with(QUICK), with(SPEC));
    // One call or two, and what the end of a sequence has.
    let spec = spec_of(if *all { 2 } else { 1 }, spec, &flags);
    let docs = with(EXAMPLES);
    if let Some(name) = filter {
        return [units, programs, quick, spec, docs].map(|job| named(job, &[name])).into();
    }
    let spec = named(spec, &["short_sequences"]);
    let mut jobs = vec![skipping(units, &ARITHMETIC), programs];
    if *all {
        jobs.extend([quick, docs, spec, with("-p tests --test storm")]);
    } else {
        jobs.push(skipping(quick, &LONG).args(SHORT));
        // Two minutes and one: ten are for all steps together, so each of the two models has one of them.
        jobs.push(if model == Model::Stacked { spec } else { docs });
    }
    jobs
}

/// The tests of several threads under more schedules, on as many processors as there are. The other steps
/// have seed 0.
///
/// Programs are counted, not tests: what two of them print at the same time is not told apart.
fn seeds(workspace: &Workspace, selection: &Selection) -> Option<Step> {
    let seeds = selection.seeds;
    let threaded = || THREADED.into_iter().filter(|(what, ..)| selection.all || *what != QUICK);
    let jobs = [Model::Stacked, Model::Tree].into_iter().flat_map(|model| {
        let flags = format!("{} -Zmiri-many-seeds=1..{seeds}", model.flags());
        threaded().map(move |(what, tests, one)| {
            named(test(workspace, &flags, what), tests).expect(Expect::Prints(one.to_owned()))
        })
    });
    let mut step = step("miri (seeds)", jobs.collect(), Some(2 * threaded().count()));
    step.count = Count::Jobs("programs");
    (seeds > 1).then_some(step)
}

/// A mistake of each kind, which has to be reported before the tests' silence means anything.
fn planted(workspace: &Workspace) -> Step {
    let run = |flags: &str, fault: &str, says: &str| {
        let job = cargo(workspace, flags, "run", "-p tests --example planted --");
        job.args([fault]).expect(Expect::DiesWith(says.to_owned()))
    };
    let undefined = "error: Undefined Behavior";
    let jobs = vec![
        run(&Model::Stacked.flags(), "aliasing", undefined),
        run(&Model::Tree.flags(), "aliasing", undefined),
        run(FLAGS, "address", undefined),
        run(FLAGS, "leak", "error: memory leaked"),
    ];
    let faults = jobs.len();
    let mut step = Step::new("miri (planted mistakes)", jobs)
        .packages(&["tests"])
        .counts(Count::Jobs("mistakes"), Some(faults));
    step.needs = NEEDS.into();
    step
}

fn spec_of(length: usize, job: Job, flags: &str) -> Job {
    job.env("MIRIFLAGS", format!("{flags} -Zmiri-env-forward=SPEC_LENGTH"))
        .env("SPEC_LENGTH", length.to_string())
}

fn named(job: Job, tests: &[&str]) -> Job {
    if tests.is_empty() { job } else { job.args(["--"]).args(tests) }
}

fn skipping(job: Job, tests: &[&str]) -> Job {
    if tests.is_empty() { job } else { job.args(["--"]).args(tests.iter().flat_map(|test| ["--skip", test])) }
}

fn test(workspace: &Workspace, flags: &str, what: &str) -> Job {
    cargo(workspace, flags, "test --no-fail-fast", what)
}

/// `cargo +nightly miri`, in a directory of its own. Warnings are not denied: they are those of another
/// compiler than the one that the sources are kept clean with.
fn cargo(workspace: &Workspace, flags: &str, command: &str, rest: &str) -> Job {
    Job::new("rustup")
        .args(["run", "nightly", "cargo", "miri"])
        .args(command.split_whitespace())
        .args(["--target-dir".into(), workspace.target.join("miri").into_os_string()])
        .args(rest.split_whitespace())
        .env("RUSTFLAGS", workspace.rustflags(WORLD))
        .env("MIRIFLAGS", flags)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(step: &Step) -> Vec<String> {
        step.jobs.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn both_models_interpret_the_units_and_the_programs_with_every_check() {
        let steps = steps(&Workspace { target: "/t".into(), ..Workspace::default() }, &Selection::default());
        for (step, tree) in [(&steps[0], false), (&steps[1], true)] {
            for line in lines(step) {
                assert!(line.contains("--target-dir /t/miri "), "{line}");
                assert!(line.contains(FLAGS) && !line.contains("ignore-leaks"), "{line}");
                assert_eq!(line.contains("-Zmiri-tree-borrows"), tree, "{line}");
            }
            for what in [UNITS, PROGRAMS] {
                assert!(lines(step).iter().any(|line| line.contains(what)), "{}: {what}", step.name);
            }
        }
    }

    #[test]
    fn each_step_asks_for_tests_unless_they_are_filtered_and_needs_miri() {
        for filter in [None, Some("close".to_owned())] {
            let selection = Selection { filter: filter.clone(), ..Selection::default() };
            for step in steps(&Workspace::default(), &selection) {
                assert_eq!(step.minimum.is_some(), filter.is_none(), "{}", step.name);
                assert!(step.needs.contains(&MIRI), "{}", step.name);
                for line in lines(&step) {
                    assert_eq!(line.ends_with(" -- close"), filter.is_some(), "{line}");
                }
            }
        }
    }

    #[test]
    fn one_seed_is_that_of_every_test_and_more_are_for_threads() {
        let many = |seeds| {
            let steps = steps(&Workspace::default(), &Selection { seeds, all: true, ..Selection::default() });
            steps.iter().flat_map(lines).filter(|line| line.contains("many-seeds")).collect::<Vec<_>>()
        };
        assert_eq!(many(1), Vec::<String>::new());
        let several = many(64);
        assert_eq!(several.len(), 2 * THREADED.len());
        assert!(several.iter().all(|line| line.contains("-Zmiri-many-seeds=1..64'")), "{several:?}");
    }

    #[test]
    fn all_skips_nothing_but_arithmetic_and_takes_as_long_as_it_takes() {
        for step in steps(&Workspace::default(), &Selection { all: true, ..Selection::default() }) {
            assert!(step.limit.is_none() || step.name.contains("planted"), "{}", step.name);
            for line in lines(&step) {
                assert!(!line.contains("--skip batches"), "{line}");
            }
        }
    }

    #[test]
    fn ci_installs_miri() {
        let script = include_str!("../../.ci/run");
        assert!(script.contains(
            "rustup toolchain install nightly --profile minimal --component miri --component rust-src"
        ));
    }
}
