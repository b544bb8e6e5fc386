//! The word of a [`RwSpinlock`](crate::lock::spin::RwSpinlock).
//!
//! # States
//!
//! | state | `writer` | `readers` | the value belongs to | entered by | left by |
//! | --- | --- | --- | --- | --- | --- |
//! | free | 0 | 0 | nothing | `unshare` of the last reader, `unexclude` | `share`, `share_at_once`, `try_exclude`, `exclude_or_ask` |
//! | shared | 0 | *n* > 0 | *n* readers | `share`, `share_at_once` | `unshare`, by each of them |
//! | exclusive | 1 | 0 | one writer | `try_exclude`, `exclude_or_ask` | `unexclude`, by that writer |
//!
//! `waiting` may be set in any row: a writer that cannot get in sets it (`exclude_or_ask`), and each writer
//! that gets in that way clears it; others that still wait set it again. So it is set only while a task
//! waits, which cannot give up. It grants nothing; it keeps polite readers, and those that only try, away.
//!
//! Impossible (asserted): `writer` with `readers`. And a `readers` that is full is never added to: `share`
//! refuses.
//!
//! # Orderings
//!
//! Every transition is one read-modify-write on one word, so they have one order.
//!
//! | site | order | pairs with | why |
//! | --- | --- | --- | --- |
//! | `share`, `share_at_once` | `Acquire` | `unexclude` | a reader sees what the last writer wrote |
//! | `try_exclude`, `exclude_or_ask` | `Acquire` | `unexclude`, `unshare` | a writer sees what the last writer wrote, and writes after every reader has read: the other transitions between are read-modify-writes, which carry an earlier `Release` on |
//! | `unshare`, `unexclude` | `Release` | the above | |
//! | every failure, and every first load | `Relaxed` | | only a guess for the exchange, or a refusal, which tells nothing about the value |
//!
//! Models: `tests/loom_blocking.rs`.

use sync_macros::bitfield;

use crate::shim::atomic::Ordering::{Acquire, Relaxed, Release};

/// The word of a lock for readers and writers.
///
/// With the readers lowest, "nothing is in the way and there is room" is one comparison: see
/// [`RwState::admits`].
#[bitfield(u32, atomic = AtomicRwState)]
#[derive(PartialEq, Eq)]
pub(crate) struct RwState {
    /// How many readers hold the lock.
    #[bits(30)]
    readers: u32,
    /// A writer waits.
    waiting: bool,
    /// A writer holds the lock.
    writer: bool,
}

/// How a reader treats writers that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// It lets them go first.
    Yields,
    /// It does not.
    Barges,
}

/// Why a reader is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A writer holds the lock.
    Writer,
    /// A writer waits for it.
    Waiting,
    /// There are as many readers as the word can count.
    Full,
}

impl RwState {
    /// How many readers the word can count.
    pub(crate) const MAX_READERS: u32 = Self::READERS.max_value();

    /// It is free.
    #[inline(always)]
    fn is_free(self) -> bool {
        !self.writer() && self.readers() == 0
    }

    /// It is held.
    #[inline(always)]
    pub(crate) fn is_locked(self) -> bool {
        !self.is_free()
    }

    /// Whether a polite reader is let in: no writer is here or waits, and the count is not full.
    #[inline(always)]
    fn admits(self) -> bool {
        // The flags are above the count, so each of them makes the word larger than any count.
        self.bits() < Self::MAX_READERS
    }

    /// Counts a reader; there is room for it, so that no carry reaches the flags.
    #[inline(always)]
    fn with_one_more_reader(self) -> Self {
        Self::from_bits(self.bits().wrapping_add(1))
    }

    /// Why a reader is not let in now, if it is not.
    fn refuses(self, manners: Reader) -> Option<Refusal> {
        if self.writer() {
            Some(Refusal::Writer)
        } else if self.waiting() && manners == Reader::Yields {
            Some(Refusal::Waiting)
        } else if self.readers() == Self::MAX_READERS {
            Some(Refusal::Full)
        } else {
            None
        }
    }
}

// What `admits` and the arithmetic on the count rely on.
const _: () = assert!(RwState::READERS.raw_mask() == RwState::MAX_READERS);

impl AtomicRwState {
    /// Lets a polite reader in, in the common case that no other comes or goes at the same time.
    #[inline(always)]
    pub(crate) fn share_at_once(&self) -> bool {
        let state = self.load(Relaxed);
        state.admits() && self.compare_exchange(state, state.with_one_more_reader(), Acquire, Relaxed).is_ok()
    }

    /// Lets a reader in, or says why not.
    pub(crate) fn share(&self, manners: Reader) -> Result<(), Refusal> {
        let mut state = self.load(Relaxed);
        loop {
            if let Some(refusal) = state.refuses(manners) {
                return Err(refusal);
            }
            match self.compare_exchange_weak(state, state.with_one_more_reader(), Acquire, Relaxed) {
                Ok(_) => return Ok(()),
                Err(actual) => state = actual,
            }
        }
    }

    /// A reader goes.
    #[inline(always)]
    pub(crate) fn unshare(&self) {
        // Minus one on the whole word: it is counted, so that nothing is borrowed from the flags.
        let was = self.0.fetch_add(0, u32::BITS, u32::MAX, Release);
        debug_assert!(!was.writer() && was.readers() > 0, "no reader holds it: {was:?}");
    }

    /// Lets a writer in if nothing holds the lock and no other writer waits.
    #[inline(always)]
    pub(crate) fn try_exclude(&self) -> bool {
        let free = const { RwState::new() };
        self.compare_exchange(free, free.with_writer(true), Acquire, Relaxed).is_ok()
    }

    /// Lets a writer in if nothing holds the lock; otherwise says that one waits.
    pub(crate) fn exclude_or_ask(&self) -> bool {
        let mut state = self.load(Relaxed);
        loop {
            let next = if state.is_free() {
                state.with_waiting(false).with_writer(true)
            } else if state.waiting() {
                return false;
            } else {
                state.with_waiting(true)
            };
            match self.compare_exchange_weak(state, next, Acquire, Relaxed) {
                Ok(_) => return state.is_free(),
                Err(actual) => state = actual,
            }
        }
    }

    /// The writer goes.
    #[inline(always)]
    pub(crate) fn unexclude(&self) {
        let was = self.fetch_clear_writer(Release);
        debug_assert!(was.writer() && was.readers() == 0, "no writer holds it: {was:?}");
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn word(writer: bool, waiting: bool, readers: u32) -> RwState {
        RwState::new().with_writer(writer).with_waiting(waiting).with_readers(readers)
    }

    #[test]
    fn a_reader_is_told_why_it_is_refused() {
        use Reader::{Barges, Yields};
        use Refusal::{Full, Waiting, Writer};
        let max = RwState::MAX_READERS;
        for (state, polite, rude) in [
            (word(false, false, 0), Ok(()), Ok(())),
            (word(false, false, 3), Ok(()), Ok(())),
            (word(false, true, 0), Err(Waiting), Ok(())),
            (word(false, true, 3), Err(Waiting), Ok(())),
            (word(true, false, 0), Err(Writer), Err(Writer)),
            (word(true, true, 0), Err(Writer), Err(Writer)),
            (word(false, false, max - 1), Ok(()), Ok(())),
            (word(false, false, max), Err(Full), Err(Full)),
            (word(false, true, max), Err(Waiting), Err(Full)),
        ] {
            for (manners, expected) in [(Yields, polite), (Barges, rude)] {
                let cell = AtomicRwState::new(state);
                assert_eq!(cell.share(manners), expected, "{state:?} {manners:?}");
                if manners == Yields {
                    assert_eq!(AtomicRwState::new(state).share_at_once(), expected.is_ok(), "{state:?}");
                }
                let after = cell.load(Relaxed);
                match expected {
                    Ok(()) => {
                        assert_eq!(after, state.with_readers(state.readers() + 1));
                        cell.unshare();
                        assert_eq!(cell.load(Relaxed), state);
                    }
                    // A refusal changes nothing.
                    Err(_) => assert_eq!(after, state),
                }
            }
        }
    }

    #[test]
    fn a_writer_gets_in_or_is_seen_to_wait() {
        for (state, gets_in, after) in [
            (word(false, false, 0), true, word(true, false, 0)),
            (word(false, true, 0), true, word(true, false, 0)),
            (word(false, false, 2), false, word(false, true, 2)),
            (word(false, true, 2), false, word(false, true, 2)),
            (word(true, false, 0), false, word(true, true, 0)),
            (word(true, true, 0), false, word(true, true, 0)),
        ] {
            let cell = AtomicRwState::new(state);
            assert_eq!(cell.exclude_or_ask(), gets_in, "{state:?}");
            assert_eq!(cell.load(Relaxed), after, "{state:?}");

            let cell = AtomicRwState::new(state);
            let free = state == RwState::new();
            assert_eq!(cell.try_exclude(), free, "{state:?}");
            assert_eq!(cell.load(Relaxed), state.with_writer(state.writer() || free), "{state:?}");
        }
    }

    #[test]
    fn who_goes_leaves_the_waiting_alone() {
        let cell = AtomicRwState::new(word(true, true, 0));
        cell.unexclude();
        assert_eq!(cell.load(Relaxed), word(false, true, 0));
        let cell = AtomicRwState::new(word(false, true, 2));
        cell.unshare();
        assert_eq!(cell.load(Relaxed), word(false, true, 1));
    }

    #[test]
    fn locked_is_not_waited_for() {
        assert!(!word(false, false, 0).is_locked());
        assert!(!word(false, true, 0).is_locked());
        assert!(word(false, false, 1).is_locked());
        assert!(word(true, false, 0).is_locked());
    }
}
