// A position is no value that somebody could give back.
#[sync_core::wait_map(key = u64, match = up_to, undelivered = give_back)]
pub struct Flushed;

fn give_back(_: &u64, _: u64) {}

static FLUSHED: Flushed = Flushed::new();

pub fn flush() -> usize {
    give_back(&1, 2);
    FLUSHED.advance(4)
}

fn main() {}
