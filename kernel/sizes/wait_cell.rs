//! One task waits, one wakes.
#![no_std]
#![no_main]

use kernel::sizes::join;
use sync_core::WaitCell;

static CELL: WaitCell = WaitCell::new();

kernel::image!(async {
    let _ = join(CELL.wait(), async { CELL.wake() }).await;
});
