// A wait for an event is linked where it is, so it may not move; nor may the one that owns its map.
#[sync_core::wait_map(key = u16, event = u16, match = predicate(u16::eq))]
pub struct Watch;

fn must_be_unpin<T: Unpin>() {}

pub fn check() {
    must_be_unpin::<WatchWaitOwned>();
}

fn main() {}
