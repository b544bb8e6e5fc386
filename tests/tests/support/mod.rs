//! What the models share: how they are run, tasks that are polled by hand, and the pairs of operations.

#![expect(dead_code, reason = "every model file uses its own part")]

pub(crate) mod pairs;

use std::{
    fmt::Debug,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
};

use loom::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Explores the interleavings of the threads in `f` with at most two preemptions per execution, or as many
/// as `LOOM_MAX_PREEMPTIONS` says.
pub(crate) fn model(f: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(Some(2));
    builder.check(f);
}

/// Explores every interleaving of the threads in `f`, unless `LOOM_MAX_PREEMPTIONS` is set.
pub(crate) fn exhaustive(f: impl Fn() + Send + Sync + 'static) {
    loom::model::Builder::new().check(f);
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
    pub(crate) fn poll<F: Future + ?Sized>(&self, future: &mut Pin<Box<F>>) -> Poll<F::Output> {
        future.as_mut().poll(&mut self.cx())
    }

    /// Polls `future`, which must have to wait.
    pub(crate) fn queue<F: Future<Output: Debug> + ?Sized>(&self, future: &mut Pin<Box<F>>) {
        let poll = self.poll(future);
        assert!(poll.is_pending(), "it was to wait: {poll:?}");
    }

    /// Polls `future` as an executor would: because this task was woken. Returns what it yields.
    ///
    /// A wake-up that was lost, or that went to another task's waker, fails here.
    #[track_caller]
    pub(crate) fn woken<F: Future + ?Sized>(&self, future: &mut Pin<Box<F>>) -> F::Output {
        assert!(self.calls() > 0, "nobody called this task's waker");
        match self.poll(future) {
            Poll::Ready(output) => output,
            Poll::Pending => panic!("woken for nothing"),
        }
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
