// Neither key nor mode.
#[sync_core::wait_map(value = u8)]
pub struct Replies;

static REPLIES: Replies = Replies::new();

pub async fn ask() -> u8 {
    REPLIES.wake_all(&3, 7);
    let _ = REPLIES.wake_one(&3, 7);
    REPLIES.wait(3).await.unwrap()
}

pub fn named(replies: &Replies) -> RepliesWait<'_> {
    replies.wait(3)
}

fn main() {}
