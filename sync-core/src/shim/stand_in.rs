//! What the crate is checked against on a chip without compare-and-swap for which no emulation was chosen.
//!
//! Such a build has failed already, with the message in [`native`](super::native). These types have the
//! methods that portable-atomic's would have then, so that each use of one does not add an error that says
//! less.
#![allow(
    clippy::allow_attributes,
    clippy::needless_pass_by_ref_mut,
    clippy::needless_pass_by_value,
    clippy::unused_self,
    dead_code,
    unreachable_pub,
    reason = "never run, and in a build that fails never linted; elsewhere unused"
)]

use core::{marker::PhantomData, sync::atomic::Ordering};

/// An atomic value of which there is none: as large as a word, because sizes are asserted.
#[derive(Debug)]
pub struct Atomic<T>(usize, PhantomData<fn() -> T>);

pub type AtomicBool = Atomic<bool>;
pub type AtomicPtr<T> = Atomic<*mut T>;
pub type AtomicU8 = Atomic<u8>;
pub type AtomicU16 = Atomic<u16>;
pub type AtomicU32 = Atomic<u32>;
pub type AtomicU64 = Atomic<u64>;
pub type AtomicUsize = Atomic<usize>;

impl<T: Copy> Atomic<T> {
    pub const fn new(_: T) -> Self {
        Self(0, PhantomData)
    }

    pub fn load(&self, _: Ordering) -> T {
        unreachable!()
    }

    pub fn store(&self, _: T, _: Ordering) {}

    pub fn swap(&self, _: T, _: Ordering) -> T {
        unreachable!()
    }

    pub fn compare_exchange(&self, _: T, _: T, _: Ordering, _: Ordering) -> Result<T, T> {
        unreachable!()
    }

    pub fn compare_exchange_weak(&self, _: T, _: T, _: Ordering, _: Ordering) -> Result<T, T> {
        unreachable!()
    }

    pub fn fetch_update(&self, _: Ordering, _: Ordering, _: impl FnMut(T) -> Option<T>) -> Result<T, T> {
        unreachable!()
    }

    pub fn fetch_or(&self, _: T, _: Ordering) -> T {
        unreachable!()
    }

    pub fn fetch_and(&self, _: T, _: Ordering) -> T {
        unreachable!()
    }

    pub fn fetch_xor(&self, _: T, _: Ordering) -> T {
        unreachable!()
    }

    pub fn fetch_add(&self, _: T, _: Ordering) -> T {
        unreachable!()
    }

    pub fn fetch_sub(&self, _: T, _: Ordering) -> T {
        unreachable!()
    }

    pub fn get_mut(&mut self) -> &mut T {
        unreachable!()
    }

    pub fn into_inner(self) -> T {
        unreachable!()
    }
}
