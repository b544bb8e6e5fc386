// Flags do not hash to anything: everybody has to be asked.
#[sync_core::wait_map(key = u32, match = mask, buckets = 64)]
pub struct Events;

static EVENTS: Events = Events::new();

pub fn raise() -> usize {
    EVENTS.set(1)
}

fn main() {}
