use sync_core::{FromBits, bitfield};

#[derive(FromBits, Clone, Copy, Debug)]
#[repr(u8)]
#[bits(2)]
enum Phase {
    Empty = 1,
    Waiting = 5,
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
