//! `microbit`, a Cortex-M0 without compare-and-swap, and `mps2-an386`, a Cortex-M4.
//!
//! Two interrupt lines that nothing is connected to are pended by software: one for the executor, one for the
//! device. `SysTick` is the clock.

use core::ops::Range;

use cortex_m::{
    Peripherals,
    interrupt::InterruptNumber,
    peripheral::{NVIC, SYST, scb::SystemHandler, syst::SystClkSource},
};
use cortex_m_rt::{ExceptionFrame, entry, exception};
use embassy_executor::{Executor, InterruptExecutor, SendSpawner};
use static_cell::StaticCell;

use crate::{clock, device, watch};

/// Of `microbit`; the other one has 25, and its time goes by as much faster.
pub(crate) const CYCLES_PER_MICROSECOND: u32 = 16;
pub(crate) const HAMMER: Range<u32> = 700..3000;

#[derive(Clone, Copy)]
enum Line {
    Executor = 0,
    Device = 1,
}

// SAFETY: these are lines of every Cortex-M.
unsafe impl InterruptNumber for Line {
    fn number(self) -> u16 {
        self as u16
    }
}

/// The part of the vector table that a crate for the chip would have.
#[unsafe(link_section = ".vector_table.interrupts")]
#[unsafe(no_mangle)]
static __INTERRUPTS: [extern "C" fn(); 2] = [on_executor, on_device];

static HIGH: InterruptExecutor = InterruptExecutor::new();

#[entry]
fn main() -> ! {
    static LOW: StaticCell<Executor> = StaticCell::new();
    LOW.init(Executor::new()).run(crate::start)
}

/// Starts the executor whose tasks interrupt those of the other one.
pub(crate) fn high() -> SendSpawner {
    let mut all = peripherals();
    // The lower the number, the higher the level; a Cortex-M0 has four.
    for (line, priority) in [(Line::Executor, 0xc0), (Line::Device, 0x80)] {
        // SAFETY: no critical section is made of priorities here.
        unsafe { all.NVIC.set_priority(line, priority) };
    }
    // SAFETY: as for the other two.
    unsafe { all.SCB.set_priority(SystemHandler::SysTick, 0x40) };
    // SAFETY: the handler is in the vector table, and may run.
    unsafe { NVIC::unmask(Line::Device) };
    HIGH.start(Line::Executor)
}

/// From now on there is time.
pub(crate) fn start_clock() {
    let mut timer = peripherals().SYST;
    timer.set_clock_source(SystClkSource::Core);
    timer.enable_interrupt();
    tick_after(&mut timer, clock::DAY_TO_DAY);
}

/// Asks for the device's interrupt.
pub(crate) fn pend_device() {
    NVIC::pend(Line::Device);
}

fn tick_after(timer: &mut SYST, cycles: u32) {
    timer.disable_counter();
    timer.set_reload(cycles);
    timer.clear_current();
    timer.enable_counter();
}

fn peripherals() -> Peripherals {
    // SAFETY: each register is used in one place, and by one level.
    unsafe { Peripherals::steal() }
}

#[exception]
fn SysTick() {
    let cycles = clock::on_tick();
    tick_after(&mut peripherals().SYST, cycles);
}

#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    panic!("{frame:?}")
}

extern "C" fn on_executor() {
    // SAFETY: this is its interrupt, which is masked until it is started.
    unsafe { HIGH.on_interrupt() };
}

extern "C" fn on_device() {
    watch::handler(device::on_interrupt);
}
