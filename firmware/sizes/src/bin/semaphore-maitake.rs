//! Permits.
#![no_std]
#![no_main]

use maitake_sync::Semaphore;
use sizes::keep;

static SEMAPHORE: Semaphore = Semaphore::new(1);

sizes::image! {
    task: async { keep(SEMAPHORE.acquire(1).await.is_ok()) },
}
