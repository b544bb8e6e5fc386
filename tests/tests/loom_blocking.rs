//! Models of the blocking locks, and of the cells that are filled once.
//!
//! The data under test is a cell of loom's, which fails the model if two threads are at it at once, or if
//! what one did is not ordered before what the next does; and the guards' own cell does the same.
#![cfg(loom)]
#![expect(
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a model runs on a host, and ends where it fails"
)]

#[path = "loom_blocking/mutex.rs"]
mod mutex;
#[path = "loom_blocking/once.rs"]
mod once;
#[path = "loom_blocking/rwlock.rs"]
mod rwlock;
mod support;
#[path = "loom_blocking/ticket.rs"]
mod ticket;
#[path = "loom_blocking/watched.rs"]
mod watched;

use loom::cell::UnsafeCell;
use support::leak;
use sync_core::{
    blocking::{Mutex, RwLock},
    spin::Spinlock,
};

/// A number that loom watches.
struct Data(UnsafeCell<u32>);

#[expect(unsafe_code, reason = "the lock under test is to make it so, and loom watches")]
// SAFETY: loom runs one thread at a time, and fails the model where this is not so.
unsafe impl Sync for Data {}

impl Data {
    fn new() -> Self {
        Self(UnsafeCell::new(0))
    }

    fn get(&self) -> u32 {
        #[expect(unsafe_code, reason = "that is how loom's cell is read")]
        // SAFETY: loom fails the model before the pointer is used where a task writes.
        self.0.with(|n| unsafe { *n })
    }

    /// Adds one; by `&self`, so that it is the lock that makes it exclusive and not the borrow checker.
    fn up(&self) {
        #[expect(unsafe_code, reason = "that is how loom's cell is written")]
        // SAFETY: loom fails the model before the pointer is used where another task is at it.
        self.0.with_mut(|n| unsafe { *n += 1 });
    }
}

type Guarded = Mutex<Data, Spinlock>;

fn guarded() -> &'static Guarded {
    leak(Mutex::new_with_raw_mutex(Data::new(), Spinlock::new()))
}

fn shared() -> &'static RwLock<Data> {
    leak(RwLock::new(Data::new()))
}
