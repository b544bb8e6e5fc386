//! Waiting under a key, for a value.

use core::hint::black_box;
use core::pin::pin;

use super::{Run, enqueue, forever, idle_context, pending, ready, wrong};
use crate::peers::Keyed;

/// One wake by key, of any of the keys 0.. that [`Run::waiters`] wait for, with the same probability.
///
/// Each round uses up one instance; an instance of many waiters serves a few rounds, each with another key,
/// since it is much work to set one up.
///
/// # Panics
///
/// If there are more waiters than keys.
pub fn wake_key<M: Keyed>(run: Run) {
    let last = u16::try_from(run.waiters - 1).expect("a key is 16 bits wide");
    let rounds = rounds_per_instance::<M>(run.waiters);
    let maps: Vec<&'static M> = (0..run.instances.div_ceil(rounds)).map(|_| forever(M::default())).collect();
    let mut random = fastrand::Rng::with_seed(0x5eed);
    let mut wakes: Vec<(&'static M, u16)> = Vec::with_capacity(maps.len() * rounds);
    for &map in &maps {
        let first = wakes.len();
        while wakes.len() < first + rounds {
            let key = random.u16(..=last);
            if wakes[first..].iter().all(|&(_, taken)| key != taken) {
                wakes.push((map, key));
            }
        }
    }
    let waiters: Vec<_> = maps.iter().map(|&map| enqueue((0..=last).map(|key| map.wait(key)))).collect();
    for &(map, key) in &wakes[..run.iterations] {
        if !black_box(map).wake(key, 1) {
            wrong("a key that a task waits for was not found");
        }
    }
    drop(waiters);
}

/// So few that it is nearly as full after them; more of them if it is so large that there can be few of it.
fn rounds_per_instance<M>(waiters: usize) -> usize {
    let share = if size_of::<M>() < 0x1_0000 { 256 } else { 4 };
    waiters.div_ceil(share)
}

/// A wait for a key that is queued, a wake by that key, and the poll that takes the value; no other task
/// waits.
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
