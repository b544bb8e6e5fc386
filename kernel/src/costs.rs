//! What a call costs: how often and how long it keeps interrupts out, its instructions, and its stack.
//!
//! Meant for QEMU's `-icount`, under which the time stamp counter counts instructions, times a constant.

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::{
    boot,
    cpu::{self, interrupts},
};

static SECTIONS: AtomicU64 = AtomicU64::new(0);
static BEGAN: AtomicU64 = AtomicU64::new(0);
static LONGEST: AtomicU64 = AtomicU64::new(0);

/// A critical section begins, inside of `depth` others.
pub(crate) fn entered(depth: usize) {
    if depth == 0 {
        SECTIONS.store(SECTIONS.load(Relaxed) + 1, Relaxed);
        BEGAN.store(cpu::time_stamp(), Relaxed);
    }
}

/// A critical section ends, inside of `depth` others.
pub(crate) fn left(depth: usize) {
    if depth == 0 {
        let took = cpu::time_stamp() - BEGAN.load(Relaxed);
        LONGEST.store(LONGEST.load(Relaxed).max(took), Relaxed);
    }
}

/// What a call costs.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// How many critical sections it enters.
    pub sections: u64,
    /// The instructions of the longest of them: for so long, no interrupt is taken.
    pub longest: u64,
    /// The instructions of the whole call: what it takes of an interrupt handler.
    pub instructions: u64,
    /// The bytes of stack that it uses.
    pub stack: usize,
}

/// Calls `f` once, on one CPU and without interrupts, and returns what that costs. Under `-icount` only.
pub fn of(f: impl FnOnce()) -> Cost {
    interrupts::without_interrupts(|| {
        let nothing = measured(|| ());
        let cost = measured(f);
        Cost {
            instructions: cost.instructions.saturating_sub(nothing.instructions),
            stack: cost.stack.saturating_sub(nothing.stack),
            ..cost
        }
    })
}

#[inline(never)]
fn measured(f: impl FnOnce()) -> Cost {
    let unit = ticks_per_instruction();
    SECTIONS.store(0, Relaxed);
    LONGEST.store(0, Relaxed);
    let top = stack_pointer();
    paint(top);
    let before = cpu::time_stamp();
    call(f);
    let took = cpu::time_stamp() - before;
    Cost {
        sections: SECTIONS.load(Relaxed),
        longest: LONGEST.load(Relaxed) / unit,
        instructions: took / unit,
        stack: painted_until(top),
    }
}

/// A frame of its own, so that what `f` uses is below that of `measured`.
#[inline(never)]
fn call(f: impl FnOnce()) {
    f();
}

#[inline(always)]
fn stack_pointer() -> usize {
    let pointer;
    // SAFETY: reads a register.
    unsafe { core::arch::asm!("mov {}, rsp", out(reg) pointer, options(nomem, nostack, preserves_flags)) };
    pointer
}

/// Two thousand instructions, timed.
fn ticks_per_instruction() -> u64 {
    let before = cpu::time_stamp();
    // SAFETY: counts a register down.
    unsafe {
        core::arch::asm!("mov {n:e}, 1000", "2: dec {n:e}", "jnz 2b", n = out(reg) _, options(nomem, nostack));
    }
    let ticks = (cpu::time_stamp() - before + 1000) / 2000;
    assert!(ticks > 0, "boot with -icount: the counter does not count instructions");
    ticks
}

const PAINT: u64 = 0x5a5a_5a5a_5a5a_5a5a;

/// The words of the first CPU's stack below `top`, lowest first.
#[inline(always)]
fn below(top: usize) -> impl Iterator<Item = *mut u64> {
    let lowest = boot::stack_of(0).cast_mut();
    let words = (top - lowest.addr()) / size_of::<u64>();
    (0..words).map(move |n| lowest.wrapping_add(n))
}

/// Inlined, or it would paint over its own return address.
#[inline(always)]
fn paint(top: usize) {
    for word in below(top) {
        // SAFETY: it is this CPU's stack, and nothing uses it so far down: the caller calls others later, and
        // so has no red zone.
        unsafe { word.write_volatile(PAINT) };
    }
}

/// Returns how many bytes below `top` were used since `paint`.
#[inline(always)]
fn painted_until(top: usize) -> usize {
    // SAFETY: as in `paint`.
    let lowest = below(top).find(|word| unsafe { word.read_volatile() } != PAINT);
    lowest.map_or(0, |word| top - word.addr())
}
