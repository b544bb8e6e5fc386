// A predicate of another event.
pub struct Path;

impl Path {
    fn is_prefix_of(&self, _: &[u8]) -> bool {
        true
    }
}

#[sync_core::wait_map(key = Path, event = str, match = predicate(Path::is_prefix_of))]
pub struct Watch;

static WATCH: Watch = Watch::new();

pub fn changed() -> usize {
    WATCH.notify("/etc/hosts")
}

fn main() {}
