//! Permits.
#![no_std]
#![no_main]

use sizes::keep;
use sync_core::Semaphore;

static SEMAPHORE: Semaphore = Semaphore::new(1);

sizes::image! {
    task: async { keep(SEMAPHORE.acquire(1).await.is_ok()) },
}
