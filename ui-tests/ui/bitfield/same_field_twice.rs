use std::sync::atomic::Ordering;

use sync_core::bitfield;

#[bitfield(u8, atomic = AtomicWord)]
struct Word {
    closed: bool,
    closed: bool,
}

fn main() {
    // Nothing more is reported: the types are there.
    let word = Word::new().with_closed(true);
    let cell = AtomicWord::new(word);
    cell.fetch_set_closed(Ordering::Relaxed);
    println!("{word} {:?}", Word::from_bits(word.bits()).closed());
}
