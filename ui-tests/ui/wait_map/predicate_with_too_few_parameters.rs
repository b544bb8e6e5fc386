// A predicate that is not asked about anything.
pub struct Path;

impl Path {
    fn is_root(&self) -> bool {
        true
    }
}

#[sync_core::wait_map(key = Path, event = str, value = u8, match = predicate(Path::is_root))]
pub struct Watch;

static WATCH: Watch = Watch::new();

pub fn changed() -> usize {
    WATCH.notify_with("/etc/hosts", 3)
}

fn main() {}
