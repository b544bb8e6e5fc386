// A predicate that does not say yes or no.
pub fn compare(key: &u8, event: &u8) -> std::cmp::Ordering {
    key.cmp(event)
}

#[sync_core::wait_map(key = u8, event = u8, match = predicate(compare))]
pub struct Watch;

static WATCH: Watch = Watch::new();

pub fn changed() -> usize {
    WATCH.notify(&3)
}

fn main() {}
