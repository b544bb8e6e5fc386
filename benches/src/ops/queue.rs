//! Waiting and waking: `WaitQueue`, `WaitCell`, and what stands for them.

use core::hint::black_box;
use core::pin::pin;
use core::task::{Context, Waker};

use super::{Run, enqueue, forever, idle_context, opaque_context, pending, ready};
use crate::peers::{Waits, WakeAll, WakeOne};
use crate::slot::Slot;

/// A wake that no task waits for, then a wait that takes it.
pub fn stored_wake<W: WakeOne>(run: Run) {
    let primitive = forever(W::default());
    let mut cx = idle_context();
    for _ in 0..run.iterations {
        let primitive = black_box(primitive);
        primitive.wake();
        let mut wait = pin!(primitive.wait());
        W::accept(ready(wait.as_mut().poll(&mut cx)));
    }
}

/// A wait that is queued, a wake, and the poll that completes the wait; no other task waits.
pub fn wait_wake<W: WakeOne>(run: Run) {
    wait_wake_in::<W>(run, &mut idle_context());
}

/// [`wait_wake`] with a waker of which the optimiser knows nothing.
pub fn wait_wake_opaque<W: WakeOne>(run: Run) {
    wait_wake_in::<W>(run, &mut opaque_context());
}

#[inline(always)]
fn wait_wake_in<W: WakeOne>(run: Run, cx: &mut Context<'_>) {
    let primitive = forever(W::default());
    for _ in 0..run.iterations {
        let primitive = black_box(primitive);
        let mut wait = pin!(primitive.wait());
        pending(&wait.as_mut().poll(cx));
        primitive.wake();
        W::accept(ready(wait.as_mut().poll(cx)));
    }
}

/// One wake, with [`Run::waiters`] waiting. Each round uses up one instance.
pub fn wake_one<W: WakeOne>(run: Run) {
    let (primitives, waiters) = crowds::<W>(run);
    for primitive in &primitives[..run.iterations] {
        black_box(*primitive).wake();
    }
    drop(waiters);
}

/// One wake of all [`Run::waiters`]. Each round uses up one instance.
pub fn wake_all<W: WakeAll>(run: Run) {
    let (primitives, waiters) = crowds::<W>(run);
    for primitive in &primitives[..run.iterations] {
        black_box(*primitive).wake_all();
    }
    drop(waiters);
}

/// One of [`Run::waiters`] goes, any of them with the same probability. Each round uses up one instance.
pub fn cancel<W: Waits>(run: Run) {
    let (_primitives, waiters) = crowds::<W>(run);
    let mut random = fastrand::Rng::with_seed(0x5eed);
    let chosen: Vec<_> =
        waiters.into_iter().map(|mut crowd| crowd.swap_remove(random.usize(..crowd.len()))).collect();
    for waiter in chosen.into_iter().take(run.iterations) {
        black_box(waiter).cancel();
    }
}

/// A queue of wakers that each are woken: the least that waking a crowd can cost.
pub fn drain_wakers(run: Run) {
    let waker = opaque_context().waker().clone();
    let crowds: Vec<Vec<Waker>> = (0..run.instances).map(|_| vec![waker.clone(); run.waiters]).collect();
    for crowd in &mut crowds.leak()[..run.iterations] {
        for waker in black_box(crowd).drain(..) {
            waker.wake();
        }
    }
}

type Crowds<W, F> = (Vec<&'static W>, Vec<Vec<Slot<F>>>);

/// [`Run::instances`] primitives with [`Run::waiters`] waiting on each.
fn crowds<W: Waits>(run: Run) -> Crowds<W, impl Future<Output = W::Output>> {
    assert!(run.iterations <= run.instances, "a round uses up one instance");
    let primitives: Vec<_> = (0..run.instances).map(|_| forever(W::default())).collect();
    let crowd = |primitive: &&'static W| {
        let primitive = *primitive;
        enqueue((0..run.waiters).map(|_| primitive.wait()))
    };
    let waiters = primitives.iter().map(crowd).collect();
    (primitives, waiters)
}
