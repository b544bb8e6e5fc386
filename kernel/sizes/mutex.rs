//! A lock across `.await`.
#![no_std]
#![no_main]

use sync_core::Mutex;

static LOCK: Mutex<u32> = Mutex::new(0);

kernel::image!(async {
    *LOCK.lock().await += 1;
});
