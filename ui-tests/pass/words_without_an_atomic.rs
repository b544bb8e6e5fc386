//! Words that are only values: 128 bits, a field that is the whole word, types by path.
#![deny(warnings)]

mod types {
    #[derive(sync_core::FromBits, Clone, Copy, Debug)]
    #[repr(u8)]
    pub(crate) enum Two {
        A,
        B,
    }
}

#[sync_core::bitfield(u128)]
pub struct Wide {
    low: u64,
    #[bits(1)]
    two: crate::types::Two,
    #[bits(63)]
    high: u64,
}

#[sync_core::bitfield(u128)]
pub struct Whole {
    all: u128,
}

#[sync_core::bitfield(usize)]
pub struct Pointer {
    all: usize,
}

fn main() {
    let word = Wide::new().with_low(u64::MAX).with_high((1 << 63) - 1);
    assert_eq!(word.bits(), !(1 << 64));
    assert!(matches!(word.two(), types::Two::A));
    assert!(matches!(word.with_two(types::Two::B).two(), types::Two::B));
    assert_eq!(Whole::new().with_all(u128::MAX).all(), u128::MAX);
    assert_eq!(Pointer::new().with_all(usize::MAX).bits(), usize::MAX);
}
