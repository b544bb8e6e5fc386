// A key that no bucket can be chosen by.
#[derive(PartialEq)]
pub struct Topic;

#[sync_core::wait_map(key = Topic, match = fifo, buckets = 8)]
pub struct Mailboxes;

fn main() {}
