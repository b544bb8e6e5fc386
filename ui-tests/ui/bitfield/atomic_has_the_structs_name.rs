use sync_core::bitfield;

#[bitfield(u8, atomic = Word)]
struct Word {
    closed: bool,
}

fn main() {}
