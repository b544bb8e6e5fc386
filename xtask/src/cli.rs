//! The command line.

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};

use crate::report::Report;
use crate::runner::{self, Options};
use crate::step::Step;
use crate::tables::Update;
use crate::workspace::Workspace;
use crate::{
    bench, cross, features, firmware, fuzz, kernel, links, loom, miri, msrv, mutants, orderings, process,
    rounds, sanitize, shuttle, sizes, soak, steps, targets, verify,
};

/// Every check of this workspace, one sub-command each.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run everything below that must pass, up to `kernel`: all but what takes long or needs more than Rust
    /// and QEMU.
    Test(Extent),
    /// Check the formatting.
    Fmt,
    /// Run clippy with warnings denied: default features, all features, `--cfg loom` and `--cfg shuttle`.
    Clippy,
    /// Run the unit and integration tests, with default features and with `std`.
    Unit(Filter),
    /// Run the examples in the documentation.
    DocTests(Filter),
    /// Compare the messages of the macros with the expected ones; `TRYBUILD=overwrite` writes them anew.
    Ui(Filter),
    /// Run the loom models, each within its own bounds.
    Loom(loom::Selection),
    /// Run calls in the middle of calls, with batches of two wakers.
    Rounds(rounds::Selection),
    /// Run many tasks on a few threads under schedules that shuttle draws.
    Shuttle(shuttle::Selection),
    /// Check every set of features, and that without `alloc` nothing links an allocator.
    Features,
    /// Build and test the published crates with the oldest compiler that they promise: Rust 1.85.
    Msrv,
    /// Run the tests on other processors: i686, and under QEMU aarch64 and s390x, which are not part of
    /// `test`.
    Cross(cross::Selection),
    /// Interpret the tests, so that undefined behaviour shows; needs a nightly toolchain with Miri.
    Miri(miri::Selection),
    /// Build the documentation with warnings denied.
    Docs,
    /// Follow every link in the texts and in the documentation: is there such a file, and such an anchor in
    /// it?
    Links,
    /// Build the examples and run each of them, also with input that must fail.
    Examples,
    /// Build for every target the library must run on; without a choice where one is needed, there is one
    /// message.
    Targets(targets::Selection),
    /// Boot the bare-metal kernel in QEMU: its tests, with one CPU and two; and what the library costs there.
    Kernel(Update),
    /// Boot the firmware for microcontrollers in QEMU: its tests, what must fail, and what the library costs
    /// there.
    Firmware(Update),
    /// Build a firmware per primitive, and compare what it adds to flash with its limit and its peers.
    Sizes(Update),
    /// Fuzz the primitives against their references; needs a nightly toolchain. Not part of `test`.
    Fuzz(fuzz::Selection),
    /// Weaken each memory ordering of sync-core by itself, find the model that fails, and write
    /// `tests/ORDERINGS.md`.
    Orderings(orderings::Selection),
    /// Run the benchmarks, or only those that NAME selects.
    Bench(bench::Selection),
    /// Count beyond 32 bits, and as many readers as there can be: the tests of the limits, with optimisation.
    Limits(Filter),
    /// Run storms and injected panics under the thread, address and leak sanitizers; needs a nightly
    /// toolchain.
    Sanitize(sanitize::Selection),
    /// Run storm after storm for a while: `--minutes N`, `--seed S`, `--only NAME`.
    Soak(soak::Soak),
    /// Change the code in one place after the other, and see whether a test fails; needs cargo-mutants.
    Mutants(mutants::Selection),
    /// Run all of the above at the length that finds the most: hours.
    Verify(verify::Extent),
}

#[derive(Debug, Args)]
struct Extent {
    /// Run `sanitize` too.
    #[arg(long)]
    sanitize: bool,
}

#[derive(Debug, Args)]
struct Filter {
    /// Run only the tests whose name contains NAME; the minimum count is then not asked for.
    #[arg(long, value_name = "NAME")]
    filter: Option<String>,
}

impl Cli {
    /// Runs what was asked for.
    ///
    /// # Errors
    ///
    /// When the workspace cannot be read, or a child process cannot be watched.
    pub(crate) fn run(self) -> Result<Report> {
        let workspace = Workspace::load()?;
        // `cargo run --example` without a package depends on where it is said.
        std::env::set_current_dir(&workspace.root).context("cannot enter the workspace")?;
        // On this terminal, which it draws on.
        if let Command::Soak(soak) = &self.command {
            return soak.run();
        }
        process::watch_for_interrupts()?;
        let out = &mut std::io::stdout();
        match &self.command {
            Command::Mutants(selection) => mutants::run(&workspace, selection, &self.options, out),
            _ => runner::run(&self.command.steps(&workspace)?, &workspace, &self.options, out),
        }
    }
}

impl Command {
    fn steps(self, workspace: &Workspace) -> Result<Vec<Step>> {
        Ok(match self {
            Self::Test(Extent { sanitize }) => {
                let more = if sanitize { sanitize::all(workspace) } else { Vec::new() };
                [steps::all(workspace), more].concat()
            }
            Self::Fmt => steps::fmt(),
            Self::Clippy => steps::clippy(workspace),
            Self::Unit(Filter { filter }) => steps::unit(filter.as_deref()),
            Self::DocTests(Filter { filter }) => steps::doc_tests(filter.as_deref()),
            Self::Ui(Filter { filter }) => steps::ui(filter.as_deref()),
            Self::Loom(selection) => loom::steps(workspace, &selection),
            Self::Rounds(selection) => rounds::steps(workspace, &selection),
            Self::Shuttle(selection) => shuttle::steps(workspace, &selection),
            Self::Features => features::steps(workspace),
            Self::Msrv => msrv::steps(workspace),
            Self::Cross(selection) => cross::steps(workspace, &selection),
            Self::Miri(selection) => miri::steps(workspace, &selection),
            Self::Docs => steps::docs(),
            Self::Links => links::steps(),
            Self::Examples => steps::examples(workspace),
            Self::Targets(selection) => targets::steps(workspace, &selection),
            Self::Kernel(update) => kernel::steps(workspace, update),
            Self::Firmware(update) => firmware::steps(workspace, update),
            Self::Sizes(update) => sizes::steps(workspace, update),
            Self::Fuzz(selection) => fuzz::steps(workspace, &selection),
            Self::Orderings(selection) => orderings::steps(workspace, &selection),
            Self::Bench(selection) => bench::steps(workspace, &selection)?,
            Self::Limits(Filter { filter }) => steps::limits(filter.as_deref()),
            Self::Sanitize(selection) => sanitize::steps(workspace, &selection),
            Self::Verify(extent) => verify::steps(&extent)?,
            // No table of steps: what they run depends on what they have seen.
            Self::Soak(_) | Self::Mutants(_) => Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn options_may_stand_on_either_side_of_the_sub_command() {
        for line in [["xtask", "--verbose", "test"], ["xtask", "test", "--verbose"]] {
            assert!(Cli::try_parse_from(line).expect("a valid line").options.verbose);
        }
    }

    #[test]
    fn a_filter_is_refused_where_nothing_could_be_filtered() {
        Cli::try_parse_from(["xtask", "fmt", "--filter", "x"]).expect_err("`fmt` runs no tests");
        Cli::try_parse_from(["xtask", "loom", "--filter", "close"]).expect("`loom` runs tests");
    }
}
