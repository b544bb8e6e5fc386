// A word that is none.
#[sync_core::wait_map(key = u16, val = u8, match = unique)]
pub struct Replies;

static REPLIES: Replies = Replies::new();

pub async fn ask() {
    REPLIES.wait(3).await.unwrap();
}

fn main() {}
