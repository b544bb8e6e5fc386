//! The command line.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::{Parser, ValueEnum};

/// As many as there are tags of 16 bits.
const MAX_IN_FLIGHT: usize = 1 << 16;

/// Sends every line of a file as a request to a server that answers out of order.
///
/// Each request is a task of its own, with a tag that no other request in flight has. The server, a task in
/// the same process, answers with the line spelled backwards, and each reply goes to the task that waits for
/// its tag.
///
/// The example checks itself: that each task gets the reply to its own request, and that each task ends when
/// the server hangs up. It fails otherwise.
#[derive(Debug, Parser)]
pub(crate) struct Options {
    /// The text file whose lines are sent.
    #[arg(long, value_name = "PATH", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md"))]
    pub(crate) file: PathBuf,

    /// How many requests may be in flight at a time: sent, and not answered yet.
    #[arg(long, value_name = "N", default_value_t = 64)]
    pub(crate) in_flight: usize,

    /// How often the file is sent.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) repeat: u32,

    /// The executor that runs the tasks.
    #[arg(long, value_enum, default_value_t = Executor::Tokio)]
    pub(crate) executor: Executor,

    /// The port on which the server listens; 0 is any that is free.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) port: u16,

    /// Lets the server hang up after N replies, and counts how the tasks end that are still waiting then.
    #[arg(long, value_name = "N")]
    pub(crate) hang_up_after: Option<u64>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Executor {
    Tokio,
    Smol,
}

impl Options {
    /// Checks what the types do not.
    ///
    /// # Errors
    ///
    /// If a number is out of its range. Clap could tell, too, but takes several lines for it.
    pub(crate) fn check(&self) -> Result<()> {
        ensure!(
            (1..=MAX_IN_FLIGHT).contains(&self.in_flight),
            "--in-flight is {}, but must be from 1 to {MAX_IN_FLIGHT}",
            self.in_flight
        );
        ensure!(self.repeat > 0, "--repeat is 0, but must be at least 1");
        Ok(())
    }
}
