//! Storm after storm, with dice from one seed, for as long as one likes: `cargo xtask soak --minutes 5`.
//!
//! Every storm has its size, its number of workers and what runs it from the dice. One that panics or does
//! not end is named, with the config it had and the seed; the threads decide the rest, so the same seed need
//! not find it again at once.
#![expect(clippy::std_instead_of_core, clippy::std_instead_of_alloc, reason = "a program for the host")]

use std::{
    collections::BTreeMap,
    io::IsTerminal,
    panic::{AssertUnwindSafe, catch_unwind},
    process::{ExitCode, exit},
    sync::mpsc::{RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use tests::{
    Dice,
    storms::{self, On, Storm, StormConfig},
};

/// Runs storms until the time is over, and says what there was of each.
#[derive(Debug, Parser)]
struct Options {
    /// For how long; a storm that has begun is finished.
    #[arg(long, default_value_t = 1.0)]
    minutes: f64,
    /// Where the dice begin; by default the time of day. It is printed first.
    #[arg(long)]
    seed: Option<usize>,
    /// Only storms whose name contains this.
    #[arg(long, value_name = "NAME", default_value = "")]
    only: String,
    /// How many seconds one storm may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    patience: u64,
}

/// What there was of one storm.
#[derive(Clone, Copy, Default)]
struct Tally {
    runs: usize,
    operations: usize,
}

/// The config of the next storm.
fn config(dice: &mut Dice) -> StormConfig {
    StormConfig {
        on: [On::Threads, On::Tokio][dice.roll(2)],
        seed: dice.roll(1 << 30),
        items: [100, 1000, 5000, 20_000][dice.roll(4)] + dice.roll(100),
        workers: 2 + dice.roll(7),
    }
}

/// Runs `storm` on a thread of its own. If it panics, or takes longer than `patience`, this is the end.
fn run(storm: Storm, config: StormConfig, patience: Duration, seed: usize) -> usize {
    let (done, when_done) = channel();
    let thread = thread::spawn(move || {
        let outcome = catch_unwind(AssertUnwindSafe(|| (storm.run)(config)));
        // The receiver may have given up.
        _ = done.send(outcome.is_ok());
        outcome.unwrap_or_default()
    });
    let why = match when_done.recv_timeout(patience) {
        Ok(true) => return thread.join().expect("it has not panicked"),
        Ok(false) | Err(RecvTimeoutError::Disconnected) => "panicked".to_owned(),
        Err(RecvTimeoutError::Timeout) => format!("has not ended after {} seconds", patience.as_secs()),
    };
    eprintln!("\n{} {why}; {config:?}; again: --seed {seed} --only {}", storm.name, storm.name);
    // The threads of a storm that hangs can be ended in no other way.
    exit(1)
}

fn main() -> ExitCode {
    let options = Options::parse();
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seed = options.seed.unwrap_or_else(|| usize::try_from(since.as_secs()).unwrap_or_default());
    let mut storms = storms::all();
    storms.retain(|storm| storm.name.contains(&options.only));
    if storms.is_empty() {
        eprintln!("error: no storm's name contains `{}`", options.only);
        return ExitCode::FAILURE;
    }
    println!("seed {seed}: {} storms, {} minutes", storms.len(), options.minutes);

    let (start, total) = (Instant::now(), Duration::from_secs_f64(options.minutes * 60.0));
    let bar = ProgressBar::new(total.as_secs());
    let style = ProgressStyle::with_template("{elapsed_precise} [{bar:30}] {percent:>3} %  {msg}");
    bar.set_style(style.expect("a literal that it can read"));
    let mut minutes = 0;
    let mut dice = Dice::new(seed);
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for storm in storms.iter().copied().cycle() {
        let elapsed = start.elapsed();
        // Each has its turn, however short the time is.
        if elapsed >= total && tallies.len() == storms.len() {
            break;
        }
        bar.set_message(storm.name);
        bar.set_position(elapsed.as_secs());
        if !std::io::stderr().is_terminal() && elapsed.as_secs() / 60 > minutes {
            minutes = elapsed.as_secs() / 60;
            println!("{minutes} minutes, {} storms", tallies.values().map(|tally| tally.runs).sum::<usize>());
        }
        let operations = run(storm, config(&mut dice), Duration::from_secs(options.patience), seed);
        let tally = tallies.entry(storm.name).or_default();
        tally.runs += 1;
        tally.operations += operations;
    }
    bar.finish_and_clear();

    let mut sum = Tally::default();
    for (name, tally) in &tallies {
        println!("{name:40} {:>6} runs {:>12} operations", tally.runs, tally.operations);
        sum.runs += tally.runs;
        sum.operations += tally.operations;
    }
    let took = start.elapsed().as_secs_f64() / 60.0;
    println!(
        "{} runs, {} operations in {took:.1} minutes, seed {seed}: nothing found",
        sum.runs, sum.operations
    );
    ExitCode::SUCCESS
}
