//! The operations whose instructions and allocations are counted.
//!
//! Each is a loop of [`Run::iterations`] rounds over what was set up before, without any allocation of its
//! own. The set-up depends on [`Run::instances`] and [`Run::waiters`] only, and nothing that was set up is
//! dropped at the end: two runs that differ in `iterations` alone differ by that many rounds and by nothing
//! else.

use core::hint::black_box;
use core::task::{Context, Poll, Waker};

use crate::slot::Slot;

pub mod blocking;
pub mod map;
pub mod modes;
pub mod mutex;
pub mod queue;
pub mod rwlock;
pub mod semaphore;

/// How often to do an operation, and on what.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Rounds of the measured loop.
    pub iterations: usize,
    /// How many wait on each instance when a round starts.
    pub waiters: usize,
    /// How many instances are set up. At least `iterations`, where a round uses one up.
    pub instances: usize,
}

/// A [`Run`] of one operation on one library.
pub type Operation = fn(Run);

/// A context whose waker does nothing. Its table of functions is a static that the optimiser can see.
#[inline]
pub fn idle_context() -> Context<'static> {
    Context::from_waker(Waker::noop())
}

/// A context whose waker does nothing, and of which the optimiser knows nothing: as in an executor.
#[inline]
pub fn opaque_context() -> Context<'static> {
    Context::from_waker(black_box(Waker::noop()))
}

/// Polls each of `futures`, which wait from then on.
///
/// # Panics
///
/// If one of them does not wait.
pub fn enqueue<F: Future>(futures: impl Iterator<Item = F>) -> Vec<Slot<F>> {
    let mut cx = opaque_context();
    let slots = futures.map(|future| {
        let mut slot = Slot::new(future);
        assert!(slot.poll(&mut cx).is_pending(), "a new waiter must wait");
        slot
    });
    slots.collect()
}

/// A primitive for as long as the program runs.
pub fn forever<T>(primitive: T) -> &'static T {
    Box::leak(Box::new(primitive))
}

/// Takes what a poll must have yielded.
#[inline]
#[track_caller]
pub fn ready<T>(poll: Poll<T>) -> T {
    match poll {
        Poll::Ready(output) => output,
        Poll::Pending => wrong("a future that was woken is still pending"),
    }
}

/// Checks that a poll must have found nothing.
#[inline]
#[track_caller]
pub fn pending<T>(poll: &Poll<T>) {
    if poll.is_ready() {
        wrong("a future that was not woken is ready");
    }
}

#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn wrong(what: &str) -> ! {
    panic!("{what}");
}

/// The loop itself, around nothing: what every figure contains besides its operation.
pub fn empty(run: Run) {
    let instance = forever(0_usize);
    for _ in 0..run.iterations {
        black_box(instance);
    }
}
