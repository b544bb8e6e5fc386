//! One task waits for an interrupt.
#![no_std]
#![no_main]

use maitake_sync::WaitCell;
use sizes::keep;

static CELL: WaitCell = WaitCell::new();

sizes::image! {
    task: async { keep(CELL.wait().await.is_ok()) },
    interrupt: CELL.wake(),
}
