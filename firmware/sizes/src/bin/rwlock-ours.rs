//! Readers and writers.
#![no_std]
#![no_main]

use sizes::keep;
use sync_core::RwLock;

static LOCK: RwLock<u32> = RwLock::new(0);

sizes::image! {
    task: async {
        keep(*LOCK.read().await);
        *LOCK.write().await += 1;
    },
}
