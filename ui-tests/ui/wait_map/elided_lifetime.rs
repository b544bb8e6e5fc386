// A reference whose lifetime has no name.
#[sync_core::wait_map(key = &str, value = u8, match = unique)]
pub struct Replies;

static REPLIES: Replies = Replies::new();

pub async fn ask() -> u8 {
    let _ = REPLIES.wake(&"three", 7);
    REPLIES.wait("three").await.unwrap()
}

pub fn named(replies: &Replies) -> RepliesWait<'_> {
    replies.wait("three")
}

fn main() {}
