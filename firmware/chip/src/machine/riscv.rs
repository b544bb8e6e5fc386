//! `virt`: a RISC-V core, built for with and without the A extension.
//!
//! In hardware there is one level of interrupts. Here a handler turns interrupts on again, but for its own
//! level and those below. The software interrupt is the executor's. The timer's is the clock's and the
//! device's: while it runs for the device, another one only counts time.

use core::{
    ops::Range,
    ptr,
    sync::atomic::{AtomicBool, AtomicPtr, Ordering::Relaxed},
};

use embassy_executor::{SendSpawner, raw::Executor};
use riscv::{
    interrupt::{self, Interrupt},
    register::mie,
};
use riscv_rt::{core_interrupt, entry};
use static_cell::StaticCell;

use crate::{clock, device, watch};

pub(crate) const CYCLES_PER_MICROSECOND: u32 = 10;
pub(crate) const HAMMER: Range<u32> = 500..2000;

/// Registers of the CLINT, the core's own interrupt controller; those of 64 bits in two halves.
const SOFTWARE: *mut u32 = ptr::without_provenance_mut(0x0200_0000);
const COMPARE: *mut [u32; 2] = ptr::without_provenance_mut(0x0200_4000);
const TIME: *mut [u32; 2] = ptr::without_provenance_mut(0x0200_bff8);

/// What `__pender` is told of the executors.
const LOW_CONTEXT: usize = 0;
const HIGH_CONTEXT: usize = 1;

/// The executor that the software interrupt polls.
static HIGH: AtomicPtr<Executor> = AtomicPtr::new(ptr::null_mut());
/// Whether a task of the other one is ready.
static READY: AtomicBool = AtomicBool::new(false);
/// Whether the device's interrupt was asked for, and whether its handler runs.
static PENDING: AtomicBool = AtomicBool::new(false);
static RUNS: AtomicBool = AtomicBool::new(false);

#[entry]
fn main() -> ! {
    static LOW: StaticCell<Executor> = StaticCell::new();
    let low: &'static Executor = LOW.init(Executor::new(ptr::without_provenance_mut(LOW_CONTEXT)));
    crate::start(low.spawner());
    loop {
        // SAFETY: nothing else polls it, and this does not poll itself.
        unsafe { low.poll() };
        critical_section::with(|_| {
            if READY.load(Relaxed) {
                READY.store(false, Relaxed);
            } else {
                // An interrupt ends it, though it is served only afterwards.
                riscv::asm::wfi();
            }
        });
    }
}

/// Starts the executor whose tasks interrupt those of the other one.
pub(crate) fn high() -> SendSpawner {
    static EXECUTOR: StaticCell<Executor> = StaticCell::new();
    let high = EXECUTOR.init(Executor::new(ptr::without_provenance_mut(HIGH_CONTEXT)));
    HIGH.store(high, Relaxed);
    // SAFETY: it was just made, and is never given away.
    let high: &'static Executor = unsafe { &*HIGH.load(Relaxed) };
    // SAFETY: its handler may run.
    unsafe { mie::set_msoft() };
    high.spawner().make_send()
}

/// From now on there is time.
pub(crate) fn start_clock() {
    tick_after(clock::DAY_TO_DAY);
    // SAFETY: its handler may run.
    unsafe { mie::set_mtimer() };
    // SAFETY: as for the other one.
    unsafe { interrupt::enable() };
}

/// Asks for the device's interrupt, from the clock's.
pub(crate) fn pend_device() {
    PENDING.store(true, Relaxed);
}

/// Called by an executor that has got something to do.
#[unsafe(export_name = "__pender")]
fn pender(context: *mut ()) {
    if context.addr() == HIGH_CONTEXT {
        // SAFETY: the register is there, and nothing depends on when it is written.
        unsafe { SOFTWARE.write_volatile(1) };
    } else {
        READY.store(true, Relaxed);
    }
}

fn tick_after(cycles: u32) {
    let now = now();
    let then = now + u64::from(cycles);
    let halves = |time: u64| [(time & 0xffff_ffff) as u32, (time >> 32) as u32];
    // Never a moment that is past in between.
    for halves in [[u32::MAX, u32::MAX], halves(then)] {
        // SAFETY: the registers are there.
        unsafe { COMPARE.write_volatile(halves) };
    }
}

fn now() -> u64 {
    loop {
        // SAFETY: the registers are there.
        let [low, high] = unsafe { TIME.read_volatile() };
        // SAFETY: as before.
        let [_, same] = unsafe { TIME.read_volatile() };
        if high == same {
            return u64::from(high) << 32 | u64::from(low);
        }
    }
}

#[core_interrupt(Interrupt::MachineSoft)]
fn on_executor() {
    // SAFETY: the register is there.
    unsafe { SOFTWARE.write_volatile(0) };
    // SAFETY: `high` stored it before it allowed this interrupt.
    let high: &'static Executor = unsafe { &*HIGH.load(Relaxed) };
    // SAFETY: the software interrupt polls it and nothing else, and is masked while it does.
    above(|| unsafe { high.poll() });
}

#[core_interrupt(Interrupt::MachineTimer)]
fn on_clock() {
    tick_after(clock::on_tick());
    if PENDING.load(Relaxed) && !RUNS.load(Relaxed) {
        PENDING.store(false, Relaxed);
        RUNS.store(true, Relaxed);
        above(|| watch::handler(device::on_interrupt));
        RUNS.store(false, Relaxed);
    }
}

#[unsafe(export_name = "ExceptionHandler")]
extern "C" fn on_exception(_: &riscv_rt::TrapFrame) -> ! {
    panic!("{:?} at {:#x}", riscv::register::mcause::read().cause(), riscv::register::mepc::read())
}

/// Calls `f`, which other interrupts than the executor's may interrupt.
fn above(f: impl FnOnce()) {
    let was = mie::read().msoft();
    // SAFETY: nothing waits for it meanwhile.
    unsafe { mie::clear_msoft() };
    // SAFETY: this is a handler, outside of critical sections, and what caused it is gone.
    unsafe { interrupt::nested(f) };
    if was {
        // SAFETY: its handler may run.
        unsafe { mie::set_msoft() };
    }
}
