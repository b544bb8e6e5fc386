//! What the images that QEMU boots have in common: how they are built, booted and judged.

use core::time::Duration;
use std::path::{Path, PathBuf};

use crate::needs::{CLIPPY, RUSTFMT};
use crate::step::{Count, Job, Step};
use crate::workspace::Workspace;

/// A folder with a workspace of its own, and where cargo writes for it.
pub(crate) struct Guest {
    manifest: PathBuf,
    pub(crate) target: PathBuf,
}

impl Guest {
    pub(crate) fn of(workspace: &Workspace, folder: &str) -> Self {
        Self {
            manifest: workspace.root.join(folder).join("Cargo.toml"),
            target: workspace.target.join(folder),
        }
    }

    /// `cargo`, with the words of `line`, for this workspace.
    pub(crate) fn cargo(&self, line: &str) -> Job {
        self.cargo_into(line, &self.target)
    }

    /// The same, into another target directory: for a build that is not to replace the other one.
    pub(crate) fn cargo_into(&self, line: &str, target: &Path) -> Job {
        let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
        Job::cargo(command)
            .args(["--locked".into(), "--manifest-path".into(), self.manifest.clone().into_os_string()])
            .args(["--target-dir".into(), target.to_owned().into_os_string()])
            .args(rest.split_whitespace())
    }

    /// Its formatting, and each `line` of clippy and rustdoc, which begins with the sub-command.
    pub(crate) fn lints(&self, name: &'static str, lines: &[&str]) -> Step {
        let fmt = Job::cargo("fmt --all --check --manifest-path").args([&self.manifest]);
        let checks = lines.iter().map(|line| {
            let job = self.cargo(line).env("RUSTDOCFLAGS", "-D warnings");
            if line.starts_with("clippy") { job.args(["--", "-D", "warnings"]) } else { job }
        });
        Step::new(name, [fmt].into_iter().chain(checks).collect()).needs(RUSTFMT).needs(CLIPPY)
    }
}

/// Images that run tests, which report as libtest does, and at least `minimum`.
pub(crate) fn boots(name: &'static str, jobs: Vec<Job>, minimum: usize) -> Step {
    let mut step = Step::new(name, jobs)
        .counts(Count::Libtest("guest tests"), Some(minimum))
        .within(Duration::from_mins(5));
    step.show_matching = Some("test ");
    step
}

/// Images that must fail, each with the status and the words that it says itself; `noun` is what the jobs
/// are.
pub(crate) fn failures(name: &'static str, noun: &'static str, jobs: Vec<Job>) -> Step {
    let number = jobs.len();
    Step::new(name, jobs).counts(Count::Jobs(noun), Some(number)).within(Duration::from_mins(5))
}
