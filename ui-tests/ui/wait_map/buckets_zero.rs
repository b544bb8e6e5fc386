// No bucket at all.
#[sync_core::wait_map(key = usize, match = fifo, buckets = 0)]
pub struct Futex;

static FUTEX: Futex = Futex::new();

pub fn wake() -> usize {
    FUTEX.wake_all(&4)
}

fn main() {}
