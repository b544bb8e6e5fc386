//! The models, each run in a process of its own: what it reaches, how long it takes, and whether it fails.

use core::time::Duration;
use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use cargo_metadata::Message;

use crate::count::{self, Tally};
use crate::loom;
use crate::process::{self, End};
use crate::step::Job;
use crate::workspace::Workspace;

use super::sites::Weaker;

/// What has models, as `cargo xtask loom` runs them.
const TARGETS: [&str; 3] = ["-p sync-core --lib", "-p tests --test loom_*", "-p hygiene --tests"];

/// Building all of it, with the dependencies.
const BUILD: Duration = Duration::from_mins(20);

/// One model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Model {
    /// The target it is in, such as `loom_mutex`.
    pub(crate) target: String,
    /// Its path there.
    pub(crate) name: String,
    /// What it says depends on this, beside the library.
    pub(crate) source: PathBuf,
    program: PathBuf,
}

/// How a model ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passed,
    /// What it said, in a line.
    Failed(String),
    /// It said neither, within its time or loom's limits.
    Unfinished(String),
}

impl Model {
    /// As a table names it.
    pub(crate) fn title(&self) -> String {
        format!("{}: {}", self.target, self.name)
    }

    /// Runs it as it is; returns the sites it reaches and how long it took.
    ///
    /// # Errors
    ///
    /// When it fails, as then nothing that it says of a weaker ordering means anything.
    pub(crate) fn trace(&self, file: &Path, limit: Duration) -> Result<(BTreeSet<usize>, Duration)> {
        drop(fs::remove_file(file));
        let job = self.job().env("ORDERINGS_TRACE", file.to_string_lossy());
        let start = Instant::now();
        match run(&job, limit)? {
            Verdict::Passed => {}
            Verdict::Failed(why) | Verdict::Unfinished(why) => {
                bail!("{} does not pass with all orderings as they are: {why}", self.title());
            }
        }
        let took = start.elapsed();
        // No file, no site.
        let text = fs::read_to_string(file).unwrap_or_default();
        drop(fs::remove_file(file));
        let sites = text.lines().map(str::parse).collect::<Result<_, _>>();
        Ok((sites.with_context(|| format!("the trace of {} is no list of numbers", self.title()))?, took))
    }

    /// Runs it with `site` weakened.
    ///
    /// # Errors
    ///
    /// When it cannot be run.
    pub(crate) fn weakened(&self, site: usize, to: Weaker, limit: Duration) -> Result<Verdict> {
        let to = if to == Weaker::Nothing { "Nothing".to_owned() } else { to.to_string() };
        run(&self.job().env("ORDERINGS_WEAKEN", format!("{site}:{to}")), limit)
    }

    fn job(&self) -> Job {
        // libtest's thread for the test would be one thread more.
        Job::new(&self.program).args(["--exact", &self.name, "--test-threads=1"]).env("RUST_BACKTRACE", "0")
    }
}

fn run(job: &Job, limit: Duration) -> Result<Verdict> {
    let finished = process::run(job, Some(limit), |_| ())?;
    let lines = || finished.lines.iter().map(String::as_str);
    let status = match finished.end {
        End::Exited(status) => status,
        End::TimedOut(limit) => {
            return Ok(Verdict::Unfinished(format!("not over after {} s", limit.as_secs())));
        }
        End::Interrupted => bail!("interrupted"),
    };
    let one = Tally { passed: 1, ..Tally::default() };
    if status.success() {
        ensure!(count::libtest(lines()) == one, "`{job}` did not run one test");
        return Ok(Verdict::Passed);
    }
    let said = complaint(&finished.lines).unwrap_or_else(|| status.to_string());
    // A model that was given more to do than loom takes on has not shown anything.
    if said.contains("exceeded maximum number of") {
        return Ok(Verdict::Unfinished(said));
    }
    ensure!(
        count::libtest(lines()).failed == 1 || status.code().is_none(),
        "`{job}` failed without a test that fails: {}",
        finished.lines.join("\n")
    );
    Ok(Verdict::Failed(said))
}

/// What the first panic says.
fn complaint(lines: &[String]) -> Option<String> {
    let at = lines.iter().position(|line| line.contains("panicked at"))?;
    lines[at + 1..].iter().find(|line| !line.trim().is_empty()).map(|line| line.trim().to_owned())
}

/// Compiles the models of the workspace in `root`, and lists them.
///
/// # Errors
///
/// When they do not compile.
pub(crate) fn build(workspace: &Workspace, root: &Path) -> Result<Vec<Model>> {
    let mut models = Vec::new();
    for target in TARGETS {
        let line = format!("test --profile loom --no-run --message-format=json {target} --manifest-path");
        // Not the loom step's directory: the programs have the same names in both.
        let job = Job::cargo(&line)
            .args([root.join("Cargo.toml").into_os_string(), "--target-dir".into()])
            .args([workspace.target.join("orderings").join("target")])
            .env("RUSTFLAGS", workspace.rustflags(loom::FLAGS));
        let finished = process::run(&job, Some(BUILD), |_| ())?;
        if !matches!(finished.end, End::Exited(status) if status.success()) {
            let text: Vec<_> = finished.lines.into_iter().filter(|line| !line.starts_with('{')).collect();
            bail!("`{job}` fails:\n{}", text.join("\n"));
        }
        let output = finished.lines.join("\n");
        for message in Message::parse_stream(Cursor::new(output)) {
            if let Message::CompilerArtifact(artifact) = message.context("cargo's output is not readable")?
                && let Some(program) = artifact.executable.filter(|_| artifact.profile.test)
            {
                let source = artifact.target.src_path.into_std_path_buf();
                models.extend(list(&artifact.target.name, &source, program.as_std_path())?);
            }
        }
    }
    models.sort_by(|a, b| (&a.target, &a.name).cmp(&(&b.target, &b.name)));
    Ok(models)
}

/// The tests of one program.
fn list(target: &str, source: &Path, program: &Path) -> Result<Vec<Model>> {
    let job = Job::new(program).args(["--list", "--format", "terse"]);
    let finished = process::run(&job, Some(BUILD), |_| ())?;
    ensure!(matches!(finished.end, End::Exited(status) if status.success()), "`{job}` fails");
    let names = finished.lines.iter().filter_map(|line| line.strip_suffix(": test"));
    Ok(names
        .map(|name| Model {
            target: target.to_owned(),
            name: name.to_owned(),
            source: source.to_owned(),
            program: program.to_owned(),
        })
        .collect())
}
