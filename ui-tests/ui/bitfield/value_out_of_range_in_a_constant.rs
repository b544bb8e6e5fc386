use sync_core::bitfield;

#[bitfield(u8)]
struct Word {
    closed: bool,
    #[bits(2)]
    count: u8,
}

const TOO_BIG: Word = Word::new().with_count(4);

fn main() {
    println!("{TOO_BIG}");
}
