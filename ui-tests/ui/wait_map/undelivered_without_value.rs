// Without a value there is nothing to give back.
#[sync_core::wait_map(key = u64, match = fifo, undelivered = give_back)]
pub struct Futex;

pub fn give_back(_: &u64, (): ()) {}

static FUTEX: Futex = Futex::new();

pub fn wake() -> usize {
    FUTEX.wake_all(&4)
}

fn main() {}
