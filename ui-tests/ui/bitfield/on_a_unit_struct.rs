use sync_core::bitfield;

#[bitfield(u8)]
struct Word;

fn main() {}
