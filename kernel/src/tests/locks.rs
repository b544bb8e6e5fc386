//! Locks among tasks of one CPU, and of two.

use core::{
    pin::pin,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use embassy_futures::{
    join::{join, join_array},
    yield_now,
};
use kernel::{
    cpu,
    executor::{self, Task, size_of_task},
};
use sync_core::{Latch, Mutex, RwLock, Semaphore};

use crate::testing::{Outcome, two_cpus};

pub(super) async fn mutex_among_tasks() {
    static COUNT: Mutex<usize> = Mutex::new(0);
    join_array([(); 8].map(|()| async {
        for _ in 0..100 {
            let mut count = COUNT.lock().await;
            let before = *count;
            yield_now().await;
            *count = before + 1;
        }
    }))
    .await;
    assert_eq!(*COUNT.lock().await, 800);
}

pub(super) async fn rwlock_among_tasks() {
    static PAIR: RwLock<[usize; 2]> = RwLock::new([0; 2]);
    static TOGETHER: AtomicUsize = AtomicUsize::new(0);
    static MOST: AtomicUsize = AtomicUsize::new(0);
    let readers = join_array([(); 4].map(|()| async {
        for _ in 0..100 {
            let pair = PAIR.read().await;
            MOST.fetch_max(TOGETHER.fetch_add(1, Relaxed) + 1, Relaxed);
            yield_now().await;
            assert_eq!(pair[0], pair[1], "half written");
            TOGETHER.fetch_sub(1, Relaxed);
        }
    }));
    let writers = join_array([(); 2].map(|()| async {
        for _ in 0..100 {
            let mut pair = PAIR.write().await;
            assert_eq!(TOGETHER.load(Relaxed), 0, "a reader at the same time as a writer");
            pair[0] += 1;
            yield_now().await;
            pair[1] += 1;
        }
    }));
    join(readers, writers).await;
    assert_eq!(*PAIR.read().await, [200; 2]);
    assert!(MOST.load(Relaxed) > 1, "readers never were together");
}

pub(super) async fn semaphore_among_tasks() {
    static PERMITS: Semaphore = Semaphore::new(3);
    static TAKEN: AtomicUsize = AtomicUsize::new(0);
    static MOST: AtomicUsize = AtomicUsize::new(0);
    join_array([1, 2, 3, 1, 2, 3, 1, 2].map(|weight| async move {
        for _ in 0..50 {
            let _permit = PERMITS.acquire(weight).await.expect("it is never closed");
            MOST.fetch_max(TAKEN.fetch_add(weight, Relaxed) + weight, Relaxed);
            yield_now().await;
            TAKEN.fetch_sub(weight, Relaxed);
        }
    }))
    .await;
    assert_eq!((MOST.load(Relaxed), PERMITS.available_permits()), (3, 3));
}

/// Four tasks on each CPU want the same lock. Who is in line sees each of the others at most once before it
/// has its turn.
pub(super) async fn mutex_between_cpus() -> Outcome {
    const TASKS: usize = 8;
    const ROUNDS: usize = 500;
    static TURNS: AtomicUsize = AtomicUsize::new(0);
    static TURN: Mutex<usize> = Mutex::new(0);
    static DONE: Latch = Latch::new(TASKS);
    static WORKERS: [Task<{ size_of_task(contend) }>; TASKS] = [const { Task::new() }; TASKS];
    static FROM: [AtomicUsize; cpu::MAX] = [const { AtomicUsize::new(0) }; cpu::MAX];

    async fn contend((): ()) {
        for _ in 0..ROUNDS {
            let mut lock = pin!(TURN.lock());
            lock.as_mut().subscribe().await;
            let in_line = TURNS.load(Relaxed);
            let mut turn = lock.await;
            let others = TURNS.fetch_add(1, Relaxed) - in_line;
            assert!(others < TASKS, "{others} others were first, of {TASKS} tasks");
            *turn += 1;
            FROM[cpu::id()].fetch_add(1, Relaxed);
            drop(turn);
            yield_now().await;
        }
        DONE.count_down(1);
    }

    if let Err(ignored) = two_cpus() {
        return ignored;
    }
    for (n, worker) in WORKERS.iter().enumerate() {
        executor::spawn(n % cpu::MAX, worker.place(contend, ()));
    }
    DONE.wait().await.expect("it is counted down");
    assert_eq!(*TURN.lock().await, TASKS * ROUNDS);
    assert_eq!([FROM[0].load(Relaxed), FROM[1].load(Relaxed)], [TASKS * ROUNDS / 2; 2]);
    Outcome::Passed
}
