use std::sync::atomic::Ordering;

use sync_core::bitfield;

#[derive(sync_core::FromBits, Clone, Copy, Debug)]
#[repr(u8)]
enum Phase {
    Empty,
    Waiting,
    Woken,
}

#[bitfield(i8, atomic = AtomicWord, fast)]
#[derive(Copy)]
struct Word {
    closed: bool,
    #[bits(0)]
    a: u8,
    phase: Phase,
    #[bits(2, default = 4)]
    b: u8,
    #[bits(1, counter)]
    c: bool,
}

fn main() {
    // Nothing more is reported: the types are there.
    let word = Word::new().with_closed(true);
    let cell = AtomicWord::new(word);
    cell.fetch_set_closed(Ordering::Relaxed);
    println!("{word} {:?}", Word::from_bits(word.bits()).closed());
}
