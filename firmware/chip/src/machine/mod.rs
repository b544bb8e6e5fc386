//! What differs between the machines: the runtime, the levels of interrupts, a timer.
//!
//! Each has
//!
//! - `CYCLES_PER_MICROSECOND`, of the timer;
//! - `HAMMER`, the shortest and the longest time between two interrupts of the device while a test wants
//!   many, in cycles: enough for the tasks to get on;
//! - `high`, which starts the executor that is an interrupt handler, and `start_clock`;
//! - `pend_device`, which asks for the device's interrupt;
//!
//! and calls `start` with the executor of the lowest level, `clock::on_tick` and `device::on_interrupt`.

#[cfg(target_arch = "arm")]
mod cortex_m;
#[cfg(target_arch = "riscv32")]
mod riscv;

#[cfg(target_arch = "arm")]
pub(crate) use self::cortex_m::*;
#[cfg(target_arch = "riscv32")]
pub(crate) use self::riscv::*;
