use sync_core::bitfield;

#[bitfield(u8)]
struct Word<T>
where
    T: Copy,
{
    closed: T,
}

fn main() {}
