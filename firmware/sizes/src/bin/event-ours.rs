//! Tasks wait until something has happened.
#![no_std]
#![no_main]

use sizes::keep;
use sync_core::Event;

static EVENT: Event = Event::new();

sizes::image! {
    task: async { keep(EVENT.wait().await.is_ok()) },
    interrupt: EVENT.set(),
}
