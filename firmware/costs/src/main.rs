//! A firmware that prints what each operation costs: a table for `firmware/README.md`, of the chip that it runs on.
#![no_std]
#![no_main]

mod meter;

use core::{
    hint::black_box,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use cortex_m_rt::entry;
use embassy_futures::join::join_array;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use semihosting::{println, process};
use sync_core::{
    Event, Mutex, RwLock, Semaphore, WaitCell, WaitMap, WaitQueue, blocking, wait_map::WakeOutcome,
};

use crate::meter::Cost;

/// As many as are woken in more than one section.
const MANY: usize = 64;

#[entry]
fn main() -> ! {
    meter::start();
    println!("| operation | critical sections | longest | instructions |");
    println!("| --- | ---: | ---: | ---: |");
    blocking_mutex();
    mutex();
    rwlock();
    semaphore();
    cell();
    queue();
    map();
    event();
    embassy();
    process::exit(0)
}

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    println!("{info}");
    process::exit(33)
}

fn row(name: &str, f: impl FnOnce()) {
    let Cost { sections, longest, instructions } = meter::of(f);
    println!("| {name} | {sections} | {longest} | {instructions} |");
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

/// Runs `$body` while `$n` waits are in line.
macro_rules! with_waiting {
    ($n:expr, $make:expr, $body:expr) => {{
        let mut all = pin!(join_array(core::array::from_fn::<_, { $n }, _>($make)));
        assert!(!poll(all.as_mut()), "none was to be ready");
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
    row("`Mutex`: `try_lock` and unlock", || *LOCK.try_lock().expect("it is free") += 1);
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
    row("`WaitCell`: wait, which ends", || take(waits.as_mut()).expect("it is never closed"));
}

fn queue() {
    static QUEUE: WaitQueue = WaitQueue::new();
    let mut waits = pin!(QUEUE.wait());
    row("`WaitQueue`: get in line", || assert!(!poll(waits.as_mut())));
    row("`WaitQueue::wake`", || QUEUE.wake());
    row("`WaitQueue`: wait, which ends", || take(waits.as_mut()).expect("it is never closed"));
    with_waiting!(MANY, |_| QUEUE.wait(), {
        row("`WaitQueue::wake_all`, 64 wait", || QUEUE.wake_all());
    });
    row("`WaitQueue::wake`, no task waits", || QUEUE.wake());
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
}

fn event() {
    static EVENT: Event = Event::new();
    with_waiting!(MANY, |_| EVENT.wait(), row("`Event::set`, 64 wait", || EVENT.set()));
}

/// The nearest that embassy-sync has, with its critical section. It makes fewer promises: one waiter has a place.
fn embassy() {
    use embassy_sync::{
        mutex::Mutex,
        semaphore::{FairSemaphore, Semaphore as _},
        signal::Signal,
    };

    static LOCK: Mutex<CriticalSectionRawMutex, u32> = Mutex::new(0);
    static PERMITS: FairSemaphore<CriticalSectionRawMutex, 4> = FairSemaphore::new(4);
    static SIGNAL: Signal<CriticalSectionRawMutex, ()> = Signal::new();

    let mut lock = pin!(LOCK.lock());
    row("embassy-sync, `Mutex`: lock and unlock", || *take(lock.as_mut()) += 1);
    {
        let guard = LOCK.try_lock().expect("it is free");
        let mut waits = pin!(LOCK.lock());
        row("embassy-sync, `Mutex`: wait", || assert!(!poll(waits.as_mut())));
        row("embassy-sync, `Mutex`: unlock, which wakes", || drop(guard));
        row("embassy-sync, `Mutex`: lock when woken, and unlock", || drop(take(waits.as_mut())));
    }
    let mut acquire = pin!(PERMITS.acquire(2));
    row("embassy-sync, `FairSemaphore`: acquire and release", || drop(take(acquire.as_mut())));
    let mut waits = pin!(SIGNAL.wait());
    row("embassy-sync, `Signal`: wait", || assert!(!poll(waits.as_mut())));
    row("embassy-sync, `Signal::signal`", || SIGNAL.signal(()));
    row("embassy-sync, `Signal`: wait, which ends", || take(waits.as_mut()));
}
