//! One task waits for an interrupt.
#![no_std]
#![no_main]

use sizes::keep;
use sync_core::WaitCell;

static CELL: WaitCell = WaitCell::new();

sizes::image! {
    task: async { keep(CELL.wait().await.is_ok()) },
    interrupt: CELL.wake(),
}
