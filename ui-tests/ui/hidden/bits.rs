// Which integers hold a word is decided here.
#![forbid(unsafe_code)]

use core::ops::{BitAnd, BitOr, Not, Shl, Shr};

use sync_core::__private::Bits;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mine(u8);

macro_rules! operators {
    ($($Operator:ident $method:ident $Other:ty;)*) => { $(
        impl $Operator<$Other> for Mine {
            type Output = Self;

            fn $method(self, _: $Other) -> Self {
                self
            }
        }
    )* };
}
operators! { BitAnd bitand Self; BitOr bitor Self; Shl shl u32; Shr shr u32; }

impl Not for Mine {
    type Output = Self;

    fn not(self) -> Self {
        self
    }
}

impl Bits for Mine {
    const WIDTH: u32 = 8;
    const MAX: Self = Self(255);

    fn wrapping_add(self, _: Self) -> Self {
        self
    }

    fn widen(self) -> u128 {
        0
    }
}

fn main() {}
