//! The primitives that are instances of `#[primitive]`: what each of them does, what is left when a wait is
//! dropped at each point, and wakers that come back or panic.
//!
//! Seen to fail with: a wait that is dropped stays in its barrier's count. What else was tried is in the
//! headers of the loom models of the same name.

#![cfg(not(loom))]
#![expect(clippy::unwrap_used, reason = "a test ends where it fails")]

extern crate alloc;

#[path = "primitives/auto_event.rs"]
mod auto_event;
#[path = "primitives/barrier.rs"]
mod barrier;
#[path = "primitives/condvar.rs"]
mod condvar;
#[path = "primitives/event.rs"]
mod event;
#[path = "primitives/latch.rs"]
mod latch;
#[path = "primitives/once_cell.rs"]
mod once_cell;
#[path = "primitives/word.rs"]
mod word;

use alloc::sync::Arc;
use core::{
    future::{Future, pending},
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll, Waker},
};
use std::{panic::catch_unwind, thread};

use sync_core::{
    AutoEvent, Barrier, Condvar, Event, Latch, Mutex, OnceCell, ScopedRawMutex, WordPolicy, spin::Spinlock,
};
use tests::{Count, Hooks, SILENT, Waiter, block_on, leak, quiet, scaled, within};

/// Polls `wait` once with `waker`; whether that panicked.
fn panics(wait: Pin<&mut impl Future>, waker: &Waker) -> bool {
    catch_unwind(AssertUnwindSafe(|| drop(wait.poll(&mut Context::from_waker(waker))))).is_err()
}

/// A waker that panics when it is called.
fn panicking() -> Waker {
    quiet();
    Hooks::new().on_wake(|| std::panic::panic_any(SILENT)).waker()
}

/// More than one batch of wakers.
const CROWD: usize = scaled(100, 7);
