//! `cargo xtask fuzz`: libFuzzer on sequences of calls, with the address sanitizer.

use core::time::Duration;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::needs::{CXX, NIGHTLY};
use crate::step::{Count, Job, Step};
use crate::workspace::Workspace;

/// What `cargo fuzz` passes, which would otherwise have to be installed as well; and batches of two wakers,
/// so that four waits are two rounds.
const FLAGS: &str = "--cfg fuzzing --cfg small_batch -Zsanitizer=address -Ccodegen-units=1 -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Cllvm-args=-simplifycfg-branch-fold-threshold=0";

/// Sequences of more calls find nothing that shorter ones do not, and are slower to run and to read.
const LONGEST: usize = 64;

/// What to fuzz, and for how long.
#[derive(Debug, Args)]
pub(crate) struct Selection {
    /// How long each target runs.
    #[arg(long, value_name = "N", default_value_t = 60)]
    seconds: u64,
    /// Only this one.
    #[arg(long, value_name = "NAME")]
    target: Option<Target>,
    /// Do not fuzz: run the input in FILE, and say which calls it is.
    #[arg(long, value_name = "FILE", requires = "target")]
    replay: Option<PathBuf>,
}

/// The programs in `fuzz/`: one per family of primitives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Target {
    Locks,
    Waits,
    Maps,
    Levels,
    Primitives,
}

impl Target {
    /// Its program, and what its step is called.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Locks => ("locks", "fuzz (locks)"),
            Self::Waits => ("waits", "fuzz (waits)"),
            Self::Maps => ("maps", "fuzz (maps)"),
            Self::Levels => ("levels", "fuzz (levels)"),
            Self::Primitives => ("primitives", "fuzz (primitives)"),
        }
    }
}

/// The steps for `selection`, each of which first builds what is new.
pub(crate) fn steps(workspace: &Workspace, selection: &Selection) -> Vec<Step> {
    let targets = selection.target.map_or(Target::value_variants().to_vec(), |target| vec![target]);
    targets
        .into_iter()
        .map(|target| match &selection.replay {
            Some(input) => replay(workspace, target, input),
            None => fuzz(workspace, target, selection.seconds),
        })
        .collect()
}

/// Builds all programs, and runs one of them.
fn step(workspace: &Workspace, target: Target, run: impl FnOnce(Job) -> Job) -> Step {
    let arch = if cfg!(target_arch = "aarch64") { "aarch64" } else { "x86_64" };
    // Named, so that build scripts and macros are compiled without the flags.
    let triple = format!("{arch}-unknown-linux-gnu");
    let folder = workspace.target.join("fuzz");
    let (program, name) = target.names();
    let build = Job::new("rustup")
        .args("run nightly cargo build --release --manifest-path fuzz/Cargo.toml --target".split(' '))
        .args([triple.as_str(), "--target-dir"])
        .args([&folder])
        .env("RUSTFLAGS", workspace.rustflags(FLAGS));
    let run = run(Job::new(folder.join(triple).join("release").join(program)));
    Step::new(name, vec![build, run]).needs(NIGHTLY).needs(CXX)
}

fn fuzz(workspace: &Workspace, target: Target, seconds: u64) -> Step {
    let (program, _) = target.names();
    let args = [
        format!("-max_total_time={seconds}"),
        format!("-max_len={LONGEST}"),
        "-print_final_stats=1".to_owned(),
        "-create_missing_dirs=1".to_owned(),
        format!("-artifact_prefix=fuzz/artifacts/{program}/"),
        format!("fuzz/corpus/{program}"),
    ];
    // Every panic that is expected would have it look through the fake stacks; what matters here is on the
    // heap.
    let asan = "detect_stack_use_after_return=0";
    let mut step = step(workspace, target, |job| job.args(args).env("ASAN_OPTIONS", asan))
        .counts(Count::Executions, None)
        .within(Duration::from_secs(seconds) + Duration::from_mins(30));
    step.notes = vec![format!(
        "an input that fails is left in fuzz/artifacts/{program}/; `cargo xtask fuzz --target {program} --replay FILE` runs it again"
    )];
    step
}

fn replay(workspace: &Workspace, target: Target, input: &Path) -> Step {
    let mut step = step(workspace, target, |job| job.args([input]).env("FUZZ_SHOW", "1"));
    step.show_output = true;
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(selection: &Selection) -> Vec<[String; 2]> {
        let workspace = Workspace { target: "/t".into(), ..Workspace::default() };
        let jobs = |step: &Step| [step.jobs[0].to_string(), step.jobs[1].to_string()];
        steps(&workspace, selection).iter().map(jobs).collect()
    }

    #[test]
    fn every_program_is_a_target_that_is_built_and_has_a_time_limit() {
        let lines = lines(&Selection { seconds: 7, target: None, replay: None });
        assert_eq!(lines.len(), Target::value_variants().len());
        let manifest = include_str!("../../fuzz/Cargo.toml");
        let programs = manifest.lines().filter(|line| line.starts_with("path = \"fuzz_targets/"));
        assert_eq!(programs.count(), lines.len());
        for (target, [build, run]) in Target::value_variants().iter().zip(lines) {
            let (program, _) = target.names();
            assert!(manifest.contains(&format!("fuzz_targets/{program}.rs")), "{program}");
            assert!(build.contains("rustup run nightly cargo build"), "{build}");
            assert!(run.contains(&format!(" {program} -max_total_time=7 ")), "{run}");
        }
    }

    #[test]
    fn an_input_is_replayed_by_its_target_alone() {
        let lines =
            lines(&Selection { seconds: 7, target: Some(Target::Maps), replay: Some("crash".into()) });
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0][1], "FUZZ_SHOW=1 maps crash");
    }
}
