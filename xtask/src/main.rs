//! `cargo xtask`: every check of this workspace, one sub-command each.
//!
//! `cargo xtask test` runs everything that must pass. The steps themselves are one table, in [`steps`]; how
//! many tests each must at least run is another, in [`minimums`].
//!
//! The layers, each of which uses only those below it:
//!
//! 1. `cli`: the command line;
//! 2. `verify`: all methods, one sub-command after the other;
//! 3. `steps`: the table of what must pass;
//! 4. `bench`, `cross`, `firmware`, `fuzz`, `kernel`, `links`, `miri`, `msrv`, `mutants`, `orderings`,
//!    `rounds`, `sanitize`, `shuttle`, `sizes`, `soak`, `targets`: a sub-command each;
//! 5. `features`, `guest`, `loom`: sub-commands and parts that several of them use;
//! 6. `mutants::accepted`, `mutants::command`, `mutants::tree`: what becomes of mutants;
//! 7. `mutants::outcomes`: what cargo-mutants says of them;
//! 8. `tables`: the tables of figures in the texts;
//! 9. `runner`: runs steps;
//! 10. `process`, `report`: a child process, and the summary;
//! 11. `step`: what a step is;
//! 12. `count`, `minimums`, `needs`, `workspace`: what steps are made of.
#![expect(
    clippy::std_instead_of_alloc,
    reason = "a program for the host; the lint is there for the no_std library"
)]

mod bench;
mod cli;
mod count;
mod cross;
mod features;
mod firmware;
mod fuzz;
mod guest;
mod kernel;
#[cfg(test)]
mod layers;
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
