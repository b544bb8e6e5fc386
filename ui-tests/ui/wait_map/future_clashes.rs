// The future has the name of the struct.
#[sync_core::wait_map(key = u16, value = u8, match = unique, future = Replies)]
pub struct Replies;

static REPLIES: Replies = Replies::new();

pub async fn ask() -> u8 {
    let _ = REPLIES.wake(&3, 7);
    REPLIES.wait(3).await.unwrap()
}

fn main() {}
