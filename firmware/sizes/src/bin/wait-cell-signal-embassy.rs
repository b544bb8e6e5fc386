//! One task waits for an interrupt.
#![no_std]
#![no_main]

use embassy_sync::{blocking_mutex::raw::CriticalSectionRawMutex, signal::Signal};

static SIGNAL: Signal<CriticalSectionRawMutex, ()> = Signal::new();

sizes::image! {
    task: SIGNAL.wait(),
    interrupt: SIGNAL.signal(()),
}
