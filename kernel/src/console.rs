//! Lines of text on the first serial port.

use core::fmt::{self, Write};

use crate::devices::serial::COM1;

/// Prints a line. Lines of several CPUs and of interrupt handlers do not mix.
#[macro_export]
macro_rules! println {
    ($($arg:tt)*) => { $crate::console::line(format_args!($($arg)*)) };
}

/// What [`println!`] calls.
pub fn line(text: fmt::Arguments<'_>) {
    // A critical section, not a lock: a handler that prints must not meet a line half written.
    critical_section::with(|_| Unlocked.line(text));
}

/// The console of a panic, which nothing may hold up.
pub(crate) struct Unlocked;

impl Unlocked {
    pub(crate) fn line(mut self, text: fmt::Arguments<'_>) {
        // Writing to a port does not fail.
        let _ = self.write_fmt(text);
        let _ = self.write_str("\n");
    }
}

impl Write for Unlocked {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.bytes().for_each(|byte| COM1.send(byte));
        Ok(())
    }
}
