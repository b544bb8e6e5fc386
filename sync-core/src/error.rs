//! Errors that more than one primitive returns.

use core::fmt;

/// The primitive was closed: nobody may wait on it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed(());

impl Closed {
    pub(crate) const fn new() -> Self {
        Self(())
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("closed")
    }
}

impl core::error::Error for Closed {}

/// What waiting for something that can be closed yields.
pub type WaitResult<T> = Result<T, Closed>;

/// Why a wait on a [`WaitMap`](crate::WaitMap) yields no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitError {
    /// The map was closed.
    Closed,
    /// The wait was polled again after it had yielded its value.
    AlreadyConsumed,
    /// Kept for maitake-sync's users; no wait yields it.
    NeverAdded,
    /// Somebody waits for the same key already.
    Duplicate,
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Closed => "closed",
            Self::AlreadyConsumed => "the value has already been taken",
            Self::NeverAdded => "the wait was never added",
            Self::Duplicate => "somebody waits for the same key already",
        })
    }
}

impl core::error::Error for WaitError {}

/// What became of a value that was meant for one waiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "if no task waits for the key, the value comes back, and is dropped with this"]
pub enum WakeOutcome<V> {
    /// A task was given the value, and woken.
    Woke,
    /// Nobody waits for that key; here is the value back.
    NoMatch(V),
    /// The map is closed; here is the value back.
    Closed(V),
}
