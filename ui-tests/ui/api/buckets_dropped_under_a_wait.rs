// A wait is linked into one of the map's buckets.
#[sync_core::wait_map(key = usize, match = fifo, buckets = 4)]
pub struct Futex;

pub fn check() {
    let futex = Futex::new();
    let wait = futex.wait(3);
    drop(futex);
    drop(wait);
}

fn main() {}
