//! The test kit: tasks that count, wakers that run what a test adds, waits with their tasks, values that know
//! whether they were dropped, a raw lock that is watched, and one face for all the types that are tested
//! alike.
//!
//! Tasks and waits are the same on threads, under loom and under shuttle. The kit is this crate's library and
//! not a crate of its own, because the lock of all tests is chosen by a feature of this crate (see
//! [`watched`]).

extern crate alloc;

#[cfg(not(any(loom, shuttle)))]
pub mod fuse;
mod hooks;
#[cfg(all(target_os = "linux", target_arch = "x86_64", not(any(loom, shuttle, miri))))]
pub mod interrupts;
mod run;
#[cfg(shuttle)]
pub mod schedules;
#[cfg(not(any(loom, shuttle)))]
pub mod spec;
#[cfg(not(any(loom, shuttle)))]
pub mod storms;
#[cfg(not(loom))]
pub mod subjects;
mod support;
mod task;
mod tracked;
#[cfg(not(loom))]
pub mod turns;
#[cfg(not(loom))]
pub mod watched;
/// loom runs all threads of a model in one, which does not know therefore on which of them a lock is held.
#[cfg(loom)]
mod watched {
    pub(crate) fn not_held() {}

    #[track_caller]
    pub(crate) fn found(what: &str) {
        panic!("{what}");
    }
}

/// Whether the library takes the shape for scarce flash: with `watched`, its lock is that of interrupt
/// handlers.
pub const SMALL: bool = cfg!(feature = "watched");

/// How many wakers the library calls between two holds of a lock.
pub const BATCH: usize = match () {
    () if cfg!(small_batch) => 2,
    () if SMALL => 1,
    () => 32,
};

#[cfg(loom)]
pub use self::hooks::WAKERS;
#[cfg(not(loom))]
pub use self::turns::{Holder, Turns};
pub use self::{
    hooks::Hooks,
    run::{Dice, GiveUp, block_on},
    support::{Count, SILENT, Shared, leak, quiet, scaled, some, within},
    task::{Task, Waiter, Waiting, poll, ready},
    tracked::{Tracked, Tracker},
};
