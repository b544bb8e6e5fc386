// A mode of a later version.
#[sync_core::wait_map(key = u16, match = predicate(u16::eq))]
pub struct Replies;

static REPLIES: Replies = Replies::new();

pub async fn ask() {
    REPLIES.wait(3).await.unwrap();
}

fn main() {}
