//! The devices of a PC that this kernel uses.

pub mod apic;
pub mod debug_exit;
pub mod pic;
pub mod pit;
pub mod serial;

use x86_64::instructions::port::Port;

/// Reads a byte from the I/O port `port`.
fn read(port: u16) -> u8 {
    // SAFETY: the ports of this module's devices have no effect on memory.
    unsafe { Port::new(port).read() }
}

/// Writes `byte` to the I/O port `port`.
fn write(port: u16, byte: u8) {
    // SAFETY: as above.
    unsafe { Port::new(port).write(byte) }
}
