//! Critical sections of a single core: interrupts off.

use core::arch::asm;
use critical_section::{Impl, RawRestoreState, set_impl};

struct Interrupts;
set_impl!(Interrupts);

#[cfg(target_arch = "arm")]
// SAFETY: one core, and nothing but an interrupt could come in between.
unsafe impl Impl for Interrupts {
    unsafe fn acquire() -> RawRestoreState {
        let masked: u32;
        // SAFETY: reads a register, and turns interrupts off.
        unsafe { asm!("mrs {}, PRIMASK", "cpsid i", out(reg) masked, options(nostack, preserves_flags)) };
        masked & 1 == 0
    }

    unsafe fn release(enable: RawRestoreState) {
        if enable {
            // SAFETY: they were on before, says the caller.
            unsafe { asm!("cpsie i", options(nostack, preserves_flags)) };
        }
    }
}

#[cfg(any(target_arch = "riscv32", target_arch = "riscv64"))]
// SAFETY: one core, and nothing but an interrupt could come in between.
unsafe impl Impl for Interrupts {
    unsafe fn acquire() -> RawRestoreState {
        let status: usize;
        // SAFETY: reads a register, and turns interrupts off.
        unsafe { asm!("csrrci {}, mstatus, 8", out(reg) status, options(nostack)) };
        status & 8 != 0
    }

    unsafe fn release(enable: RawRestoreState) {
        if enable {
            // SAFETY: they were on before, says the caller.
            unsafe { asm!("csrsi mstatus, 8", options(nostack)) };
        }
    }
}
