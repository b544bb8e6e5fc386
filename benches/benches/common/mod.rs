//! The timed operations, written once over the traits of `benches::peers`.
#![expect(dead_code, reason = "each of the programs uses some")]

use core::hint::black_box;
use core::pin::{Pin, pin};
use core::task::{Context, Poll};
use core::time::Duration;
use std::time::Instant;

use benches::ops::{forever, opaque_context, pending, ready};
use benches::peers::{Keyed, Positions, Waits, WakeAll, WakeOne};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion};

pub(crate) type Group<'a> = BenchmarkGroup<'a, WallTime>;

/// Short runs, so that peers are measured soon after one another; and no plots.
pub(crate) fn settings() -> Criterion {
    Criterion::default()
        .without_plots()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1200))
        .sample_size(50)
}

pub(crate) fn stored_wake<W: WakeOne>(group: &mut Group<'_>, library: &str) {
    let primitive = forever(W::default());
    let mut cx = opaque_context();
    group.bench_function(library, |bencher| {
        bencher.iter(|| {
            let primitive = black_box(primitive);
            primitive.wake();
            let mut wait = pin!(primitive.wait());
            W::accept(ready(wait.as_mut().poll(&mut cx)));
        });
    });
}

pub(crate) fn wait_wake<W: WakeOne>(group: &mut Group<'_>, library: &str) {
    let primitive = forever(W::default());
    let mut cx = opaque_context();
    group.bench_function(library, |bencher| {
        bencher.iter(|| {
            let primitive = black_box(primitive);
            let mut wait = pin!(primitive.wait());
            pending(&wait.as_mut().poll(&mut cx));
            primitive.wake();
            W::accept(ready(wait.as_mut().poll(&mut cx)));
        });
    });
}

/// Places in which futures follow one another without being allocated again.
pub(crate) fn places<F: Future>(futures: impl Iterator<Item = F>) -> Vec<Pin<Box<Option<F>>>> {
    let mut cx = opaque_context();
    let fill = |future| {
        let mut place = Box::pin(Some(future));
        pending(&poll(&mut place, &mut cx));
        place
    };
    futures.map(fill).collect()
}

#[inline]
pub(crate) fn poll<F: Future>(place: &mut Pin<Box<Option<F>>>, cx: &mut Context<'_>) -> Poll<F::Output> {
    let future = place.as_mut().as_pin_mut().expect("a place is never left empty");
    future.poll(cx)
}

/// Wakes the oldest of a constant number of waiting tasks, which completes and waits again as the youngest.
pub(crate) fn turn<W: WakeOne>(group: &mut Group<'_>, library: &str, waiters: usize) {
    let primitive = forever(W::default());
    let mut cx = opaque_context();
    let mut places = places((0..waiters).map(|_| primitive.wait()));
    let mut oldest = 0;
    group.bench_function(library, |bencher| {
        bencher.iter(|| {
            let place = &mut places[oldest];
            oldest = if oldest + 1 == waiters { 0 } else { oldest + 1 };
            let primitive = black_box(primitive);
            primitive.wake();
            W::accept(ready(poll(place, &mut cx)));
            place.set(Some(primitive.wait()));
            pending(&poll(place, &mut cx));
        });
    });
}

/// Drops any of a constant number of waiting tasks; another waits in its place, as the youngest.
pub(crate) fn cancel<W: Waits>(group: &mut Group<'_>, library: &str, waiters: usize) {
    let primitive = forever(W::default());
    let mut cx = opaque_context();
    let mut places = places((0..waiters).map(|_| primitive.wait()));
    let mut random = fastrand::Rng::with_seed(0x5eed);
    group.bench_function(library, |bencher| {
        bencher.iter(|| {
            let place = &mut places[random.usize(..waiters)];
            place.set(None);
            place.set(Some(black_box(primitive).wait()));
            pending(&poll(place, &mut cx));
        });
    });
}

/// Wakes all that wait. Only that is timed, with the cost of reading the clock; then all wait again.
pub(crate) fn wake_all<W: WakeAll>(group: &mut Group<'_>, library: &str, waiters: usize) {
    let primitive = forever(W::default());
    let mut cx = opaque_context();
    let mut places = places((0..waiters).map(|_| primitive.wait()));
    group.bench_function(library, |bencher| {
        bencher.iter_custom(|rounds| {
            let mut elapsed = Duration::ZERO;
            for _ in 0..rounds {
                let start = Instant::now();
                black_box(primitive).wake_all();
                elapsed += start.elapsed();
                for place in &mut places {
                    W::accept(ready(poll(place, &mut cx)));
                }
                primitive.rearm();
                for place in &mut places {
                    place.set(Some(primitive.wait()));
                    pending(&poll(place, &mut cx));
                }
            }
            elapsed
        });
    });
}

/// Wakes any of a constant number of keys, each waited for by one task, which takes its value and waits
/// again.
pub(crate) fn key_turn<M: Keyed>(group: &mut Group<'_>, library: &str, waiters: u16) {
    let map = forever(M::default());
    let mut cx = opaque_context();
    let mut places = places((0..waiters).map(|key| map.wait(key)));
    let mut random = fastrand::Rng::with_seed(0x5eed);
    group.bench_function(library, |bencher| {
        bencher.iter(|| {
            let key = random.u16(..waiters);
            let map = black_box(map);
            assert!(map.wake(key, 1), "a task waits for every key");
            let place = &mut places[usize::from(key)];
            ready(poll(place, &mut cx));
            place.set(Some(map.wait(key)));
            pending(&poll(place, &mut cx));
        });
    });
}

/// Wakes of random keys, of `maps` maps with `waiters` each. Only the wakes are timed, eight for one reading
/// of the clock; then those who were woken wait again.
///
/// Eight different maps, if there are as many: each is full when a wake comes.
pub(crate) fn key_wakes<M: Keyed>(group: &mut Group<'_>, library: &str, maps: usize, waiters: usize) {
    const TOGETHER: usize = 8;
    let last = u16::try_from(waiters - 1).expect("a key is 16 bits wide");
    let maps: Vec<&'static M> = (0..maps).map(|_| forever(M::default())).collect();
    let mut cx = opaque_context();
    let mut crowds: Vec<_> =
        maps.iter().map(|&map| places((0..=last).map(move |key| map.wait(key)))).collect();
    let mut random = fastrand::Rng::with_seed(0x5eed);
    let part = |whole: usize| if whole < TOGETHER { whole } else { whole / TOGETHER };
    let (some_maps, some_keys) =
        (part(maps.len()), if maps.len() < TOGETHER { part(waiters) } else { waiters });
    let mut chosen = [(0, 0); TOGETHER];
    group.bench_function(library, |bencher| {
        bencher.iter_custom(|rounds| {
            let mut elapsed = Duration::ZERO;
            let mut left = usize::try_from(rounds).expect("rounds fit in memory");
            while left > 0 {
                for (number, (map, key)) in chosen.iter_mut().enumerate() {
                    *map = (number * some_maps + random.usize(..some_maps)) % maps.len();
                    let choice = (number * some_keys + random.usize(..some_keys)) % waiters;
                    *key = u16::try_from(choice).expect("less than `waiters`");
                }
                let chosen = &chosen[..left.min(TOGETHER)];
                left -= chosen.len();
                let start = Instant::now();
                for &(map, key) in chosen {
                    assert!(black_box(maps[map]).wake(key, 1), "a task waits for every key");
                }
                elapsed += start.elapsed();
                for &(map, key) in chosen {
                    let place = &mut crowds[map][usize::from(key)];
                    ready(poll(place, &mut cx));
                    place.set(Some(maps[map].wait(key)));
                    pending(&poll(place, &mut cx));
                }
            }
            elapsed
        });
    });
}

/// The position comes to where the first of a constant number of tasks waits, which waits again behind the
/// others. Who else is woken by it looks, too.
pub(crate) fn position_turn<P: Positions>(group: &mut Group<'_>, library: &str, waiters: u64) {
    let positions = forever(P::default());
    let mut cx = opaque_context();
    let mut places = places((1..=waiters).map(|until| positions.wait(until)));
    let (mut position, mut first) = (0, 0);
    group.bench_function(library, |bencher| {
        bencher.iter(|| {
            position += 1;
            let positions = black_box(positions);
            positions.advance(position);
            for (number, place) in places.iter_mut().enumerate().filter(|_| P::WAKES_ALL) {
                if number != first {
                    pending(&poll(place, &mut cx));
                }
            }
            let count = places.len();
            let place = &mut places[first];
            first = if first + 1 == count { 0 } else { first + 1 };
            ready(poll(place, &mut cx));
            place.set(Some(positions.wait(position + waiters)));
            pending(&poll(place, &mut cx));
        });
    });
}
