// Which integers have an atomic twin is decided here.
#![forbid(unsafe_code)]

use sync_core::__private::{
    AtomicBits,
    atomic::{AtomicU8, Ordering},
};

pub struct Mine;

impl AtomicBits for Mine {
    type Atomic = AtomicU8;

    fn load(_: &AtomicU8, _: Ordering) -> Self {
        Self
    }

    fn store(_: &AtomicU8, _: Self, _: Ordering) {}

    fn swap(_: &AtomicU8, bits: Self, _: Ordering) -> Self {
        bits
    }

    fn compare_exchange(_: &AtomicU8, _: Self, _: Self, _: Ordering, _: Ordering) -> Result<Self, Self> {
        Ok(Self)
    }

    fn compare_exchange_weak(_: &AtomicU8, _: Self, _: Self, _: Ordering, _: Ordering) -> Result<Self, Self> {
        Ok(Self)
    }

    fn fetch_or(_: &AtomicU8, bits: Self, _: Ordering) -> Self {
        bits
    }

    fn fetch_and(_: &AtomicU8, bits: Self, _: Ordering) -> Self {
        bits
    }

    fn fetch_add(_: &AtomicU8, bits: Self, _: Ordering) -> Self {
        bits
    }

    fn take(_: AtomicU8) -> Self {
        Self
    }

    fn with_mut<R>(_: &mut AtomicU8, f: impl FnOnce(&mut Self) -> R) -> R {
        f(&mut Self)
    }
}

fn main() {}
