use sync_core::FromBits;

#[derive(FromBits, Debug)]
enum Phase {}

fn main() {}
