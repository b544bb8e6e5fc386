use sync_core::bitfield;

#[bitfield]
struct Word {
    closed: bool,
}

fn main() {}
