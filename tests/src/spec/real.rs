//! The real side: waits of any type, what is in the slots, and the tasks.

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use super::{SLOTS, Seen, TASKS};
use crate::{Hooks, Shared};

/// A wait, of whatever type.
pub type Wait<H> = Box<dyn Waiting<H>>;

/// What can be done with a wait.
pub trait Waiting<H> {
    /// Polls it.
    fn poll(&mut self, cx: &mut Context<'_>) -> (Seen, Option<H>);
    /// Subscribes it.
    fn subscribe(&mut self, cx: &mut Context<'_>) -> Seen;
}

/// A future, and how it is subscribed and what its output is.
struct Waits<F: Future, H> {
    future: Pin<Box<F>>,
    subscribe: fn(Pin<&mut F>, &mut Context<'_>) -> Seen,
    yields: fn(F::Output) -> (Seen, Option<H>),
}

impl<F: Future, H> Waiting<H> for Waits<F, H> {
    fn poll(&mut self, cx: &mut Context<'_>) -> (Seen, Option<H>) {
        match self.future.as_mut().poll(cx) {
            Poll::Ready(output) => (self.yields)(output),
            Poll::Pending => (Seen::Pending, None),
        }
    }

    fn subscribe(&mut self, cx: &mut Context<'_>) -> Seen {
        (self.subscribe)(self.future.as_mut(), cx)
    }
}

/// A wait whose output is an error, or something that `yields` looks at.
pub(super) fn wait<F: Future + 'static, H: 'static>(
    future: F,
    subscribe: fn(Pin<&mut F>, &mut Context<'_>) -> Seen,
    yields: fn(F::Output) -> (Seen, Option<H>),
) -> Wait<H> {
    Box::new(Waits { future: Box::pin(future), subscribe, yields })
}

/// How a wait is subscribed whose method `subscribe` returns a future.
macro_rules! subscribe {
    () => {
        |wait, cx| match core::future::Future::poll(core::pin::pin!(wait.subscribe()), cx) {
            core::task::Poll::Ready(outcome) => $crate::spec::real::Subscribed::seen(outcome),
            core::task::Poll::Pending => $crate::spec::Seen::Pending,
        }
    };
}
pub(super) use subscribe;

/// What `subscribe` yields.
pub(super) trait Subscribed {
    fn seen(self) -> Seen;
}

impl Subscribed for () {
    fn seen(self) -> Seen {
        Seen::Ok
    }
}

impl<E: Into<Seen>> Subscribed for Result<(), E> {
    fn seen(self) -> Seen {
        self.map_or_else(Into::into, |()| Seen::Ok)
    }
}

/// For waits that cannot be subscribed.
pub(super) fn cannot<F>(_: Pin<&mut F>, _: &mut Context<'_>) -> Seen {
    unreachable!("it has no `subscribe`")
}

/// What a wait yields of which nothing is kept.
pub(super) fn unit<E: Into<Seen>>(output: Result<(), E>) -> (Seen, Option<()>) {
    (output.map_or_else(Into::into, |()| Seen::Ok), None)
}

/// The same, of a number.
pub(super) fn number<N: Into<usize>, E: Into<Seen>>(output: Result<N, E>) -> (Seen, Option<()>) {
    (output.map_or_else(Into::into, |number| Seen::Value(number.into())), None)
}

/// What is in a slot.
pub struct Slot<H> {
    /// A wait, which may have yielded.
    pub wait: Option<Wait<H>>,
    /// What it has yielded, or what was had without one.
    pub held: Option<H>,
}

impl<H> Slot<H> {
    /// Drops what is in it.
    pub fn clear(&mut self) {
        // One after the other, so that a panic leaves neither.
        drop(self.wait.take());
        drop(self.held.take());
    }
}

/// What there is beside the subject.
pub struct World<H> {
    /// The waits. They are dropped before the subject, which they may therefore borrow.
    pub slots: [Slot<H>; SLOTS],
    /// A waker of each task, which writes down whom it wakes. It has a vtable of our own: whether two wakers of an
    /// `Arc` would wake the same task is different in different crates.
    tasks: [Waker; TASKS],
    woken: Arc<Shared<Vec<usize>>>,
}

impl<H> World<H> {
    pub(super) fn new() -> Self {
        let woken = Arc::new(Shared::new(Vec::new()));
        let slots = core::array::from_fn(|_| Slot { wait: None, held: None });
        let tasks = core::array::from_fn(|task| {
            let woken = Arc::clone(&woken);
            Hooks::new().on_wake(move || woken.lock().push(task)).waker()
        });
        Self { slots, tasks, woken }
    }

    /// Returns a waker of a task.
    #[must_use]
    pub fn waker(&self, task: usize) -> Waker {
        self.tasks[task].clone()
    }

    pub(super) fn poll(&mut self, slot: usize, task: usize) -> Seen {
        let waker = self.waker(task);
        let slot = &mut self.slots[slot];
        let wait = slot.wait.as_mut().expect("the model has one");
        let (seen, held) = wait.poll(&mut Context::from_waker(&waker));
        if held.is_some() {
            slot.held = held;
        }
        seen
    }

    pub(super) fn subscribe(&mut self, slot: usize, task: usize) -> Seen {
        let waker = self.waker(task);
        let wait = self.slots[slot].wait.as_mut().expect("the model has one");
        wait.subscribe(&mut Context::from_waker(&waker))
    }

    /// Takes the list of the tasks that were woken.
    pub(super) fn woken(&self) -> Vec<usize> {
        core::mem::take(&mut *self.woken.lock())
    }

    /// How many wakers of each task there are.
    pub(super) fn wakers(&self) -> [usize; TASKS] {
        self.tasks.each_ref().map(|task| Hooks::wakers(task) - 1)
    }
}

impl<H> fmt::Debug for World<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("wakers", &self.wakers()).finish_non_exhaustive()
    }
}

impl<H> fmt::Debug for Slot<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("held", &self.held.is_some()).finish_non_exhaustive()
    }
}
