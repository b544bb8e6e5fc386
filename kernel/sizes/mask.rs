//! Tasks wait for flags.
#![no_std]
#![no_main]

use kernel::sizes::join;

/// Flags.
#[sync_core::wait_map(key = u32, match = mask)]
struct Events;

static EVENTS: Events = Events::new();

kernel::image!(async {
    let _ = join(EVENTS.wait_all(3), async { EVENTS.set(3) }).await;
});
