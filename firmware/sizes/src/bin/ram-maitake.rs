//! How much memory the primitives and their futures take.
#![no_std]
#![no_main]

use maitake_sync::{Mutex, RwLock, Semaphore, WaitCell, WaitMap, WaitQueue};
use sizes::Size;

static CELL: WaitCell = WaitCell::new();
static LOCK: Mutex<()> = Mutex::new(());
static MAP: WaitMap<u32, u32> = WaitMap::new();
static QUEUE: WaitQueue = WaitQueue::new();
static SEMAPHORE: Semaphore = Semaphore::new(1);
static SHARED: RwLock<()> = RwLock::new(());

sizes::sizes! {
    Size::of::<WaitCell>("wait-cell"),
    Size::of_future("wait-cell future", || CELL.wait()),
    Size::of::<Mutex<()>>("mutex"),
    Size::of_future("mutex future", || LOCK.lock()),
    Size::of::<WaitMap<u32, u32>>("wait-map"),
    Size::of_future("wait-map future", || MAP.wait(1)),
    Size::of::<WaitQueue>("wait-queue"),
    Size::of_future("wait-queue future", || QUEUE.wait()),
    Size::of::<Semaphore>("semaphore"),
    Size::of_future("semaphore future", || SEMAPHORE.acquire(1)),
    Size::of::<RwLock<()>>("rwlock"),
    Size::of_future("rwlock future", || SHARED.write()),
}
