// What takes undelivered values takes values of that type.
#[sync_core::wait_map(key = u16, value = String, match = fifo, undelivered = give_back)]
pub struct Mailboxes;

fn give_back(_: &u16, _: Vec<u8>) {}

fn main() {}
