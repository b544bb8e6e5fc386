//! `cargo xtask`: every check of this workspace, one sub-command each.
//!
//! `cargo xtask test` runs all that must pass. The steps themselves are one table, in [`steps`]; how many tests each
//! must at least run is another, in [`minimums`].
#![expect(
    clippy::std_instead_of_alloc,
    reason = "a program for the host; the lint is there for the no_std library"
)]

mod bench;
mod cli;
mod count;
mod cross;
mod firmware;
mod fuzz;
mod guest;
mod kernel;
mod links;
mod loom;
mod minimums;
mod miri;
mod msrv;
#[cfg(test)]
mod must_use;
mod mutants;
mod needs;
mod orderings;
mod process;
mod report;
mod rounds;
mod runner;
mod sanitize;
mod shuttle;
mod sizes;
mod soak;
mod step;
mod steps;
mod tables;
mod targets;
mod verify;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match cli::Cli::parse().run() {
        Ok(report) if report.succeeded() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
