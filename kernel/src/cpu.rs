//! Which CPU this is, and how many there are.

use core::{
    arch::{asm, x86_64::_rdtsc},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

pub use x86_64::instructions::interrupts;

/// How many CPUs this kernel can use.
pub const MAX: usize = 2;

static ONLINE: AtomicUsize = AtomicUsize::new(1);

/// The entries of the descriptor table before the task states: code, data and 32-bit code. As in `start.s`.
const FIRST_TASK_STATE: usize = 4;

/// Returns the entry of the descriptor table at which the task state of `cpu` begins. It takes two.
pub(crate) const fn task_state(cpu: usize) -> usize {
    FIRST_TASK_STATE + 2 * cpu
}

/// Returns the number of the CPU that runs this, from zero.
///
/// It is read from the task register: each CPU has a task state of its own.
#[inline]
pub fn id() -> usize {
    let selector: u16;
    // SAFETY: reads a register.
    unsafe { asm!("str {0:x}", out(reg) selector, options(nomem, nostack, preserves_flags)) };
    (usize::from(selector) / 8 - FIRST_TASK_STATE) / 2
}

/// Returns how many CPUs are running.
pub fn online() -> usize {
    ONLINE.load(Relaxed)
}

/// Counts this CPU as running.
pub(crate) fn is_online() {
    ONLINE.fetch_add(1, Relaxed);
}

/// Returns the time stamp counter.
#[inline]
pub fn time_stamp() -> u64 {
    // SAFETY: every 64-bit CPU has it, and nothing here forbids it.
    unsafe { _rdtsc() }
}
