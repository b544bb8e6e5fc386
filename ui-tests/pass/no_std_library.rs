//! A `no_std` library: nothing generated needs `std` or `alloc`.
#![no_std]
#![forbid(unsafe_code)]
#![deny(warnings)]
extern crate std;

use sync_core::{FromBits, bitfield};

#[derive(FromBits, Clone, Copy, Debug, PartialEq)]
#[repr(u16)]
pub enum Mode {
    Off,
    On,
    #[fallback]
    Other = 300,
}

#[bitfield(u64, atomic = AtomicControl)]
pub struct Control {
    #[bits(9, default = Mode::Other)]
    mode: Mode,
    #[bits(.., counter)]
    count: u64,
}

fn main() {
    const CONTROL: Control = Control::new().with_count(1);
    static CELL: AtomicControl = AtomicControl::new(CONTROL);
    assert_eq!(CELL.load(core::sync::atomic::Ordering::Acquire).mode(), Mode::Other);
}
