// An event is what a predicate is asked about.
#[sync_core::wait_map(key = u16, value = u8, match = unique, event = str)]
pub struct Replies;

static REPLIES: Replies = Replies::new();

pub async fn ask() -> u8 {
    let _ = REPLIES.wake(&3, 7);
    REPLIES.wait(3).await.unwrap()
}

fn main() {}
