// A wait holds its place in the queue, so it may not move.
#[sync_core::wait_map(key = u16, value = u8, match = unique)]
pub struct Replies;

fn must_be_unpin<T: Unpin>() {}

pub fn check() {
    must_be_unpin::<RepliesWaitOwned>();
}

fn main() {}
