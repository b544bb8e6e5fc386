//! Where the jobs come from.

use std::{fs, path::Path, time::Duration};

use anyhow::{Context as _, Result, ensure};

/// A longer job, in milliseconds, is taken for a typing error.
const LONGEST: u64 = 600_000;

/// What is to be done.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) name: String,
    /// How many permits it needs.
    pub(crate) weight: usize,
    pub(crate) time: Duration,
}

/// Reads jobs that fit in a pool of `permits`.
pub(crate) fn read(file: &Path, permits: usize) -> Result<Vec<Job>> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty() && !line.starts_with('#'));
    let job =
        |(line, number)| parse(line, permits).with_context(|| format!("{}, line {number}", file.display()));
    lines.map(job).collect()
}

fn parse(line: &str, permits: usize) -> Result<Job> {
    let words: Vec<_> = line.split_whitespace().collect();
    let [name, weight, milliseconds] = words[..] else {
        anyhow::bail!("expected a name, a weight and milliseconds, found {line:?}");
    };
    let weight = weight.parse().with_context(|| format!("{weight:?} is no weight"))?;
    // It would wait forever, and so would all jobs behind it.
    ensure!(weight <= permits, "{name} weighs {weight}, but there are only {permits} permits");
    ensure!(weight > 0, "{name} weighs 0, but must weigh at least 1");
    let time = milliseconds.parse().with_context(|| format!("{milliseconds:?} is no time"))?;
    ensure!(time <= LONGEST, "{name} takes {time} milliseconds, but may take at most {LONGEST}");
    Ok(Job { name: name.to_owned(), weight, time: Duration::from_millis(time) })
}

/// Makes up jobs: most of them light, some that need half of the pool, and some that need it all.
pub(crate) fn make_up(count: usize, permits: usize, seed: u64) -> Vec<Job> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut job = |number| {
        let weight = match random.u8(..10) {
            0 => permits,
            1..3 => permits.div_ceil(2),
            _ => 1,
        };
        Job { name: format!("job-{number}"), weight, time: Duration::from_millis(random.u64(1..=10)) }
    };
    (0..count).map(&mut job).collect()
}
