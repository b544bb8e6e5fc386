use sync_core::{FromBits, bitfield};

#[derive(FromBits, Clone, Copy, Debug)]
#[repr(u8)]
#[bits(9)]
enum Phase {
    Empty,
    Waiting,
}

// Nothing more is reported: the type can be a field.
#[bitfield(u16)]
struct Word {
    #[bits(9)]
    phase: Phase,
}

fn main() {
    println!("{:?}", Word::new().phase());
}
