//! Threads, or tasks of tokio, that do everything to one primitive as fast as they can.
//!
//! A storm ends by itself, and then everything adds up: what was given was taken, or given back, or passed
//! on. A wake-up that is lost shows as a storm that does not end, for which the caller has a watchdog.

mod blocking;
mod composed;
mod events;
mod keyed;
mod locks;
mod modes;
mod queues;

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{
    cell::Cell,
    fmt,
    future::{Future, poll_fn},
    mem::replace,
    pin::Pin,
    task::Poll,
};
use std::thread;

use crate::{Dice, block_on};

/// What runs the jobs of a storm, all at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// A thread for each.
    Threads,
    /// Tasks of tokio's runtime with several threads.
    #[cfg(not(miri))]
    Tokio,
}

type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

impl On {
    fn run(self, jobs: Vec<Job>) {
        match self {
            Self::Threads => {
                let threads: Vec<_> = jobs.into_iter().map(|job| thread::spawn(|| block_on(job))).collect();
                for thread in threads {
                    thread.join().expect("its assertions hold");
                }
            }
            // An interpreter would have all of tokio to interpret.
            #[cfg(not(miri))]
            Self::Tokio => {
                let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build();
                let runtime = runtime.expect("threads can be spawned");
                runtime.block_on(async {
                    let tasks: Vec<_> = jobs.into_iter().map(tokio::spawn).collect();
                    for task in tasks {
                        task.await.expect("its assertions hold");
                    }
                });
            }
        }
    }
}

/// How long a storm goes on, on how many threads or tasks.
#[derive(Clone, Copy, Debug)]
pub struct StormConfig {
    /// What runs it.
    pub on: On,
    /// Two storms with one seed throw the same dice; what comes of that is up to the threads.
    pub seed: usize,
    /// For how long it goes on.
    pub items: usize,
    /// How many do the same thing, at least two.
    pub workers: usize,
}

/// A storm: what it is called, and what runs it and returns how many operations have succeeded.
#[derive(Clone, Copy)]
pub struct Storm {
    /// Unique.
    pub name: &'static str,
    /// Panics if something does not add up.
    pub run: fn(StormConfig) -> usize,
}

impl fmt::Debug for Storm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// What the jobs of a storm share, and the jobs.
struct Jobs<T> {
    shared: Arc<T>,
    config: StormConfig,
    spawned: Vec<Job>,
}

impl<T: Send + Sync + 'static> Jobs<T> {
    fn new(config: StormConfig, shared: T) -> Self {
        Self { shared: Arc::new(shared), config, spawned: Vec::new() }
    }

    /// Adds `n` that do `job`, each with dice of its own.
    fn spawn<F: Future<Output = ()> + Send + 'static>(
        &mut self,
        n: usize,
        mut job: impl FnMut(Arc<T>, Dice) -> F,
    ) {
        for _ in 0..n {
            let dice = Dice::new(self.config.seed.wrapping_mul(64).wrapping_add(self.spawned.len()));
            self.spawned.push(Box::pin(job(Arc::clone(&self.shared), dice)));
        }
    }

    /// Runs them all to their end, and returns what they shared.
    fn run(self) -> T {
        self.config.on.run(self.spawned);
        Arc::into_inner(self.shared).expect("all jobs have ended")
    }
}

/// Lets others run: the other tasks of this thread, and other threads.
async fn give_way() {
    let mut has_given = false;
    poll_fn(|cx| {
        if replace(&mut has_given, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
    thread::yield_now();
}

/// A number that is neither atomic nor guarded by anything but what is tested.
#[derive(Default)]
struct Bare(Cell<usize>);

#[expect(unsafe_code, reason = "what is tested is that no other task looks at it")]
// SAFETY: a task that uses it has its turn, which only one at a time has, or looks while no task writes.
unsafe impl Sync for Bare {}

impl Bare {
    /// Counts one up, as slowly as it takes for others to come in between if they can.
    fn up(&self, slowly: bool) {
        let was = self.0.get();
        if slowly {
            thread::yield_now();
        }
        self.0.set(was + 1);
    }

    fn get(&self) -> usize {
        self.0.get()
    }
}

/// Every storm there is.
#[must_use]
pub fn all() -> Vec<Storm> {
    [
        queues::STORMS,
        keyed::STORMS,
        modes::STORMS,
        locks::STORMS,
        events::STORMS,
        composed::STORMS,
        blocking::STORMS,
    ]
    .concat()
}

/// The table of a module's storms.
macro_rules! storms {
    ($($storm:ident)*) => {
        pub(super) const STORMS: &[super::Storm] =
            &[$(super::Storm { name: stringify!($storm), run: $storm }),*];
    };
}
use storms;
