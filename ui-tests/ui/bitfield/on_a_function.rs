use sync_core::bitfield;

#[bitfield(u8)]
fn word() {}

fn main() {}
