// Sequence numbers have no sign.
#[sync_core::wait_map(key = i32, match = up_to, wrapping)]
pub struct Acked;

fn main() {}
