//! What a larger application has of all of them.
#![no_std]
#![no_main]

use maitake_sync::{Mutex, RwLock, Semaphore, WaitMap, WaitQueue};
use sizes::{keep, unknown};

static LOCK: Mutex<u32> = Mutex::new(0);
static MAP: WaitMap<u32, u32> = WaitMap::new();
static QUEUE: WaitQueue = WaitQueue::new();
static SEMAPHORE: Semaphore = Semaphore::new(1);
static SHARED: RwLock<u32> = RwLock::new(0);

sizes::image! {
    task: async {
        *LOCK.lock().await += 1;
        keep(*SHARED.read().await);
        *SHARED.write().await += 1;
        keep(SEMAPHORE.acquire(1).await.is_ok());
        keep(QUEUE.wait().await.is_ok());
        keep(MAP.wait(unknown(1)).await);
    },
    interrupt: {
        QUEUE.wake();
        keep(MAP.wake(&unknown(1), 2));
    },
}
