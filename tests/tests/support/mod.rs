//! What the models share beside the test kit: how they are run, and the pairs of operations.

#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    clippy::allow_attributes,
    reason = "each file of models uses its own part, and one may use all"
)]

pub(crate) mod pairs;

use std::{future::Future, pin::Pin};

use loom::{
    cell::UnsafeCell,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
};
use tests::WAKERS;
pub(crate) use tests::{Task, Waiter, block_on, leak};

/// Explores the interleavings of the threads in `f` with at most two preemptions per execution, or as many
/// as `LOOM_MAX_PREEMPTIONS` says; with the roles both ways.
pub(crate) fn model(f: impl Fn(Roles) + Send + Sync + Copy + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(Some(2));
    explore(&builder, f);
}

/// As [`model`], with two preemptions whatever `LOOM_MAX_PREEMPTIONS` says: for three threads that spin. With
/// three, loom goes on past 20,000 branches in one execution, in which two of them yield to each other.
pub(crate) fn model_of_spinners(f: impl Fn(Roles) + Send + Sync + Copy + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(2);
    explore(&builder, f);
}

/// Explores every interleaving of the threads in `f`, whatever `LOOM_MAX_PREEMPTIONS` says; with the roles
/// both ways.
pub(crate) fn exhaustive(f: impl Fn(Roles) + Send + Sync + Copy + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = None;
    explore(&builder, f);
}

/// Prints how many executions there were; `--nocapture` shows it.
fn explore(builder: &loom::model::Builder, f: impl Fn(Roles) + Send + Sync + Copy + 'static) {
    // Not loom's: it goes from one execution to the next.
    let executions = std::sync::Arc::new(std::sync::Mutex::new(0_u64));
    for roles in [Roles { swapped: false }, Roles { swapped: true }] {
        let count = executions.clone();
        builder.check(move || {
            *count.lock().unwrap() += 1;
            leaks_no_waker(|| f(roles));
        });
    }
    println!("executions: {}", executions.lock().unwrap());
}

/// Runs one execution, and asserts that no waker is left then.
fn leaks_no_waker(f: impl FnOnce()) {
    WAKERS.set(0);
    f();
    assert_eq!(WAKERS.get(), 0, "a waker was leaked");
}

/// Which of the two is the main thread.
///
/// It matters: what the main thread does first after it has spawned the other, loom hardly ever delays.
/// Seen with a `wake` that robs a `wake_all`: with the roles one way it is never found.
#[derive(Clone, Copy)]
pub(crate) struct Roles {
    pub(crate) swapped: bool,
}

impl Roles {
    /// Runs `f` and `g` at once, and returns what they return.
    pub(crate) fn at_once<A: Send + 'static, B: Send + 'static>(
        self,
        f: impl FnOnce() -> A + Send + 'static,
        g: impl FnOnce() -> B + Send + 'static,
    ) -> (A, B) {
        if self.swapped {
            let other = thread::spawn(f);
            let b = g();
            (other.join().unwrap(), b)
        } else {
            let other = thread::spawn(g);
            (f(), other.join().unwrap())
        }
    }
}

/// A pinned wait.
pub(crate) fn pinned<F: Future>(future: F) -> Pin<Box<F>> {
    Box::pin(future)
}

/// What a task did before it woke another: all accesses are Relaxed, so it is the primitive alone that makes
/// them visible.
pub(crate) struct Work(AtomicUsize);

impl Work {
    /// Not done.
    pub(crate) fn new() -> Self {
        Self(AtomicUsize::new(0))
    }

    /// Does it.
    pub(crate) fn done(&self) {
        self.0.store(1, Relaxed);
    }

    /// Whether it is seen here.
    pub(crate) fn seen(&self) -> bool {
        self.0.load(Relaxed) == 1
    }
}

/// What one task at a time may use: loom's cell sees two at once, and one that does not come after the last.
/// A count beside it is Relaxed, so that it is exact only if each sees what those before it did.
pub(crate) struct Place {
    cell: UnsafeCell<()>,
    visits: AtomicUsize,
}

#[expect(unsafe_code, reason = "loom's cell is not shareable by itself")]
// SAFETY: there is nothing in the cell; loom's record of its users is what is shared.
unsafe impl Sync for Place {}

impl Place {
    /// A place that was not used.
    pub(crate) fn new() -> Self {
        Self { cell: UnsafeCell::new(()), visits: AtomicUsize::new(0) }
    }

    /// Uses it alone, and returns how many did before.
    #[track_caller]
    pub(crate) fn visit(&self) -> usize {
        self.cell.with_mut(|_| {
            let before = self.visits.load(Relaxed);
            self.visits.store(before + 1, Relaxed);
            before
        })
    }

    /// Looks at it, perhaps alongside others, and returns how many have used it alone.
    #[track_caller]
    pub(crate) fn look(&self) -> usize {
        self.cell.with(|_| self.visits.load(Relaxed))
    }
}
