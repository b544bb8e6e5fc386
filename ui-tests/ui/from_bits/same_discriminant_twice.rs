use sync_core::{FromBits, bitfield};

#[derive(FromBits, Clone, Copy, Debug)]
#[repr(u8)]
enum Phase {
    Empty = 1,
    Waiting = 1,
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
