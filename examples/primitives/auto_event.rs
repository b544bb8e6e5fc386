//! An event that lets one task through each time it is set: a word, of which taking is one read-modify-write.

#![forbid(unsafe_code)]

use sync_core::{WordPolicy, bitfield};

#[bitfield(usize)]
pub(crate) struct AutoEventState {
    waiting: bool, // kept by the primitive
    closed: bool,  // kept by the primitive
    set: bool,
}

/// Lets one task through each time it is set.
#[sync_core::primitive(
    method = wait, future = Wait, waiter = (),
    new() = AutoEventState::new(),
    word = AutoEventState,
)]
pub(crate) struct AutoEvent;

impl WordPolicy for AutoEvent {
    type Word = AutoEventState;
    type Waiter = ();
    type Value = ();

    fn take(word: AutoEventState, (): &()) -> Option<(AutoEventState, ())> {
        word.set().then_some((word.with_set(false), ()))
    }

    // A waiter that was let through is dropped: the next one is let through instead.
    fn put_back(word: AutoEventState, (): &(), (): ()) -> AutoEventState {
        word.with_set(true)
    }
}

impl AutoEvent {
    /// Lets the oldest waiter through, or else the next task that comes.
    pub(crate) fn set(&self) {
        self.change(|word| word.with_set(true));
    }

    /// Takes the event if it is set; returns whether it was.
    pub(crate) fn try_wait(&self) -> bool {
        self.try_take(&()).is_some()
    }
}
