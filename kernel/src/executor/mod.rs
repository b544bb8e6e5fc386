//! An executor: static tasks, one set of ready ones for each CPU, and a CPU that sleeps when its set is empty.
//!
//! | word | who changes it | how |
//! | --- | --- | --- |
//! | `ready`, bit n | anybody | set: task n is to be polled (`fetch_or`) |
//! | `ready` | its CPU | all to 0: it will poll those that were set (`swap`) |
//! | `idle` | its CPU | true before it looks at `ready` for the last time and halts, false after |
//!
//! A CPU says that it is idle, and then looks; who wakes sets a bit, and then looks whether the CPU is idle. All four
//! are sequentially consistent, so that one of the two sees the other: the CPU the bit, or the waker the idle CPU, to
//! which it sends a message. Interrupts are off from the look to the `hlt`, which lets them in: a message that comes in
//! between is not lost, it ends the `hlt`.

mod task;
mod waker;

use core::{
    pin::Pin,
    sync::atomic::{
        AtomicBool, AtomicU64,
        Ordering::{Acquire, Relaxed, SeqCst},
    },
    task::Context,
};

use sync_core::blocking::Mutex;

pub use self::task::{Task, size_of_task};
use crate::{
    cpu::{self, interrupts},
    devices::apic,
};

/// How many tasks a CPU can have: one for each bit of a word.
pub const TASKS: usize = 64;

/// Starts a task in memory of its own, once: `spawn!(cpu, function(argument))`, where `function` is an `async fn`.
#[macro_export]
macro_rules! spawn {
    ($cpu:expr, $function:ident($argument:expr)) => {{
        static TASK: $crate::executor::Task<{ $crate::executor::size_of_task($function) }> =
            $crate::executor::Task::new();
        TASK.spawn($cpu, $function, $argument)
    }};
}

type Future = Pin<&'static mut (dyn core::future::Future<Output = ()> + Send)>;

enum Slot {
    Empty,
    Waiting(Future),
    /// Its CPU has the future and polls it.
    Running,
}

struct Executor {
    ready: AtomicU64,
    idle: AtomicBool,
    tasks: [Mutex<Slot>; TASKS],
}

static EXECUTORS: [Executor; cpu::MAX] = [const { Executor::new() }; cpu::MAX];

/// Polls the tasks of this CPU, for ever.
pub fn run() -> ! {
    EXECUTORS[cpu::id()].run()
}

fn spawn(cpu: usize, future: Future) {
    EXECUTORS[cpu].spawn(cpu, future);
}

/// Makes the CPU poll its task number `task`. Interrupt handlers may call it, and other CPUs.
fn wake(cpu: usize, task: usize) {
    let executor = &EXECUTORS[cpu];
    // Ordering: the bit, then the look, as `sleep` says that it is idle, then looks: one of the two sees the other. The bit
    // also publishes what was done before the wake-up, to the `swap` of `run`.
    executor.ready.fetch_or(1 << task, SeqCst);
    // On its own CPU it is awake, or its `hlt` ends with the interrupt that this is.
    if cpu != cpu::id() && executor.idle.load(SeqCst) {
        apic::send_message(cpu);
    }
}

impl Executor {
    const fn new() -> Self {
        Self {
            ready: AtomicU64::new(0),
            idle: AtomicBool::new(false),
            tasks: [const { Mutex::new(Slot::Empty) }; TASKS],
        }
    }

    fn spawn(&self, cpu: usize, future: Future) {
        let mut future = Some(future);
        let task = self.tasks.iter().position(|slot| {
            slot.with_lock(|slot| {
                let free = matches!(slot, Slot::Empty);
                if free {
                    *slot = Slot::Waiting(future.take().expect("it was not placed yet"));
                }
                free
            })
        });
        wake(cpu, task.expect("a CPU has room for 64 tasks"));
    }

    fn run(&self) -> ! {
        loop {
            // Ordering: sees what was done before the wake-ups. Whether one is missed is a matter of `sleep`.
            let mut ready = self.ready.swap(0, Acquire);
            if ready == 0 {
                self.sleep();
            }
            while ready != 0 {
                self.poll(ready.trailing_zeros() as usize);
                ready &= ready - 1;
            }
        }
    }

    /// Waits for an interrupt, unless a task is ready.
    fn sleep(&self) {
        interrupts::disable();
        // Ordering: see `wake`.
        self.idle.store(true, SeqCst);
        if self.ready.load(SeqCst) == 0 {
            interrupts::enable_and_hlt();
        } else {
            interrupts::enable();
        }
        self.idle.store(false, Relaxed);
    }

    fn poll(&self, task: usize) {
        let slot = &self.tasks[task];
        let taken = slot.with_lock(|slot| match core::mem::replace(slot, Slot::Running) {
            Slot::Waiting(future) => Some(future),
            // A waker outlived its task.
            Slot::Empty => {
                *slot = Slot::Empty;
                None
            }
            Slot::Running => unreachable!("one CPU polls it, one at a time"),
        });
        if let Some(mut future) = taken {
            let waker = waker::of(cpu::id(), task);
            let done = future.as_mut().poll(&mut Context::from_waker(&waker)).is_ready();
            slot.with_lock(|slot| *slot = if done { Slot::Empty } else { Slot::Waiting(future) });
        }
    }
}
