// A wait for flags is linked where it is, so it may not move.
#[sync_core::wait_map(key = u32, match = mask)]
pub struct Events;

fn must_be_unpin<T: Unpin>(_: T) {}

pub fn check(events: &Events) {
    must_be_unpin(events.wait_any(3));
}

fn main() {}
