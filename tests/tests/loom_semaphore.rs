//! Models of [`Semaphore`].
//!
//! What one permit guards is a [`Place`], which sees two that use it at once, and one that does not see what
//! the last one did.
//!
//! Not covered: `SeqCst` accesses and load buffering, which loom does not model; more waiters than two
//! batches of two.
#![cfg(loom)]
#![expect(
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a model runs on a host, and ends where it fails"
)]

#[path = "loom_semaphore/acquire.rs"]
mod acquire;
#[path = "loom_semaphore/closing.rs"]
mod closing;
#[path = "loom_semaphore/empty.rs"]
mod empty;
#[path = "loom_semaphore/leaving.rs"]
mod leaving;
#[path = "loom_semaphore/permits.rs"]
mod permits;
mod support;

use support::{Place, Waiter, block_on, leak};
use sync_core::{
    Semaphore,
    semaphore::{Acquire, Permit},
};

fn with(permits: usize) -> &'static Semaphore {
    leak(Semaphore::new(permits))
}

/// One that has asked for `permits` and waits.
fn queued(semaphore: &'static Semaphore, permits: usize) -> Waiter<Acquire<'static>> {
    Waiter::queued(semaphore.acquire(permits))
}

/// The permits that a task gets.
#[track_caller]
fn granted(waiter: Waiter<Acquire<'static>>) -> Permit<'static> {
    waiter.yields().expect("it was closed")
}

/// Asserts that no task waits, and how many permits there are.
#[track_caller]
fn rests(semaphore: &Semaphore, permits: usize) {
    assert_eq!((semaphore.waiters(), there(semaphore)), (0, permits));
    if !semaphore.is_closed() {
        assert_eq!(semaphore.try_acquire(permits).expect("they are there").permits(), permits);
    }
}

/// How many permits there are, of a closed semaphore too.
fn there(semaphore: &Semaphore) -> usize {
    let there = semaphore.forget_permits(<Semaphore>::MAX_PERMITS);
    semaphore.add_permits(there);
    there
}

/// Acquires the one permit, visits and releases.
fn visit(semaphore: &'static Semaphore, place: &Place) -> usize {
    let _permit = block_on(semaphore.acquire(1)).unwrap();
    place.visit()
}
