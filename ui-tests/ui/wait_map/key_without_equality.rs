// A key that cannot be compared.
pub struct Topic;

#[sync_core::wait_map(key = Topic, value = u8, match = fifo)]
pub struct Mailboxes;

fn main() {}
