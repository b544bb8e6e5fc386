// A parameter that neither the key nor the value has.
#[sync_core::wait_map(key = u16, value = u8, match = unique)]
pub struct Replies<T>;

static REPLIES: Replies<()> = Replies::new();

pub async fn ask() -> u8 {
    let _ = REPLIES.wake(&3, 7);
    REPLIES.wait(3).await.unwrap()
}

pub fn named(replies: &Replies<()>) -> RepliesWait<'_, ()> {
    replies.wait(3)
}

fn main() {}
