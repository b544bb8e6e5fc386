//! A lock for a few instructions.
#![no_std]
#![no_main]

use sync_core::blocking::Mutex;

static LOCK: Mutex<u32> = Mutex::new(0);

kernel::image!(async {
    core::hint::black_box(LOCK.with_lock(|n| *n));
});
