//! The command line of [`orderings`].

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match orderings::run(&orderings::Config::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
