// A position that cannot be compared.
#[derive(Clone, Copy, PartialEq)]
pub struct Lsn(pub u64);

#[sync_core::wait_map(key = Lsn, match = up_to)]
pub struct Flushed;

fn main() {}
