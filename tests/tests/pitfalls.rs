//! One test per line of the list of defects that were found in published libraries of this kind, and per
//! relative that was thought of. The number is the line's; what only locks and permits can get wrong is in
//! `pitfalls_locks.rs`.
//!
//! Each says which change in the library makes it fail. "Seen to fail with" means that the change was made.
//!
//! Elsewhere: 9 (a batch loop that does not look at `closed` again) is `a_wake_during_close_is_for_nobody` of
//! `batches.rs`, 17 is `auto_traits.rs`, and 30 (a value that comes back and is dropped without a warning) is
//! `ui-tests/ui/must_use`, with `every_attempt_says_why_its_result_must_be_used` of `xtask`.

#![cfg(not(loom))]

extern crate alloc;

#[path = "pitfalls/completed.rs"]
mod completed;
#[path = "pitfalls/dropped.rs"]
mod dropped;
#[path = "pitfalls/foreign_code.rs"]
mod foreign_code;
#[path = "pitfalls/fragile.rs"]
mod fragile;
// With `watched` an operation of a cell is a critical section, and nothing interrupts that.
#[cfg(all(target_os = "linux", target_arch = "x86_64", not(any(shuttle, miri, feature = "watched"))))]
#[path = "pitfalls/interrupted.rs"]
mod interrupted;
#[path = "pitfalls/owned.rs"]
mod owned;
#[path = "pitfalls/registered.rs"]
mod registered;
#[path = "pitfalls/reviewed.rs"]
mod reviewed;
#[path = "pitfalls/rounds.rs"]
mod rounds;
#[path = "pitfalls/wake_all.rs"]
mod wake_all;
#[path = "pitfalls/word.rs"]
mod word;

use alloc::sync::Arc;

use sync_core::{Policy, Select};
use tests::{Tracked, Waiter, ready};

/// More than two batches.
const MANY: usize = 70;

/// A counting semaphore in which each task asks for its own number.
#[sync_core::primitive(method = acquire, future = Acquire)]
struct Tokens;

impl Policy for Tokens {
    type State = usize;
    type Waiter = usize;
    type Value = usize;
    type Event<'e> = ();

    fn try_ready(available: &mut usize, need: &usize) -> Option<usize> {
        (*available >= *need).then(|| {
            *available -= *need;
            *need
        })
    }

    fn select(available: &mut usize, need: &mut usize, (): &mut ()) -> Select<usize> {
        Self::try_ready(available, need).map_or(Select::Stop, Select::Wake)
    }

    fn on_cancel(available: &mut usize, _: &mut usize, given: &mut Option<usize>) -> Option<()> {
        given.take().map(|given| *available += given)
    }
}

impl Tokens {
    fn add(&self, n: usize) {
        self.notify((), |available| *available += n);
    }
}

/// Values by key, any number of waiters per key.
#[sync_core::wait_map(key = u8, value = Tracked, match = fifo)]
struct Parcels;

fn poll_all(waiters: &[Arc<Waiter>]) {
    for waiter in waiters {
        waiter.poll();
    }
}
