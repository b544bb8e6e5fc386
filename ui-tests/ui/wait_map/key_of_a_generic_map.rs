// A key that cannot be compared, in a map of any key. The map's bound has the name that its reader knows.
pub struct Topic;

#[sync_core::wait_map(key = K, match = fifo)]
pub struct Queues<K>;

pub fn queues() -> Queues<Topic> {
    loop {}
}

fn main() {}
