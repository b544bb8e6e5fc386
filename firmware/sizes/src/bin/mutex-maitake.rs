//! A lock across an await point.
#![no_std]
#![no_main]

use maitake_sync::Mutex;

static LOCK: Mutex<u32> = Mutex::new(0);

sizes::image! {
    task: async { *LOCK.lock().await += 1 },
}
