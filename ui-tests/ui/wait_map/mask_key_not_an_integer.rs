// Flags in a type of one's own.
pub struct Flags(pub u32);

#[sync_core::wait_map(key = Flags, match = mask)]
pub struct Events;

fn main() {}
