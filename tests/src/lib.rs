//! What the black-box tests share: wakers that count, wakers that run what a test likes, values that
//! know whether they were dropped, and one face for all the types that are tested alike.

#[cfg(not(loom))]
extern crate alloc;

#[cfg(not(any(loom, shuttle)))]
pub mod fuse;
#[cfg(not(loom))]
mod hooks;
#[cfg(all(target_os = "linux", target_arch = "x86_64", not(any(loom, shuttle, miri))))]
pub mod interrupts;
#[cfg(not(loom))]
mod run;
#[cfg(shuttle)]
pub mod schedules;
#[cfg(not(any(loom, shuttle)))]
pub mod spec;
#[cfg(not(any(loom, shuttle)))]
pub mod storms;
#[cfg(not(loom))]
pub mod subjects;
#[cfg(not(loom))]
mod support;
#[cfg(not(loom))]
mod tracked;
#[cfg(not(loom))]
pub mod turns;
#[cfg(not(loom))]
pub mod watched;

/// Whether the library takes the shape for scarce flash: with `watched`, its lock is that of interrupt handlers.
pub const SMALL: bool = cfg!(feature = "watched");

/// How many wakers the library calls between two holds of a lock.
pub const BATCH: usize = match () {
    () if cfg!(small_batch) => 2,
    () if SMALL => 1,
    () => 32,
};

#[cfg(not(loom))]
pub use self::{
    hooks::Hooks,
    run::{Dice, GiveUp, block_on},
    subjects::Waiter,
    support::{Count, SILENT, Shared, Task, leak, quiet, scaled, some, within},
    tracked::{Tracked, Tracker},
    turns::{Holder, Turns},
};
