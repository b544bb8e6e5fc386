//! `cargo xtask soak`: storm after storm, with a progress bar of its own.

use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::report::Report;

/// Goes to `tests/examples/soak.rs` as it is.
#[derive(Debug, Args)]
pub(crate) struct Soak {
    /// `--minutes N`, `--seed S`, `--only NAME`, `--patience SECONDS`; `--help` says more.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

impl Soak {
    /// Builds and runs it, on this terminal.
    ///
    /// # Errors
    ///
    /// When it cannot be built, or has found something.
    pub(crate) fn run(&self) -> Result<Report> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo)
            .args(["run", "--release", "-p", "tests", "--example", "soak", "--"])
            .args(&self.args)
            .status()
            .context("cannot start cargo")?;
        if !status.success() {
            bail!("the soak has failed: {status}");
        }
        Ok(Report::default())
    }
}
