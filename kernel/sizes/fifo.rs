//! Any number of tasks wait for a value by key.
#![no_std]
#![no_main]

use kernel::sizes::join;

/// Messages by topic.
#[sync_core::wait_map(key = u16, value = u32, match = fifo)]
struct Topics;

static TOPICS: Topics = Topics::new();

kernel::image!(async {
    let _ = join(TOPICS.wait(7), async { TOPICS.wake_all(&7, 1) }).await;
});
