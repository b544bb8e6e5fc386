use sync_core::bitfield;

#[bitfield(u8, atomic)]
struct Word {
    closed: bool,
}

fn main() {}
