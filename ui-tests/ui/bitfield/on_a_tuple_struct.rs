use sync_core::bitfield;

#[bitfield(u8)]
struct Word(bool, #[bits(2)] u8);

fn main() {}
