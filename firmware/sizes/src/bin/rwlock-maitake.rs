//! Readers and writers.
#![no_std]
#![no_main]

use maitake_sync::RwLock;
use sizes::keep;

static LOCK: RwLock<u32> = RwLock::new(0);

sizes::image! {
    task: async {
        keep(*LOCK.read().await);
        *LOCK.write().await += 1;
    },
}
