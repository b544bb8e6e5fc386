//! An interrupt handler wakes, as often as it can, while tasks of the same CPU are in the middle of the same
//! thing.
//!
//! Each CPU's own timer interrupts it after another, short time, again and again. With a plain spin lock as
//! the raw lock the first of these tests would stand still before long: see `counter_example`.

use core::{
    pin::pin,
    sync::atomic::{
        AtomicBool, AtomicUsize,
        Ordering::{Relaxed, SeqCst},
    },
};

use embassy_futures::{join::join_array, poll_once, yield_now};
use kernel::{cpu, devices::apic, interrupts, spawn};
use sync_core::{Latch, Semaphore, WaitMap, WaitQueue, blocking::Mutex, spin::Lazy, wait_map::WakeOutcome};

/// What the handler does at each interrupt; it gets the interrupt's number.
static HIT: Mutex<fn(usize)> = Mutex::new(|_| ());
static HITS: AtomicUsize = AtomicUsize::new(0);
static ON: AtomicBool = AtomicBool::new(false);
/// How many CPUs are in the handler. A handler says that it is in, then looks at `ON`; who stops turns that
/// off, then looks who is in. All sequentially consistent, so that one of the two sees the other.
static INSIDE: AtomicUsize = AtomicUsize::new(0);

const TASKS: usize = 8;

/// Runs `$work` on each CPU, each of which is interrupted with `$hit` meanwhile. Returns how many interrupts
/// there were.
macro_rules! hammer {
    ($hit:expr, $work:ident) => {{
        static DONE: Latch = Latch::new(cpu::MAX);
        async fn worker((): ()) {
            apic::interrupt_after(1);
            $work().await;
            DONE.count_down(1);
        }
        start($hit);
        spawn!(0, worker(()));
        if cpu::online() == 2 {
            spawn!(1, worker(()))
        } else {
            DONE.count_down(1)
        }
        DONE.wait().await.expect("it is counted down");
        stop()
    }};
}

fn start(hit: fn(usize)) {
    static HANDLER: Lazy<()> = Lazy::new(|| interrupts::set_handler(apic::TIMER, on_timer));
    HANDLER.init();
    HIT.with_lock(|function| *function = hit);
    HITS.store(0, Relaxed);
    ON.store(true, SeqCst);
}

fn stop() -> usize {
    ON.store(false, SeqCst);
    // The other CPU's handler may have begun before.
    while INSIDE.load(SeqCst) > 0 {
        core::hint::spin_loop();
    }
    HITS.load(Relaxed)
}

fn on_timer() {
    INSIDE.fetch_add(1, SeqCst);
    if ON.load(SeqCst) {
        let n = HITS.fetch_add(1, Relaxed);
        let hit = HIT.with_lock(|hit| *hit);
        hit(n);
        // Each time at another place of what it interrupts. Only now: some of the time has to be the tasks'.
        apic::interrupt_after(2_000 + u32::try_from(n * 7_919 % 20_011).expect("below 20011"));
    }
    INSIDE.fetch_sub(1, SeqCst);
}

/// Those who wait see every kind of wake-up, and leave the line in every way.
pub(super) async fn queue() {
    static QUEUE: WaitQueue = WaitQueue::new();
    const ROUNDS: usize = 200;

    async fn work() {
        join_array([(); TASKS].map(|()| async {
            for round in 0..ROUNDS {
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
                yield_now().await;
            }
        }))
        .await;
    }

    let hits = hammer!(|n| if n % 8 == 7 { QUEUE.wake_all() } else { QUEUE.wake() }, work);
    assert!(hits > ROUNDS, "only {hits} interrupts");
}

/// Every permit that a handler adds is taken by a task, or is there in the end.
pub(super) async fn semaphore() {
    static PERMITS: Semaphore = Semaphore::new(0);
    static TAKEN: AtomicUsize = AtomicUsize::new(0);
    const ROUNDS: usize = 100;

    async fn work() {
        join_array(core::array::from_fn::<_, TASKS, _>(|task| async move {
            for round in 0..ROUNDS {
                let weight = 1 + (task + round) % 3;
                {
                    // May be given its permits before it is dropped: they go back.
                    let mut leaves = pin!(PERMITS.acquire(weight));
                    let _ = poll_once(leaves.as_mut());
                }
                PERMITS.acquire(weight).await.expect("it is never closed").forget();
                TAKEN.fetch_add(weight, Relaxed);
                yield_now().await;
            }
        }))
        .await;
    }

    let hits = hammer!(|_| PERMITS.add_permits(1), work);
    assert_eq!(PERMITS.available_permits() + TAKEN.load(Relaxed), hits, "permits that were added");
}

/// Every value that a handler hands over is dropped once, and those that were waited for arrive under their
/// key.
pub(super) async fn map() {
    static MAP: WaitMap<usize, Value> = WaitMap::new();
    static MADE: AtomicUsize = AtomicUsize::new(0);
    static DROPPED: AtomicUsize = AtomicUsize::new(0);
    static HANDED_OVER: AtomicUsize = AtomicUsize::new(0);
    static RECEIVED: AtomicUsize = AtomicUsize::new(0);
    const ROUNDS: usize = 100;

    #[derive(Debug)]
    struct Value(usize);
    impl Drop for Value {
        fn drop(&mut self) {
            DROPPED.fetch_add(1, Relaxed);
        }
    }

    fn hit(n: usize) {
        let key = n % (TASKS * cpu::MAX);
        MADE.fetch_add(1, Relaxed);
        if let WakeOutcome::Woke = MAP.wake(&key, Value(key)) {
            HANDED_OVER.fetch_add(1, Relaxed);
        }
    }

    async fn work() {
        let cpu = cpu::id();
        join_array(core::array::from_fn::<_, TASKS, _>(|task| async move {
            let key = task * cpu::MAX + cpu;
            for _ in 0..ROUNDS {
                {
                    // May be handed a value before it is dropped: the value is dropped with it.
                    let mut leaves = pin!(MAP.wait(key));
                    let _ = poll_once(leaves.as_mut());
                }
                let value = MAP.wait(key).await.expect("one task waits for a key");
                assert_eq!(value.0, key, "another's");
                RECEIVED.fetch_add(1, Relaxed);
            }
        }))
        .await;
    }

    hammer!(hit, work);
    let (made, handed_over) = (MADE.load(Relaxed), HANDED_OVER.load(Relaxed));
    assert_eq!(DROPPED.load(Relaxed), made, "values that were made");
    assert_eq!(RECEIVED.load(Relaxed), TASKS * ROUNDS * cpu::online());
    assert!(
        handed_over >= RECEIVED.load(Relaxed) && handed_over <= made,
        "{handed_over} handed over, {made} made"
    );
}
