//! The interrupt controller in each CPU: its timer, and messages between CPUs.

use core::ptr;

/// The vector of messages from one CPU to another.
pub const MESSAGE: u8 = 0xf0;

/// The vector of the timer in each CPU.
pub const TIMER: u8 = 0xe0;

/// The vector for interrupts that are gone before the CPU asks for them.
pub(crate) const SPURIOUS: u8 = 0xff;

const BASE: usize = 0xfee0_0000;

const END_OF_INTERRUPT: usize = 0xb0;
const SPURIOUS_VECTOR: usize = 0xf0;
const COMMAND: usize = 0x300;
const COMMAND_TARGET: usize = 0x310;
const TIMER_VECTOR: usize = 0x320;
const LINE_0: usize = 0x350;
const TIMER_START: usize = 0x380;
const TIMER_DIVIDER: usize = 0x3e0;

fn write(register: usize, value: u32) {
    // SAFETY: the page is mapped, uncached, and holds the registers of the CPU that asks.
    unsafe { ptr::with_exposed_provenance_mut::<u32>(BASE + register).write_volatile(value) }
}

fn read(register: usize) -> u32 {
    // SAFETY: as above.
    unsafe { ptr::with_exposed_provenance::<u32>(BASE + register).read_volatile() }
}

/// Turns on the controller of this CPU.
pub fn init(takes_device_interrupts: bool) {
    const ON: u32 = 1 << 8;
    const MASKED: u32 = 1 << 16;
    const FROM_THE_PICS: u32 = 0x700;
    const BY_ONE: u32 = 0b1011;
    write(LINE_0, if takes_device_interrupts { FROM_THE_PICS } else { MASKED });
    write(TIMER_DIVIDER, BY_ONE);
    write(SPURIOUS_VECTOR, ON | u32::from(SPURIOUS));
}

/// Interrupts this CPU once, with the vector [`TIMER`], after `count` periods of its bus (a nanosecond, in
/// QEMU).
pub fn interrupt_after(count: u32) {
    write(TIMER_VECTOR, u32::from(TIMER));
    write(TIMER_START, count);
}

/// Interrupts the CPU number `cpu` with the vector [`MESSAGE`].
pub fn send_message(cpu: usize) {
    command(cpu, u32::from(MESSAGE));
}

/// Resets the CPU number `cpu`: it waits for [`start`].
pub fn reset(cpu: usize) {
    const INIT: u32 = 0x4500;
    command(cpu, INIT);
}

/// Starts the CPU number `cpu`, in 16-bit mode, at `page` times 4096.
pub fn start(cpu: usize, page: u8) {
    const STARTUP: u32 = 0x4600;
    command(cpu, STARTUP | u32::from(page));
}

fn command(cpu: usize, command: u32) {
    const PENDING: u32 = 1 << 12;
    // A handler that sends something in between would change the target.
    critical_section::with(|_| {
        write(COMMAND_TARGET, u32::try_from(cpu).expect("few") << 24);
        write(COMMAND, command);
        while read(COMMAND) & PENDING != 0 {
            core::hint::spin_loop();
        }
    });
}

/// Lets the next interrupt come.
pub(crate) fn end_of_interrupt() {
    write(END_OF_INTERRUPT, 0);
}
