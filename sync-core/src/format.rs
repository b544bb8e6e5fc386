//! `defmt::Format` for errors and outcomes, with the feature `defmt`.
//!
//! Written here and not derived, so that a build without the feature knows nothing of it. What a primitive prints with
//! `Debug` is printed by `defmt::Debug2Format`.

use core::any::type_name;

use defmt::{Format, Formatter, write};

use crate::{
    error::{Closed, WaitError, WakeOutcome},
    semaphore::TryAcquireError,
    spin::once::TryInitError,
    state::field::UnknownBits,
    wait_cell::PollWaitError,
};

impl Format for Closed {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "Closed");
    }
}

impl Format for WaitError {
    fn format(&self, f: Formatter<'_>) {
        match self {
            Self::Closed => write!(f, "Closed"),
            Self::AlreadyConsumed => write!(f, "AlreadyConsumed"),
            Self::NeverAdded => write!(f, "NeverAdded"),
            Self::Duplicate => write!(f, "Duplicate"),
        }
    }
}

impl<V: Format> Format for WakeOutcome<V> {
    fn format(&self, f: Formatter<'_>) {
        match self {
            Self::Woke => write!(f, "Woke"),
            Self::NoMatch(value) => write!(f, "NoMatch({})", value),
            Self::Closed(value) => write!(f, "Closed({})", value),
        }
    }
}

impl Format for PollWaitError {
    fn format(&self, f: Formatter<'_>) {
        match self {
            Self::Closed => write!(f, "Closed"),
            Self::Busy => write!(f, "Busy"),
        }
    }
}

impl Format for TryAcquireError {
    fn format(&self, f: Formatter<'_>) {
        match self {
            Self::Closed => write!(f, "Closed"),
            Self::InsufficientPermits => write!(f, "InsufficientPermits"),
        }
    }
}

/// The rejected value need not be printable, and is not printed.
impl<T> Format for TryInitError<T> {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "TryInitError<{=str}>", type_name::<T>());
    }
}

impl Format for UnknownBits {
    fn format(&self, f: Formatter<'_>) {
        write!(f, "UnknownBits({=u128:#b})", self.bits());
    }
}
