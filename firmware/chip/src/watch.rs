//! Notices when what is above keeps the tests from running: a handler waits for what it has interrupted, or
//! two tasks wake each other endlessly.

use core::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

use embassy_time::Timer;
use semihosting::println;

use crate::{Status, device, exit};

/// For how many interrupts of the clock the tasks below may stand still.
const PATIENCE: u32 = 5_000;

static TICKS: AtomicU32 = AtomicU32::new(0);
/// When a task below has run last.
static BEAT: AtomicU32 = AtomicU32::new(0);
/// Whether the device's handler runs.
static INSIDE: AtomicBool = AtomicBool::new(false);

/// A task of the lower executor, which shows that it polls its tasks.
#[embassy_executor::task]
pub(crate) async fn heartbeat() {
    loop {
        BEAT.store(TICKS.load(Relaxed), Relaxed);
        Timer::after_millis(1).await;
    }
}

/// Runs the handler of the device's interrupt.
pub(crate) fn handler(handler: impl FnOnce()) {
    INSIDE.store(true, Relaxed);
    handler();
    INSIDE.store(false, Relaxed);
}

/// The clock's interrupt, which is above all.
pub(crate) fn on_tick() {
    let now = TICKS.load(Relaxed).wrapping_add(1);
    TICKS.store(now, Relaxed);
    if now.wrapping_sub(BEAT.load(Relaxed)) > PATIENCE {
        if INSIDE.load(Relaxed) {
            println!("the device's interrupt handler does not return; it is interrupt {}", device::total());
        } else {
            println!("the tasks above leave no time to those below");
        }
        exit(Status::Stuck)
    }
}
