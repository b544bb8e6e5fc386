//! The time of `RwLock`'s operations, next to its peers'.

mod common;

use core::hint::black_box;
use core::pin::pin;

use benches::ops::{forever, opaque_context, ready};
use benches::peers::{AsyncRwLock, EmbassyRwLock};
use benches::plan::Library;
use benches::with_locks;
use common::{Group, settings};
use criterion::{Criterion, criterion_group, criterion_main};

fn read<L: AsyncRwLock>(group: &mut Group<'_>, library: &str) {
    let lock = forever(L::default());
    let mut cx = opaque_context();
    group.bench_function(library, |bencher| {
        bencher.iter(|| {
            let lock = black_box(lock);
            let mut read = pin!(lock.read());
            drop(ready(read.as_mut().poll(&mut cx)));
        });
    });
}

fn write<L: AsyncRwLock>(group: &mut Group<'_>, library: &str) {
    let lock = forever(L::default());
    let mut cx = opaque_context();
    group.bench_function(library, |bencher| {
        bencher.iter(|| {
            let lock = black_box(lock);
            let mut write = pin!(lock.write());
            drop(ready(write.as_mut().poll(&mut cx)));
        });
    });
}

fn reads(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rwlock: read, unlock");
    macro_rules! same {
        ($library:ident, $variant:ident) => {
            read::<$library::RwLock<u64>>(&mut group, Library::$variant.title());
        };
    }
    with_locks!(same);
    read::<tokio::sync::RwLock<u64>>(&mut group, "tokio");
    read::<async_lock::RwLock<u64>>(&mut group, "async-lock");
    read::<EmbassyRwLock>(&mut group, "embassy-sync");
    read::<mea::rwlock::RwLock<u64>>(&mut group, "mea");
    read::<saa::RwLock<u64>>(&mut group, "saa");
    group.finish();
}

fn writes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rwlock: write, unlock");
    macro_rules! same {
        ($library:ident, $variant:ident) => {
            write::<$library::RwLock<u64>>(&mut group, Library::$variant.title());
        };
    }
    with_locks!(same);
    write::<tokio::sync::RwLock<u64>>(&mut group, "tokio");
    write::<async_lock::RwLock<u64>>(&mut group, "async-lock");
    write::<EmbassyRwLock>(&mut group, "embassy-sync");
    write::<mea::rwlock::RwLock<u64>>(&mut group, "mea");
    write::<saa::RwLock<u64>>(&mut group, "saa");
    group.finish();
}

criterion_group! {
    name = rwlock;
    config = settings();
    targets = reads, writes
}
criterion_main!(rwlock);
