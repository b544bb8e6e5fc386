// A number of buckets that the macro cannot read.
const BUCKETS: usize = 64;

#[sync_core::wait_map(key = usize, match = fifo, buckets = BUCKETS)]
pub struct Futex;

static FUTEX: Futex = Futex::new();

pub fn wake() -> usize {
    FUTEX.wake_all(&BUCKETS)
}

fn main() {}
