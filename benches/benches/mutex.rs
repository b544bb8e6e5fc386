//! The time of `Mutex`'s operations, next to its peers'.

mod common;

use core::hint::black_box;
use core::ops::DerefMut;
use core::pin::pin;
use core::task::Poll;
use core::time::Duration;
use std::sync::Barrier;
use std::thread;
use std::time::Instant;

use benches::ops::{forever, opaque_context, pending, ready};
use benches::peers::{AsyncMutex, BareMutex, EmbassyMutex, FairMutex};
use benches::plan::Library;
use benches::with_locks;
use common::{Group, places, poll, settings};
use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

/// A lock of a free lock, and the unlock.
fn lock<M: AsyncMutex>(group: &mut Group<'_>, library: &str) {
    let mutex = forever(M::default());
    let mut cx = opaque_context();
    group.bench_function(library, |bencher| {
        bencher.iter(|| {
            let mutex = black_box(mutex);
            let mut lock = pin!(mutex.lock());
            drop(ready(lock.as_mut().poll(&mut cx)));
        });
    });
}

/// Tasks of one thread pass the lock round: its holder unlocks, the oldest of the others has it, and the
/// former holder waits as the youngest.
fn hand_over<M: AsyncMutex>(group: &mut Group<'_>, library: &str, tasks: usize) {
    let mutex = forever(M::default());
    let mut cx = opaque_context();
    let mut guard = mutex.try_lock();
    let mut places = places((1..tasks).map(|_| mutex.lock()));
    places.push(Box::pin(Some(mutex.lock())));
    let mut former = tasks - 1;
    group.bench_function(library, |bencher| {
        bencher.iter(|| {
            let mutex = black_box(mutex);
            drop(guard.take());
            let holder = if former + 1 == tasks { 0 } else { former + 1 };
            let place = &mut places[holder];
            guard = Some(ready(poll(place, &mut cx)));
            place.set(Some(mutex.lock()));
            pending(&poll(&mut places[former], &mut cx));
            former = holder;
        });
    });
    forever(guard);
}

/// Drops any of a constant number of waiting tasks; another waits in its place, as the youngest.
fn cancel<M: AsyncMutex>(group: &mut Group<'_>, library: &str, waiters: usize) {
    let mutex = forever(M::default());
    forever(mutex.try_lock());
    let mut cx = opaque_context();
    let mut places = places((0..waiters).map(|_| mutex.lock()));
    let mut random = fastrand::Rng::with_seed(0x5eed);
    group.bench_function(library, |bencher| {
        bencher.iter(|| {
            let place = &mut places[random.usize(..waiters)];
            place.set(None);
            place.set(Some(black_box(mutex).lock()));
            pending(&poll(place, &mut cx));
        });
    });
}

const TASKS: u32 = 8;
const LOCKS_PER_TASK: u32 = 500;

/// Two threads with some tasks each, all of which want the same lock for as long as an addition takes. The
/// time is that of a fixed amount of work by the clock, divided by the number of locks.
fn contend<M>(group: &mut Group<'_>, library: &str)
where
    M: AsyncMutex<Guard: DerefMut<Target = u64>> + Sync,
{
    let mutex = forever(M::default());
    group.bench_function(library, |bencher| {
        bencher.iter_custom(|rounds| {
            let elapsed: Duration = (0..rounds).map(|_| contest(mutex)).sum();
            elapsed / (2 * TASKS * LOCKS_PER_TASK)
        });
    });
}

/// All tasks wait when the time begins, those of one thread behind those of the other. A fair mutex keeps
/// them in this order, so that as many locks in each contest pass from thread to thread.
fn contest<M>(mutex: &'static M) -> Duration
where
    M: AsyncMutex<Guard: DerefMut<Target = u64>> + Sync,
{
    let guard = mutex.try_lock().expect("the contest before is over");
    let (turn, start) = (Barrier::new(2), Barrier::new(3));
    let task = || async {
        for _ in 0..LOCKS_PER_TASK {
            *mutex.lock().await += 1;
        }
    };
    let work = |first: bool| {
        let mut tasks: FuturesUnordered<_> = (0..TASKS).map(|_| task()).collect();
        let mut cx = opaque_context();
        if !first {
            turn.wait();
        }
        pending(&tasks.poll_next_unpin(&mut cx));
        if first {
            turn.wait();
        }
        start.wait();
        loop {
            match tasks.poll_next_unpin(&mut cx) {
                Poll::Ready(Some(())) => {}
                Poll::Ready(None) => return Instant::now(),
                // Not parked: that would be measured instead of the lock.
                Poll::Pending => thread::yield_now(),
            }
        }
    };
    thread::scope(|scope| {
        let threads = [true, false].map(|first| scope.spawn(move || work(first)));
        start.wait();
        let begin = Instant::now();
        drop(guard);
        let ends = threads.map(|thread| thread.join().expect("no task panics"));
        ends[0].max(ends[1]) - begin
    })
}

fn locks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("mutex: lock, unlock");
    macro_rules! same {
        ($library:ident, $variant:ident) => {
            lock::<$library::Mutex<u64>>(&mut group, Library::$variant.title());
        };
    }
    with_locks!(same);
    lock::<tokio::sync::Mutex<u64>>(&mut group, "tokio");
    lock::<FairMutex>(&mut group, "futures-intrusive");
    lock::<async_lock::Mutex<u64>>(&mut group, "async-lock");
    lock::<futures_util::lock::Mutex<u64>>(&mut group, "futures-util");
    lock::<EmbassyMutex>(&mut group, "embassy-sync");
    lock::<mea::mutex::Mutex<u64>>(&mut group, "mea");
    lock::<saa::Mutex<u64>>(&mut group, "saa");
    lock::<BareMutex>(&mut group, "floor");
    group.finish();
}

fn hand_overs(criterion: &mut Criterion) {
    for tasks in [2, 16, 4096] {
        let mut group = criterion.benchmark_group(format!("mutex: hand over among {tasks}"));
        macro_rules! same {
            ($library:ident, $variant:ident) => {
                hand_over::<$library::Mutex<u64>>(&mut group, Library::$variant.title(), tasks);
            };
        }
        with_locks!(same);
        hand_over::<tokio::sync::Mutex<u64>>(&mut group, "tokio", tasks);
        hand_over::<FairMutex>(&mut group, "futures-intrusive", tasks);
        hand_over::<async_lock::Mutex<u64>>(&mut group, "async-lock", tasks);
        hand_over::<mea::mutex::Mutex<u64>>(&mut group, "mea", tasks);
        group.finish();
    }
}

fn cancels(criterion: &mut Criterion) {
    for waiters in [16, 4096] {
        let name = format!("mutex: cancel a random one of {waiters}, and wait again");
        let mut group = criterion.benchmark_group(name);
        macro_rules! same {
            ($library:ident, $variant:ident) => {
                cancel::<$library::Mutex<u64>>(&mut group, Library::$variant.title(), waiters);
            };
        }
        with_locks!(same);
        cancel::<tokio::sync::Mutex<u64>>(&mut group, "tokio", waiters);
        cancel::<FairMutex>(&mut group, "futures-intrusive", waiters);
        cancel::<async_lock::Mutex<u64>>(&mut group, "async-lock", waiters);
        cancel::<futures_util::lock::Mutex<u64>>(&mut group, "futures-util", waiters);
        cancel::<mea::mutex::Mutex<u64>>(&mut group, "mea", waiters);
        group.finish();
    }
}

fn contests(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("mutex: two threads with eight tasks each, per lock");
    group.sampling_mode(SamplingMode::Flat).sample_size(30).measurement_time(Duration::from_secs(3));
    macro_rules! same {
        ($library:ident, $variant:ident) => {
            contend::<$library::Mutex<u64>>(&mut group, Library::$variant.title());
        };
    }
    with_locks!(same);
    contend::<tokio::sync::Mutex<u64>>(&mut group, "tokio");
    contend::<FairMutex>(&mut group, "futures-intrusive");
    contend::<mea::mutex::Mutex<u64>>(&mut group, "mea");
    group.finish();
}

criterion_group! {
    name = mutex;
    config = settings();
    targets = locks, hand_overs, cancels, contests
}
criterion_main!(mutex);
