//! Keeps the books: watches what the pool does, and prints it.

use std::{collections::BTreeMap, fmt, time::Duration};

use anyhow::{Result, ensure};

use crate::jobs::Job;

/// What has happened so far. It knows nothing of the semaphore, so it can tell if that is wrong.
#[derive(Debug)]
pub(crate) struct Ledger {
    permits: usize,
    in_use: usize,
    peak: usize,
    started: usize,
    done: usize,
    turned_away: usize,
    by_weight: BTreeMap<usize, Waits>,
}

#[derive(Debug, Default)]
struct Waits {
    jobs: u32,
    total: Duration,
    longest: Duration,
}

impl Ledger {
    pub(crate) fn new(permits: usize) -> Self {
        let by_weight = BTreeMap::new();
        Self { permits, in_use: 0, peak: 0, started: 0, done: 0, turned_away: 0, by_weight }
    }

    /// Notes that `job`, the `number`th to come, starts after having `waited`.
    ///
    /// # Errors
    ///
    /// If it is not its turn, or if it does not fit.
    pub(crate) fn start(&mut self, number: usize, job: &Job, waited: Duration) -> Result<()> {
        let Job { name, weight, .. } = job;
        ensure!(number == self.started, "{name} starts as number {}, but came as {number}", self.started);
        self.started += 1;
        self.in_use += weight;
        self.peak = self.peak.max(self.in_use);
        let (in_use, permits) = (self.in_use, self.permits);
        ensure!(in_use <= permits, "with {name}, {in_use} permits are in use, but there are {permits}");
        let waits = self.by_weight.entry(*weight).or_default();
        waits.jobs += 1;
        waits.total += waited;
        waits.longest = waits.longest.max(waited);
        Ok(())
    }

    pub(crate) fn end(&mut self, job: &Job) -> Result<()> {
        ensure!(self.in_use >= job.weight, "{} ends, but never started", job.name);
        self.in_use -= job.weight;
        self.done += 1;
        Ok(())
    }

    pub(crate) fn turn_away(&mut self) {
        self.turned_away += 1;
    }

    /// Whether everything adds up at the end.
    pub(crate) fn check(&self, total: usize) -> Result<()> {
        let Self { done, started, turned_away, .. } = self;
        ensure!(done == started, "{started} jobs started, but {done} were done");
        ensure!(
            done + turned_away == total,
            "of {total} jobs, {done} were done and {turned_away} turned away"
        );
        Ok(())
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "done:            {}, started in the order in which they came", self.done)?;
        writeln!(f, "turned away:     {}, by closing the pool while they were in line", self.turned_away)?;
        writeln!(f, "most in use:     {} of {} permits", self.peak, self.permits)?;
        if self.started == 0 {
            return Ok(());
        }
        writeln!(f, "\nhow long they waited in line, by weight:")?;
        writeln!(f, "weight     jobs     mean wait  longest wait")?;
        for (weight, Waits { jobs, total, longest }) in &self.by_weight {
            let [mean, longest] = [*total / *jobs, *longest].map(|wait| format!("{wait:.1?}"));
            writeln!(f, "{weight:6} {jobs:8} {mean:>13} {longest:>13}")?;
        }
        Ok(())
    }
}
