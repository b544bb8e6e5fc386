use sync_core::bitfield;

#[bitfield(u8)]
struct Word
where
    u8: Copy,
{
    closed: bool,
}

fn main() {}
