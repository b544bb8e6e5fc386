//! Permits that tasks wait for.

use core::hint::black_box;
use core::pin::pin;

use super::{Run, enqueue, forever, idle_context, opaque_context, ready};
use crate::peers::{AcquireMany, AsyncSemaphore};

/// As many as any of the libraries can count.
const PERMITS: usize = 16;

/// A permit that is there, and its return.
pub fn acquire<S: AsyncSemaphore>(run: Run) {
    let semaphore = forever(S::with_permits(PERMITS));
    let mut cx = idle_context();
    for _ in 0..run.iterations {
        let semaphore = black_box(semaphore);
        let mut acquire = pin!(semaphore.acquire());
        drop(ready(acquire.as_mut().poll(&mut cx)));
    }
}

/// The same with eight permits at once.
pub fn acquire_eight<S: AcquireMany>(run: Run) {
    let semaphore = forever(S::with_permits(PERMITS));
    let mut cx = idle_context();
    for _ in 0..run.iterations {
        let semaphore = black_box(semaphore);
        let mut acquire = pin!(semaphore.acquire_many(8));
        drop(ready(acquire.as_mut().poll(&mut cx)));
    }
}

/// A permit for the oldest of [`Run::waiters`], who takes it and keeps it. Each round uses up one instance.
///
/// # Panics
///
/// If there are fewer instances than rounds.
pub fn release<S: AsyncSemaphore>(run: Run) {
    assert!(run.iterations <= run.instances, "a round uses up one instance");
    let semaphores: Vec<&'static S> = (0..run.instances).map(|_| forever(S::with_permits(0))).collect();
    let oldest = |&semaphore: &&'static S| {
        let mut crowd = enqueue((0..run.waiters).map(|_| semaphore.acquire()));
        crowd.swap_remove(0)
    };
    let waiting: Vec<_> = semaphores.iter().map(oldest).collect();
    let mut cx = opaque_context();
    for (semaphore, mut oldest) in semaphores.iter().zip(waiting).take(run.iterations) {
        black_box(*semaphore).release();
        let permit = ready(oldest.poll(&mut cx));
        oldest.cancel();
        S::forget(permit);
    }
}
