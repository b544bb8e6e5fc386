use sync_core::bitfield;

#[bitfield(u8)]
struct Word<T> {
    closed: bool,
    #[bits(2)]
    value: T,
}

fn main() {}
