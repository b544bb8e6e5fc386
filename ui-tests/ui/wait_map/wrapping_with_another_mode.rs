// Only positions wrap.
#[sync_core::wait_map(key = u8, match = mask, wrapping)]
pub struct Events;

static EVENTS: Events = Events::new();

pub fn raise() -> usize {
    EVENTS.set(1)
}

fn main() {}
