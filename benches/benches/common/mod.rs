//! The timed operations, written once over the traits of `benches::peers`.
#![expect(dead_code, reason = "each of the programs uses some")]

use core::hint::black_box;
use core::pin::{Pin, pin};
use core::task::{Context, Poll};
use core::time::Duration;
use std::time::Instant;

use benches::ops::{forever, opaque_context, pending, ready};
use benches::peers::{Keyed, Waits, WakeAll, WakeOne};
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

/// Wakes any of a constant number of keys, each waited for by one task, which takes its value and waits again.
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
