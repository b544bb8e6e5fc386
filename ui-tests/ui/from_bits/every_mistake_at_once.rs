use sync_core::{FromBits, bitfield};

#[derive(FromBits, Clone, Copy, Debug)]
#[repr(i16)]
#[bits(1)]
enum Phase {
    #[fallback]
    Empty = 1 + 1,
    #[fallback]
    Waiting { since: u8 } = 5,
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
