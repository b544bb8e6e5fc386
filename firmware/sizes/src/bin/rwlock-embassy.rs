//! Readers and writers, two tasks in all.
#![no_std]
#![no_main]

use embassy_sync::{blocking_mutex::raw::CriticalSectionRawMutex, rwlock::RwLock};
use sizes::keep;

static LOCK: RwLock<CriticalSectionRawMutex, u32> = RwLock::new(0);

sizes::image! {
    task: async {
        keep(*LOCK.read().await);
        *LOCK.write().await += 1;
    },
}
