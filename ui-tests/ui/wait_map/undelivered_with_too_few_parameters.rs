// What takes undelivered values takes the key as well.
#[sync_core::wait_map(key = u16, value = String, match = fifo, undelivered = give_back)]
pub struct Mailboxes;

fn give_back(_: String) {}

fn main() {}
