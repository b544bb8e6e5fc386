//! `cargo xtask cross`: the tests on other processors: 32 bits, another architecture, the other order of
//! bytes.
//!
//! An `x86_64` machine runs 32-bit programs by itself; the others run under QEMU's user emulation, which
//! shows what words and layouts do, and nothing of a weaker memory model: it executes one translated
//! instruction after the other.

use core::time::Duration;

use clap::{Args, ValueEnum};

use crate::minimums;
use crate::needs::Need;
use crate::step::{Count, Job, Step, filtered, unfiltered};
use crate::workspace::Workspace;

/// The test programs in which the size of a word, its alignment or the order of its bytes could matter,
/// besides the unit tests of sync-core.
///
/// `quick` is most of the files below `tests/`, in one program. Not here: what is about types alone
/// (`auto_traits`, `surface`), and what injects panics or counts allocations, which happens at the same
/// places on every processor.
const PROGRAMS: [&str; 4] = ["quick", "sizes", "pitfalls", "storm"];

/// Which processors.
#[derive(Debug, Default, Args)]
pub(crate) struct Selection {
    /// Only this one; only the first is part of `test`.
    #[arg(value_enum)]
    processor: Option<Processor>,
    /// Run only the tests whose name contains NAME; the minimum count is then not asked for.
    #[arg(long, value_name = "NAME")]
    filter: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Processor {
    /// 32 bits, without emulation.
    I686,
    /// Little-endian, 64 bits.
    Aarch64,
    /// Big-endian, 64 bits.
    S390x,
}

/// How programs for a processor are made and run.
struct Recipe {
    step: &'static str,
    minimum: usize,
    target: &'static str,
    needs: &'static [Need],
    linker: (&'static str, &'static str),
    runner: Option<(&'static str, &'static str)>,
}

/// Emulated, everything takes this many times as long.
const SLOWDOWN: u32 = 20;

impl Processor {
    const ALL: [Self; 3] = [Self::I686, Self::Aarch64, Self::S390x];

    fn recipe(self) -> Recipe {
        match self {
            // With musl, `rust-lld` of the toolchain links it without a C compiler for 32 bits.
            Self::I686 => Recipe {
                step: "cross (i686)",
                minimum: minimums::CROSS,
                target: "i686-unknown-linux-musl",
                needs: &[Need::Target("i686-unknown-linux-musl")],
                linker: ("CARGO_TARGET_I686_UNKNOWN_LINUX_MUSL_LINKER", "rust-lld"),
                runner: None,
            },
            Self::Aarch64 => Recipe {
                step: "cross (aarch64)",
                minimum: minimums::CROSS_EMULATED,
                target: "aarch64-unknown-linux-musl",
                needs: &[
                    Need::Target("aarch64-unknown-linux-musl"),
                    Need::Program { name: "qemu-aarch64", package: "qemu-user" },
                ],
                linker: ("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_LINKER", "rust-lld"),
                runner: Some(("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_RUNNER", "qemu-aarch64")),
            },
            // There is no standard library with musl for it.
            Self::S390x => Recipe {
                step: "cross (s390x)",
                minimum: minimums::CROSS_EMULATED,
                target: "s390x-unknown-linux-gnu",
                needs: &[
                    Need::Target("s390x-unknown-linux-gnu"),
                    Need::Program { name: "qemu-s390x", package: "qemu-user" },
                    Need::Program {
                        name: "s390x-linux-gnu-gcc",
                        package: "gcc-s390x-linux-gnu libc6-dev-s390x-cross",
                    },
                ],
                linker: ("CARGO_TARGET_S390X_UNKNOWN_LINUX_GNU_LINKER", "s390x-linux-gnu-gcc"),
                runner: Some((
                    "CARGO_TARGET_S390X_UNKNOWN_LINUX_GNU_RUNNER",
                    "qemu-s390x -L /usr/s390x-linux-gnu",
                )),
            },
        }
    }
}

/// The steps for `selection`.
pub(crate) fn steps(workspace: &Workspace, selection: &Selection) -> Vec<Step> {
    let wanted = |processor: &Processor| selection.processor.is_none_or(|only| only == *processor);
    let filter = selection.filter.as_deref();
    Processor::ALL.into_iter().filter(wanted).map(|processor| step(workspace, processor, filter)).collect()
}

/// What is part of `cargo xtask test`: what needs no emulator.
pub(crate) fn native(workspace: &Workspace) -> Vec<Step> {
    vec![step(workspace, Processor::I686, None)]
}

fn step(workspace: &Workspace, processor: Processor, filter: Option<&str>) -> Step {
    let recipe = processor.recipe();
    let test = |programs: &[&str]| {
        let (name, value) = recipe.linker;
        let mut job = Job::cargo("test --no-fail-fast -p sync-core -p tests --target")
            .args([
                recipe.target.into(),
                "--target-dir".into(),
                workspace.target.join("cross").into_os_string(),
            ])
            .args(programs.iter().flat_map(|program| ["--test", program]))
            .env(name, value);
        if let Some((name, value)) = recipe.runner {
            job = job.env(name, value).env("TESTS_SLOWDOWN", SLOWDOWN.to_string());
        }
        job
    };
    let units = test(&["bitfield", "bitfield_neighbours"]).args(["--lib"]);
    let programs = test(&PROGRAMS);
    // Random sequences alone: all short ones take a minute, and found nothing that these did not.
    let (spec, limits) = (test(&["spec"]), test(&["limits"]));
    let spec = if recipe.runner.is_some() { spec.env("PROPTEST_CASES", "50") } else { spec };
    let jobs = match (filter, recipe.runner) {
        (Some(_), _) => [units, programs, limits, spec].map(|job| filtered(job, filter, &[])).into(),
        (None, None) => vec![units, programs, limits, spec.args(["--", "long_sequences"])],
        // A hundred thousand who wait are too many to emulate.
        (None, Some(_)) => {
            let limits = limits.args(["--", "--skip", "crowds"]);
            vec![units, programs, limits, spec.args(["--", "long_sequences"])]
        }
    };
    let limit = Duration::from_mins(15) * if recipe.runner.is_some() { SLOWDOWN } else { 1 };
    let mut step = Step::new(recipe.step, jobs)
        .packages(&["sync-core", "tests"])
        .counts(Count::Libtest("tests"), unfiltered(filter, recipe.minimum))
        .within(limit);
    step.needs = recipe.needs.into();
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_part_of_test_needs_no_emulator() {
        for step in native(&Workspace::default()) {
            assert!(step.needs.iter().all(|need| matches!(need, Need::Target(_))), "{}", step.name);
            assert!(step.jobs.iter().all(|job| !job.to_string().contains("RUNNER")), "{}", step.name);
        }
    }

    #[test]
    fn every_processor_runs_the_same_programs_and_an_emulated_one_has_time() {
        let all = steps(&Workspace::default(), &Selection::default());
        assert_eq!(all.len(), Processor::ALL.len());
        for (step, processor) in all.iter().zip(Processor::ALL) {
            let target = processor.recipe().target;
            let lines: Vec<_> = step.jobs.iter().map(ToString::to_string).collect();
            assert!(lines.iter().all(|line| line.contains(&format!("--target {target} "))), "{lines:?}");
            for program in PROGRAMS {
                assert!(lines.iter().any(|line| line.contains(&format!("--test {program}"))), "{program}");
            }
            let emulated = lines.iter().all(|line| line.contains("TESTS_SLOWDOWN=20 "));
            assert_eq!(emulated, processor != Processor::I686, "{lines:?}");
        }
    }

    #[test]
    fn one_processor_and_a_filter_can_be_chosen() {
        let selection = Selection { processor: Some(Processor::S390x), filter: Some("close".to_owned()) };
        let steps = steps(&Workspace::default(), &selection);
        assert_eq!(steps.len(), 1);
        assert_eq!(steps[0].minimum, None);
        assert!(steps[0].jobs.iter().all(|job| job.to_string().ends_with(" -- close")));
    }

    #[test]
    fn ci_installs_the_target_of_the_step_that_it_runs() {
        assert!(include_str!("../../.ci/run").contains(Processor::I686.recipe().target));
    }
}
