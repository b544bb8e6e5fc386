//! `cargo xtask sanitize`: storms and injected panics under the thread, address and leak sanitizers.
//!
//! Each sanitizer has to find a fault that was planted before what it says of the tests counts for anything.

use core::time::Duration;

use clap::{Args, ValueEnum};

use crate::minimums;
use crate::needs::NIGHTLY;
use crate::step::{Count, Expect, Job, Step};
use crate::workspace::Workspace;

/// Which sanitizers.
#[derive(Debug, Args)]
pub(crate) struct Selection {
    /// Only this one.
    #[arg(value_enum)]
    sanitizer: Option<Sanitizer>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sanitizer {
    /// Data races, where threads and tokio's tasks storm.
    Thread,
    /// Memory that is used after it was freed, or beyond its end.
    Address,
    /// Memory that can no longer be freed.
    Leak,
}

impl Sanitizer {
    const ALL: [Self; 3] = [Self::Thread, Self::Address, Self::Leak];

    fn name(self) -> &'static str {
        match self {
            Self::Thread => "thread",
            Self::Address => "address",
            Self::Leak => "leak",
        }
    }

    fn step(self) -> &'static str {
        match self {
            Self::Thread => "sanitize (thread)",
            Self::Address => "sanitize (address)",
            Self::Leak => "sanitize (leak)",
        }
    }

    /// What it says of the fault that `tests/examples/planted.rs` has for it.
    fn says(self) -> &'static str {
        match self {
            Self::Thread => "WARNING: ThreadSanitizer: data race",
            Self::Address => "ERROR: AddressSanitizer: heap-use-after-free",
            Self::Leak => "ERROR: LeakSanitizer: detected memory leaks",
        }
    }

    /// The tests that it has something to say about: many keep a lock or a task as long as the program, which
    /// is a leak.
    fn tests(self) -> &'static [&'static str] {
        match self {
            Self::Thread => &["--test storm -- on_"],
            Self::Address => &[
                "--test storm --test foreign --test limits --test wakers --test batches --test modes --test turns",
            ],
            Self::Leak => &["--test storm -- on_", "--test foreign"],
        }
    }

    fn minimum(self) -> usize {
        match self {
            Self::Thread => minimums::SANITIZE_THREAD,
            Self::Address => minimums::SANITIZE_ADDRESS,
            Self::Leak => minimums::SANITIZE_LEAK,
        }
    }
}

/// The steps for `selection`.
pub(crate) fn steps(workspace: &Workspace, selection: &Selection) -> Vec<Step> {
    let wanted = |sanitizer: &Sanitizer| selection.sanitizer.is_none_or(|only| only == *sanitizer);
    Sanitizer::ALL.into_iter().filter(wanted).map(|sanitizer| step(workspace, sanitizer)).collect()
}

/// All of them.
pub(crate) fn all(workspace: &Workspace) -> Vec<Step> {
    steps(workspace, &Selection { sanitizer: None })
}

fn step(workspace: &Workspace, sanitizer: Sanitizer) -> Step {
    // Tests first: their number is checked, and that of the planted faults is one each.
    let mut jobs: Vec<_> =
        sanitizer.tests().iter().map(|tests| cargo(workspace, sanitizer, "test", tests)).collect();
    let planted = |fault: &str| cargo(workspace, sanitizer, "run", &format!("--example planted -- {fault}"));
    jobs.insert(0, planted("correct").expect(Expect::Prints("counted to 20000".to_owned())));
    jobs.insert(0, planted(sanitizer.name()).expect(Expect::DiesWith(sanitizer.says().to_owned())));
    let mut step = Step::new(sanitizer.step(), jobs)
        .packages(&["tests"])
        .needs(NIGHTLY)
        .counts(Count::Libtest("tests"), Some(sanitizer.minimum()))
        .within(Duration::from_mins(20));
    if sanitizer == Sanitizer::Thread {
        let note =
            "std is not instrumented; tests/sanitize/thread.supp says what is not reported for that reason";
        step.notes.push(note.to_owned());
    }
    step
}

/// `cargo +nightly`, with everything but std compiled for `sanitizer`, in a directory of its own.
fn cargo(workspace: &Workspace, sanitizer: Sanitizer, command: &str, rest: &str) -> Job {
    let name = sanitizer.name();
    // Without an explicit target the flags would reach build scripts and macros, which are loaded into a
    // compiler that has no sanitizer. The second flag says that std has none, and that we know.
    let flags = format!("-Zsanitizer={name} -Cunsafe-allow-abi-mismatch=sanitizer");
    let target = workspace.target.join(format!("sanitize-{name}"));
    let suppressions = workspace.root.join("tests").join("sanitize").join("thread.supp");
    Job::new("rustup")
        .args([
            "run",
            "nightly",
            "cargo",
            command,
            "--profile",
            "sanitize",
            "--target",
            "host-tuple",
            "-p",
            "tests",
        ])
        .args(["--target-dir".into(), target.into_os_string()])
        .args(rest.split_whitespace())
        .env("RUSTFLAGS", workspace.rustflags(&flags))
        .env("TSAN_OPTIONS", format!("suppressions={}", suppressions.display()))
        // What leaks is the other sanitizer's.
        .env("ASAN_OPTIONS", "detect_leaks=0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sanitizer_has_a_fault_to_find_before_the_tests() {
        for step in all(&Workspace::default()) {
            assert!(matches!(step.jobs[0].expect, Expect::DiesWith(_)), "{}", step.name);
            assert!(step.jobs[0].to_string().contains("planted"), "{}", step.name);
            assert!(step.jobs.len() > 2 && step.minimum.is_some_and(|minimum| minimum > 0));
        }
    }

    #[test]
    fn no_two_share_what_they_compile() {
        let steps = all(&Workspace { target: "/t".into(), ..Workspace::default() });
        for (step, dir) in steps.iter().zip(["thread", "address", "leak"]) {
            for job in &step.jobs {
                assert!(job.to_string().contains(&format!("--target-dir /t/sanitize-{dir}")), "{job}");
                assert!(job.to_string().contains(&format!("-Zsanitizer={dir}")), "{job}");
            }
        }
    }
}
