//! The models, each run in a process of its own: what it reaches, how long it takes, and whether it fails.

use core::time::Duration;
use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use cargo_metadata::Message;
use duct::Expression;

use crate::site::Weaker;

/// One model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Model {
    /// The target it is in, such as `loom_mutex`.
    pub(crate) target: String,
    /// Its path there.
    pub(crate) name: String,
    /// The file that its result depends on, besides the library.
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
        let start = Instant::now();
        match self.run("ORDERINGS_TRACE", &file.to_string_lossy(), limit)? {
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
        self.run("ORDERINGS_WEAKEN", &format!("{site}:{to:?}"), limit)
    }

    /// Runs it with one variable set, for at most `limit`.
    fn run(&self, variable: &str, value: &str, limit: Duration) -> Result<Verdict> {
        let title = self.title();
        // libtest's thread for the test would be one thread more.
        let model = duct::cmd(&self.program, ["--exact", &self.name, "--test-threads=1"])
            .env("RUST_BACKTRACE", "0")
            .env(variable, value)
            .stdin_null()
            .stderr_to_stdout()
            .stdout_capture()
            .unchecked()
            .start()
            .with_context(|| format!("cannot run {title}"))?;
        let ended = model.wait_timeout(limit).with_context(|| format!("cannot wait for {title}"))?;
        let Some(output) = ended else {
            model.kill().with_context(|| format!("cannot end {title}"))?;
            return Ok(Verdict::Unfinished(format!("not over after {} s", limit.as_secs())));
        };
        let text = String::from_utf8_lossy(&output.stdout);
        let result = |result: &str| text.contains(&format!("test result: {result};"));
        if output.status.success() {
            ensure!(result("ok. 1 passed; 0 failed"), "{title}: one test was to run\n{text}");
            return Ok(Verdict::Passed);
        }
        let said = complaint(&text).unwrap_or_else(|| output.status.to_string());
        // A model that was given more to do than loom takes on has not shown anything.
        if said.contains("exceeded maximum number of") {
            return Ok(Verdict::Unfinished(said));
        }
        let killed = output.status.code().is_none();
        ensure!(
            result("FAILED. 0 passed; 1 failed") || killed,
            "{title} failed without a test that fails:\n{text}"
        );
        Ok(Verdict::Failed(said))
    }
}

/// What the first panic says.
fn complaint(text: &str) -> Option<String> {
    let mut lines = text.lines().skip_while(|line| !line.contains("panicked at")).skip(1);
    lines.find(|line| !line.trim().is_empty()).map(|line| line.trim().to_owned())
}

/// How models are compiled.
#[derive(Debug)]
pub(crate) struct Build<'a> {
    /// The workspace that they are in.
    pub(crate) copy: &'a Path,
    /// Where cargo writes. A directory of its own: the programs have the same names there.
    pub(crate) target: &'a Path,
    pub(crate) profile: &'a str,
    /// In addition to what the caller's environment asks for.
    pub(crate) rustflags: &'a str,
}

impl Build<'_> {
    /// Compiles the models that each of `selections` names, and lists them.
    ///
    /// # Errors
    ///
    /// When they do not compile.
    pub(crate) fn models(&self, selections: &[String]) -> Result<Vec<Model>> {
        let mut models = Vec::new();
        for selection in selections {
            let output = self.cargo(selection).read().with_context(|| format!("cannot build {selection}"))?;
            for message in Message::parse_stream(Cursor::new(output)) {
                if let Message::CompilerArtifact(artifact) =
                    message.context("cargo's output is not readable")?
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

    fn cargo(&self, selection: &str) -> Expression {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
        let line = ["test", "--quiet", "--no-run", "--message-format=json-render-diagnostics", "--profile"];
        let line = line.into_iter().chain([self.profile]).chain(selection.split_whitespace());
        let paths = ["--manifest-path".into(), self.copy.join("Cargo.toml").into_os_string()]
            .into_iter()
            .chain(["--target-dir".into(), self.target.as_os_str().to_owned()]);
        duct::cmd(cargo, line.map(Into::into).chain(paths))
            .env("RUSTFLAGS", format!("{} {flags}", self.rustflags).trim_end())
            // It would win over RUSTFLAGS.
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .stdin_null()
    }
}

/// The tests of one program.
fn list(target: &str, source: &Path, program: &Path) -> Result<Vec<Model>> {
    let text = duct::cmd!(program, "--list", "--format", "terse")
        .read()
        .with_context(|| format!("cannot list the tests of {}", program.display()))?;
    let model = |name: &str| Model {
        target: target.to_owned(),
        name: name.to_owned(),
        source: source.to_owned(),
        program: program.to_owned(),
    };
    Ok(text.lines().filter_map(|line| line.strip_suffix(": test")).map(model).collect())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// A program that stands for a model: it says what it was told, and does as `script` says.
    fn model(script: &str) -> (tempfile::TempDir, Model) {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().expect("a directory for temporary files");
        let program = folder.path().join("model");
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).expect("it can be written");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it is ours");
        let model = Model { target: "t".into(), name: "n".into(), source: "s".into(), program };
        (folder, model)
    }

    fn verdict(script: &str) -> Result<Verdict> {
        let (_folder, model) = model(script);
        model.weakened(7, Weaker::Nothing, Duration::from_secs(20))
    }

    const PASSES: &str = "echo 'test result: ok. 1 passed; 0 failed; 0 ignored'";
    const FAILS: &str = "echo 'test result: FAILED. 0 passed; 1 failed; 0 ignored'; exit 101";

    #[test]
    fn model_that_passes_or_fails_is_told_apart() {
        assert_eq!(verdict(PASSES).expect("it ran"), Verdict::Passed);
        let panics = format!("echo 'panicked at x:1:2:' >&2; echo 'left != right' >&2; {FAILS}");
        assert_eq!(verdict(&panics).expect("it ran"), Verdict::Failed("left != right".to_owned()));
        let aborts = verdict("kill -ABRT $$").expect("it ran");
        assert!(matches!(&aborts, Verdict::Failed(why) if why.contains("SIGABRT")), "{aborts:?}");
    }

    #[test]
    fn model_that_runs_no_test_is_an_error() {
        verdict("echo 'test result: ok. 0 passed; 0 failed'").expect_err("no test ran");
        verdict("exit 2").expect_err("it did not start");
    }

    #[test]
    fn model_that_does_not_end_or_exceeds_the_limits_shows_nothing() {
        let exceeds = format!("echo 'panicked at x'; echo 'exceeded maximum number of branches'; {FAILS}");
        assert!(matches!(verdict(&exceeds).expect("it ran"), Verdict::Unfinished(_)));
        let (_folder, model) = model("exec sleep 60");
        let start = Instant::now();
        let verdict = model.weakened(0, Weaker::Relaxed, Duration::from_millis(100)).expect("it ran");
        assert_eq!(verdict, Verdict::Unfinished("not over after 0 s".to_owned()));
        assert!(start.elapsed() < Duration::from_secs(30), "waited for the model");
    }

    #[test]
    fn site_and_ordering_reach_the_model() {
        let script = format!("[ \"$ORDERINGS_WEAKEN\" = 7:Nothing ] || exit 2\n{PASSES}");
        assert_eq!(verdict(&script).expect("it was told"), Verdict::Passed);
    }

    #[test]
    fn trace_is_the_sites_that_were_reached() {
        let (folder, model) =
            model(&format!("echo 3 >> $ORDERINGS_TRACE; echo 1 >> $ORDERINGS_TRACE; {PASSES}"));
        let trace = folder.path().join("trace");
        let (sites, _) = model.trace(&trace, Duration::from_secs(20)).expect("it passes");
        assert_eq!(sites, [1, 3].into());
        assert!(!trace.exists());
    }
}
