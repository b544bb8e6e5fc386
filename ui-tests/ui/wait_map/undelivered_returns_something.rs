// Nobody sees what it returns.
#[sync_core::wait_map(key = u16, value = String, match = unique, undelivered = give_back)]
pub struct Mailboxes;

fn give_back(_: &u16, value: String) -> Result<(), String> {
    Err(value)
}

fn main() {}
