//! A word with a field that refuses what does not fit.
#![no_std]
#![no_main]

use sizes::{keep, unknown};

/// A line of a serial port.
#[sync_core::bitfield(u32)]
pub struct Line {
    #[bits(3)]
    mode: u8,
    #[bits(5)]
    errors: u8,
}

sizes::image! {
    task: async {
        let mut line = Line::from_bits(unknown(0));
        line.set_errors(unknown(1));
        keep(line.bits());
    },
}
