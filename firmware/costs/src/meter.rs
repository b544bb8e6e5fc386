//! Counts critical sections and instructions.
//!
//! Meant for QEMU's `-icount` with a large shift: each instruction then takes many ticks of the timer, always
//! as many.

use core::{
    arch::asm,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

use cortex_m::{
    Peripherals,
    interrupt::enable,
    peripheral::{SYST, syst::SystClkSource},
    register::primask,
};
use critical_section::{Impl, RawRestoreState, set_impl};

/// The timer has 24 bits, and counts down.
const MASK: u32 = 0x00ff_ffff;

static SECTIONS: AtomicU32 = AtomicU32::new(0);
static BEGAN: AtomicU32 = AtomicU32::new(0);
static LONGEST: AtomicU32 = AtomicU32::new(0);

/// Interrupts off, and counted: only the outer section of those that are in one another.
struct Counting;
set_impl!(Counting);

// SAFETY: one core, and nothing but an interrupt could come in between.
unsafe impl Impl for Counting {
    unsafe fn acquire() -> RawRestoreState {
        let were_on = primask::read().is_active();
        cortex_m::interrupt::disable();
        if were_on {
            SECTIONS.store(SECTIONS.load(Relaxed) + 1, Relaxed);
            BEGAN.store(SYST::get_current(), Relaxed);
        }
        were_on
    }

    unsafe fn release(were_on: RawRestoreState) {
        if were_on {
            let took = since(BEGAN.load(Relaxed));
            LONGEST.store(LONGEST.load(Relaxed).max(took), Relaxed);
            // SAFETY: they were on before, says the caller.
            unsafe { enable() };
        }
    }
}

fn since(before: u32) -> u32 {
    before.wrapping_sub(SYST::get_current()) & MASK
}

/// What a call costs.
pub(crate) struct Cost {
    /// How many critical sections it enters.
    pub(crate) sections: u32,
    /// The instructions of the longest of them.
    pub(crate) longest: u32,
    /// The instructions of the whole call.
    pub(crate) instructions: u32,
}

/// Starts the timer.
pub(crate) fn start() {
    let mut timer = Peripherals::take().expect("they are taken once").SYST;
    timer.set_clock_source(SystClkSource::Core);
    timer.set_reload(MASK);
    timer.clear_current();
    timer.enable_counter();
}

/// Calls `f` once, and returns what that costs.
pub(crate) fn of(f: impl FnOnce()) -> Cost {
    let per_thousand = ticks_per_thousand();
    let nothing = measured(|| ());
    let cost = measured(f);
    let instructions = |ticks: u32| {
        let exact = u64::from(ticks) * 1000 + u64::from(per_thousand) / 2;
        u32::try_from(exact / u64::from(per_thousand)).expect("the timer has 24 bits")
    };
    Cost {
        sections: cost.sections,
        longest: instructions(cost.longest),
        instructions: instructions(cost.instructions.saturating_sub(nothing.instructions)),
    }
}

/// In ticks.
#[inline(never)]
fn measured(f: impl FnOnce()) -> Cost {
    SECTIONS.store(0, Relaxed);
    LONGEST.store(0, Relaxed);
    let before = SYST::get_current();
    f();
    let instructions = since(before);
    Cost { sections: SECTIONS.load(Relaxed), longest: LONGEST.load(Relaxed), instructions }
}

/// Ten thousand instructions, timed.
fn ticks_per_thousand() -> u32 {
    let before = SYST::get_current();
    // SAFETY: counts a register down.
    unsafe { asm!("2: subs {n}, #1", "bne 2b", n = inout(reg) 5000 => _, options(nomem, nostack)) };
    let ticks = since(before) / 10;
    assert!(ticks >= 5_000, "boot with -icount and a large shift: the timer does not count instructions");
    ticks
}
