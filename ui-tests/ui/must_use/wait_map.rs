//! A value that no task waits for comes back to the caller that brought it; a subscription that is not polled
//! registers nothing.

#![deny(unused_must_use)]

use std::pin::pin;

use sync_core::{WaitMap, wait_map};

pub struct Reply;

#[wait_map(key = u16, value = Reply, match = unique)]
pub struct Replies;

#[wait_map(key = u16, value = Reply, match = fifo)]
pub struct Mailboxes;

#[wait_map(key = u16, match = fifo, buckets = 4)]
pub struct Signals;

fn main() {
    let map = WaitMap::new();
    map.wake(&1, Reply);

    Replies::new().wake(&1, Reply);
    Mailboxes::new().wake_one(&1, Reply);
    Signals::new().wake_one(&1);

    let mailboxes = Mailboxes::new();
    pin!(mailboxes.wait(1)).subscribe();
    let map = WaitMap::<u16, Reply>::new();
    pin!(map.wait(1)).subscribe();
}
