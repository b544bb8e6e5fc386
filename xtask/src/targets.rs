//! `cargo xtask targets`: the library builds wherever it must run, with every set of features that makes
//! sense there; and where something cannot work, one message says what to do.
//!
//! What is built is an application of a few lines, `probe/chip.rs`, which also says how large the primitives
//! may be.

use anyhow::{Result, ensure};
use clap::Args;

use crate::features::{ADAPTERS, FEATURES};
use crate::needs::Need;
use crate::step::{Count, Expect, Job, Step};
use crate::workspace::Workspace;

/// What the processor has; and so what a build must be told, and what it may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// No compare-and-swap, and no operating system.
    Emulates,
    /// Atomic operations of 32 bits, and no operating system.
    Narrow,
    /// Atomic operations of 64 bits, and no operating system.
    Wide,
    /// An operating system, and so `std`.
    Hosted,
}

/// The rows of "Where it must run" that are not this machine: the name of the step, the target, what it has.
const TARGETS: [(&str, &str, Kind); 10] = [
    ("targets (thumbv6m)", "thumbv6m-none-eabi", Kind::Emulates),
    ("targets (riscv32imc)", "riscv32imc-unknown-none-elf", Kind::Emulates),
    ("targets (thumbv7m)", "thumbv7m-none-eabi", Kind::Narrow),
    ("targets (thumbv7em)", "thumbv7em-none-eabihf", Kind::Narrow),
    ("targets (riscv32imac)", "riscv32imac-unknown-none-elf", Kind::Narrow),
    ("targets (aarch64, bare)", "aarch64-unknown-none", Kind::Wide),
    ("targets (x86_64, bare)", "x86_64-unknown-none", Kind::Wide),
    ("targets (i686)", "i686-unknown-linux-musl", Kind::Hosted),
    ("targets (aarch64)", "aarch64-unknown-linux-gnu", Kind::Hosted),
    ("targets (s390x)", "s390x-unknown-linux-gnu", Kind::Hosted),
];

/// The feature that gives a chip its compare-and-swap.
const CRITICAL_SECTION: &str = "critical-section";

/// The other way, which is the application's: of portable-atomic, not of sync-core.
const SINGLE_CORE: &str = "portable-atomic/unsafe-assume-single-core";

/// What cargo prints when one message is all there is.
const ONE_ERROR: &str = "due to 1 previous error";

/// What a build that chose nothing must be told.
const NO_CHOICE: [&str; 3] = [
    "error: this target has no atomic compare-and-swap",
    "- the feature `critical-section` of `sync-core`",
    "the feature `unsafe-assume-single-core` of `portable-atomic`",
];

/// What a word that is too wide must be told.
const TOO_WIDE: &str = "the target has no 64-bit atomic operations: make the word a `usize` or `u32`";

/// Which targets.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Selection {
    /// Only those whose name contains this.
    target: Option<String>,
}

/// A step for each target, which is skipped where the target is not installed.
pub(crate) fn steps(workspace: &Workspace, selection: &Selection) -> Vec<Step> {
    let part = selection.target.as_deref().unwrap_or_default();
    let selected = TARGETS.into_iter().filter(|(_, target, _)| target.contains(part));
    selected.map(|(name, target, kind)| step(workspace, name, target, kind)).collect()
}

fn step(workspace: &Workspace, name: &'static str, target: &'static str, kind: Kind) -> Step {
    let build = Build::of(workspace, target);
    let jobs = match kind {
        Kind::Emulates => emulates(&build),
        Kind::Narrow => {
            [bare(&build, &[]), vec![build.refuses(&["chip/wide-cell"]), build.refuses(&["chip/wide-word"])]]
                .concat()
        }
        Kind::Wide => bare(&build, &["chip/wide-cell", "chip/wide-word"]),
        Kind::Hosted => hosted(&build),
    };
    let mut step = Step::new(name, jobs)
        .packages(&["sync-core"])
        .needs(Need::Target(target))
        .counts(Count::Jobs("builds"), None);
    step.files = build.files(workspace);
    step.then = match kind {
        Kind::Emulates => Some(says_what_to_choose),
        Kind::Narrow => Some(says_what_is_too_wide),
        Kind::Wide | Kind::Hosted => None,
    };
    step
}

/// The features that a target without `std` has.
fn features() -> impl Iterator<Item = &'static str> {
    FEATURES.into_iter().chain(ADAPTERS).filter(|feature| *feature != "std")
}

/// None, each by itself, and all: with `more`.
fn bare(build: &Build, more: &[&str]) -> Vec<Job> {
    let all: Vec<_> = features().collect();
    let sets = [vec![], all].into_iter().chain(features().map(|feature| vec![feature]));
    sets.map(|set| build.application(&[&set, more].concat())).collect()
}

/// The same with either choice, which exclude each other; and without one.
fn emulates(build: &Build) -> Vec<Job> {
    let others: Vec<_> = features().filter(|feature| *feature != CRITICAL_SECTION).collect();
    let sets: Vec<_> =
        [vec![], others.clone()].into_iter().chain(others.iter().map(|feature| vec![*feature])).collect();
    let chosen = [CRITICAL_SECTION, SINGLE_CORE].into_iter().flat_map(|choice| {
        sets.iter().map(move |set| build.application(&[set.as_slice(), &[choice]].concat()))
    });
    let neither = [&[][..], &["alloc"]].map(|set| build.refuses(set));
    let both = build.application(&[CRITICAL_SECTION, SINGLE_CORE]).expect(fails("at the same time"));
    let wide = [CRITICAL_SECTION, SINGLE_CORE].map(|choice| build.refuses(&[choice, "chip/wide-cell"]));
    // The default features include `alloc`, and still nothing asks for an allocator here.
    let links = build.cargo("rustc --crate-type staticlib", &["alloc", CRITICAL_SECTION]);
    chosen.chain(neither).chain([both]).chain(wide).chain([links]).collect()
}

/// `std`, the default features, and all.
fn hosted(build: &Build) -> Vec<Job> {
    let sets: [&[&str]; 3] = [&["alloc"], &["std"], &FEATURES];
    sets.map(|set| {
        let features: Vec<_> = set.iter().map(|feature| (*feature).to_owned()).collect();
        Job::cargo("check -p sync-core --no-default-features --target")
            .args([build.target])
            .args(["--target-dir".into(), build.output.clone().into_os_string()])
            .args(["--features".to_owned(), features.join(",")])
            .env("RUSTFLAGS", build.rustflags.clone())
    })
    .into()
}

fn fails(text: &str) -> Expect {
    Expect::FailsWith(text.to_owned())
}

/// Also looks at the message for words that are too wide, which these targets get as well.
fn says_what_to_choose(workspace: &Workspace, lines: &[String]) -> Result<()> {
    for text in NO_CHOICE {
        ensure!(lines.iter().any(|line| line.contains(text)), "no build that chose nothing was told: {text}");
    }
    says_what_is_too_wide(workspace, lines)
}

fn says_what_is_too_wide(_: &Workspace, lines: &[String]) -> Result<()> {
    ensure!(
        lines.iter().any(|line| line.contains(TOO_WIDE)),
        "a word that is too wide was not told: {TOO_WIDE}"
    );
    Ok(())
}

/// Where the application is built, and for what.
struct Build {
    target: &'static str,
    folder: std::path::PathBuf,
    output: std::path::PathBuf,
    rustflags: String,
}

impl Build {
    fn of(workspace: &Workspace, target: &'static str) -> Self {
        Self {
            target,
            folder: workspace.target.join("xtask").join("chip"),
            output: workspace.target.join("targets"),
            rustflags: workspace.rustflags("-D warnings"),
        }
    }

    fn files(&self, workspace: &Workspace) -> Vec<(std::path::PathBuf, String)> {
        let sync_core = workspace.root.join("sync-core").display().to_string();
        let manifest = include_str!("probe/chip.toml").replace("{sync-core}", &sync_core);
        let mut files = vec![
            (self.folder.join("Cargo.toml"), manifest),
            (self.folder.join("src").join("lib.rs"), include_str!("probe/chip.rs").to_owned()),
        ];
        // The versions that everything else is tested with; cargo drops what the application does not need.
        if let Ok(lock) = std::fs::read_to_string(workspace.root.join("Cargo.lock")) {
            files.push((self.folder.join("Cargo.lock"), lock));
        }
        files
    }

    /// Features that begin with a package's name are that package's, others are sync-core's.
    fn cargo(&self, command: &str, features: &[&str]) -> Job {
        let features: Vec<_> = features
            .iter()
            .map(|feature| match feature.strip_prefix("chip/") {
                Some(own) => own.to_owned(),
                None if feature.contains('/') || *feature == "no-cache-pad" => (*feature).to_owned(),
                None => format!("sync-core/{feature}"),
            })
            .collect();
        Job::cargo(command)
            .args(["--manifest-path".into(), self.folder.join("Cargo.toml").into_os_string()])
            .args(["--target-dir".into(), self.output.clone().into_os_string()])
            .args(["--target", self.target])
            .args(["--features".to_owned(), features.join(",")])
            .env("RUSTFLAGS", self.rustflags.clone())
    }

    fn application(&self, features: &[&str]) -> Job {
        self.cargo("check", features)
    }

    /// What must not build, with one message; what it must say is looked at when all is done.
    fn refuses(&self, features: &[&str]) -> Job {
        self.application(features).expect(fails(ONE_ERROR))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ci_installs_every_target() {
        let script = include_str!("../../.ci/run");
        for (_, target, _) in TARGETS {
            assert!(script.contains(target), ".ci/run does not install {target}");
        }
    }

    #[test]
    fn chips_are_tried_with_either_choice_and_with_none() {
        let jobs: Vec<_> = emulates(&Build::of(&Workspace::default(), "thumbv6m-none-eabi"))
            .iter()
            .map(|job| (job.expect == Expect::Success, job.to_string()))
            .collect();
        let count =
            |fits: &dyn Fn(bool, &str) -> bool| jobs.iter().filter(|(ok, line)| fits(*ok, line)).count();
        let per_choice = features().count() + 1;
        assert_eq!(
            count(&|ok, line| ok && line.contains("check") && line.contains(CRITICAL_SECTION)),
            per_choice
        );
        assert_eq!(count(&|ok, line| ok && line.contains(SINGLE_CORE)), per_choice);
        let chose = |line: &str| line.contains(CRITICAL_SECTION) || line.contains(SINGLE_CORE);
        assert_eq!(count(&|ok, line| !ok && !chose(line)), 2);
        assert_eq!(count(&|ok, line| ok && !chose(line)), 0);
    }
}
