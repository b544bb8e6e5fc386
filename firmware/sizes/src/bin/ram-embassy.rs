//! How much memory the nearest of embassy-sync and their futures take.
#![no_std]
#![no_main]

use core::cell::RefCell;

use embassy_sync::{
    blocking_mutex::{self, raw::CriticalSectionRawMutex},
    mutex::Mutex,
    rwlock::RwLock,
    semaphore::{FairSemaphore, Semaphore},
    signal::Signal,
    waitqueue::{AtomicWaker, MultiWakerRegistration},
};
use sizes::Size;

type Lock = CriticalSectionRawMutex;
type Wakers = blocking_mutex::Mutex<Lock, RefCell<MultiWakerRegistration<4>>>;

static LOCK: Mutex<Lock, ()> = Mutex::new(());
static SEMAPHORE: FairSemaphore<Lock, 4> = FairSemaphore::new(1);
static SHARED: RwLock<Lock, ()> = RwLock::new(());
static SIGNAL: Signal<Lock, ()> = Signal::new();

sizes::sizes! {
    Size::of::<AtomicWaker>("wait-cell"),
    Size::of::<Signal<Lock, ()>>("wait-cell-signal"),
    Size::of_future("wait-cell-signal future", || SIGNAL.wait()),
    Size::of::<Mutex<Lock, ()>>("mutex"),
    Size::of_future("mutex future", || LOCK.lock()),
    Size::of::<Wakers>("wait-queue"),
    Size::of::<FairSemaphore<Lock, 4>>("semaphore"),
    Size::of_future("semaphore future", || SEMAPHORE.acquire(1)),
    Size::of::<RwLock<Lock, ()>>("rwlock"),
    Size::of_future("rwlock future", || SHARED.write()),
}
