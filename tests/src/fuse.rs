//! User code that panics at exactly one of its calls, and a ledger that shows whether all of it was dropped,
//! once.
//!
//! Everything is of one thread: what a scenario makes and the calls into it are counted where the scenario
//! runs.

use alloc::{boxed::Box, vec::Vec};
use core::{
    cell::{Cell, RefCell},
    cmp::Ordering,
    hash::{Hash, Hasher},
    panic::AssertUnwindSafe,
};
use std::{
    panic::{catch_unwind, panic_any, resume_unwind},
    thread_local,
};

use crate::{Hooks, SILENT, Task, quiet, watched::not_held};

/// What kind of user code is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// `Waker::clone`.
    CloneWaker,
    /// `Waker::wake`.
    Wake,
    /// The drop of a waker.
    DropWaker,
    /// A comparison of keys.
    Compare,
    /// A hash of a key.
    Hash,
    /// A clone of a value.
    CloneValue,
    /// The drop of a key or a value.
    Drop,
    /// A policy's function or a predicate.
    Rule,
    /// The function for values that no task took.
    Undelivered,
    /// A closure: an initialiser, or what is done under a blocking lock.
    Closure,
}

impl Call {
    /// Whether the library has done by then what the operation is to do, so that a panic changes nothing but
    /// that it is passed on. The others come while it decides what to do.
    #[must_use]
    pub fn is_late(self) -> bool {
        matches!(self, Self::Wake | Self::DropWaker | Self::Drop | Self::Undelivered)
    }

    /// Whether to look if the lock is held: a waker of ours has looked already, and what decides may run
    /// under it.
    fn looks(self) -> bool {
        matches!(self, Self::CloneValue | Self::Drop | Self::Undelivered)
    }
}

/// What a scenario has made.
#[derive(Default)]
struct Ledger {
    tasks: Vec<Task>,
    /// Whether each key or value is alive.
    things: Vec<bool>,
    /// What should not have happened.
    wrong: Vec<&'static str>,
}

thread_local! {
    static ARMED: Cell<bool> = const { Cell::new(false) };
    static CALLS: Cell<usize> = const { Cell::new(0) };
    /// Which call panics.
    static AT: Cell<Option<usize>> = const { Cell::new(None) };
    static FAILED: Cell<Option<Call>> = const { Cell::new(None) };
    static LEDGER: RefCell<Ledger> = RefCell::default();
}

/// Says that user code is called; panics if this is the call for it.
///
/// # Panics
///
/// See above; and if foreign code runs under a [`Watched`](crate::watched::Watched) lock that must not.
pub fn call(what: Call) {
    if what.looks() {
        not_held();
    }
    if !ARMED.get() {
        return;
    }
    let n = CALLS.replace(CALLS.get() + 1);
    if AT.get() == Some(n) {
        FAILED.set(Some(what));
        panic_any(SILENT);
    }
}

fn ledger<T>(f: impl FnOnce(&mut Ledger) -> T) -> T {
    LEDGER.with_borrow_mut(f)
}

/// One run of a scenario, in which at most one call panics.
#[derive(Debug)]
pub struct Run(());

impl Run {
    /// Runs the operation under test, or a part of it. `None` if it panicked, as it was to.
    ///
    /// # Panics
    ///
    /// If it panics with something else, or the panic that it was to have did not come out.
    pub fn act<T>(&self, operation: impl FnOnce() -> T) -> Option<T> {
        let before = self.panicked();
        ARMED.set(true);
        let outcome = catch_unwind(AssertUnwindSafe(operation));
        ARMED.set(false);
        match outcome {
            Ok(result) => {
                assert_eq!(self.panicked(), before, "a panic is swallowed");
                Some(result)
            }
            Err(panic) if panic.downcast_ref() == Some(&SILENT) => None,
            Err(panic) => resume_unwind(panic),
        }
    }

    /// Which call has panicked.
    #[must_use]
    pub fn panicked(&self) -> Option<Call> {
        FAILED.get()
    }
}

/// Runs `operation`, with the panic of `run` if there is one. `None` if it panicked.
pub fn act<T>(run: Option<&Run>, operation: impl FnOnce() -> T) -> Option<T> {
    match run {
        Some(run) => run.act(operation),
        None => Some(operation()),
    }
}

/// Runs `scenario` without a panic, then once for each call into user code that its operation made, with a
/// panic in that one. Returns how many panics that were.
///
/// # Panics
///
/// If the scenario does, or leaves something alive, or drops something twice.
pub fn inject(name: &str, scenario: impl Fn(&Run)) -> usize {
    quiet();
    let once = |at| {
        CALLS.set(0);
        AT.set(at);
        FAILED.set(None);
        ledger(|ledger| *ledger = Ledger::default());
        let run = catch_unwind(AssertUnwindSafe(|| scenario(&Run(()))));
        if let Err(panic) = run {
            std::eprintln!("in {name}, with a panic in call {at:?} of {}: {:?}", CALLS.get(), FAILED.get());
            resume_unwind(panic);
        }
        let what = || std::format!("{name}, panic in call {at:?}: {:?}", FAILED.get());
        assert_eq!(at.is_some(), FAILED.get().is_some(), "{}: it came or it did not", what());
        ledger(|ledger| {
            assert!(ledger.wrong.is_empty(), "{}: {:?}", what(), ledger.wrong);
            let (wakers, things): (usize, usize) = (
                ledger.tasks.iter().map(Task::wakers).sum(),
                ledger.things.iter().filter(|alive| **alive).count(),
            );
            assert_eq!((wakers, things), (0, 0), "{}: wakers and values that are left", what());
        });
    };
    once(None);
    let calls = CALLS.get();
    (0..calls).for_each(|at| once(Some(at)));
    calls
}

/// Returns a task whose wakers panic when it is their turn.
#[must_use]
pub fn task() -> Task {
    let hooks = Hooks::new()
        .on_clone(|| call(Call::CloneWaker))
        .on_wake(|| call(Call::Wake))
        .on_drop(|| call(Call::DropWaker));
    let task = Task::with(hooks);
    ledger(|ledger| ledger.tasks.push(task.clone()));
    task
}

/// Something that is dropped once.
#[derive(Debug)]
struct Thing(usize);

impl Thing {
    fn new() -> Self {
        ledger(|ledger| {
            ledger.things.push(true);
            Self(ledger.things.len() - 1)
        })
    }
}

impl Drop for Thing {
    fn drop(&mut self) {
        ledger(|ledger| {
            if !core::mem::replace(&mut ledger.things[self.0], false) {
                ledger.wrong.push("a value was dropped twice");
            }
        });
        call(Call::Drop);
    }
}

/// A value.
#[derive(Debug)]
pub struct Value(#[expect(dead_code, reason = "what matters is its drop")] Thing);

impl Default for Value {
    fn default() -> Self {
        Self::new()
    }
}

impl Value {
    /// Makes one.
    #[must_use]
    pub fn new() -> Self {
        Self(Thing::new())
    }
}

impl Clone for Value {
    fn clone(&self) -> Self {
        call(Call::CloneValue);
        Self::new()
    }
}

/// A key.
#[derive(Debug)]
pub struct Key {
    /// Two keys are one if their numbers are.
    pub number: usize,
    /// `None` for one that the scenario itself uses, and drops, in the middle of the operation.
    _thing: Option<Thing>,
}

impl Key {
    /// Makes one for the library to keep.
    #[must_use]
    pub fn new(number: usize) -> Self {
        Self { number, _thing: Some(Thing::new()) }
    }

    /// Makes one to ask with.
    #[must_use]
    pub fn probe(number: usize) -> Self {
        Self { number, _thing: None }
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        call(Call::Compare);
        self.number == other.number
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        call(Call::Hash);
        self.number.hash(state);
    }
}

/// A position.
#[derive(Clone, Copy, Debug)]
pub struct Place(pub usize);

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Place {}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        call(Call::Compare);
        self.0.cmp(&other.0)
    }
}

impl sync_core::Position for Place {
    const START: Self = Self(0);
}

/// What a wait yields, whatever it is: it only has to be dropped.
pub trait Got {}

impl<T> Got for T {}

/// A wait that yields what it was given, or `None` if it was given nothing.
pub type Waiting<'s> = core::pin::Pin<Box<dyn Future<Output = Option<Box<dyn Got + 's>>> + 's>>;
