//! Readers and writers.
#![no_std]
#![no_main]

use sync_core::RwLock;

static LOCK: RwLock<u32> = RwLock::new(0);

kernel::image!(async {
    core::hint::black_box(*LOCK.read().await);
    *LOCK.write().await += 1;
});
