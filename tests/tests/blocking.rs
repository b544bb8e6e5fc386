//! The blocking locks and the cells that are filled once, with real threads.

#![cfg(not(loom))]

extern crate alloc;

#[path = "blocking/init_once.rs"]
mod init_once;
#[path = "blocking/lazy.rs"]
mod lazy;
// Built without the other crate, for which Miri's undefined behaviour would be no matter of ours.
#[cfg(not(miri))]
#[path = "blocking/maitake.rs"]
mod maitake;
#[path = "blocking/mutex.rs"]
mod mutex;
#[path = "blocking/rwlock.rs"]
mod rwlock;

use core::panic::AssertUnwindSafe;
use std::panic::{catch_unwind, panic_any};

use sync_core::{blocking::Mutex, spin::Spinlock};
use tests::{SILENT, quiet};

type Guarded<T> = Mutex<T, Spinlock>;

fn guarded<T>(value: T) -> Guarded<T> {
    Mutex::new_with_raw_mutex(value, Spinlock::new())
}

/// Panics as part of a test.
fn give_up<T>() -> T {
    panic_any(SILENT)
}

/// Runs `f`, which is to panic.
fn caught<T>(f: impl FnOnce() -> T) {
    quiet();
    assert!(catch_unwind(AssertUnwindSafe(f)).is_err(), "it was to panic");
}
