//! The second CPU.

use core::ptr;

use crate::{
    cpu::{self, interrupts},
    devices::apic,
    executor, interrupts as vectors, time,
};

/// Where the second CPU begins: below 1 MiB, on a page of its own. As in `start.s`.
const TRAMPOLINE: usize = 0x8000;

unsafe extern "C" {
    static trampoline_start: u8;
    static trampoline_end: u8;
}

/// Starts the second CPU, if there is one: it runs its executor. Interrupts must be on.
pub fn start_second() {
    vectors::set_handler(apic::MESSAGE, || {
        // That there was an interrupt is the message: it ends `hlt`.
    });
    let from = &raw const trampoline_start;
    let len = (&raw const trampoline_end).addr() - from.addr();
    // SAFETY: nothing else is there: the loader keeps this kernel at 1 MiB, and firmware is done.
    unsafe { ptr::copy_nonoverlapping(from, ptr::with_exposed_provenance_mut(TRAMPOLINE), len) };

    apic::reset(1);
    time::busy_wait(10);
    apic::start(1, u8::try_from(TRAMPOLINE >> 12).expect("below 1 MiB"));
    // Nothing says how many there are; one that is not there does not answer.
    for _ in 0..200 {
        if cpu::online() > 1 {
            return;
        }
        time::busy_wait(1);
    }
}

/// Where [`boot`](crate::boot) leads the second CPU.
pub(crate) fn second_cpu() -> ! {
    apic::init(false);
    cpu::is_online();
    interrupts::enable();
    executor::run()
}
