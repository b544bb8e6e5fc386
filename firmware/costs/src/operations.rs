//! The operations that are measured on every machine: here, and, included by its path, in the kernel.

use core::{
    hint::black_box,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use embassy_futures::join::join_array;
use sync_core::{
    Event, Latch, Mutex, RwLock, Semaphore, WaitCell, WaitMap, WaitQueue, blocking, wait_map::WakeOutcome,
};

/// A table that gets a row for each call.
pub(crate) trait Rows {
    /// Calls `f` once, and writes what that costs.
    fn row(name: &str, f: impl FnOnce());
}

/// The key of `up_to`.
#[sync_core::wait_map(key = u64, match = up_to)]
pub(crate) struct Reached;

/// The flags of `mask`.
#[sync_core::wait_map(key = u32, match = mask)]
pub(crate) struct Flags;

#[sync_core::wait_map(key = u32, match = fifo)]
struct Topics;

/// More than one batch of wakers.
const MANY: usize = 64;

/// A row for each operation.
pub(crate) fn all<R: Rows>() {
    blocking_mutex::<R>();
    mutex::<R>();
    rwlock::<R>();
    semaphore::<R>();
    cell::<R>();
    queue::<R>();
    map::<R>();
    modes::<R>();
    events::<R>();
}

/// Polls once.
pub(crate) fn poll<F: Future>(future: Pin<&mut F>) -> bool {
    black_box(future.poll(&mut Context::from_waker(Waker::noop()))).is_ready()
}

/// Polls a future that is ready.
pub(crate) fn take<F: Future>(future: Pin<&mut F>) -> F::Output {
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it has to wait, but was to be ready"),
    }
}

/// Runs `$body` while `$n` waits are in line.
macro_rules! with_waiting {
    ($n:expr, $make:expr, $body:expr) => {{
        let mut all = pin!(join_array(core::array::from_fn::<_, { $n }, _>($make)));
        assert!(!poll(all.as_mut()), "none was to be ready");
        $body
    }};
}

fn blocking_mutex<R: Rows>() {
    static LOCK: blocking::Mutex<u32> = blocking::Mutex::new(0);
    R::row("`blocking::Mutex::with_lock`", || LOCK.with_lock(|n| *n += 1));
}

fn mutex<R: Rows>() {
    static LOCK: Mutex<u32> = Mutex::new(0);
    let mut lock = pin!(LOCK.lock());
    R::row("`Mutex`: lock and unlock", || *take(lock.as_mut()) += 1);
    R::row("`Mutex`: `try_lock` and unlock", || *LOCK.try_lock().expect("it is free") += 1);
    {
        let guard = LOCK.try_lock().expect("it is free");
        let mut waits = pin!(LOCK.lock());
        R::row("`Mutex`: get in line", || assert!(!poll(waits.as_mut())));
        R::row("`Mutex`: unlock, which hands it to the next", || drop(guard));
        drop(take(waits.as_mut()));
    }
    let guard = LOCK.try_lock().expect("it is free");
    let mut waits = pin!(Some(LOCK.lock()));
    assert!(!poll(waits.as_mut().as_pin_mut().expect("it is there")));
    R::row("`Mutex`: leave the line", || waits.set(None));
    drop(guard);
}

fn rwlock<R: Rows>() {
    static LOCK: RwLock<u32> = RwLock::new(0);
    let mut read = pin!(LOCK.read());
    R::row("`RwLock`: read and unlock", || drop(take(read.as_mut())));
    let mut write = pin!(LOCK.write());
    R::row("`RwLock`: write and unlock", || drop(take(write.as_mut())));
    let guard = LOCK.try_write().expect("it is free");
    with_waiting!(
        MANY,
        |_| LOCK.read(),
        R::row("`RwLock`: unlock, which lets 64 readers in", || drop(guard))
    );
}

fn semaphore<R: Rows>() {
    static PERMITS: Semaphore = Semaphore::new(4);
    let mut acquire = pin!(PERMITS.acquire(2));
    R::row("`Semaphore`: acquire and release", || drop(take(acquire.as_mut())));
    let all = PERMITS.try_acquire(4).expect("they are there");
    let mut waits = pin!(PERMITS.acquire(1));
    R::row("`Semaphore`: get in line", || assert!(!poll(waits.as_mut())));
    R::row("`Semaphore::add_permits`, which lets one in", || PERMITS.add_permits(1));
    drop(take(waits.as_mut()));
    PERMITS.forget_permits(1);
    with_waiting!(MANY, |_| PERMITS.acquire(1), {
        R::row("`Semaphore::add_permits`, which lets 64 in", || PERMITS.add_permits(MANY));
    });
    drop(all);
}

fn cell<R: Rows>() {
    static CELL: WaitCell = WaitCell::new();
    let mut waits = pin!(CELL.wait());
    R::row("`WaitCell`: wait", || assert!(!poll(waits.as_mut())));
    R::row("`WaitCell::wake`", || {
        black_box(CELL.wake());
    });
    R::row("`WaitCell`: wait, which ends", || take(waits.as_mut()).expect("it is never closed"));
}

fn queue<R: Rows>() {
    static QUEUE: WaitQueue = WaitQueue::new();
    let mut waits = pin!(QUEUE.wait());
    R::row("`WaitQueue`: get in line", || assert!(!poll(waits.as_mut())));
    R::row("`WaitQueue::wake`", || QUEUE.wake());
    R::row("`WaitQueue`: wait, which ends", || take(waits.as_mut()).expect("it is never closed"));
    with_waiting!(MANY, |_| QUEUE.wait(), {
        R::row("`WaitQueue::wake_all`, 64 wait", || QUEUE.wake_all());
    });
    R::row("`WaitQueue::wake`, no task waits", || QUEUE.wake());
}

fn map<R: Rows>() {
    static MAP: WaitMap<usize, u32> = WaitMap::new();
    fn wake(key: usize) {
        assert!(matches!(MAP.wake(&key, 7), WakeOutcome::Woke));
    }
    let mut waits = pin!(MAP.wait(0));
    R::row("`WaitMap`: get in line", || assert!(!poll(waits.as_mut())));
    R::row("`WaitMap::wake`, one waits", || wake(0));
    take(waits.as_mut()).expect("it was woken");
    with_waiting!(16, |n| MAP.wait(n), R::row("`WaitMap::wake`, the last of 16", || wake(15)));
}

fn modes<R: Rows>() {
    static REACHED: Reached = Reached::new();
    static FLAGS: Flags = Flags::new();
    static TOPICS: Topics = Topics::new();
    with_waiting!(MANY, |n| REACHED.wait(n as u64 + 1), {
        R::row("`up_to`: `advance` to the first of 64", || {
            black_box(REACHED.advance(1));
        });
        R::row("`up_to`: `advance` to the other 63", || {
            black_box(REACHED.advance(MANY as u64));
        });
    });
    with_waiting!(32, |n| FLAGS.wait_any(1 << n), {
        R::row("`mask`: `set`, one of 32 waits for it", || {
            black_box(FLAGS.set(1 << 31));
        });
    });
    with_waiting!(MANY, |_| TOPICS.wait(1), {
        R::row("`fifo`: `wake_all` of a key for which 64 wait", || {
            black_box(TOPICS.wake_all(&1));
        });
    });
}

fn events<R: Rows>() {
    static EVENT: Event = Event::new();
    static LATCH: Latch = Latch::new(1);
    with_waiting!(MANY, |_| EVENT.wait(), R::row("`Event::set`, 64 wait", || EVENT.set()));
    with_waiting!(
        MANY,
        |_| LATCH.wait(),
        R::row("`Latch::count_down` to zero, 64 wait", || LATCH.count_down(1))
    );
}
