//! An executor: static tasks, one set of ready ones for each CPU, and a CPU that sleeps when its set is
//! empty.

mod ready;
mod task;
mod waker;

use core::task::Context;

use sync_core::blocking::Mutex;

use self::task::Future;
pub use self::{
    ready::TASKS,
    task::{Task, size_of_task},
};
use crate::cpu;

/// Starts a task in memory of its own, once: `spawn!(cpu, function(argument))`, where `function` is an `async
/// fn`.
#[macro_export]
macro_rules! spawn {
    ($cpu:expr, $function:ident($argument:expr)) => {{
        static TASK: $crate::executor::Task<{ $crate::executor::size_of_task($function) }> =
            $crate::executor::Task::new();
        $crate::executor::spawn($cpu, TASK.place($function, $argument))
    }};
}

enum Slot {
    Empty,
    Waiting(Future),
    /// Its CPU has the future and polls it.
    Running,
}

/// The tasks of each CPU.
static SLOTS: [[Mutex<Slot>; TASKS]; cpu::MAX] =
    [const { [const { Mutex::new(Slot::Empty) }; TASKS] }; cpu::MAX];

/// Polls the tasks of this CPU, forever.
pub fn run() -> ! {
    loop {
        ready::take().for_each(poll);
    }
}

/// Makes `future` a task of `cpu`. See [`spawn!`](crate::spawn).
///
/// # Panics
///
/// When the CPU has no room for a task.
pub fn spawn(cpu: usize, future: Future) {
    let mut future = Some(future);
    let task = SLOTS[cpu].iter().position(|slot| {
        slot.with_lock(|slot| {
            let free = matches!(slot, Slot::Empty);
            if free {
                *slot = Slot::Waiting(future.take().expect("it was not placed yet"));
            }
            free
        })
    });
    ready::wake(cpu, task.expect("a CPU has room for 64 tasks"));
}

fn poll(task: usize) {
    let slot = &SLOTS[cpu::id()][task];
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
