//! Tasks wait until something has happened.
#![no_std]
#![no_main]

use kernel::sizes::join;
use sync_core::Event;

static EVENT: Event = Event::new();

kernel::image!(async {
    let _ = join(EVENT.wait(), async { EVENT.set() }).await;
});
