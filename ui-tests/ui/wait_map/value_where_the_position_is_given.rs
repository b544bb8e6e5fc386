// What a wait yields is the position.
#[sync_core::wait_map(key = u64, value = u8, match = up_to)]
pub struct Flushed;

static FLUSHED: Flushed = Flushed::new();

pub async fn flush() -> u64 {
    FLUSHED.advance(3);
    FLUSHED.wait(2).await.unwrap()
}

fn main() {}
