use sync_core::bitfield;

#[bitfield(u8, atomic = 3)]
struct Word {
    closed: bool,
}

fn main() {}
