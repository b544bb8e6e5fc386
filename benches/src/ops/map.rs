//! Waiting under a key, for a value.

use core::hint::black_box;
use core::pin::pin;

use super::{Run, enqueue, forever, idle_context, pending, ready, wrong};
use crate::peers::Keyed;

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
    let waiters: Vec<_> = maps.iter().map(|&(map, _)| enqueue((0..keys).map(|key| map.wait(key)))).collect();
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
