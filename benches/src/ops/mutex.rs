//! A mutex for tasks.

use alloc::sync::Arc;
use core::hint::black_box;
use core::pin::pin;

use super::{Run, enqueue, forever, idle_context, opaque_context, pending, ready, wrong};
use crate::peers::{AsyncMutex, OwnedMutex};
use crate::slot::Slot;

/// A lock of a free lock, and the unlock.
pub fn lock<M: AsyncMutex>(run: Run) {
    let mutex = forever(M::default());
    let mut cx = idle_context();
    for _ in 0..run.iterations {
        let mutex = black_box(mutex);
        let mut lock = pin!(mutex.lock());
        drop(ready(lock.as_mut().poll(&mut cx)));
    }
}

/// The same without a future.
pub fn try_lock<M: AsyncMutex>(run: Run) {
    let mutex = forever(M::default());
    for _ in 0..run.iterations {
        let guard = black_box(mutex).try_lock();
        if guard.is_none() {
            wrong("a free lock was refused");
        }
    }
}

/// [`lock`], with a guard that owns a share of the mutex.
pub fn lock_owned<M: OwnedMutex>(run: Run) {
    let mutex = forever(Arc::new(M::default()));
    let mut cx = idle_context();
    for _ in 0..run.iterations {
        let mutex = black_box(mutex);
        let mut lock = pin!(M::lock_owned(mutex));
        drop(ready(lock.as_mut().poll(&mut cx)));
    }
}

/// [`Run::waiters`] tasks of one thread pass the lock round: its holder unlocks, the oldest of the others is
/// polled and has it, and the former holder waits as the youngest.
///
/// # Panics
///
/// If there are fewer than two.
pub fn hand_over<M: AsyncMutex>(run: Run) {
    assert!(run.waiters > 1, "there is no task to hand the lock to");
    let mutex = forever(M::default());
    let mut cx = opaque_context();
    let mut first = Slot::new(mutex.lock());
    let mut guard = ready(first.poll(&mut cx));
    first.renew(mutex.lock());
    let mut tasks = vec![first];
    tasks.extend(enqueue((1..run.waiters).map(|_| mutex.lock())));
    let mut holder = 0;
    for _ in 0..run.iterations {
        let mutex = black_box(mutex);
        drop(guard);
        let former = holder;
        holder = if former + 1 == tasks.len() { 0 } else { former + 1 };
        let task = &mut tasks[holder];
        guard = ready(task.poll(&mut cx));
        // As `await` does: a future that is ready is dropped. The next one stands in its place.
        task.renew(mutex.lock());
        pending(&tasks[former].poll(&mut cx));
    }
    forever(guard);
}

/// One of [`Run::waiters`] that wait for the lock goes, any of them with the same probability. Each round
/// uses up one instance.
///
/// # Panics
///
/// If there are fewer instances than rounds.
pub fn cancel<M: AsyncMutex>(run: Run) {
    assert!(run.iterations <= run.instances, "a round uses up one instance");
    let mut random = fastrand::Rng::with_seed(0x5eed);
    let crowds = (0..run.instances).map(|_| {
        let mutex = forever(M::default());
        forever(mutex.try_lock().expect("the first"));
        enqueue((0..run.waiters).map(|_| mutex.lock()))
    });
    let chosen: Vec<_> = crowds.map(|mut crowd| crowd.swap_remove(random.usize(..crowd.len()))).collect();
    for waiter in chosen.into_iter().take(run.iterations) {
        black_box(waiter).cancel();
    }
}
