use sync_core::FromBits;

#[derive(FromBits, Clone, Copy, Debug)]
struct Phase(u8);

fn main() {}
