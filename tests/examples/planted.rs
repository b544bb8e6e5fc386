//! Faults for the sanitizers and for Miri to find: `cargo xtask sanitize` and `cargo xtask miri` run one
//! before they believe that there is nothing else.
//!
//! A sanitizer that is not in effect (a flag that has changed its meaning, a suppression that matches
//! everything) passes whatever runs under it. Each fault here is the kind that a mistake in a lock or a wait
//! list leads to.
#![expect(unsafe_code, reason = "the faults are what this is for")]
#![expect(clippy::disallowed_types, reason = "a lock of its own, which no model looks at")]

extern crate alloc;

use alloc::sync::Arc;
use core::{
    cell::UnsafeCell,
    hint::black_box,
    sync::atomic::{
        AtomicBool,
        Ordering::{self, Acquire, Relaxed, Release},
    },
};
use std::{process::ExitCode, thread};

/// A spinlock around a number, whose release publishes what was done under it if `release` is `Release`.
struct Lock {
    locked: AtomicBool,
    release: Ordering,
    number: UnsafeCell<u64>,
}

// SAFETY: the number is reached under the lock only; and if that is broken, which is the point, the sanitizer
// says so.
unsafe impl Sync for Lock {}

impl Lock {
    /// Adds `n` under the lock, and returns the sum.
    fn add(&self, n: u64) -> u64 {
        while self.locked.compare_exchange_weak(false, true, Acquire, Relaxed).is_err() {
            thread::yield_now();
        }
        // SAFETY: locked.
        let number = unsafe { &mut *self.number.get() };
        *number += n;
        let sum = *number;
        self.locked.store(false, self.release);
        sum
    }
}

/// Two threads count under a lock.
fn count(release: Ordering) {
    // Not scoped threads, of which std alone knows that they have ended.
    let lock = Arc::new(Lock { locked: AtomicBool::new(false), release, number: UnsafeCell::new(0) });
    let threads = [0, 1].map(|_| {
        let lock = Arc::clone(&lock);
        thread::spawn(move || (0..10_000).for_each(|_| _ = lock.add(1)))
    });
    for thread in threads {
        thread.join().expect("it counts");
    }
    println!("counted to {}", lock.add(0));
}

/// Looks at a waiter that has gone: what a future leaves behind that forgets to leave its list.
fn use_after_free() {
    let waiter = Box::into_raw(Box::new(7_u64));
    // SAFETY: made above.
    drop(unsafe { Box::from_raw(waiter) });
    // SAFETY: none; it is freed.
    println!("read {}", unsafe { black_box(waiter).read() });
}

/// Changes a node through a pointer to it while a `&mut` of it is in use: what a list does that trusts a
/// reference.
fn aliasing() {
    let mut node = 7_u64;
    let pointer = &raw mut node;
    // SAFETY: none; the write below is not allowed while this is used.
    let reference = unsafe { &mut *pointer };
    *reference += 1;
    // SAFETY: none; see above.
    unsafe { *pointer = 8 };
    println!("read {}", black_box(reference));
}

/// Loses what was given to a task.
fn leak() {
    for size in 1..100 {
        black_box(Box::leak(vec![1_u8; size].into_boxed_slice()).as_ptr());
    }
}

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("correct") => count(Release),
        Some("thread") => count(Relaxed),
        Some("address") => use_after_free(),
        Some("aliasing") => aliasing(),
        Some("leak") => leak(),
        _ => {
            eprintln!("which fault: thread, address, aliasing, leak; or none, correct");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
