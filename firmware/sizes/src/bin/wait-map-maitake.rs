//! A reply for each request.
#![no_std]
#![no_main]

use maitake_sync::WaitMap;
use sizes::{keep, unknown};

static MAP: WaitMap<u32, u32> = WaitMap::new();

sizes::image! {
    task: async { keep(MAP.wait(unknown(1)).await) },
    interrupt: keep(MAP.wake(&unknown(1), 2)),
}
