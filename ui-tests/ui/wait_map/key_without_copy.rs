// A position that cannot be copied.
#[sync_core::wait_map(key = String, match = up_to)]
pub struct Flushed;

fn main() {}
