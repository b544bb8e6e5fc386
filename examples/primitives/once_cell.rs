//! A value that is made once, by an initializer that may wait, and may be dropped while it does.

#![forbid(unsafe_code)]

use sync_core::{WordPolicy, bitfield, spin::InitOnce};

#[bitfield(usize)]
struct CellState {
    waiting: bool, // kept by the primitive
    closed: bool,  // kept by the primitive
    busy: bool,
    full: bool,
}

/// Whose turn it is to make the value.
#[sync_core::primitive(
    method = turn, future = Turn, waiter = (),
    new() = CellState::new(),
    word = CellState,
)]
struct Turns;

impl WordPolicy for Turns {
    type Word = CellState;
    type Waiter = ();
    type Value = bool; // whether there is a value, or it is this task's turn to make it

    fn take(word: CellState, (): &()) -> Option<(CellState, bool)> {
        let next = if word.full() { word } else { word.with_busy(true) };
        (word.full() || !word.busy()).then_some((next, word.full()))
    }

    fn put_back(word: CellState, (): &(), full: bool) -> CellState {
        word.with_busy(word.busy() && full)
    }
}

pub(crate) struct OnceCell<T> {
    value: InitOnce<T>,
    turns: Turns,
}

/// A task's turn. However it ends, the next task has its own.
struct Making<'c, T>(&'c OnceCell<T>);

impl<T> Drop for Making<'_, T> {
    fn drop(&mut self) {
        let full = self.0.value.try_get().is_some();
        self.0.turns.change(|word| word.with_busy(false).with_full(full));
    }
}

impl<T> OnceCell<T> {
    pub(crate) const fn new() -> Self {
        Self { value: InitOnce::uninitialized(), turns: Turns::new() }
    }

    /// Returns the value; without one, waits for this task's turn and makes it.
    pub(crate) async fn get_or_init(&self, make: impl AsyncFnOnce() -> T) -> &T {
        if self.value.try_get().is_none() && self.turns.turn().await == Ok(false) {
            let _making = Making(self);
            self.value.init(make().await);
        }
        self.value.get()
    }
}
