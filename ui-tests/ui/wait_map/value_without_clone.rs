// Waking several needs a value that can be cloned; waking one does not.
pub struct Msg;

#[sync_core::wait_map(key = u16, value = Msg, match = fifo)]
pub struct Mailboxes;

pub fn wake_all(mailboxes: &Mailboxes) -> usize {
    let _ = mailboxes.wake_one(&3, Msg);
    mailboxes.wake_all(&3, Msg)
}

fn main() {}
