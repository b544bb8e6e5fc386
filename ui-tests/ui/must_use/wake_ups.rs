//! A wake-up that was taken is gone.

#![deny(unused_must_use)]

use sync_core::{AutoEvent, WaitQueue};

fn main() {
    let queue = WaitQueue::new();
    queue.try_wait();

    let event = AutoEvent::new();
    event.try_wait();
}
