//! What is configured: to which of several backends a request goes.
//!
//! ```text
//! version = 2
//! backend = tom 30      # thirty of a hundred requests go to tom
//! backend = ann 70
//! ```

use std::hash::{DefaultHasher, Hash, Hasher as _};

use anyhow::{Context as _, Result, bail, ensure};
use tokio::task::yield_now;

const HUNDRED: u64 = 100;

/// Fields that belong together: any two of them, of different versions, make no sense.
#[derive(Debug)]
pub(crate) struct Config {
    version: u64,
    backends: Vec<Backend>,
    /// What all fields say together, to find out if one is from elsewhere.
    seal: u64,
}

#[derive(Debug, Hash)]
pub(crate) struct Backend {
    pub(crate) name: String,
    pub(crate) weight: u64,
}

impl Config {
    pub(crate) fn new(version: u64, backends: Vec<Backend>) -> Self {
        let seal = seal(version, &backends);
        Self { version, backends, seal }
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let (mut version, mut backends) = (None, Vec::new());
        for (line, number) in text.lines().zip(1..) {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            match parse_line(line).with_context(|| format!("line {number}"))? {
                Line::Version(number) => version = Some(number),
                Line::Backend(backend) => backends.push(backend),
            }
        }
        Ok(Self::new(version.context("there is no version")?, backends))
    }

    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// Whether it could be used, whatever was before.
    pub(crate) fn check(&self) -> Result<()> {
        let sum = self.backends.iter().try_fold(0_u64, |sum, backend| sum.checked_add(backend.weight));
        let sum = sum.context("the weights are too large")?;
        ensure!(sum == HUNDRED, "the weights add up to {sum} instead of {HUNDRED}");
        Ok(())
    }

    /// Whether it may come after `current`.
    ///
    /// It takes as long as `is_over` says: think of asking each backend whether it is there.
    pub(crate) async fn check_against(&self, current: &Self, is_over: impl Fn() -> bool) -> Result<()> {
        while !is_over() {
            yield_now().await;
        }
        ensure!(self.version > current.version, "there is version {} already", current.version);
        self.check()
    }

    /// Becomes `next`, one field at a time, and others may run in between. Only a lock makes that good.
    pub(crate) async fn replace_with(&mut self, next: Self) {
        self.version = next.version;
        yield_now().await;
        self.backends = next.backends;
        yield_now().await;
        self.seal = next.seal;
    }

    /// Sends a request to its backend, in the middle of which others may run.
    pub(crate) async fn serve(&self, request: u64) -> Result<()> {
        let version = self.version;
        let mut left = request % HUNDRED;
        let backend = self.backends.iter().find(|backend| match left.checked_sub(backend.weight) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        });
        ensure!(backend.is_some(), "no backend serves request {request}");
        yield_now().await;
        ensure!(self.version == version, "version {version} became {} on the way", self.version);
        ensure!(self.seal == seal(self.version, &self.backends), "half of version {version} was seen");
        Ok(())
    }
}

fn seal(version: u64, backends: &[Backend]) -> u64 {
    let mut hasher = DefaultHasher::new();
    (version, backends).hash(&mut hasher);
    hasher.finish()
}

enum Line {
    Version(u64),
    Backend(Backend),
}

fn parse_line(line: &str) -> Result<Line> {
    let (key, value) = line.split_once('=').with_context(|| format!("no = in {line:?}"))?;
    let number = |text: &str| text.parse::<u64>().with_context(|| format!("{text:?} is no number"));
    match (key.trim(), value.split_whitespace().collect::<Vec<_>>().as_slice()) {
        ("version", [version]) => Ok(Line::Version(number(version)?)),
        ("backend", [name, weight]) => {
            Ok(Line::Backend(Backend { name: (*name).to_owned(), weight: number(weight)? }))
        }
        ("version", _) => bail!("a version is one number, found {:?}", value.trim()),
        ("backend", _) => bail!("a backend is a name and a weight, found {:?}", value.trim()),
        (other, _) => bail!("{other:?} is nothing that can be configured"),
    }
}
