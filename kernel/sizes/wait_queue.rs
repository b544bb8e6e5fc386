//! Tasks wait in line, and are woken one by one and all at once.
#![no_std]
#![no_main]

use kernel::sizes::join;
use sync_core::WaitQueue;

static QUEUE: WaitQueue = WaitQueue::new();

kernel::image!(async {
    let _ = join(QUEUE.wait(), async { QUEUE.wake() }).await;
    let _ = join(QUEUE.wait(), async { QUEUE.wake_all() }).await;
});
