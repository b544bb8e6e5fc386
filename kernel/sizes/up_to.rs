//! Tasks wait until a position is reached.
#![no_std]
#![no_main]

use kernel::sizes::join;

/// Deadlines.
#[sync_core::wait_map(key = u64, match = up_to)]
struct Clock;

static CLOCK: Clock = Clock::new();

kernel::image!(async {
    let _ = join(CLOCK.wait(7), async { CLOCK.advance(7) }).await;
});
