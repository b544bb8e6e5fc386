// A parameter that the key does not have, in a mode without a value.
#[sync_core::wait_map(key = u64, match = up_to)]
pub struct Flushed<T>;

static FLUSHED: Flushed<()> = Flushed::starting_at(3);

pub async fn flush() -> u64 {
    FLUSHED.advance(4);
    let reached: u64 = FLUSHED.wait(4).await.unwrap();
    reached + FLUSHED.current()
}

fn main() {}
