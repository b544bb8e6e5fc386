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
    cell::Cell,
    future::Future,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
};

use loom::{
    cell::UnsafeCell,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
};

/// Explores the interleavings of the threads in `f` with at most two preemptions per execution, or as many
/// as `LOOM_MAX_PREEMPTIONS` says; with the roles both ways.
pub(crate) fn model(f: impl Fn(Roles) + Send + Sync + Copy + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(Some(2));
    explore(&builder, f);
}

/// As [`model`], with two preemptions whatever `LOOM_MAX_PREEMPTIONS` says: for three threads that spin. With three,
/// loom goes on past 20,000 branches in one execution, in which two of them yield to each other.
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

thread_local! {
    /// How many tasks somebody has a waker of. loom runs all threads of a model in one thread.
    static TASKS: Cell<usize> = const { Cell::new(0) };
}

/// Runs one execution, and asserts that everybody has let go of his wakers then.
fn leaks_no_waker(f: impl FnOnce()) {
    TASKS.set(0);
    f();
    assert_eq!(TASKS.get(), 0, "a waker was leaked");
}

/// There as long as somebody has a waker of its task.
struct Alive;

impl Alive {
    fn new() -> Self {
        TASKS.set(TASKS.get() + 1);
        Self
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        TASKS.set(TASKS.get() - 1);
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
struct Calls(std::sync::atomic::AtomicUsize, Alive);

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
        let calls = Arc::new(Calls(std::sync::atomic::AtomicUsize::new(0), Alive::new()));
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

    /// Polls it as another task, unless it has yielded, and returns it.
    pub(crate) fn moves(mut self) -> Self {
        if self.output.is_none() {
            self.task = Task::new();
            self.poll();
        }
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

/// Returns what `future` yields; the thread sleeps meanwhile. If nobody wakes it, loom reports a dead-lock.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    /// Wakes a thread.
    struct Unpark(thread::Thread, Alive);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(thread::current(), Alive::new())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
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

/// What one task at a time may use: loom's cell sees two at once, and one who does not come after the last.
/// A count beside it is Relaxed, so that it is exact only if each sees what those before him did.
pub(crate) struct Place {
    cell: UnsafeCell<()>,
    visits: AtomicUsize,
}

#[expect(unsafe_code, reason = "loom's cell is not shareable by itself")]
// SAFETY: there is nothing in the cell; loom's record of who uses it is what is shared.
unsafe impl Sync for Place {}

impl Place {
    /// A place where nobody has been.
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

    /// Looks at it beside others who do, and returns how many have used it alone.
    #[track_caller]
    pub(crate) fn look(&self) -> usize {
        self.cell.with(|_| self.visits.load(Relaxed))
    }
}
