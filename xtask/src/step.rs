//! What a step is: a named list of commands, what they need, and what is counted in their output.

use core::fmt;
use core::time::Duration;
use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Result;

use crate::needs::Need;
use crate::workspace::Workspace;

/// What is done with the output of a step's jobs.
pub(crate) type Then = fn(&Workspace, &[String]) -> Result<()>;

/// One line of the progress output and of the summary.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// Unique; [`crate::minimums`] refers to it.
    pub(crate) name: &'static str,
    /// Workspace members that must exist; a missing one fails the step by name.
    pub(crate) packages: Vec<&'static str>,
    /// What must be installed besides the Rust toolchain's own cargo and rustc.
    pub(crate) needs: Vec<Need>,
    /// Written before the first job runs.
    pub(crate) files: Vec<(PathBuf, String)>,
    pub(crate) jobs: Vec<Job>,
    pub(crate) count: Count,
    /// Asked for unless the tests were filtered.
    pub(crate) minimum: Option<usize>,
    /// Shown in the summary, whatever the outcome.
    pub(crate) notes: Vec<String>,
    /// How long each job may take; `None` for measurements, which no task waits for unattended.
    pub(crate) limit: Option<Duration>,
    /// Show what the jobs print as they print it: for measurements, where the output is the point.
    pub(crate) show_output: bool,
    /// Show of the jobs' output, as they print it, the lines that begin like this.
    pub(crate) show_matching: Option<&'static str>,
    /// Called with the output of all jobs, once they have passed; its error fails the step.
    pub(crate) then: Option<Then>,
}

impl Step {
    /// A step that runs `jobs` and counts nothing.
    pub(crate) fn new(name: &'static str, jobs: Vec<Job>) -> Self {
        Self {
            name,
            packages: Vec::new(),
            needs: Vec::new(),
            files: Vec::new(),
            jobs,
            count: Count::Nothing,
            minimum: None,
            notes: Vec::new(),
            limit: Some(Duration::from_mins(10)),
            show_output: false,
            show_matching: None,
            then: None,
        }
    }

    pub(crate) fn packages(mut self, packages: &[&'static str]) -> Self {
        self.packages.extend_from_slice(packages);
        self
    }

    pub(crate) fn needs(mut self, need: Need) -> Self {
        self.needs.push(need);
        self
    }

    pub(crate) fn counts(mut self, count: Count, minimum: Option<usize>) -> Self {
        self.count = count;
        self.minimum = minimum;
        self
    }

    pub(crate) fn within(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    /// The exit status says it all.
    Nothing,
    /// libtest's `test result:` lines; the word says what the tests are.
    Libtest(&'static str),
    /// trybuild's `test ui/... ok` lines.
    Trybuild,
    /// What a fuzzer has run, by libFuzzer's own statistics.
    Executions,
    /// The jobs themselves; the word says what one job is.
    Jobs(&'static str),
}

impl Count {
    /// The plural of what is counted.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Libtest(noun) | Self::Jobs(noun) => noun,
            Self::Trybuild => "UI cases",
            Self::Executions => "executions",
        }
    }

    /// Whether what is counted are tests, which the closing line adds up.
    pub(crate) fn is_tests(self) -> bool {
        matches!(self, Self::Libtest(_) | Self::Trybuild)
    }
}

/// One child process.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) program: OsString,
    pub(crate) args: Vec<OsString>,
    pub(crate) env: Vec<(&'static str, String)>,
    pub(crate) expect: Expect,
    /// Its standard input; empty without.
    pub(crate) feed: Option<Feed>,
}

/// What a job is told while it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Feed {
    /// It has printed a line with this text, and is ready.
    pub(crate) after: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// What makes a job a success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expect {
    /// Status zero.
    Success,
    /// Status zero, and this text in the output.
    Prints(String),
    /// A failing status that is not a panic's, and this text in the output.
    FailsWith(String),
    /// This status, and this text in the output.
    Status(i32, &'static str),
    /// A failing status, which may be a panic's or a signal's, and this text in the output.
    DiesWith(String),
}

impl Job {
    pub(crate) fn new(program: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            env: Vec::new(),
            expect: Expect::Success,
            feed: None,
        }
    }

    /// `cargo`, the one that runs this program where there is one, with the words of `line`.
    pub(crate) fn cargo(line: &str) -> Self {
        Self::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())).args(line.split_whitespace())
    }

    pub(crate) fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    pub(crate) fn env(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    pub(crate) fn feed(mut self, feed: Feed) -> Self {
        self.feed = Some(feed);
        self
    }

    pub(crate) fn expect(mut self, expect: Expect) -> Self {
        self.expect = expect;
        self
    }
}

pub(crate) fn filtered(job: Job, filter: Option<&str>, harness: &[&str]) -> Job {
    if filter.is_none() && harness.is_empty() {
        return job;
    }
    job.args(["--"]).args(harness).args(filter)
}

/// A filter is there to run less.
pub(crate) fn unfiltered(filter: Option<&str>, minimum: usize) -> Option<usize> {
    filter.is_none().then_some(minimum)
}

/// As one would type it, so that a failed step can be repeated by copy and paste.
impl fmt::Display for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.env {
            write!(f, "{name}={} ", quoted(value))?;
        }
        let program = std::path::Path::new(&self.program);
        let program = program.file_name().unwrap_or(&self.program).to_string_lossy();
        write!(f, "{}", quoted(&program))?;
        for arg in &self.args {
            write!(f, " {}", quoted(&arg.to_string_lossy()))?;
        }
        Ok(())
    }
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_prints_as_it_would_be_typed() {
        let job =
            Job::new("/usr/bin/cargo").args(["test", "--test", "loom_*"]).env("RUSTFLAGS", "--cfg loom");
        assert_eq!(job.to_string(), "RUSTFLAGS='--cfg loom' cargo test --test 'loom_*'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
