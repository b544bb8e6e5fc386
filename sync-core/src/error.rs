//! Errors that more than one primitive returns.

use core::fmt;

/// The primitive was closed: no task may wait on it any more.
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

/// The result of waiting on a primitive that can be closed.
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
    /// Another task waits for the same key already.
    Duplicate,
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Closed => "closed",
            Self::AlreadyConsumed => "the value has already been taken",
            Self::NeverAdded => "the wait was never added",
            Self::Duplicate => "another task waits for the same key already",
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
    /// No task waits for that key; the value comes back.
    NoMatch(V),
    /// The map is closed; the value comes back.
    Closed(V),
}
