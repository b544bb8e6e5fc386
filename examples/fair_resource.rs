//! One resource, many tasks, two executors: a fair lock between them.
//!
//! One thread runs tokio and another runs smol. Their tasks take turns at one device behind one lock, which
//! knows nothing of executors: a waiting task is woken wherever it runs. No task overtakes, so while a task
//! is in line, every other task has at most one turn. One task is impatient, and leaves the line again and
//! again; the others do not notice.
//!
//! ```text
//! cargo run --release --example fair_resource -- --tasks 4 --turns 20000 --patience 20
//! ```
//!
//! What to read: `take_turn` and `take_turns`. What to learn: a guard may be held across an `.await`, a wait
//! for a lock may be given up at any time, and the number of turns that a task waits has a known bound.

#![expect(
    clippy::disallowed_types,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    reason = "it has an operating system, and no loom"
)]

use std::{
    fmt,
    io::{self, Write as _},
    pin::pin,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use clap::Parser;
use futures_lite::future::{or, poll_once, yield_now};
use sync_core::{Mutex, MutexGuard};

/// What all tasks share.
#[derive(Debug, Default)]
struct Shared {
    device: Mutex<Device>,
    /// How many turns have ended: for the tasks in line, which cannot look at the device.
    turns: AtomicU64,
    /// How many tasks are about to get in line for the first time.
    ready: AtomicUsize,
}

/// Something that only one task may use at a time.
#[derive(Debug, Default)]
struct Device {
    in_use: bool,
    turns: u64,
}

/// A turn at the device, which ends when this is dropped.
#[derive(Debug)]
struct Turn<'s> {
    device: MutexGuard<'s, Device>,
    /// How many turns others had while this task was in line.
    waited: u64,
}

/// Waits in line for the device.
async fn take_turn(shared: &Shared) -> Turn<'_> {
    let mut lock = pin!(shared.device.lock());
    // A future does nothing until it is polled: this is what gets it in line.
    if let Some(device) = poll_once(lock.as_mut()).await {
        return Turn { device, waited: 0 };
    }
    let before = shared.turns.load(SeqCst);
    let device = lock.await;
    Turn { device, waited: shared.turns.load(SeqCst) - before }
}

/// As [`take_turn`], but leaves the line after a while.
///
/// There is nothing to clean up. If the lock has just been handed to the future, dropping that hands it to
/// the next in line.
async fn try_take_turn(shared: &Shared, patience: Duration) -> Option<Turn<'_>> {
    let give_up = async {
        smol::Timer::after(patience).await;
        None
    };
    or(async { Some(take_turn(shared).await) }, give_up).await
}

impl Device {
    /// Works for a moment, in which other tasks run: they find the device locked.
    async fn work(&mut self) -> Result<()> {
        ensure!(!self.in_use, "two tasks use the device at a time");
        self.in_use = true;
        yield_now().await;
        self.in_use = false;
        self.turns += 1;
        Ok(())
    }
}

/// A task: takes turns until all tasks together have had `total`.
async fn take_turns(shared: Arc<Shared>, total: u64, patience: Option<Duration>) -> Result<Experience> {
    let mut experience = Experience { patient: patience.is_none(), ..Experience::default() };
    shared.ready.fetch_add(1, SeqCst);
    loop {
        let turn = match patience {
            None => Some(take_turn(&shared).await),
            Some(patience) => try_take_turn(&shared, patience).await,
        };
        let Some(Turn { mut device, waited }) = turn else {
            experience.gave_up += 1;
            // The device may have been handed to a task of this thread, which has to run for it to go on.
            yield_now().await;
            continue;
        };
        if device.turns == total {
            return Ok(experience);
        }
        device.work().await?;
        experience.turns += 1;
        experience.longest_wait = experience.longest_wait.max(waited);
        shared.turns.fetch_add(1, SeqCst);
        // Here the device is unlocked, and goes to the next in line.
    }
}

// That is all there is to it. Below: the program around it.

/// After this time without a turn, the lock has lost a waiter.
const PATIENCE: Duration = Duration::from_secs(10);

/// Lets tasks of two executors take turns at one device, and shows that no task in line is passed over.
///
/// Tokio and smol, on a thread each, run the same number of tasks. Each task gets in line for the device,
/// uses it for a moment, and gets in line again. The last task is impatient: when its patience is over, it
/// leaves the line, and starts again at the end of it.
///
/// The shares of the other tasks are similar, whatever the executors do, but not equal: the order among tasks
/// that are not in line is up to the executors. A thread that ends a turn wakes the next task first and is
/// back in line after that, sometimes behind one more.
///
/// The example checks itself: that no two tasks use the device at a time, that while a task waits no other
/// has more than one turn, and that all turns are accounted for. It fails otherwise.
#[derive(Clone, Debug, Parser)]
struct Options {
    /// How many tasks each executor runs.
    #[arg(long, value_name = "N", default_value_t = 4)]
    tasks: usize,

    /// How many turns there are.
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    turns: u64,

    /// The patience of the impatient task, in microseconds: it leaves the line after that time.
    #[arg(long, value_name = "N", default_value_t = 20)]
    patience: u64,
}

impl Options {
    /// The patience of each task of one executor, of which one may be impatient.
    fn patiences(&self, impatient: bool) -> impl Iterator<Item = Option<Duration>> {
        let last = self.tasks - 1;
        let patience = Duration::from_micros(self.patience);
        (0..self.tasks).map(move |task| (impatient && task == last).then_some(patience))
    }
}

/// What a task experienced.
#[derive(Debug, Default)]
struct Experience {
    patient: bool,
    turns: u64,
    /// The most turns that others had while this task was in line.
    longest_wait: u64,
    gave_up: u64,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let Err(error) = run(&options) else { return ExitCode::SUCCESS };
    // Not `eprintln!`, which panics when stderr is closed.
    let _ = writeln!(io::stderr(), "error: {error:#}");
    ExitCode::FAILURE
}

fn run(options: &Options) -> Result<()> {
    let Options { tasks, turns, .. } = *options;
    ensure!((1..=1000).contains(&tasks), "--tasks is {tasks}, but must be from 1 to 1000");
    let shared = Arc::new(Shared::default());
    let (sender, results) = mpsc::channel();
    // No task starts before all are there: that would be no competition.
    let not_yet = shared.device.try_lock().context("the device is in use already")?;
    for (executor, run_on) in [("tokio", on_tokio as fn(&_, &_) -> _), ("smol", on_smol)] {
        let (shared, options, sender) = (Arc::clone(&shared), options.clone(), sender.clone());
        thread::spawn(move || sender.send((executor, run_on(&shared, &options))));
    }
    while shared.ready.load(SeqCst) < 2 * tasks {
        thread::sleep(Duration::from_millis(1));
    }
    drop(not_yet);

    let mut report =
        Report { rows: Vec::new(), total: turns, bound: 2 * tasks as u64 - 1, patience: options.patience };
    for _ in 0..2 {
        let (executor, experiences) = next_result(&results, &shared)?;
        report.rows.extend(experiences?.into_iter().map(|experience| (executor, experience)));
    }
    report.check()?;
    write!(io::stdout(), "{report}")?;
    Ok(())
}

/// Waits for the result of an executor, as long as turns go on.
fn next_result<T>(results: &mpsc::Receiver<T>, shared: &Shared) -> Result<T> {
    loop {
        let before = shared.turns.load(SeqCst);
        match results.recv_timeout(PATIENCE) {
            Err(RecvTimeoutError::Timeout) if shared.turns.load(SeqCst) > before => {}
            outcome => return outcome.context("a task in line does not get its turn, or panicked"),
        }
    }
}

fn on_tokio(shared: &Arc<Shared>, options: &Options) -> Result<Vec<Experience>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().context("cannot start tokio")?;
    runtime.block_on(async {
        let start = |patience| tokio::spawn(take_turns(Arc::clone(shared), options.turns, patience));
        let tasks: Vec<_> = options.patiences(false).map(start).collect();
        let mut experiences = Vec::new();
        for task in tasks {
            experiences.push(task.await.context("a task panicked")??);
        }
        Ok(experiences)
    })
}

fn on_smol(shared: &Arc<Shared>, options: &Options) -> Result<Vec<Experience>> {
    let executor = smol::LocalExecutor::new();
    smol::block_on(executor.run(async {
        let start = |patience| executor.spawn(take_turns(Arc::clone(shared), options.turns, patience));
        let tasks: Vec<_> = options.patiences(true).map(start).collect();
        let mut experiences = Vec::new();
        for task in tasks {
            experiences.push(task.await?);
        }
        Ok(experiences)
    }))
}

/// What is printed.
#[derive(Debug)]
struct Report {
    /// An executor, and what one of its tasks experienced.
    rows: Vec<(&'static str, Experience)>,
    total: u64,
    /// One turn for each other task.
    bound: u64,
    /// Of the impatient task, in microseconds.
    patience: u64,
}

impl Report {
    fn longest_wait(&self) -> u64 {
        self.rows.iter().map(|(_, experience)| experience.longest_wait).max().unwrap_or_default()
    }

    fn check(&self) -> Result<()> {
        let turns: u64 = self.rows.iter().map(|(_, experience)| experience.turns).sum();
        ensure!(turns == self.total, "the tasks had {turns} turns, but there were {}", self.total);
        let (longest, bound) = (self.longest_wait(), self.bound);
        ensure!(longest <= bound, "while a task was in line, the {bound} other tasks had {longest} turns");
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (total, bound) = (self.total, self.bound);
        writeln!(f, "{} tasks on two executors, one of which is impatient, share a device", bound + 1)?;
        writeln!(f, "\nexecutor   turns   share  longest wait  gave up")?;
        for (executor, Experience { patient, turns, longest_wait, gave_up }) in &self.rows {
            #[expect(clippy::cast_precision_loss, reason = "printed with one decimal")]
            let share = 100.0 * *turns as f64 / total.max(1) as f64;
            write!(f, "{executor:8} {turns:7} {share:6.1}% {longest_wait:13}")?;
            if *patient { writeln!(f, "        -")? } else { writeln!(f, " {gave_up:8}")? }
        }
        let gave_up: u64 = self.rows.iter().map(|(_, experience)| experience.gave_up).sum();
        writeln!(f, "\nturns:         {total}, never two at a time")?;
        writeln!(f, "gave up:       {gave_up} times, the impatient task after {} µs in line", self.patience)?;
        writeln!(f, "longest wait:  {} turns of other tasks", self.longest_wait())?;
        writeln!(f, "bound:         {bound} turns, one for each other task: no task in line is passed over")
    }
}
