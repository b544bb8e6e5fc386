//! The time of the locks that block their thread, next to their peers'; without contention.

mod common;

use core::hint::black_box;
use std::sync::LazyLock;

use benches::ops::forever;
use benches::peers::{BlockingMutex, BlockingRwLock, LazyValue};
use benches::plan::Library;
use benches::with_locks;
use common::{Group, settings};
use criterion::{Criterion, criterion_group, criterion_main};

fn lock<M: BlockingMutex>(group: &mut Group<'_>, library: &str) {
    let mutex = forever(M::default());
    group.bench_function(library, |bencher| bencher.iter(|| drop(black_box(mutex).lock())));
}

fn read<L: BlockingRwLock>(group: &mut Group<'_>, library: &str) {
    let lock = forever(L::from(0));
    group.bench_function(library, |bencher| bencher.iter(|| drop(black_box(lock).read())));
}

fn write<L: BlockingRwLock>(group: &mut Group<'_>, library: &str) {
    let lock = forever(L::from(0));
    group.bench_function(library, |bencher| bencher.iter(|| drop(black_box(lock).write())));
}

fn get<L: LazyValue>(group: &mut Group<'_>, library: &str) {
    let value = forever(L::new(|| 7));
    group.bench_function(library, |bencher| bencher.iter(|| black_box(value).get()));
}

fn locks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("blocking mutex: lock, unlock");
    macro_rules! same {
        ($library:ident, $variant:ident) => {
            lock::<$library::blocking::Mutex<u64, $library::spin::Spinlock>>(
                &mut group,
                Library::$variant.title(),
            );
        };
    }
    with_locks!(same);
    lock::<spin::Mutex<u64>>(&mut group, "spin");
    lock::<spinning_top::Spinlock<u64>>(&mut group, "spinning_top");
    lock::<parking_lot::Mutex<u64>>(&mut group, "parking_lot");
    lock::<std::sync::Mutex<u64>>(&mut group, "std");
    group.finish();
}

fn reads(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("blocking rwlock: read, unlock");
    macro_rules! same {
        ($library:ident, $variant:ident) => {
            read::<$library::blocking::RwLock<u64>>(&mut group, Library::$variant.title());
        };
    }
    with_locks!(same);
    read::<spin::RwLock<u64>>(&mut group, "spin");
    read::<spinning_top::RwSpinlock<u64>>(&mut group, "spinning_top");
    read::<parking_lot::RwLock<u64>>(&mut group, "parking_lot");
    read::<std::sync::RwLock<u64>>(&mut group, "std");
    group.finish();
}

fn writes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("blocking rwlock: write, unlock");
    macro_rules! same {
        ($library:ident, $variant:ident) => {
            write::<$library::blocking::RwLock<u64>>(&mut group, Library::$variant.title());
        };
    }
    with_locks!(same);
    write::<spin::RwLock<u64>>(&mut group, "spin");
    write::<spinning_top::RwSpinlock<u64>>(&mut group, "spinning_top");
    write::<parking_lot::RwLock<u64>>(&mut group, "parking_lot");
    write::<std::sync::RwLock<u64>>(&mut group, "std");
    group.finish();
}

fn gets(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("blocking lazy: get");
    macro_rules! same {
        ($library:ident, $variant:ident) => {
            get::<$library::spin::Lazy<u64>>(&mut group, Library::$variant.title());
        };
    }
    with_locks!(same);
    get::<spin::LazyLock<u64>>(&mut group, "spin");
    get::<embassy_sync::lazy_lock::LazyLock<u64>>(&mut group, "embassy-sync");
    get::<LazyLock<u64>>(&mut group, "std");
    group.finish();
}

criterion_group! {
    name = blocking;
    config = settings();
    targets = locks, reads, writes, gets
}
criterion_main!(blocking);
