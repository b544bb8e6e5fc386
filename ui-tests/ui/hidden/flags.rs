// What flags are is decided here: unsigned integers.
#![forbid(unsafe_code)]

use sync_core::Flags;

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Mine(u8);

impl Flags for Mine {
    const NONE: Self = Self(0);

    fn and(self, other: Self) -> Self {
        other
    }

    fn or(self, other: Self) -> Self {
        other
    }

    fn without(self, other: Self) -> Self {
        other
    }
}

fn main() {}
