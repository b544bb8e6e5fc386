//! Tasks that are polled by hand, and waits with their tasks.

use alloc::{boxed::Box, sync::Arc};
use core::{
    fmt,
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use crate::{Hooks, Shared};

/// A task: it polls, and knows how often it was woken and how many wakers it has. A clone is the same task.
///
/// Its counts are none of loom's or shuttle's atomics: they are the test's bookkeeping and order nothing.
#[derive(Clone, Default)]
pub struct Task(Arc<Hooks>);

impl Task {
    /// Returns a task that was never woken.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a task whose wakers run `hooks`.
    #[must_use]
    pub fn with(hooks: Hooks) -> Self {
        Self(Arc::new(hooks))
    }

    /// Returns a waker of this task.
    #[must_use]
    pub fn waker(&self) -> Waker {
        self.0.another_waker()
    }

    /// Polls `future` once, as this task.
    pub fn poll<F: Future + ?Sized>(&self, future: Pin<&mut F>) -> Poll<F::Output> {
        self.0.with_waker(|waker| future.poll(&mut Context::from_waker(waker)))
    }

    /// Returns how often it was woken.
    #[must_use]
    pub fn woken(&self) -> usize {
        self.0.woken()
    }

    /// Returns how many wakers of this task exist.
    #[must_use]
    pub fn wakers(&self) -> usize {
        self.0.wakers()
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("woken", &self.woken()).finish_non_exhaustive()
    }
}

/// Polls `future` once, as a task of its own.
pub fn poll<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    Task::new().poll(future)
}

/// Returns what `future` yields at its first poll.
///
/// # Panics
///
/// If it has to wait.
#[track_caller]
pub fn ready<F: Future>(future: F) -> F::Output {
    match poll(pin!(future)) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it has to wait"),
    }
}

/// A wait that yields whether it was woken (or else the primitive was closed).
pub type Waiting = Pin<Box<dyn Future<Output = bool> + Send>>;

/// A wait with its task, and what it has yielded; a hook of a waker may poll or drop it, too.
pub struct Waiter<F: Future = Waiting> {
    /// The task that it is polled as, unless with another waker.
    pub task: Task,
    wait: Shared<Option<Pin<Box<F>>>>,
    output: Shared<Output<F::Output>>,
}

enum Output<T> {
    Awaited,
    There(T),
    Taken,
}

impl<F: Future> Waiter<F> {
    /// Returns one that was not polled.
    pub fn new(wait: F) -> Self {
        let wait = Shared::new(Some(Box::pin(wait)));
        Self { task: Task::new(), wait, output: Shared::new(Output::Awaited) }
    }

    /// Returns one that was polled up to `times` times; it is enough for it to be ready once.
    pub fn polled(times: usize, wait: F) -> Self {
        let this = Self::new(wait);
        (0..times).for_each(|_| this.poll());
        this
    }

    /// Returns one that was polled and has to wait.
    ///
    /// # Panics
    ///
    /// If it is ready.
    #[track_caller]
    pub fn queued(wait: F) -> Self {
        let this = Self::polled(1, wait);
        assert!(!this.is_ready(), "it was to wait");
        this
    }

    /// Polls it with `waker`, unless it has yielded or is being polled. If that panics, its wait is gone.
    pub fn poll_with(&self, waker: &Waker) {
        if !matches!(*self.output.lock(), Output::Awaited) {
            return;
        }
        let Some(mut wait) = self.wait.lock().take() else { return };
        if let Poll::Ready(output) = wait.as_mut().poll(&mut Context::from_waker(waker)) {
            *self.output.lock() = Output::There(output);
        }
        *self.wait.lock() = Some(wait);
    }

    /// Polls it as its task.
    pub fn poll(&self) {
        self.task.0.with_waker(|waker| self.poll_with(waker));
    }

    /// Polls it as its task, in place: if that panics, it waits on as before.
    pub fn poll_in_place(&mut self) {
        if self.is_pending()
            && let Poll::Ready(output) = self.poll_now()
        {
            self.output = Shared::new(Output::There(output));
        }
    }

    /// Polls it, and returns it.
    #[must_use]
    pub fn polls(self) -> Self {
        self.poll();
        self
    }

    /// Polls it as `task` from now on, unless it has yielded.
    pub fn poll_as(&mut self, task: Task) {
        if self.is_pending() {
            self.task = task;
            self.poll();
        }
    }

    /// Polls it as another task, unless it has yielded, and returns it.
    #[must_use]
    pub fn moves(mut self) -> Self {
        self.poll_as(Task::new());
        self
    }

    /// Polls its wait, even if that has yielded, and returns what that yields now.
    ///
    /// # Panics
    ///
    /// If it is gone.
    pub fn poll_now(&mut self) -> Poll<F::Output> {
        let task = self.task.clone();
        task.poll(self.wait())
    }

    /// Returns the wait itself.
    ///
    /// # Panics
    ///
    /// If it is gone.
    pub fn wait(&mut self) -> Pin<&mut F> {
        self.wait.get_mut().as_mut().expect("the wait is there").as_mut()
    }

    /// Drops the wait.
    pub fn cancel(&self) {
        let wait = self.wait.lock().take();
        drop(wait);
    }

    /// Returns whether there is a wait that has not yielded.
    pub fn is_pending(&self) -> bool {
        matches!(*self.output.lock(), Output::Awaited) && self.wait.lock().is_some()
    }

    /// Returns whether it has yielded something that was not taken since.
    pub fn is_ready(&self) -> bool {
        matches!(*self.output.lock(), Output::There(_))
    }

    /// Returns whether it has yielded.
    pub fn has_yielded(&self) -> bool {
        !matches!(*self.output.lock(), Output::Awaited)
    }

    /// Looks at what it has yielded, if that was not taken.
    pub fn peek<R>(&self, look: impl FnOnce(&F::Output) -> R) -> Option<R> {
        match &*self.output.lock() {
            Output::There(output) => Some(look(output)),
            Output::Awaited | Output::Taken => None,
        }
    }

    /// Takes what it has yielded.
    pub fn take(&self) -> Option<F::Output> {
        let mut output = self.output.lock();
        match core::mem::replace(&mut *output, Output::Taken) {
            Output::There(output) => Some(output),
            other => {
                *output = other;
                None
            }
        }
    }

    /// Returns how often its task was woken.
    pub fn woken(&self) -> usize {
        self.task.woken()
    }

    /// Returns whether its task was woken.
    pub fn is_told(&self) -> bool {
        self.woken() > 0
    }

    /// Returns what it yields, now if not before; its task is polled only because it was woken, as an
    /// executor does it. A wake-up that is lost, or that calls the wrong waker, fails here.
    ///
    /// # Panics
    ///
    /// See above.
    #[track_caller]
    pub fn yields(self) -> F::Output {
        if !self.is_ready() {
            assert!(self.woken() > 0, "the waker of its task was not called");
            self.poll();
        }
        self.take().expect("woken for nothing")
    }

    /// As [`yields`](Self::yields), of one that was woken once.
    ///
    /// # Panics
    ///
    /// See there.
    #[track_caller]
    pub fn yields_once(self) -> F::Output {
        assert_eq!(self.woken(), 1, "how often it was woken");
        self.yields()
    }

    /// Asserts that it goes on waiting, undisturbed.
    ///
    /// # Panics
    ///
    /// If it does not.
    #[track_caller]
    pub fn waits(&self) {
        self.poll();
        assert!(self.is_pending(), "it does not wait any more");
        assert_eq!(self.woken(), 0, "woken for nothing");
    }
}

impl Waiter {
    /// Returns whether it yielded that it was woken.
    pub fn was_woken(&self) -> bool {
        self.peek(|woken| *woken) == Some(true)
    }

    /// Returns whether it yielded that the primitive is closed.
    pub fn was_closed(&self) -> bool {
        self.peek(|woken| *woken) == Some(false)
    }
}

impl<F: Future> fmt::Debug for Waiter<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiter").field("task", &self.task).finish_non_exhaustive()
    }
}
