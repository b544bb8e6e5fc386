//! Tasks wait for a value by key.
#![no_std]
#![no_main]

use kernel::sizes::join;
use sync_core::WaitMap;

static MAP: WaitMap<u16, u32> = WaitMap::new();

kernel::image!(async {
    let _ = join(MAP.wait(7), async { MAP.wake(&7, 1) }).await;
});
