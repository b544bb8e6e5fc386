use sync_core::bitfield;

#[bitfield(u8 atomic = AtomicWord)]
struct Word {
    closed: bool,
}

fn main() {}
