//! What is printed: figures at the end, and a progress bar meanwhile.

use std::{fmt, time::Duration};

use anyhow::{Result, ensure};
use hdrhistogram::Histogram;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sync_core::wait_map::WaitError;

use crate::{
    client::{Outcome, Served},
    options::Options,
};

/// The figures of one run.
#[derive(Debug)]
pub(crate) struct Report {
    requests: u64,
    in_flight: usize,
    /// Set if the server was told to hang up.
    hang_up_after: Option<u64>,
    /// Nanoseconds.
    latency: Histogram<u64>,
    waited: u64,
    /// Tasks that were in line for a tag when the connection ended.
    no_tag: u64,
    /// Tasks that had sent their request and waited for the reply when the connection ended.
    no_reply: u64,
    pub(crate) out_of_turn: u64,
    pub(crate) elapsed: Duration,
}

impl Report {
    pub(crate) fn new(options: &Options, lines: usize) -> Self {
        let minute = 60_000_000_000;
        Self {
            requests: lines as u64 * u64::from(options.repeat),
            in_flight: options.in_flight,
            hang_up_after: options.hang_up_after,
            latency: Histogram::new_with_bounds(1, minute, 3).expect("the bounds are in order"),
            waited: 0,
            no_tag: 0,
            no_reply: 0,
            out_of_turn: 0,
            elapsed: Duration::ZERO,
        }
    }

    /// Counts the outcome of a request.
    ///
    /// # Errors
    ///
    /// Passes on why it failed.
    pub(crate) fn add(&mut self, outcome: Result<Outcome>, bar: &ProgressBar) -> Result<()> {
        match outcome? {
            Outcome::Served(Served { latency, waited, .. }) => {
                self.latency.saturating_record(u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX));
                self.waited += u64::from(waited);
                bar.inc(1);
            }
            Outcome::NoTag(_closed) => self.no_tag += 1,
            Outcome::NoReply(why) => {
                ensure!(why == WaitError::Closed, "a wait for a reply ended with {why:?}");
                self.no_reply += 1;
            }
        }
        Ok(())
    }

    pub(crate) fn replies(&self) -> u64 {
        self.latency.len()
    }

    /// How many tasks ended because the connection did.
    pub(crate) fn unanswered(&self) -> u64 {
        self.no_tag + self.no_reply
    }

    fn latency_at(&self, quantile: f64) -> Duration {
        Duration::from_nanos(self.latency.value_at_quantile(quantile))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, in_flight, waited, no_tag, no_reply, .. } = self;
        writeln!(f, "{requests} requests on one connection; in flight at a time: {in_flight} or fewer")?;
        writeln!(
            f,
            "replies:                {}, each received by the task that sent the request",
            self.replies()
        )?;
        if self.replies() > 0 {
            #[expect(clippy::cast_precision_loss, reason = "printed without decimals")]
            let per_second = self.replies() as f64 / self.elapsed.as_secs_f64();
            writeln!(f, "replies per second:     {per_second:.0}")?;
            writeln!(f, "latency, median:        {:.1?}", self.latency_at(0.50))?;
            writeln!(f, "latency, 99 of 100:     {:.1?} or less", self.latency_at(0.99))?;
            writeln!(f, "waited for a tag:       {waited} of these, because all tags were in use")?;
            writeln!(f, "answered out of order:  {}", self.out_of_turn)?;
        }
        if let Some(limit) = self.hang_up_after {
            let hung_up = limit <= self.replies();
            let when =
                if hung_up { "after the last of these replies" } else { "never, for lack of requests" };
            writeln!(f, "\nthe server hung up:     {when}")?;
            writeln!(f, "ended without a reply:  {}, each with the error \"closed\"", self.unanswered())?;
            writeln!(f, "  had a tag:            {no_reply}, waiting in the map for the reply")?;
            writeln!(f, "  had no tag:           {no_tag}, waiting in the semaphore's line")?;
            let not_begun = requests - self.replies() - self.unanswered();
            writeln!(f, "not begun:              {not_begun}")?;
        }
        Ok(())
    }
}

/// A bar for `total` requests on stderr.
pub(crate) fn progress_bar(total: u64) -> ProgressBar {
    // Which draws nothing if stderr is no terminal.
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} replies, {per_sec}");
    bar.with_style(style.expect("the template is well formed"))
}
