// A wait borrows its map.
#[sync_core::wait_map(key = u16, value = u8, match = unique)]
pub struct Replies;

pub fn dangling() -> RepliesWait<'static> {
    let replies = Replies::new();
    replies.wait(3)
}

fn main() {}
