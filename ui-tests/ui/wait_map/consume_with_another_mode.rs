// Only flags are consumed.
#[sync_core::wait_map(key = u64, match = up_to, consume)]
pub struct Flushed;

static FLUSHED: Flushed = Flushed::starting_at(3);

pub fn flush() -> u64 {
    FLUSHED.advance(4);
    FLUSHED.current()
}

fn main() {}
