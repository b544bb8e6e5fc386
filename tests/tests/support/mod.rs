//! What the models share: how they are run, tasks that are polled by hand, and the pairs of operations.

#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    clippy::allow_attributes,
    reason = "each file of models uses its own part, and one may use all"
)]

pub(crate) mod pairs;

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
};

use loom::{
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
};

/// Explores the interleavings of the threads in `f` with at most two preemptions per execution, or as many
/// as `LOOM_MAX_PREEMPTIONS` says; with the roles both ways.
pub(crate) fn model(f: impl Fn(Roles) + Send + Sync + Copy + 'static) {
    for roles in [Roles { swapped: false }, Roles { swapped: true }] {
        let mut builder = loom::model::Builder::new();
        builder.preemption_bound = builder.preemption_bound.or(Some(2));
        builder.check(move || f(roles));
    }
}

/// Explores every interleaving of the threads in `f`, unless `LOOM_MAX_PREEMPTIONS` is set; with the roles
/// both ways.
pub(crate) fn exhaustive(f: impl Fn(Roles) + Send + Sync + Copy + 'static) {
    for roles in [Roles { swapped: false }, Roles { swapped: true }] {
        loom::model::Builder::new().check(move || f(roles));
    }
}

/// Who is the main thread.
///
/// It matters: what the main thread does first after it has spawned the other, loom hardly ever delays.
/// Seen with a `wake` that robs a `wake_all`, which one way round is never found.
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

/// What a `static` is in a program: loom's threads borrow nothing shorter.
///
/// One execution makes a few hundred bytes of them, which are not given back.
pub(crate) fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// A task that is polled by hand and counts how often it was woken.
#[derive(Clone)]
pub(crate) struct Task {
    waker: Waker,
    calls: Arc<Calls>,
}

/// Not one of loom's atomics: the count is the model's book-keeping and must order nothing. loom runs one
/// thread at a time, so it is exact.
#[expect(clippy::disallowed_types, reason = "see above: loom must not see it")]
struct Calls(std::sync::atomic::AtomicUsize);

impl Wake for Calls {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }
}

impl Task {
    /// A task that was not woken yet.
    #[expect(clippy::disallowed_types, reason = "see `Calls`")]
    pub(crate) fn new() -> Self {
        let calls = Arc::new(Calls(std::sync::atomic::AtomicUsize::new(0)));
        Self { waker: Waker::from(Arc::clone(&calls)), calls }
    }

    /// How often it was woken.
    pub(crate) fn calls(&self) -> usize {
        self.calls.0.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// What `poll` wants.
    pub(crate) fn cx(&self) -> Context<'_> {
        Context::from_waker(&self.waker)
    }

    /// Polls `future` once.
    pub(crate) fn poll<F: Future + ?Sized>(&self, future: Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut self.cx())
    }
}

/// A wait, the task that polls it, and what it has yielded.
pub(crate) struct Waiter<F: Future> {
    task: Task,
    wait: Pin<Box<F>>,
    output: Option<F::Output>,
}

impl<F: Future> Waiter<F> {
    /// One that was polled up to `times` times; it is enough for it to be ready once.
    pub(crate) fn polled(times: usize, wait: F) -> Self {
        let mut this = Self { task: Task::new(), wait: Box::pin(wait), output: None };
        for _ in 0..times {
            this.poll();
        }
        this
    }

    /// One that was polled and has to wait.
    pub(crate) fn queued(wait: F) -> Self {
        let this = Self::polled(1, wait);
        assert!(!this.is_ready(), "it was to wait");
        this
    }

    /// Polls it, unless it has yielded, and returns it.
    pub(crate) fn polls(mut self) -> Self {
        self.poll();
        self
    }

    /// Polls it, unless it has yielded.
    pub(crate) fn poll(&mut self) {
        if self.output.is_some() {
            return;
        }
        if let Poll::Ready(output) = self.task.poll(self.wait.as_mut()) {
            self.output = Some(output);
        }
    }

    /// Whether it has yielded.
    pub(crate) fn is_ready(&self) -> bool {
        self.output.is_some()
    }

    /// How often its task was woken.
    pub(crate) fn calls(&self) -> usize {
        self.task.calls()
    }

    /// The wait itself.
    pub(crate) fn wait(&mut self) -> Pin<&mut F> {
        self.wait.as_mut()
    }

    /// What it yields, now if not before; its task is polled only because it was woken, as an executor
    /// does it. A wake-up that is lost, or that calls the wrong waker, fails here.
    #[track_caller]
    pub(crate) fn yields(mut self) -> F::Output {
        if self.output.is_none() {
            assert!(self.calls() > 0, "nobody called this task's waker");
            self.poll();
        }
        self.output.take().expect("woken for nothing")
    }

    /// Asserts that it goes on waiting, undisturbed.
    #[track_caller]
    pub(crate) fn waits(mut self) {
        self.poll();
        assert!(!self.is_ready(), "nobody was to wake it");
        assert_eq!(self.calls(), 0, "woken for nothing");
    }
}

/// A pinned wait.
pub(crate) fn pinned<F: Future>(future: F) -> Pin<Box<F>> {
    Box::pin(future)
}

/// What a waker's task did before it woke somebody: all accesses are Relaxed, so it is the primitive
/// alone that makes them visible.
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
