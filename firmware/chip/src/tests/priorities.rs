//! Tasks of two priorities share a lock and permits, while an interrupt handler that is above both tries its
//! luck.
//!
//! Those above preempt those below at any instruction, also in the middle of a release. Each has its place in
//! the line: a task below is not passed again and again, nor does either executor wake the other one for
//! nothing.

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use embassy_futures::yield_now;
use embassy_time::Timer;
use sync_core::{Event, Latch, Mutex, Semaphore, WaitQueue};

use crate::{
    device,
    high::{self, Job},
};

const ROUNDS: u32 = 2_000;

/// Wakes those above for their next round: they wait for something, or those below never ran.
static NEXT: WaitQueue = WaitQueue::new();

static PAIR: Mutex<(u32, u32)> = Mutex::new((0, 0));
/// How often the handler got it.
static TAKEN: AtomicU32 = AtomicU32::new(0);

async fn change() {
    let mut pair = PAIR.lock().await;
    assert_eq!(pair.0, pair.1, "two have it at once");
    pair.0 += 1;
    yield_now().await;
    pair.1 += 1;
}

/// The half of the test that runs above.
pub(crate) async fn mutex_above() {
    for _ in 0..ROUNDS {
        change().await;
        NEXT.wait().await.expect("it is never closed");
    }
}

/// Two executors of different priority and one lock.
pub(crate) async fn mutex() {
    let on = device::hammers(|_| {
        NEXT.wake();
        if let Some(mut pair) = PAIR.try_lock() {
            pair.0 += 1;
            pair.1 += 1;
            TAKEN.store(TAKEN.load(Relaxed) + 1, Relaxed);
        }
    });
    high::alongside(Job::Mutex, async {
        for _ in 0..ROUNDS {
            change().await;
        }
    })
    .await;
    drop(on);
    let pair = *PAIR.lock().await;
    assert_eq!(pair, (2 * ROUNDS + TAKEN.load(Relaxed), pair.0));
}

const PERMITS: usize = 3;
static SEMAPHORE: Semaphore = Semaphore::new(PERMITS);
static HELD: AtomicU32 = AtomicU32::new(0);

async fn hold(permits: usize) {
    let count = u32::try_from(permits).expect("they are few");
    let permit = SEMAPHORE.acquire(permits).await.expect("it is never closed");
    let held = critical_section::with(|_| {
        let held = HELD.load(Relaxed) + count;
        HELD.store(held, Relaxed);
        held
    });
    assert!(held as usize <= PERMITS, "{held} permits are held");
    yield_now().await;
    critical_section::with(|_| HELD.store(HELD.load(Relaxed) - count, Relaxed));
    drop(permit);
}

/// The half of the test that runs above.
pub(crate) async fn semaphore_above() {
    for round in 0..ROUNDS {
        hold(1 + round as usize % PERMITS).await;
        NEXT.wait().await.expect("it is never closed");
    }
}

/// Two executors of different priority, and permits.
///
/// Seen to fail with: a release of two permits wakes no waiter (`semaphore/rule.rs`, `give_back`).
pub(crate) async fn semaphore() {
    let on = device::hammers(|_| {
        NEXT.wake();
        drop(SEMAPHORE.try_acquire(1));
    });
    high::alongside(Job::Semaphore, async {
        for round in 0..ROUNDS {
            hold(PERMITS - round as usize % PERMITS).await;
        }
    })
    .await;
    drop(on);
    assert_eq!(SEMAPHORE.available_permits(), PERMITS);
    assert_eq!(SEMAPHORE.waiters(), 0);
}

#[cfg(feature = "embassy-mutex")]
type Contended = embassy_sync::mutex::Mutex<embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex, u32>;
#[cfg(not(feature = "embassy-mutex"))]
type Contended = Mutex<u32>;

static CONTENDED: Contended = Contended::new(0);
static CONTEND: Event = Event::new();
static HAVE_CONTENDED: Latch = Latch::new(CONTENDERS);

/// How many tasks above want the lock.
pub(crate) const CONTENDERS: usize = 2;
const TURNS: u32 = 50;

/// One of those that run above.
pub(crate) async fn contender() {
    CONTEND.wait().await.expect("it is never closed");
    for _ in 0..TURNS {
        *CONTENDED.lock().await += 1;
        Timer::after_micros(300).await;
    }
    HAVE_CONTENDED.count_down(1);
}

/// Two tasks above contend for what a task below holds: it gets on, and lets go of it.
///
/// This is the program of embassy's issue 1204. Where a lock has one place for a waiter, each of the two
/// takes it from the other one and wakes it for that, endlessly; and above the holder, which then never runs
/// again. The feature `embassy-mutex` builds that. Here both are in line, and asleep.
pub(crate) async fn churn() {
    CONTEND.set();
    for _ in 0..TURNS {
        let mut value = CONTENDED.lock().await;
        Timer::after_millis(2).await;
        *value += 1;
        drop(value);
        Timer::after_millis(1).await;
    }
    HAVE_CONTENDED.wait().await.expect("it is never closed");
    let value = *CONTENDED.lock().await;
    assert_eq!(value as usize, (1 + CONTENDERS) * TURNS as usize);
}
