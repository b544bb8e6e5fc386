//! Which tasks are ready, and how a CPU sleeps while none is.
//!
//! | word | who changes it | how |
//! | --- | --- | --- |
//! | `ready`, bit n | any CPU or handler | set: task n is to be polled (`fetch_or`) |
//! | `ready` | its CPU | all to 0: it will poll those that were set (`swap`) |
//! | `idle` | its CPU | true before it looks at `ready` for the last time and halts, false after |
//!
//! A CPU says that it is idle, and then looks; who wakes sets a bit, and then looks whether the CPU is idle.
//! All four are sequentially consistent, so that one of the two sees the other: the CPU the bit, or the waker
//! the idle CPU, to which it sends a message. Interrupts are off from the look to the `hlt`, which lets them
//! in: a message that comes in between is not lost, it ends the `hlt`.

use core::sync::atomic::{
    AtomicBool, AtomicU64,
    Ordering::{Acquire, Relaxed, SeqCst},
};

use crate::{
    cpu::{self, interrupts},
    devices::apic,
};

/// How many tasks a CPU can have: one for each bit of a word.
pub const TASKS: usize = 64;

struct Words {
    ready: AtomicU64,
    idle: AtomicBool,
}

static WORDS: [Words; cpu::MAX] =
    [const { Words { ready: AtomicU64::new(0), idle: AtomicBool::new(false) } }; cpu::MAX];

/// Makes the CPU poll its task number `task`. Interrupt handlers may call it, and other CPUs.
pub(super) fn wake(cpu: usize, task: usize) {
    let words = &WORDS[cpu];
    // Ordering: the bit, then the look, as `sleep` says that it is idle, then looks: one of the two sees the
    // other. The bit also publishes what was done before the wake-up, to the `swap` of `take`.
    words.ready.fetch_or(1 << task, SeqCst);
    // On its own CPU it is awake, or its `hlt` ends with the interrupt that this is.
    if cpu != cpu::id() && words.idle.load(SeqCst) {
        apic::send_message(cpu);
    }
}

/// Returns the tasks of this CPU that are ready, which from then on are not. If there are none, it waits for
/// an interrupt.
pub(super) fn take() -> impl Iterator<Item = usize> {
    let words = &WORDS[cpu::id()];
    // Ordering: sees what was done before the wake-ups. Whether one is missed is a matter of `sleep`.
    let mut ready = words.ready.swap(0, Acquire);
    if ready == 0 {
        words.sleep();
    }
    core::iter::from_fn(move || {
        let task = (ready != 0).then(|| ready.trailing_zeros() as usize);
        ready &= ready.wrapping_sub(1);
        task
    })
}

impl Words {
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
}
