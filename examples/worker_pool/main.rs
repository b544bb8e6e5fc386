//! A bounded worker pool: the jobs that run at a time have a limit, and large jobs weigh more than small
//! ones.
//!
//! Every job is a task of its own, and all of them are there from the start: what bounds the pool is a
//! semaphore, in whose line they wait. A heavy job at the front is not overtaken by light ones that would
//! fit, or it might wait forever. At the end, or in the middle, the pool is closed: the jobs that run are
//! finished, and those still in line are turned away.
//!
//! ```text
//! cargo run --release --example worker_pool -- --permits 8 --jobs 100
//! cargo run --release --example worker_pool -- --jobs 100 --close-after 30     # or press Ctrl-C
//! ```
//!
//! What to read: this page. `ledger.rs` watches that the pool does what is said here, and `jobs.rs` says what
//! a job looks like in a file.

#![expect(clippy::std_instead_of_alloc, clippy::std_instead_of_core, reason = "it has an operating system")]

use sync_core::{Closed, Semaphore};

/// Runs jobs, as many at a time as there are permits for.
#[derive(Debug)]
struct Pool {
    permits: Semaphore,
}

impl Pool {
    /// Returns a pool that is not open yet: jobs may get in line.
    fn new() -> Self {
        Self { permits: Semaphore::new(0) }
    }

    /// Lets the first jobs in: those for which `permits` are enough.
    fn open(&self, permits: usize) {
        self.permits.add_permits(permits);
    }

    /// Runs `job` when it is its turn and there are `weight` permits for it.
    async fn run<T>(&self, weight: usize, job: impl Future<Output = T>) -> Result<T, Closed> {
        let _permits = self.permits.acquire(weight).await?;
        // They go back when `_permits` is dropped, however the job ends: a panic, or a task that is aborted,
        // does not make the pool smaller. The same goes for one that is aborted in line, or just let in.
        Ok(job.await)
    }

    /// Lets no more jobs in. Those that run go on: a permit stays valid when the semaphore is closed.
    fn close(&self) {
        self.permits.close();
    }
}

// That is all there is to it. Below: the program around it.

mod jobs;
mod ledger;

use std::{
    io::{self, Write as _},
    path::PathBuf,
    pin::pin,
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Parser;
use futures_lite::future::poll_once;
use jobs::Job;
use ledger::Ledger;
use tokio::{runtime, signal, task::JoinSet, time};

/// How long a job may take beyond its own time before the pool is taken for stuck.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs jobs of different weight on a pool with a limited number of permits.
///
/// A job waits in line until there are as many permits as it weighs, and gives them back when it has ended.
/// No job overtakes another. A job here only lets time pass, like one that waits for a disk or a server.
///
/// Ctrl-C, or --close-after, closes the pool: the jobs that are running are finished, those in line are
/// turned away, and the summary says how many they are.
///
/// The example checks itself: that no more permits are used than there are, that the jobs start in the order
/// in which they came, and that all permits are there again at the end. It fails otherwise.
#[derive(Debug, Parser)]
struct Options {
    /// The number of permits: the weight of the jobs that may run at the same time.
    #[arg(long, value_name = "N", default_value_t = 8)]
    permits: usize,

    /// A file with one job per line: its name, its weight, and how many milliseconds it takes.
    ///
    /// Blank lines, and lines that start with #, are skipped. Without a file, jobs are made up.
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,

    /// The number of jobs that are made up.
    #[arg(long, value_name = "N", default_value_t = 100, conflicts_with = "file")]
    jobs: usize,

    /// The seed of the made-up jobs: the same seed makes the same jobs.
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "file")]
    seed: u64,

    /// Closes the pool when N jobs have ended.
    #[arg(long, value_name = "N")]
    close_after: Option<usize>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let Err(error) = run(&options) else { return ExitCode::SUCCESS };
    // Not `eprintln!`, which panics when stderr is closed.
    let _ = writeln!(io::stderr(), "error: {error:#}");
    ExitCode::FAILURE
}

fn run(options: &Options) -> Result<()> {
    let most = <Semaphore>::MAX_PERMITS;
    let permits = options.permits;
    ensure!((1..=most).contains(&permits), "--permits is {permits}, but must be from 1 to {most}");
    let jobs = match &options.file {
        Some(file) => jobs::read(file, permits)?,
        None => jobs::make_up(options.jobs, permits, options.seed),
    };
    // Threads are not what is limited here: one is enough for jobs that wait.
    let runtime =
        runtime::Builder::new_current_thread().enable_all().build().context("cannot start tokio")?;
    let ledger = runtime.block_on(run_all(jobs, permits, options.close_after))?;
    write!(io::stdout(), "{ledger}")?;
    Ok(())
}

/// Runs the jobs until all have ended, or until the pool is closed and those have that were in.
async fn run_all(jobs: Vec<Job>, permits: usize, close_after: Option<usize>) -> Result<Ledger> {
    let longest = jobs.iter().map(|job| job.time).max().unwrap_or_default();
    let patience = PATIENCE.saturating_add(longest);
    let pool = Arc::new(Pool::new());
    let ledger = Arc::new(Mutex::new(Ledger::new(permits)));
    let total = jobs.len();
    // Polled once, it listens: from the first line on, Ctrl-C closes the pool.
    let mut ctrl_c = pin!(signal::ctrl_c());
    if let Some(outcome) = poll_once(ctrl_c.as_mut()).await {
        outcome.context("cannot listen for Ctrl-C")?;
        bail!("interrupted before it began");
    }
    writeln!(
        io::stdout(),
        "{total} jobs, each of which weighs up to {permits}, in a pool of {permits} permits"
    )?;

    let mut tasks = JoinSet::new();
    for (number, job) in jobs.into_iter().enumerate() {
        tasks.spawn(take_part(Arc::clone(&pool), Arc::clone(&ledger), number, job));
    }
    // All get in line first, in order, so that the order in which they start can be checked.
    while pool.permits.waiters() < total {
        tokio::task::yield_now().await;
    }
    pool.open(permits);

    let mut ended = 0;
    let mut open = true;
    while !tasks.is_empty() {
        if open && close_after.is_some_and(|enough| ended >= enough) {
            open = false;
            pool.close();
        }
        tokio::select! {
            outcome = tasks.join_next() => {
                outcome.expect("a task is left").context("a job panicked")??;
                ended += 1;
            }
            outcome = &mut ctrl_c, if open => {
                outcome.context("cannot listen for Ctrl-C")?;
                open = false;
                pool.close();
            }
            () = time::sleep(patience) => bail!("{} jobs are left, and none of them moves", tasks.len()),
        }
    }
    // A closed semaphore gives none out; those that came back can still be forgotten, which counts them.
    let left = pool.permits.forget_permits(usize::MAX);
    ensure!(left == permits, "there were {permits} permits, and {left} are left");
    drop(pool);
    let ledger = Arc::into_inner(ledger).context("a task is still there")?;
    let ledger = ledger.into_inner().unwrap_or_else(PoisonError::into_inner);
    ledger.check(total)?;
    Ok(ledger)
}

/// One job: it waits for its turn, and is done, or is turned away.
async fn take_part(pool: Arc<Pool>, ledger: Arc<Mutex<Ledger>>, number: usize, job: Job) -> Result<()> {
    let book = || ledger.lock().unwrap_or_else(PoisonError::into_inner);
    let came = Instant::now();
    let work = async {
        book().start(number, &job, came.elapsed())?;
        time::sleep(job.time).await;
        book().end(&job)
    };
    let Ok(outcome) = pool.run(job.weight, work).await else {
        book().turn_away();
        return Ok(());
    };
    outcome
}
