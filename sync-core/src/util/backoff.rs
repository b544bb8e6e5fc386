//! Exponential backoff for spin loops.

use crate::shim;

/// An [exponential backoff] for spin loops: each step spins twice as long as the one before, up to a limit,
/// so that many spinning processors leave the cache line alone for longer and longer.
///
/// Under `--cfg loom` or `--cfg shuttle` a step is one yield to the model's scheduler.
///
/// # Examples
///
/// ```
/// use core::sync::atomic::{AtomicBool, Ordering};
/// use sync_core::util::Backoff;
///
/// static READY: AtomicBool = AtomicBool::new(false);
///
/// std::thread::spawn(|| READY.store(true, Ordering::Release));
/// let mut backoff = Backoff::new();
/// while !READY.load(Ordering::Acquire) {
///     backoff.spin();
/// }
/// ```
///
/// [exponential backoff]: https://en.wikipedia.org/wiki/Exponential_backoff
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    exponent: u8,
    max_exponent: u8,
}

impl Backoff {
    /// The largest exponent of a backoff made by [`Backoff::new`]: at most 2<sup>8</sup> spins a step.
    pub const DEFAULT_MAX_EXPONENT: u8 = 8;

    /// Returns a backoff with the limit [`DEFAULT_MAX_EXPONENT`](Self::DEFAULT_MAX_EXPONENT).
    ///
    /// # Examples
    ///
    /// ```
    /// let mut backoff = sync_core::util::Backoff::new();
    /// backoff.spin();
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { exponent: 0, max_exponent: Self::DEFAULT_MAX_EXPONENT }
    }

    /// Returns a backoff that spins at most 2<sup>`max_exponent`</sup> times in a step.
    ///
    /// # Panics
    ///
    /// If `max_exponent` is larger than [`DEFAULT_MAX_EXPONENT`](Self::DEFAULT_MAX_EXPONENT).
    ///
    /// # Examples
    ///
    /// ```
    /// // For locks that are held for a few instructions.
    /// let mut backoff = sync_core::util::Backoff::with_max_exponent(3);
    /// backoff.spin();
    /// ```
    #[must_use]
    pub fn with_max_exponent(max_exponent: u8) -> Self {
        assert!(
            max_exponent <= Self::DEFAULT_MAX_EXPONENT,
            "a backoff's exponent is at most {}, not {max_exponent}",
            Self::DEFAULT_MAX_EXPONENT,
        );
        Self { exponent: 0, max_exponent }
    }

    /// Spins once more, twice as long as the last time, up to the limit.
    ///
    /// # Interrupts
    ///
    /// A bounded number of steps. An interrupt handler should not spin for what the code that it interrupted
    /// would do.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut backoff = sync_core::util::Backoff::new();
    /// for _ in 0..3 {
    ///     backoff.spin(); // 1, 2 and 4 spins
    /// }
    /// ```
    #[inline]
    pub fn spin(&mut self) {
        if cfg!(any(loom, shuttle)) {
            shim::hint::spin_loop();
            return;
        }
        for _ in 0..1_u32 << self.exponent {
            shim::hint::spin_loop();
        }
        if self.exponent < self.max_exponent {
            self.exponent += 1;
        }
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::Backoff;

    #[test]
    fn stops_growing_at_the_limit() {
        let mut backoff = Backoff::with_max_exponent(2);
        for _ in 0..10 {
            backoff.spin();
        }
        assert_eq!(backoff.exponent, 2);
    }

    #[test]
    #[should_panic(expected = "at most 8, not 9")]
    fn refuses_too_large_an_exponent() {
        let _ = Backoff::with_max_exponent(9);
    }
}
