//! A lock across an await point, for two tasks.
#![no_std]
#![no_main]

use embassy_sync::{blocking_mutex::raw::CriticalSectionRawMutex, mutex::Mutex};

static LOCK: Mutex<CriticalSectionRawMutex, u32> = Mutex::new(0);

sizes::image! {
    task: async { *LOCK.lock().await += 1 },
}
