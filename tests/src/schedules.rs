//! Many tasks on a few threads, under schedules that shuttle draws.

use alloc::{
    boxed::Box,
    collections::{BTreeSet, VecDeque},
    sync::Arc,
    task::Wake,
    vec,
    vec::Vec,
};
use core::{
    fmt::Debug,
    future::Future,
    pin::Pin,
    str::FromStr,
    task::{Context, Poll, Waker},
};
use std::{env, eprintln, fs, panic, path::PathBuf};

use shuttle::{
    Config, FailurePersistence, Runner,
    rand::Rng,
    scheduler::{PctScheduler, RandomScheduler, ReplayScheduler, Scheduler},
    sync::{Condvar, Mutex},
    thread,
};

use crate::Dice;

/// How many tasks the tests have.
pub const TASKS: usize = 8;

/// On how many threads.
pub const THREADS: usize = 4;

/// How many schedules each scheduler draws for a test, unless `SHUTTLE_ITERATIONS` says so.
const ITERATIONS: usize = 1000;

/// Where what is drawn begins, unless `SHUTTLE_RANDOM_SEED` says so: a test is the same for every task.
const SEED: u64 = 0x5eed;

/// How often PCT preempts a thread for one of another priority, and one more.
const DEPTH: usize = 4;

/// How the next thread is chosen.
#[derive(Clone, Copy, Debug)]
pub enum By {
    /// Each time at random.
    Lot,
    /// By priorities that change a few times ("probabilistic concurrency testing").
    Priority,
}

impl By {
    /// Runs `f` under many schedules; or under the one in the file that `SHUTTLE_REPLAY` names. The schedule
    /// of a failure goes to a file in `failures`, whose name is printed.
    ///
    /// # Panics
    ///
    /// If `f` does, or all of its threads wait forever.
    pub fn explore(self, failures: &str, f: impl Fn() + Send + Sync + 'static) {
        if let Some(path) = env::var_os("SHUTTLE_REPLAY") {
            let replay =
                ReplayScheduler::new_from_file(path).expect("SHUTTLE_REPLAY is a file with a schedule");
            run(replay, FailurePersistence::None, f);
            return;
        }
        fs::create_dir_all(failures).expect("there is a target directory");
        let to_file = FailurePersistence::File(Some(failures.into()));
        let before = files(failures);
        let iterations = number("SHUTTLE_ITERATIONS", ITERATIONS);
        let outcome = panic::catch_unwind(panic::AssertUnwindSafe(|| match self {
            Self::Lot => run(RandomScheduler::new_from_seed(SEED, iterations), to_file, f),
            Self::Priority => run(PctScheduler::new_from_seed(SEED, DEPTH, iterations), to_file, f),
        }));
        if let Err(panic) = outcome {
            // Perhaps also that of the test beside this one; which is whose is said above.
            for file in files(failures).difference(&before) {
                let schedule = fs::read_to_string(file).unwrap_or_default();
                eprintln!("the schedule in {}:\n{schedule}", file.display());
            }
            let name = std::thread::current();
            let name = name.name().unwrap_or("NAME");
            eprintln!("to see it again: SHUTTLE_REPLAY=FILE cargo xtask shuttle --filter {name}");
            panic::resume_unwind(panic);
        }
    }
}

fn run(
    scheduler: impl Scheduler + 'static,
    failures: FailurePersistence,
    f: impl Fn() + Send + Sync + 'static,
) {
    let mut config = Config::new();
    // Futures in debug builds, one in the other.
    config.stack_size = 0x4_0000;
    // That it takes all orderings for `SeqCst` is in its documentation, and in ours.
    config.silence_warnings = true;
    config.failure_persistence = failures;
    // Else other threads go on, with what the one that panics has left.
    config.ungraceful_shutdown_config.immediately_return_on_panic = true;
    Runner::new(scheduler, config).run(f);
}

/// What is in a folder.
fn files(folder: &str) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(folder).expect("it was made");
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

fn number<T: FromStr<Err: Debug>>(variable: &str, default: T) -> T {
    env::var(variable).map_or(default, |text| text.parse().expect("a number"))
}

/// Dice of this execution: drawn with its schedule, so that a replay throws the same.
#[must_use]
pub fn dice() -> Dice {
    Dice::new(shuttle::rand::thread_rng().r#gen())
}

/// What a task runs.
pub type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Runs every job to its end, as a task of its own; any of [`THREADS`] threads polls it next.
///
/// # Panics
///
/// If one of them does.
pub fn on_threads(jobs: Vec<Job>) {
    let state = State { ready: (0..jobs.len()).collect(), queued: vec![true; jobs.len()], left: jobs.len() };
    let jobs = jobs.into_iter().map(|job| Mutex::new(Some(job))).collect();
    let pool = Arc::new(Pool { jobs, state: Mutex::new(state), more: Condvar::new() });
    let work = || {
        let pool = Arc::clone(&pool);
        thread::spawn(move || pool.work())
    };
    let threads: Vec<_> = (0..THREADS).map(|_| work()).collect();
    for thread in threads {
        thread.join().expect("its assertions hold");
    }
}

/// An executor. Its own locks are shuttle's: a thread that has nothing to do sleeps, and when all do forever,
/// that is a deadlock, which shuttle reports.
struct Pool {
    jobs: Vec<Mutex<Option<Job>>>,
    state: Mutex<State>,
    more: Condvar,
}

struct State {
    /// Which to poll next, oldest first.
    ready: VecDeque<usize>,
    /// Which jobs are among them.
    queued: Vec<bool>,
    /// How many have not ended.
    left: usize,
}

impl Pool {
    fn work(self: &Arc<Self>) {
        while let Some(job) = self.next() {
            // Another thread may be polling it still; what woke it meanwhile has to wait for that.
            let mut future = self.jobs[job].lock().expect("nothing panics and goes on");
            let Some(running) = future.as_mut() else { continue };
            let waker = Waker::from(Arc::new(Wakes { pool: Arc::clone(self), job }));
            if let Poll::Ready(()) = running.as_mut().poll(&mut Context::from_waker(&waker)) {
                *future = None;
                drop(future);
                self.change(|state| state.left -= 1);
                continue;
            }
            drop(future);
            let busy = self.state.lock().expect("nothing panics and goes on").queued[job];
            if busy {
                // Else a thread that is never preempted wraps with jobs that give up and come again.
                thread::yield_now();
            }
        }
    }

    /// Waits for a job to poll; there is none when all have ended.
    fn next(&self) -> Option<usize> {
        let mut state = self.state.lock().expect("nothing panics and goes on");
        loop {
            if state.left == 0 {
                return None;
            }
            if let Some(job) = state.ready.pop_front() {
                state.queued[job] = false;
                return Some(job);
            }
            state = self.more.wait(state).expect("nothing panics and goes on");
        }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().expect("nothing panics and goes on"));
        self.more.notify_all();
    }
}

struct Wakes {
    pool: Arc<Pool>,
    job: usize,
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.pool.change(|state| {
            if !core::mem::replace(&mut state.queued[self.job], true) {
                state.ready.push_back(self.job);
            }
        });
    }
}

/// A test for each function and each way to choose, in the modules `by_lot` and `by_priority`.
#[macro_export]
macro_rules! schedules {
    ($($name:ident)*) => {
        mod by_lot {
            $(#[test]
            fn $name() {
                $crate::schedules::By::Lot.explore(concat!(env!("CARGO_TARGET_TMPDIR"), "/schedules"), super::$name);
            })*
        }
        mod by_priority {
            $(#[test]
            fn $name() {
                $crate::schedules::By::Priority.explore(concat!(env!("CARGO_TARGET_TMPDIR"), "/schedules"), super::$name);
            })*
        }
    };
}
