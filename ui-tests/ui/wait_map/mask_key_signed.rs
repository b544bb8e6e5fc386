// A sign is no flag.
#[sync_core::wait_map(key = i32, match = mask)]
pub struct Events;

fn main() {}
