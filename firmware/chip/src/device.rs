//! A peripheral: its interrupt comes when the clock asks for it, and does what the test that runs wants it
//! to.

use core::{
    cell::Cell,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

use critical_section::Mutex;

/// What the interrupt does; it gets the interrupt's number.
type Action = fn(u32);

/// The action, and whether it is wanted as often as possible.
static ACTION: Mutex<Cell<Option<(Action, bool)>>> = Mutex::new(Cell::new(None));
static COUNT: AtomicU32 = AtomicU32::new(0);
/// Of all tests before.
static BEFORE: AtomicU32 = AtomicU32::new(0);

fn action() -> Option<(Action, bool)> {
    critical_section::with(|cs| ACTION.borrow(cs).get())
}

/// Until it is dropped, there are interrupts.
pub(crate) struct On(());

/// Has `action` called a thousand times a second.
pub(crate) fn calls(action: Action) -> On {
    start(action, false)
}

/// Has `action` called as often as the tasks can bear, each time at another place of what it interrupts.
pub(crate) fn hammers(action: Action) -> On {
    start(action, true)
}

fn start(action: Action, hammers: bool) -> On {
    critical_section::with(|cs| ACTION.borrow(cs).set(Some((action, hammers))));
    On(())
}

impl Drop for On {
    fn drop(&mut self) {
        // No handler is in the middle of something: this runs below its level.
        critical_section::with(|cs| ACTION.borrow(cs).set(None));
        BEFORE.store(total(), Relaxed);
        COUNT.store(0, Relaxed);
    }
}

/// How many interrupts there were since they were turned on.
pub(crate) fn count() -> u32 {
    COUNT.load(Relaxed)
}

/// How many there were in all.
pub(crate) fn total() -> u32 {
    BEFORE.load(Relaxed) + COUNT.load(Relaxed)
}

pub(crate) fn is_on() -> bool {
    action().is_some()
}

/// Whether it wants to be called as often as possible.
pub(crate) fn hurries() -> bool {
    action().is_some_and(|(_, hammers)| hammers)
}

/// The interrupt.
pub(crate) fn on_interrupt() {
    if let Some((action, _)) = action() {
        let nth = COUNT.load(Relaxed);
        COUNT.store(nth + 1, Relaxed);
        action(nth);
    }
}
