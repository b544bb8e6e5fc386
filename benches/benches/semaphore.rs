//! The time of `Semaphore`'s operations, next to its peers'.

mod common;

use core::hint::black_box;
use core::pin::pin;

use benches::ops::{forever, opaque_context, pending, ready};
use benches::peers::{AcquireMany, AsyncSemaphore, EmbassySemaphore, FairSemaphore, SaaSemaphore};
use benches::plan::Library;
use benches::with_locks;
use common::{Group, places, poll, settings};
use criterion::{Criterion, criterion_group, criterion_main};

fn acquire<S: AsyncSemaphore>(group: &mut Group<'_>, library: &str) {
    let semaphore = forever(S::with_permits(16));
    let mut cx = opaque_context();
    group.bench_function(library, |bencher| {
        bencher.iter(|| {
            let semaphore = black_box(semaphore);
            let mut acquire = pin!(semaphore.acquire());
            drop(ready(acquire.as_mut().poll(&mut cx)));
        });
    });
}

fn acquire_eight<S: AcquireMany>(group: &mut Group<'_>, library: &str) {
    let semaphore = forever(S::with_permits(16));
    let mut cx = opaque_context();
    group.bench_function(library, |bencher| {
        bencher.iter(|| {
            let semaphore = black_box(semaphore);
            let mut acquire = pin!(semaphore.acquire_many(8));
            drop(ready(acquire.as_mut().poll(&mut cx)));
        });
    });
}

/// A permit for the oldest of a constant number of waiting tasks, which keeps it and waits as the youngest.
fn release<S: AsyncSemaphore>(group: &mut Group<'_>, library: &str, waiters: usize) {
    let semaphore = forever(S::with_permits(0));
    let mut cx = opaque_context();
    let mut places = places((0..waiters).map(|_| semaphore.acquire()));
    let mut oldest = 0;
    group.bench_function(library, |bencher| {
        bencher.iter(|| {
            let place = &mut places[oldest];
            oldest = if oldest + 1 == waiters { 0 } else { oldest + 1 };
            let semaphore = black_box(semaphore);
            semaphore.release();
            let permit = ready(poll(place, &mut cx));
            place.set(Some(semaphore.acquire()));
            S::forget(permit);
            pending(&poll(place, &mut cx));
        });
    });
}

fn acquires(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("semaphore: acquire 1, release");
    macro_rules! same {
        ($library:ident, $variant:ident) => {
            acquire::<$library::Semaphore>(&mut group, Library::$variant.title());
        };
    }
    with_locks!(same);
    acquire::<tokio::sync::Semaphore>(&mut group, "tokio");
    acquire::<FairSemaphore>(&mut group, "futures-intrusive");
    acquire::<async_lock::Semaphore>(&mut group, "async-lock");
    acquire::<EmbassySemaphore>(&mut group, "embassy-sync");
    acquire::<mea::semaphore::Semaphore>(&mut group, "mea");
    acquire::<SaaSemaphore>(&mut group, "saa");
    group.finish();
}

fn acquire_eights(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("semaphore: acquire 8, release");
    macro_rules! same {
        ($library:ident, $variant:ident) => {
            acquire_eight::<$library::Semaphore>(&mut group, Library::$variant.title());
        };
    }
    with_locks!(same);
    acquire_eight::<tokio::sync::Semaphore>(&mut group, "tokio");
    acquire_eight::<FairSemaphore>(&mut group, "futures-intrusive");
    acquire_eight::<EmbassySemaphore>(&mut group, "embassy-sync");
    acquire_eight::<mea::semaphore::Semaphore>(&mut group, "mea");
    acquire_eight::<SaaSemaphore>(&mut group, "saa");
    group.finish();
}

fn releases(criterion: &mut Criterion) {
    for waiters in [16, 4096] {
        let name = format!("semaphore: release lets the oldest of {waiters} acquire, which waits again");
        let mut group = criterion.benchmark_group(name);
        macro_rules! same {
            ($library:ident, $variant:ident) => {
                release::<$library::Semaphore>(&mut group, Library::$variant.title(), waiters);
            };
        }
        with_locks!(same);
        release::<tokio::sync::Semaphore>(&mut group, "tokio", waiters);
        release::<FairSemaphore>(&mut group, "futures-intrusive", waiters);
        release::<async_lock::Semaphore>(&mut group, "async-lock", waiters);
        release::<mea::semaphore::Semaphore>(&mut group, "mea", waiters);
        group.finish();
    }
}

criterion_group! {
    name = semaphore;
    config = settings();
    targets = acquires, acquire_eights, releases
}
criterion_main!(semaphore);
