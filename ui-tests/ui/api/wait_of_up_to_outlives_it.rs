// A wait for a position borrows its map.
#[sync_core::wait_map(key = u64, match = up_to)]
pub struct Flushed;

pub fn dangling() -> FlushedWait<'static> {
    let flushed = Flushed::new();
    flushed.wait(3)
}

fn main() {}
