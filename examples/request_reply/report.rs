//! What is printed: figures at the end, and a progress bar meanwhile.

use std::{fmt, time::Duration};

use anyhow::Result;
use hdrhistogram::Histogram;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::client::Served;

/// The figures of one run.
#[derive(Debug)]
pub(crate) struct Report {
    /// Nanoseconds.
    latency: Histogram<u64>,
    waited: u64,
    pub(crate) out_of_turn: u64,
    pub(crate) elapsed: Duration,
}

impl Report {
    pub(crate) fn new() -> Self {
        let minute = 60_000_000_000;
        let latency = Histogram::new_with_bounds(1, minute, 3).expect("the bounds are in order");
        Self { latency, waited: 0, out_of_turn: 0, elapsed: Duration::ZERO }
    }

    /// Counts what became of a request; hands on why it failed.
    pub(crate) fn add(&mut self, served: Result<Served>, bar: &ProgressBar) -> Result<()> {
        let Served { latency, waited, .. } = served?;
        self.latency.saturating_record(u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX));
        self.waited += u64::from(waited);
        bar.inc(1);
        Ok(())
    }

    pub(crate) fn replies(&self) -> u64 {
        self.latency.len()
    }

    fn latency_at(&self, quantile: f64) -> Duration {
        Duration::from_nanos(self.latency.value_at_quantile(quantile))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[expect(clippy::cast_precision_loss, reason = "printed without decimals")]
        let per_second = self.replies() as f64 / self.elapsed.as_secs_f64();
        writeln!(f, "replies:             {}", self.replies())?;
        if self.replies() == 0 {
            return Ok(());
        }
        writeln!(f, "replies per second:  {per_second:.0}")?;
        writeln!(f, "latency, p50:        {:.1?}", self.latency_at(0.50))?;
        writeln!(f, "latency, p99:        {:.1?}", self.latency_at(0.99))?;
        writeln!(f, "tasks that waited:   {}", self.waited)?;
        writeln!(f, "out of turn:         {}", self.out_of_turn)
    }
}

/// A bar for `total` requests on stderr.
pub(crate) fn progress_bar(total: u64) -> ProgressBar {
    // Which draws nothing if stderr is no terminal.
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} replies, {per_sec}");
    bar.with_style(style.expect("the template is well formed"))
}
