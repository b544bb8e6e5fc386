//! `defmt::Format` for errors and outcomes, with the feature `defmt`.
//!
//! Written here and not derived, so that a build without the feature knows nothing of it. What a primitive
//! prints with `Debug` is printed by `defmt::Debug2Format`.

#![expect(
    clippy::match_same_arms,
    reason = "texts are statics inside of a macro's block, which the lint does not compare"
)]

use core::any::type_name;

use defmt::{Format, Formatter, write};

use crate::{
    error::{Closed, WaitError, WakeOutcome},
    lock::spin::once::TryInitError,
    semaphore::TryAcquireError,
    state::word::field::UnknownBits,
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

#[cfg(all(test, not(loom)))]
mod tests {
    use alloc::vec::Vec;
    use std::sync::{Mutex, PoisonError};

    use super::*;

    /// What was logged since it was last taken.
    static LOGGED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

    #[defmt::global_logger]
    struct Memory;

    #[expect(unsafe_code, reason = "a logger is unsafe to implement")]
    // SAFETY: one test logs, on one thread, so that nothing comes between `acquire` and `release`.
    unsafe impl defmt::Logger for Memory {
        fn acquire() {}

        unsafe fn flush() {}

        unsafe fn release() {}

        unsafe fn write(bytes: &[u8]) {
            LOGGED.lock().unwrap_or_else(PoisonError::into_inner).extend(bytes);
        }
    }

    defmt::timestamp!("");

    /// The bytes that are logged for `value`: the number of its text, and its arguments.
    fn logged(value: impl Format) -> Vec<u8> {
        defmt::println!("{}", value);
        core::mem::take(&mut *LOGGED.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Each has a text of its own, and the values that are in it. What the text is, is in the image and not
    /// in the log: that two differ is all that shows here. Seen to fail with: one arm for `Closed` and
    /// `Busy`; a `NoMatch` without its value.
    #[test]
    fn each_is_logged_as_itself() {
        let texts = [
            logged(WaitError::Closed),
            logged(WaitError::AlreadyConsumed),
            logged(WaitError::NeverAdded),
            logged(WaitError::Duplicate),
        ];
        let alike = |one: &Vec<u8>| texts.iter().filter(|other| *other == one).count();
        assert!(texts.iter().all(|text| alike(text) == 1), "{texts:?}");
        assert_eq!(logged(Closed::new()), logged(Closed::new()));
        assert_ne!(logged(PollWaitError::Closed), logged(PollWaitError::Busy));
        assert_ne!(logged(TryAcquireError::Closed), logged(TryAcquireError::InsufficientPermits));

        let contains = |log: &[u8], bytes: &[u8]| log.windows(bytes.len()).any(|window| window == bytes);
        let (no_match, closed) =
            (WakeOutcome::NoMatch(0x0102_0304_u32), WakeOutcome::Closed(0x0102_0304_u32));
        assert_ne!(logged(no_match), logged(closed));
        assert!(contains(&logged(no_match), &[4, 3, 2, 1]));
        assert!(contains(&logged(closed), &[4, 3, 2, 1]));
        assert_ne!(logged(WakeOutcome::<u8>::Woke), logged(WakeOutcome::NoMatch(0_u8)));

        let cell = crate::lock::spin::InitOnce::from(1_u64);
        let error = cell.try_init(2).expect_err("it is full");
        assert!(contains(&logged(error), b"u64"), "the name of the type, and not the value");
        assert!(contains(&logged(UnknownBits::new("Link", 5)), &5_u128.to_le_bytes()));
    }
}
