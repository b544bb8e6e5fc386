//! A firmware that prints what each operation costs: a table for `firmware/README.md`, of the chip that it
//! runs on.
#![no_std]
#![no_main]

mod meter;
mod operations;

use core::pin::pin;

use cortex_m_rt::entry;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use semihosting::{println, process};

use crate::{
    meter::Cost,
    operations::{Rows, poll, take},
};

#[entry]
fn main() -> ! {
    meter::start();
    println!("| operation | critical sections | longest | instructions |");
    println!("| --- | ---: | ---: | ---: |");
    operations::all::<Table>();
    embassy();
    process::exit(0)
}

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    println!("{info}");
    process::exit(33)
}

struct Table;

impl Rows for Table {
    fn row(name: &str, f: impl FnOnce()) {
        let Cost { sections, longest, instructions } = meter::of(f);
        println!("| {name} | {sections} | {longest} | {instructions} |");
    }
}

/// The nearest that embassy-sync has, with its critical section. It makes fewer promises: one waiter has a
/// place.
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
    Table::row("embassy-sync, `Mutex`: lock and unlock", || *take(lock.as_mut()) += 1);
    {
        let guard = LOCK.try_lock().expect("it is free");
        let mut waits = pin!(LOCK.lock());
        Table::row("embassy-sync, `Mutex`: wait", || assert!(!poll(waits.as_mut())));
        Table::row("embassy-sync, `Mutex`: unlock, which wakes", || drop(guard));
        Table::row("embassy-sync, `Mutex`: lock when woken, and unlock", || drop(take(waits.as_mut())));
    }
    let mut acquire = pin!(PERMITS.acquire(2));
    Table::row("embassy-sync, `FairSemaphore`: acquire and release", || drop(take(acquire.as_mut())));
    let mut waits = pin!(SIGNAL.wait());
    Table::row("embassy-sync, `Signal`: wait", || assert!(!poll(waits.as_mut())));
    Table::row("embassy-sync, `Signal::signal`", || SIGNAL.signal(()));
    Table::row("embassy-sync, `Signal`: wait, which ends", || take(waits.as_mut()));
}
