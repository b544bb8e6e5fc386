//! Permits.
#![no_std]
#![no_main]

use sync_core::Semaphore;

static PERMITS: Semaphore = Semaphore::new(1);

kernel::image!(async {
    let _permit = PERMITS.acquire(1).await;
});
