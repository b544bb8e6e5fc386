// Whoever is notified gets a clone of the value.
pub struct Change;

#[sync_core::wait_map(key = u16, value = Change, event = u16, match = predicate(u16::eq))]
pub struct Watch;

pub fn changed(watch: &Watch) -> usize {
    watch.notify_with(&3, Change)
}

fn main() {}
