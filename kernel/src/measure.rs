//! The table of what each operation costs on this machine, printed for kernel/README.md.

use core::{
    future::Future,
    hint::black_box,
    mem::size_of_val,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
    time::Duration,
};

use embassy_futures::join::join_array;
use kernel::{
    costs::{self, Cost},
    devices::debug_exit::{self, Status},
    println,
    time::{sleep, timeout},
};
use sync_core::{
    Barrier, Event, Latch, Mutex, RwLock, Semaphore, WaitCell, WaitMap, WaitQueue, blocking,
    wait_map::WakeOutcome,
};

#[sync_core::wait_map(key = u64, match = up_to)]
struct Reached;

#[sync_core::wait_map(key = u32, match = mask)]
struct Flags;

#[sync_core::wait_map(key = u32, match = fifo)]
struct Topics;

/// More than one batch of wakers.
const MANY: usize = 64;

pub(crate) fn run() -> ! {
    println!("| operation | critical sections | longest, instructions | call, instructions | stack, bytes |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    blocking_mutex();
    mutex();
    rwlock();
    semaphore();
    cell();
    queue();
    map();
    modes();
    events();
    println!("");
    println!("| a task that waits in | bytes of its future |");
    println!("| --- | ---: |");
    futures();
    debug_exit::exit(Status::Success)
}

fn row(name: &str, f: impl FnOnce()) {
    let Cost { sections, longest, instructions, stack } = costs::of(f);
    println!("| {name} | {sections} | {longest} | {instructions} | {stack} |");
}

/// Polls once.
fn poll<F: Future>(future: Pin<&mut F>) -> bool {
    black_box(future.poll(&mut Context::from_waker(Waker::noop()))).is_ready()
}

/// Polls a future that is ready.
fn take<F: Future>(future: Pin<&mut F>) -> F::Output {
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it has to wait, but was to be ready"),
    }
}

/// Runs `$body` with `$all`, a future of `$n` waits that have been polled once.
macro_rules! with_waiting {
    ($n:expr, $make:expr, $body:expr) => {{
        let mut all = pin!(join_array(core::array::from_fn::<_, { $n }, _>($make)));
        assert!(!poll(all.as_mut()), "nobody was to be ready");
        $body
    }};
}

fn blocking_mutex() {
    static LOCK: blocking::Mutex<u32> = blocking::Mutex::new(0);
    row("`blocking::Mutex::with_lock`", || LOCK.with_lock(|n| *n += 1));
}

fn mutex() {
    static LOCK: Mutex<u32> = Mutex::new(0);
    let mut lock = pin!(LOCK.lock());
    row("`Mutex`: lock and unlock", || *take(lock.as_mut()) += 1);
    {
        let guard = LOCK.try_lock().expect("it is free");
        let mut waits = pin!(LOCK.lock());
        row("`Mutex`: get in line", || assert!(!poll(waits.as_mut())));
        row("`Mutex`: unlock, which hands it to the next", || drop(guard));
        drop(take(waits.as_mut()));
    }
    let guard = LOCK.try_lock().expect("it is free");
    let mut waits = pin!(Some(LOCK.lock()));
    assert!(!poll(waits.as_mut().as_pin_mut().expect("it is there")));
    row("`Mutex`: leave the line", || waits.set(None));
    drop(guard);
}

fn rwlock() {
    static LOCK: RwLock<u32> = RwLock::new(0);
    let mut read = pin!(LOCK.read());
    row("`RwLock`: read and unlock", || drop(take(read.as_mut())));
    let mut write = pin!(LOCK.write());
    row("`RwLock`: write and unlock", || drop(take(write.as_mut())));
    let guard = LOCK.try_write().expect("it is free");
    with_waiting!(MANY, |_| LOCK.read(), row("`RwLock`: unlock, which lets 64 readers in", || drop(guard)));
}

fn semaphore() {
    static PERMITS: Semaphore = Semaphore::new(4);
    let mut acquire = pin!(PERMITS.acquire(2));
    row("`Semaphore`: acquire and release", || drop(take(acquire.as_mut())));
    let all = PERMITS.try_acquire(4).expect("they are there");
    let mut waits = pin!(PERMITS.acquire(1));
    row("`Semaphore`: get in line", || assert!(!poll(waits.as_mut())));
    row("`Semaphore::add_permits`, which lets one in", || PERMITS.add_permits(1));
    drop(take(waits.as_mut()));
    PERMITS.forget_permits(1);
    with_waiting!(MANY, |_| PERMITS.acquire(1), {
        row("`Semaphore::add_permits`, which lets 64 in", || PERMITS.add_permits(MANY));
    });
    drop(all);
}

fn cell() {
    static CELL: WaitCell = WaitCell::new();
    let mut waits = pin!(CELL.wait());
    row("`WaitCell`: wait", || assert!(!poll(waits.as_mut())));
    row("`WaitCell::wake`", || {
        black_box(CELL.wake());
    });
    take(waits.as_mut()).expect("nobody closes it");
}

fn queue() {
    static QUEUE: WaitQueue = WaitQueue::new();
    let mut waits = pin!(QUEUE.wait());
    row("`WaitQueue`: get in line", || assert!(!poll(waits.as_mut())));
    row("`WaitQueue::wake`", || QUEUE.wake());
    take(waits.as_mut()).expect("nobody closes it");
    with_waiting!(MANY, |_| QUEUE.wait(), {
        row("`WaitQueue::wake_all`, 64 wait", || QUEUE.wake_all());
    });
    row("`WaitQueue::wake`, nobody waits", || QUEUE.wake());
}

fn map() {
    static MAP: WaitMap<usize, u32> = WaitMap::new();
    fn wake(key: usize) {
        assert!(matches!(MAP.wake(&key, 7), WakeOutcome::Woke));
    }
    let mut waits = pin!(MAP.wait(0));
    row("`WaitMap`: get in line", || assert!(!poll(waits.as_mut())));
    row("`WaitMap::wake`, one waits", || wake(0));
    take(waits.as_mut()).expect("it was woken");
    with_waiting!(16, |n| MAP.wait(n), row("`WaitMap::wake`, the last of 16", || wake(15)));
    with_waiting!(256, |n| MAP.wait(n), row("`WaitMap::wake`, the last of 256", || wake(255)));
}

fn modes() {
    static REACHED: Reached = Reached::new();
    static FLAGS: Flags = Flags::new();
    static TOPICS: Topics = Topics::new();
    with_waiting!(MANY, |n| REACHED.wait(n as u64 + 1), {
        row("`up_to`: `advance` to the first of 64", || {
            black_box(REACHED.advance(1));
        });
        row("`up_to`: `advance` to the other 63", || {
            black_box(REACHED.advance(MANY as u64));
        });
    });
    with_waiting!(32, |n| FLAGS.wait_any(1 << n), {
        row("`mask`: `set`, one of 32 waits for it", || {
            black_box(FLAGS.set(1 << 31));
        });
    });
    with_waiting!(MANY, |_| TOPICS.wait(1), {
        row("`fifo`: `wake_all` of a key for which 64 wait", || {
            black_box(TOPICS.wake_all(&1));
        });
    });
}

fn events() {
    static EVENT: Event = Event::new();
    static LATCH: Latch = Latch::new(1);
    with_waiting!(MANY, |_| EVENT.wait(), row("`Event::set`, 64 wait", || EVENT.set()));
    with_waiting!(
        MANY,
        |_| LATCH.wait(),
        row("`Latch::count_down` to zero, 64 wait", || LATCH.count_down(1))
    );
}

fn futures() {
    static LOCK: Mutex<u32> = Mutex::new(0);
    static RW: RwLock<u32> = RwLock::new(0);
    static PERMITS: Semaphore = Semaphore::new(0);
    static CELL: WaitCell = WaitCell::new();
    static QUEUE: WaitQueue = WaitQueue::new();
    static MAP: WaitMap<usize, u32> = WaitMap::new();
    static REACHED: Reached = Reached::new();
    static FLAGS: Flags = Flags::new();
    static BARRIER: Barrier = Barrier::new(2);
    for (name, bytes) in [
        ("`Mutex::lock`", size_of_val(&LOCK.lock())),
        ("`RwLock::read`, `write`", size_of_val(&RW.write())),
        ("`Semaphore::acquire`", size_of_val(&PERMITS.acquire(1))),
        ("`WaitCell::wait`", size_of_val(&CELL.wait())),
        ("`WaitQueue::wait`", size_of_val(&QUEUE.wait())),
        ("`WaitMap<usize, u32>::wait`", size_of_val(&MAP.wait(1))),
        ("`up_to` of `u64`", size_of_val(&REACHED.wait(1))),
        ("`mask` of `u32`", size_of_val(&FLAGS.wait_all(1))),
        ("`Barrier::wait`", size_of_val(&BARRIER.wait())),
        ("`sleep` of this kernel", size_of_val(&sleep(Duration::ZERO))),
        ("`timeout` of this kernel, for a `Mutex::lock`", size_of_val(&timeout(Duration::ZERO, LOCK.lock()))),
    ] {
        println!("| {name} | {bytes} |");
    }
}
