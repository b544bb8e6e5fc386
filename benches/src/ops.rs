//! The operations whose instructions and allocations are counted.
//!
//! Each is a loop of [`Run::iterations`] rounds over what was set up before, without any allocation of its
//! own. The set-up depends on [`Run::instances`] and [`Run::waiters`] only, and nothing that was set up is
//! dropped at the end: two runs that differ in `iterations` alone differ by that many rounds and by nothing
//! else.

use core::hint::black_box;
use core::pin::pin;
use core::task::{Context, Poll, Waker};

use crate::peers::{Keyed, Waits, WakeAll, WakeOne};
use crate::slot::Slot;

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

/// Puts `waiters` futures of `primitive` into its queue.
///
/// # Panics
///
/// If one of them does not wait.
pub fn enqueue<W: Waits>(
    primitive: &'static W,
    waiters: usize,
) -> Vec<Slot<impl Future<Output = W::Output>>> {
    let mut cx = opaque_context();
    let slots = (0..waiters).map(|_| {
        let mut slot = Slot::new(primitive.wait());
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
        wrong("a future that nobody woke is ready");
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn wrong(what: &str) -> ! {
    panic!("{what}");
}

/// The loop itself, around nothing: what every figure contains besides its operation.
pub fn empty(run: Run) {
    let instance = forever(0_usize);
    for _ in 0..run.iterations {
        black_box(instance);
    }
}

/// A wake that nobody waits for, then a wait that takes it.
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

/// A wait that is queued, a wake, and the poll that completes the wait; nobody else waits.
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

/// One wake by key, of any of the keys 0.. that [`Run::waiters`] wait for, with the same probability. Each
/// round uses up one instance.
///
/// # Panics
///
/// If there are more waiters than keys.
pub fn wake_key<M: Keyed>(run: Run) {
    let keys = u16::try_from(run.waiters).expect("a key is 16 bits wide");
    let mut random = fastrand::Rng::with_seed(0x5eed);
    let maps: Vec<(&'static M, u16)> =
        (0..run.instances).map(|_| (forever(M::default()), random.u16(..keys))).collect();
    let mut cx = opaque_context();
    let waiters: Vec<_> = maps
        .iter()
        .flat_map(|&(map, _)| (0..keys).map(move |key| Slot::new(map.wait(key))))
        .map(|mut slot| {
            assert!(slot.poll(&mut cx).is_pending(), "a new waiter must wait");
            slot
        })
        .collect();
    for &(map, key) in &maps[..run.iterations] {
        if !black_box(map).wake(key, 1) {
            wrong("a key that somebody waits for was not found");
        }
    }
    drop(waiters);
}

/// A wait for a key that is queued, a wake by that key, and the poll that takes the value; nobody else waits.
pub fn key_wait_wake<M: Keyed>(run: Run) {
    let map = forever(M::default());
    let mut cx = idle_context();
    for _ in 0..run.iterations {
        let map = black_box(map);
        let mut wait = pin!(map.wait(7));
        pending(&wait.as_mut().poll(&mut cx));
        map.wake(7, 1);
        ready(wait.as_mut().poll(&mut cx));
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
    let waiters = primitives.iter().map(|primitive| enqueue(*primitive, run.waiters)).collect();
    (primitives, waiters)
}
