//! Sleep, and time-outs: a line of those who wait for a moment, which the timer's interrupt moves on.

use core::{future::Future, time::Duration};

use embassy_futures::select::{Either, select};

use crate::{
    devices::pit::{self, TICKS_PER_SECOND},
    interrupts,
};

/// Those who wait for a moment, in ticks since the start.
#[sync_core::wait_map(key = u64, match = up_to)]
pub struct Clock;

/// The time. A tick is a millisecond.
pub static CLOCK: Clock = Clock::new();

/// Starts the clock; each tick calls `on_tick`, which calls [`tick`].
pub fn init(on_tick: fn()) {
    pit::init();
    interrupts::set_line_handler(pit::LINE, on_tick);
}

/// What the timer's interrupt handler does.
pub fn tick() {
    CLOCK.advance(CLOCK.current() + 1);
}

/// Returns how many ticks `duration` takes, at least.
fn ticks(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos().div_ceil(1_000_000_000 / u128::from(TICKS_PER_SECOND)))
        .unwrap_or(u64::MAX)
}

/// Completes when `duration` is over. A task that is dropped before leaves the line.
pub async fn sleep(duration: Duration) {
    // One more: the tick that is running has begun already.
    let until = CLOCK.current().saturating_add(ticks(duration)).saturating_add(1);
    CLOCK.wait(until).await.expect("the clock is never closed");
}

/// `future` was not done in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elapsed;

/// Returns what `future` returns, or [`Elapsed`] if it takes longer than `limit`; it is dropped then.
///
/// # Errors
///
/// See above.
pub async fn timeout<F: Future>(limit: Duration, future: F) -> Result<F::Output, Elapsed> {
    match select(future, sleep(limit)).await {
        Either::First(output) => Ok(output),
        Either::Second(()) => Err(Elapsed),
    }
}

/// Waits for `ticks` without a task.
pub(crate) fn busy_wait(ticks: u64) {
    let until = CLOCK.current() + ticks + 1;
    while CLOCK.current() < until {
        core::hint::spin_loop();
    }
}
