//! A reply for each request.
#![no_std]
#![no_main]

use sizes::{keep, unknown};
use sync_core::WaitMap;

static MAP: WaitMap<u32, u32> = WaitMap::new();

sizes::image! {
    task: async { keep(MAP.wait(unknown(1)).await) },
    interrupt: keep(MAP.wake(&unknown(1), 2)),
}
