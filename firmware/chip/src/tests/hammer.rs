//! The device interrupts at any instruction, tens of thousands of times, while tasks of two priorities get in
//! line, leave it and are woken: of the same primitive, which the handler uses as well. What went in is what
//! came out.
//!
//! With a plain spin lock as the raw lock, the handler soon waits for what it has interrupted: `cargo xtask
//! firmware` boots that too. With a `DefaultMutex` that keeps nothing out (`with_lock` is `f()`), the
//! library's list falls apart within seconds, on each of the machines: so the interrupts do come in the
//! middle of its critical sections.

use core::{
    pin::pin,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

use embassy_futures::{join::join_array, poll_once, yield_now};
use sync_core::{Mutex, Semaphore, WaitCell, WaitMap, WaitQueue, wait_map::WakeOutcome};

use crate::{
    device,
    high::{self, Job},
};

/// How many interrupts each test takes at least.
const INTERRUPTS: u32 = 10_000;

fn goes_on() -> bool {
    device::count() < INTERRUPTS
}

/// Adds to a counter that others change meanwhile, on a chip that cannot do that in one step.
fn add(counter: &AtomicU32, n: u32) {
    critical_section::with(|_| counter.store(counter.load(Relaxed).wrapping_add(n), Relaxed));
}

static PERMITS: Semaphore = Semaphore::new(3);
/// What was added less what was taken away.
static BALANCE: AtomicU32 = AtomicU32::new(3);

async fn take_permits(task: usize) {
    let mut round = task;
    while goes_on() {
        let weight = 1 + round % 3;
        {
            // May be given its permits before it is dropped: they go to the next in line.
            let mut leaves = pin!(PERMITS.acquire(weight));
            if poll_once(leaves.as_mut()).is_pending() {
                yield_now().await;
            }
        }
        let permit = PERMITS.acquire(weight).await.expect("it is never closed");
        if round % 4 == 0 {
            permit.forget();
            add(&BALANCE, 0_u32.wrapping_sub(u32::try_from(weight).expect("it is small")));
        } else {
            yield_now().await;
        }
        round += 1;
    }
}

/// The half of the test that runs above.
pub(crate) async fn permits_above() {
    while goes_on() {
        let permit = PERMITS.acquire(2).await.expect("it is never closed");
        drop(permit);
        EACH.wait().await.expect("it is never closed");
    }
}

/// Wakes those above for another round, which wait for each interrupt: else those below never ran.
static EACH: WaitQueue = WaitQueue::new();

/// No permit is lost, none is made.
///
/// Seen to fail with: the permits of an acquire that is dropped are not given back (`semaphore/rule.rs`,
/// `abandon`).
pub(crate) async fn permits() {
    let on = device::hammers(|nth| {
        EACH.wake_all();
        match nth % 4 {
            0 => drop(PERMITS.try_acquire(2)),
            1 => {
                let forgotten = PERMITS.forget_permits(1);
                add(&BALANCE, 0_u32.wrapping_sub(u32::try_from(forgotten).expect("it is at most one")));
                PERMITS.add_permits(forgotten);
                add(&BALANCE, u32::try_from(forgotten).expect("it is at most one"));
            }
            _ => {
                PERMITS.add_permits(1);
                add(&BALANCE, 1);
            }
        }
    });
    high::alongside(Job::Permits, async {
        join_array(core::array::from_fn::<_, 4, _>(take_permits)).await;
    })
    .await;
    drop(on);
    assert_eq!(PERMITS.available_permits(), BALANCE.load(Relaxed) as usize, "permits at the end");
    assert_eq!(PERMITS.waiters(), 0);
}

static QUEUE: WaitQueue = WaitQueue::new();

async fn wait_in_line(task: usize) {
    let mut round = task;
    while goes_on() {
        let mut stays = pin!(QUEUE.wait());
        {
            let mut leaves = pin!(QUEUE.wait());
            let _ = poll_once(leaves.as_mut());
            let _ = poll_once(stays.as_mut());
            if round % 4 == 0 {
                QUEUE.wake();
            }
            // Dropped here: in line, or woken, and then the next one is.
        }
        stays.await.expect("it is never closed");
        round += 1;
    }
}

/// The half of the test that runs above.
pub(crate) async fn queue_above() {
    while goes_on() {
        QUEUE.wait().await.expect("it is never closed");
    }
}

/// Each waits until it is woken, and is.
pub(crate) async fn queue() {
    let on = device::hammers(|nth| if nth % 8 == 7 { QUEUE.wake_all() } else { QUEUE.wake() });
    high::alongside(Job::Queue, async {
        join_array(core::array::from_fn::<_, 4, _>(wait_in_line)).await;
    })
    .await;
    drop(on);
    assert_eq!(QUEUE.waiters(), 0);
}

static RING: WaitQueue = WaitQueue::new();

async fn hand_on(steps: impl Fn() -> bool) {
    while steps() {
        {
            // May be given the wake-up before it is dropped: it goes to the next in line.
            let mut leaves = pin!(RING.wait());
            if poll_once(leaves.as_mut()).is_ready() {
                RING.wake();
            } else {
                yield_now().await;
            }
        }
        RING.wait().await.expect("it is never closed");
        // Meanwhile the others get in line.
        yield_now().await;
        RING.wake();
    }
}

/// The half of the test that runs above.
pub(crate) async fn token_above() {
    while goes_on() {
        RING.wait().await.expect("it is never closed");
        RING.wake();
        EACH.wait().await.expect("it is never closed");
    }
}

/// One wake-up is passed on and on, and is not lost: nothing else would wake those who wait.
///
/// Seen to fail with: a wait that is dropped does not hand on the wake-up it was given
/// (`wait_queue/signal.rs`, `abandon`).
pub(crate) async fn token() {
    RING.wake();
    let on = device::hammers(|_| {
        EACH.wake_all();
        if RING.try_wait().is_ready() {
            RING.wake();
        }
    });
    high::alongside(Job::Token, async {
        join_array([(); 3].map(|()| hand_on(goes_on))).await;
    })
    .await;
    drop(on);
    assert!(RING.try_wait().is_ready(), "it is there at the end");
    assert!(RING.try_wait().is_pending(), "and once");
}

/// Every value that is handed over is received, or is dropped with the wait that it was for.
pub(crate) async fn map() {
    static MAP: WaitMap<u32, Value> = WaitMap::new();
    static MADE: AtomicU32 = AtomicU32::new(0);
    static DROPPED: AtomicU32 = AtomicU32::new(0);
    static HANDED_OVER: AtomicU32 = AtomicU32::new(0);
    const TASKS: u32 = 4;

    struct Value(u32);
    impl Drop for Value {
        fn drop(&mut self) {
            add(&DROPPED, 1);
        }
    }

    fn hit(nth: u32) {
        let key = nth % TASKS;
        add(&MADE, 1);
        if let WakeOutcome::Woke = MAP.wake(&key, Value(key)) {
            add(&HANDED_OVER, 1);
        }
    }

    async fn receive(key: u32) -> u32 {
        let mut received = 0;
        while goes_on() {
            {
                // May be handed a value before it is dropped: the value is dropped with it.
                let mut leaves = pin!(MAP.wait(key));
                let _ = poll_once(leaves.as_mut());
            }
            let value = MAP.wait(key).await.expect("one task waits for a key");
            assert_eq!(value.0, key, "the value of another key");
            received += 1;
        }
        received
    }

    let on = device::hammers(hit);
    let received = join_array([0, 1, 2, 3].map(receive)).await;
    drop(on);
    let (made, received) = (MADE.load(Relaxed), received.iter().sum::<u32>());
    assert_eq!(DROPPED.load(Relaxed), made, "values that were made");
    let handed_over = HANDED_OVER.load(Relaxed);
    assert!(received <= handed_over && handed_over <= made, "{received} of {handed_over} of {made}");
    assert!(received > INTERRUPTS / 8, "only {received} were received");
}

static LOCK: Mutex<u32> = Mutex::new(0);
/// How often it was locked.
static LOCKED: AtomicU32 = AtomicU32::new(0);

async fn count_up(steps: impl Fn() -> bool) {
    while steps() {
        {
            let mut leaves = pin!(LOCK.lock());
            if poll_once(leaves.as_mut()).is_pending() {
                yield_now().await;
            }
        }
        let mut value = LOCK.lock().await;
        let seen = *value;
        add(&LOCKED, 1);
        yield_now().await;
        *value = seen + 1;
    }
}

/// The half of the test that runs above.
pub(crate) async fn lock_above() {
    while goes_on() {
        let mut value = LOCK.lock().await;
        *value += 1;
        add(&LOCKED, 1);
        drop(value);
        EACH.wait().await.expect("it is never closed");
    }
}

/// One at a time, handlers included.
///
/// Seen to fail with: a wait that is dropped keeps the lock it was given (`mutex/rule.rs`, `abandon`).
pub(crate) async fn lock() {
    let on = device::hammers(|_| {
        EACH.wake_all();
        if let Some(mut value) = LOCK.try_lock() {
            *value += 1;
            add(&LOCKED, 1);
        }
    });
    high::alongside(Job::Lock, async {
        join_array([(); 3].map(|()| count_up(goes_on))).await;
    })
    .await;
    drop(on);
    assert_eq!(*LOCK.lock().await, LOCKED.load(Relaxed));
}

/// A wake-up of the cell is kept until it is waited for, wherever it comes.
pub(crate) async fn cell() {
    static CELL: WaitCell = WaitCell::new();
    static READY: AtomicU32 = AtomicU32::new(0);
    let on = device::hammers(|_| {
        add(&READY, 1);
        CELL.wake();
    });
    let mut seen = 0;
    while goes_on() {
        {
            let mut leaves = pin!(CELL.wait());
            let _ = poll_once(leaves.as_mut());
        }
        // Something new has happened whenever it returns, and it does return.
        CELL.wait_for(|| READY.load(Relaxed) != seen).await.expect("it is never closed");
        seen = READY.load(Relaxed);
    }
    drop(on);
    assert!(seen >= INTERRUPTS);
}
