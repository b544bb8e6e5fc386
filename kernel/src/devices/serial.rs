//! The 16550 serial ports.

use core::hint::spin_loop;

use super::{read, write};

/// A serial port.
#[derive(Debug)]
pub struct Serial {
    base: u16,
    /// Its interrupt line.
    pub line: u8,
}

/// The console.
pub static COM1: Serial = Serial { base: 0x3f8, line: 4 };

/// Looped back: what it sends, it receives.
pub static COM2: Serial = Serial { base: 0x2f8, line: 3 };

/// How many bytes a port keeps until they are taken.
pub const FIFO: usize = 16;

const DATA: u16 = 0;
const INTERRUPTS: u16 = 1;
const FIFO_CONTROL: u16 = 2;
const LINE_CONTROL: u16 = 3;
const MODEM_CONTROL: u16 = 4;
const LINE_STATUS: u16 = 5;

const RECEIVED: u8 = 1 << 0;
const CAN_SEND: u8 = 1 << 5;

impl Serial {
    /// 115200 bits a second, eight to a byte; both FIFOs on and empty; no interrupts yet.
    pub fn init(&self, loop_back: bool) {
        const DIVISOR_LATCH: u8 = 1 << 7;
        const EIGHT_BITS: u8 = 3;
        const ON_AND_EMPTY: u8 = 7;
        /// Without the last, no interrupt leaves the chip.
        const READY_AND_INTERRUPTS: u8 = 0b1011;
        const LOOP_BACK: u8 = 1 << 4;
        write(self.base + INTERRUPTS, 0);
        write(self.base + LINE_CONTROL, DIVISOR_LATCH);
        write(self.base + DATA, 1);
        write(self.base + INTERRUPTS, 0);
        write(self.base + LINE_CONTROL, EIGHT_BITS);
        write(self.base + FIFO_CONTROL, ON_AND_EMPTY);
        write(self.base + MODEM_CONTROL, READY_AND_INTERRUPTS | if loop_back { LOOP_BACK } else { 0 });
    }

    /// Interrupts when there is something to receive.
    pub fn interrupt_when_received(&self) {
        write(self.base + INTERRUPTS, 1);
    }

    /// Sends `byte`, as soon as there is room for it.
    pub fn send(&self, byte: u8) {
        while read(self.base + LINE_STATUS) & CAN_SEND == 0 {
            spin_loop();
        }
        write(self.base + DATA, byte);
    }

    /// Returns the next byte that was received, if there is one.
    pub fn receive(&self) -> Option<u8> {
        (read(self.base + LINE_STATUS) & RECEIVED != 0).then(|| read(self.base + DATA))
    }
}
