use sync_core::bitfield;

#[bitfield(u8)]
enum Word {
    Open,
    Closed,
}

fn main() {}
