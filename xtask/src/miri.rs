//! `cargo xtask miri`: the tests interpreted, so that undefined behaviour shows which happens to do no harm here.
//!
//! Interpreted, a test takes a thousand times as long: counts shrink by `tests::scaled`, and what `cargo xtask test` has time for
//! is chosen here. `cargo xtask miri --all --seeds N` is for an idle machine.

use core::time::Duration;

use clap::Args;

use crate::minimums;
use crate::needs::Need;
use crate::step::{Count, Job, Step};
use crate::steps::{filtered, unfiltered};
use crate::workspace::Workspace;

/// No integer becomes a pointer, and an address is aligned because of what it points into, not by chance. What the tests keep
/// as long as the program (`tests::leak`) is not reported: leaks are the leak sanitizer's.
const FLAGS: &str = "-Zmiri-strict-provenance -Zmiri-symbolic-alignment-check -Zmiri-ignore-leaks";

/// In `tests/tests/quick.rs`, what has code of its own with `unsafe` below it, and is over in a minute.
const QUICK: [&str; 8] =
    ["blocking::", "fairness::", "guards::", "lock_rounds::", "modes::", "pitfalls_locks::", "uncontended::", "wakers::"];

/// Which tests, and how often.
#[derive(Debug, Args)]
pub(crate) struct Selection {
    /// Run only the tests whose name contains NAME; the minimum count is then not asked for.
    #[arg(long, value_name = "NAME")]
    filter: Option<String>,
    /// Under how many schedules the tests of several threads run.
    #[arg(long, value_name = "N", default_value_t = 2)]
    seeds: u32,
    /// Also the tests that take longer than `cargo xtask test` may.
    #[arg(long)]
    all: bool,
}
