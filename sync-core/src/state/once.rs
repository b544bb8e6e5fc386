//! The word of a cell that is filled once: [`InitOnce`](crate::lock::spin::InitOnce),
//! [`Lazy`](crate::lock::spin::Lazy).
//!
//! # States
//!
//! | state | `running` | `ready` | the value | belongs to | entered by | left by |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | vacant | 0 | 0 | none | nothing | `give_up` | `begin` |
//! | running | 1 | 0 | none, until it is written | the initializer | `begin` | `finish`, `give_up` |
//! | ready | 0 | 1 | there | all, to be read | `finish` | never, while the cell is shared |
//!
//! Impossible (asserted): `running` with `ready`.
//!
//! # Invariants
//!
//! - **O1** Between `begin` and `finish` or `give_up`, the caller of `begin` alone reaches the value.
//! - **O2** In the state ready the value is initialised, and nothing writes it while the cell is shared.
//! - **O3** In every other state the value is not initialised, or is about to be published by the
//!   initializer.
//!
//! # Orderings
//!
//! | site | order | pairs with | why |
//! | --- | --- | --- | --- |
//! | `is_ready` | `Acquire` | `finish` | one that finds the value ready sees it |
//! | `begin` | `Acquire`, on failure too | `finish`, `give_up` | the same; and an initializer sees what one did before it that gave up |
//! | `finish` | `Release` | `is_ready`, `begin` | publishes the value |
//! | `give_up` | `Release` | `begin` | hands the cell on |
//!
//! Models: `tests/loom_blocking.rs`.

use sync_macros::bitfield;

use crate::shim::atomic::Ordering::{Acquire, Relaxed, Release};

/// The word of a cell that is filled once.
#[bitfield(u8, atomic = AtomicOnceState)]
#[derive(PartialEq, Eq)]
pub(crate) struct OnceState {
    /// The value is being made.
    running: bool,
    /// The value is there.
    ready: bool,
}

impl OnceState {
    /// There is no value.
    pub(crate) const WHEN_VACANT: Self = Self::new();
    /// The value is being made.
    pub(crate) const WHEN_RUNNING: Self = Self::new().with_running(true);
    /// The value is there.
    pub(crate) const WHEN_READY: Self = Self::new().with_ready(true);
}

/// What is found by a caller that could make the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Begin {
    /// Nothing: the caller makes it now.
    Claimed,
    /// Another caller makes it.
    Running,
    /// The value.
    Ready,
}

impl AtomicOnceState {
    /// Whether the value is there, and may be read.
    #[inline(always)]
    pub(crate) fn is_ready(&self) -> bool {
        self.load(Acquire) == OnceState::WHEN_READY
    }

    /// Whether the value is there, for an assertion: it orders nothing, so that a build without assertions,
    /// and a model with them, have the same order.
    pub(crate) fn looks_ready(&self) -> bool {
        self.load(Relaxed) == OnceState::WHEN_READY
    }

    /// Whether the value is being made, for a message.
    pub(crate) fn is_running(&self) -> bool {
        // Ordering: nothing is read on the strength of it.
        self.load(Relaxed).running()
    }

    /// Claims the cell, unless there is something.
    pub(crate) fn begin(&self) -> Begin {
        match self.compare_exchange(OnceState::WHEN_VACANT, OnceState::WHEN_RUNNING, Acquire, Acquire) {
            Ok(_) => Begin::Claimed,
            Err(state) => {
                debug_assert!(state.running() != state.ready(), "{state:?}");
                if state.ready() { Begin::Ready } else { Begin::Running }
            }
        }
    }

    /// Says that the value is there; the caller has claimed the cell and written it.
    pub(crate) fn finish(&self) {
        let was = self.swap(OnceState::WHEN_READY, Release);
        debug_assert_eq!(was, OnceState::WHEN_RUNNING, "the cell was not claimed");
    }

    /// Says that there is no value after all; the caller has claimed the cell.
    pub(crate) fn give_up(&self) {
        let was = self.swap(OnceState::WHEN_VACANT, Release);
        debug_assert_eq!(was, OnceState::WHEN_RUNNING, "the cell was not claimed");
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_then_nobody() {
        let state = AtomicOnceState::new(OnceState::WHEN_VACANT);
        assert!(!state.is_ready());
        assert_eq!(state.begin(), Begin::Claimed);
        assert!(!state.is_ready());
        assert_eq!(state.begin(), Begin::Running);
        state.give_up();
        assert_eq!(state.begin(), Begin::Claimed);
        state.finish();
        assert!(state.is_ready());
        assert_eq!(state.begin(), Begin::Ready);
    }
}
