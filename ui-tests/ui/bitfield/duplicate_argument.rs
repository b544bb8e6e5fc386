use sync_core::bitfield;

#[bitfield(u8, atomic = AtomicWord, atomic = AtomicOther)]
struct Word {
    closed: bool,
}

fn main() {}
