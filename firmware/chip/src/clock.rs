//! Time, for `embassy-time`: it goes on at each interrupt of the clock, by what was to be waited for that.

use core::{
    cell::{Cell, RefCell},
    task::Waker,
};

use critical_section::Mutex;
use embassy_time_driver::{Driver, time_driver_impl};
use embassy_time_queue_utils::Queue;

use crate::{device, machine, random::random, watch};

/// How many cycles are between two interrupts when no test wants more: a millisecond.
pub(crate) const DAY_TO_DAY: u32 = machine::CYCLES_PER_MICROSECOND * 1000;

struct Clock {
    /// In cycles.
    now: Mutex<Cell<u64>>,
    /// What is added at the next interrupt.
    period: Mutex<Cell<u32>>,
    sleepers: Mutex<RefCell<Queue>>,
}

time_driver_impl!(static CLOCK: Clock = Clock {
    now: Mutex::new(Cell::new(0)),
    period: Mutex::new(Cell::new(DAY_TO_DAY)),
    sleepers: Mutex::new(RefCell::new(Queue::new())),
});

impl Driver for Clock {
    fn now(&self) -> u64 {
        critical_section::with(|cs| self.now.borrow(cs).get()) / u64::from(machine::CYCLES_PER_MICROSECOND)
    }

    fn schedule_wake(&self, at: u64, waker: &Waker) {
        // It is looked at with each interrupt.
        critical_section::with(|cs| self.sleepers.borrow_ref_mut(cs).schedule_wake(at, waker));
    }
}

/// The interrupt of the clock. Returns after how many cycles the next one is to come.
pub(crate) fn on_tick() -> u32 {
    watch::on_tick();
    let next = if device::hurries() { random(machine::HAMMER) } else { DAY_TO_DAY };
    critical_section::with(|cs| {
        let now = CLOCK.now.borrow(cs);
        now.set(now.get() + u64::from(CLOCK.period.borrow(cs).replace(next)));
    });
    let now = CLOCK.now();
    critical_section::with(|cs| CLOCK.sleepers.borrow_ref_mut(cs).next_expiration(now));
    if device::is_on() {
        machine::pend_device();
    }
    next
}
