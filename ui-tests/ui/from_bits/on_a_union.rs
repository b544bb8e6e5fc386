use sync_core::FromBits;

#[derive(FromBits, Clone, Copy)]
union Phase {
    a: u8,
}

fn main() {}
