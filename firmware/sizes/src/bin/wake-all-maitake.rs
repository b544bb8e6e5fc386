//! Tasks wait for an interrupt, which wakes one or all.
#![no_std]
#![no_main]

use maitake_sync::WaitQueue;
use sizes::keep;

static QUEUE: WaitQueue = WaitQueue::new();

sizes::image! {
    task: async { keep(QUEUE.wait().await.is_ok()) },
    interrupt: {
        QUEUE.wake();
        QUEUE.wake_all();
    },
}
