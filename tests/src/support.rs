//! Counting, sharing, and not waiting forever.

use alloc::{boxed::Box, vec::Vec};
#[expect(clippy::disallowed_types, reason = "the tests' own counts, which no model looks at")]
use core::sync::atomic::{AtomicPtr, AtomicUsize};
use core::{fmt, ptr, sync::atomic::Ordering::SeqCst, time::Duration};
use std::{
    env,
    sync::{Mutex, MutexGuard, Once, PoisonError, mpsc},
    thread,
};

/// A number that several threads count up.
#[derive(Default)]
#[expect(clippy::disallowed_types, reason = "the tests' own counts, which no model looks at")]
pub struct Count(AtomicUsize);

impl Count {
    /// Returns zero.
    pub const fn new() -> Self {
        #[expect(clippy::disallowed_types, reason = "the tests' own counts, which no model looks at")]
        Self(AtomicUsize::new(0))
    }

    /// Adds one, and returns what it was before.
    pub fn up(&self) -> usize {
        self.add(1)
    }

    /// Adds `n`, and returns what it was before.
    pub fn add(&self, n: usize) -> usize {
        self.0.fetch_add(n, SeqCst)
    }

    /// Subtracts one, unless it is zero; returns whether it was not. One shot of a trigger.
    pub fn down(&self) -> bool {
        self.0.fetch_update(SeqCst, SeqCst, |n| n.checked_sub(1)).is_ok()
    }

    /// Writes `n`.
    pub fn set(&self, n: usize) {
        self.0.store(n, SeqCst);
    }

    /// Writes zero, and returns what it was before.
    pub fn take(&self) -> usize {
        self.0.swap(0, SeqCst)
    }

    /// Reads it.
    pub fn get(&self) -> usize {
        self.0.load(SeqCst)
    }
}

impl fmt::Debug for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

/// A value that several waiters and hooks change, with a lock of the test's own that a panic leaves usable.
#[derive(Debug, Default)]
pub struct Shared<T>(Mutex<T>);

impl<T> Shared<T> {
    /// Returns `value`, shared.
    pub const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    /// Returns the value, which no other has just now.
    pub fn get_mut(&mut self) -> &mut T {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks it. Not while anything of the library runs.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Moves `value` where it stays until the program ends, so that a waker's hook may point to it.
///
/// It can be reached from a static, so that what looks for leaks (Miri, the leak sanitizer) does not take it
/// for one.
pub fn leak<T>(value: T) -> &'static T {
    static KEPT: Shared<Vec<AtomicPtr<()>>> = Shared::new(Vec::new());
    let value = Box::leak(Box::new(value));
    KEPT.lock().push(ptr::from_mut(value).cast::<()>().into());
    value
}

/// Returns `full`, or `few` where each step is interpreted, which takes a thousand times as long: under Miri.
#[must_use]
pub const fn scaled(full: usize, few: usize) -> usize {
    if cfg!(miri) { few } else { full }
}

/// Returns `all`, or under Miri the one at `number`, from the start again behind the last.
///
/// For the second of two loops: each case of the first one then has one of the second, and each of these has a case.
pub fn some<T, const N: usize>(all: [T; N], number: usize) -> impl Iterator<Item = T> {
    all.into_iter()
        .enumerate()
        .filter(move |&(place, _)| !cfg!(miri) || place == number % N)
        .map(|(_, one)| one)
}

/// Runs `test`, which passes or panics within `seconds`, or else hangs.
///
/// `TESTS_SLOWDOWN=n` has it wait `n` times as long: for an emulator, which takes many times as long for all
/// it does.
///
/// # Panics
///
/// If `test` does, or takes longer.
#[track_caller]
pub fn within(seconds: u64, test: impl FnOnce() + Send + 'static) {
    // Miri takes as long as it takes, and says so itself when every thread waits.
    if cfg!(miri) {
        return test();
    }
    let (done, when_done) = mpsc::channel();
    let thread = thread::spawn(move || {
        test();
        // The receiver may have given up.
        let _ = done.send(());
    });
    let slowdown: u64 =
        env::var("TESTS_SLOWDOWN").map_or(1, |text| text.parse().expect("TESTS_SLOWDOWN is a number"));
    let seconds = seconds * slowdown;
    match when_done.recv_timeout(Duration::from_secs(seconds)) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("it hangs: not done after {seconds} seconds"),
        // Disconnected: it panicked, and the join below says so.
        Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => {}
    }
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

/// The message of panics that are part of a test, which [`quiet`] does not print.
pub const SILENT: &str = "part of the test";

/// Keeps the panics that belong to a test off the output.
pub fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if panic.payload_as_str() != Some(SILENT) {
                print(panic);
            }
        }));
    });
}
