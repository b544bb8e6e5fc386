//! A count that goes down to zero: the whole state is one atomic word, and passing is one load.

#![forbid(unsafe_code)]

use sync_core::{WordPolicy, bitfield};

#[bitfield(usize)]
pub(crate) struct LatchState {
    waiting: bool, // kept by the primitive
    closed: bool,  // kept by the primitive
    #[bits(..)]
    count: usize,
}

/// Opens once it has been counted down to zero, and stays open.
#[sync_core::primitive(
    method = wait, future = Wait, waiter = (),
    new(count: usize) = LatchState::new().with_count(count),
    word = LatchState,
)]
pub(crate) struct Latch;

impl WordPolicy for Latch {
    type Word = LatchState;
    type Waiter = ();
    type Value = ();

    fn take(word: LatchState, (): &()) -> Option<(LatchState, ())> {
        (word.count() == 0).then_some((word, ()))
    }
}

impl Latch {
    /// Counts down by `n`; while no task waits, that is one read-modify-write.
    pub(crate) fn count_down(&self, n: usize) {
        self.change(|word| word.with_count(word.count().saturating_sub(n)));
    }
}
