//! Tasks wait for an interrupt, which wakes one.
#![no_std]
#![no_main]

use sizes::keep;
use sync_core::WaitQueue;

static QUEUE: WaitQueue = WaitQueue::new();

sizes::image! {
    task: async { keep(QUEUE.wait().await.is_ok()) },
    interrupt: QUEUE.wake(),
}
