//! Permits, for a fixed number of tasks.
#![no_std]
#![no_main]

use embassy_sync::{
    blocking_mutex::raw::CriticalSectionRawMutex,
    semaphore::{FairSemaphore, Semaphore},
};
use sizes::keep;

static SEMAPHORE: FairSemaphore<CriticalSectionRawMutex, 4> = FairSemaphore::new(1);

sizes::image! {
    task: async { keep(SEMAPHORE.acquire(1).await.is_ok()) },
}
