// A map lives as long as those who wait on it.
#[sync_core::wait_map(key = u16, value = u8, match = unique)]
pub struct Replies;

pub async fn dangling() -> u8 {
    let replies = Replies::new();
    let wait = replies.wait(3);
    drop(replies);
    wait.await.unwrap()
}

fn main() {}
