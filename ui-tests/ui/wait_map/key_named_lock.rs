// `Lock` would be the raw lock.
#[derive(PartialEq)]
pub struct Lock;

#[sync_core::wait_map(key = Lock, value = u8, match = unique)]
pub struct Replies;

static REPLIES: Replies = Replies::new();

pub async fn ask() -> u8 {
    REPLIES.wait(Lock).await.unwrap()
}

fn main() {}
