// All mistakes of one use at once, and none that follows from them.
#[sync_core::wait_map(key = &u8, value = u8, match = oldest, buckets = 64)]
#[derive(Debug)]
pub struct Replies<Lock>(usize);

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
