//! The real side: waits of any type, what is in the slots, and the tasks.

use alloc::boxed::Box;
use core::{
    cell::RefCell,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use super::{SLOTS, Seen, TASKS};
use crate::{Hooks, Task, watched::not_held};

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

/// A value that is given by key: a number, which looks whether a lock is held when it is cloned and dropped.
#[derive(Debug)]
pub struct Parcel(usize);

impl Parcel {
    /// Packs a number.
    #[must_use]
    pub fn new(number: usize) -> Self {
        Self(number)
    }
}

impl Clone for Parcel {
    fn clone(&self) -> Self {
        not_held();
        Self(self.0)
    }
}

impl Drop for Parcel {
    fn drop(&mut self) {
        not_held();
    }
}

impl From<Parcel> for usize {
    fn from(parcel: Parcel) -> Self {
        parcel.0
    }
}

/// What is in a slot.
pub(super) struct Slot<H> {
    /// A wait, which may have yielded.
    wait: Option<Wait<H>>,
    /// What it has yielded, or what was had without one.
    held: Option<H>,
}

impl<H> Default for Slot<H> {
    fn default() -> Self {
        Self { wait: None, held: None }
    }
}

impl<H> Slot<H> {
    /// Drops what is in it.
    fn clear(self) {
        // One after the other, so that a panic leaves neither.
        let Self { wait, held } = self;
        drop(wait);
        drop(held);
    }
}

/// What there is besides the subject.
///
/// No slot is borrowed while anything of the library runs, so that a waker can reach the others.
pub struct World<H> {
    /// The waits. They are dropped before the subject, which they may therefore borrow.
    slots: [RefCell<Slot<H>>; SLOTS],
    /// A waker of each task, which tells `told` that it was woken. It has a vtable of our own: whether two
    /// wakers of an `Arc` would wake the same task is different in different crates.
    tasks: [Task; TASKS],
}

/// A wait that is used, and then back in its slot, also if it panics.
struct Lent<'w, H> {
    slot: &'w RefCell<Slot<H>>,
    wait: Option<Wait<H>>,
}

impl<H> Drop for Lent<'_, H> {
    fn drop(&mut self) {
        self.slot.borrow_mut().wait = self.wait.take();
    }
}

impl<H> World<H> {
    /// Returns a world with empty slots; `told` is called with the task that is woken.
    pub(super) fn new(told: fn(usize)) -> Self {
        Self {
            slots: core::array::from_fn(|_| RefCell::default()),
            tasks: core::array::from_fn(|task| Task::with(Hooks::new().on_wake(move || told(task)))),
        }
    }

    /// Returns a waker of a task.
    #[must_use]
    pub fn waker(&self, task: usize) -> Waker {
        self.tasks[task].waker()
    }

    /// Puts a wait into a slot, in place of what is there.
    pub fn wait(&self, slot: usize, wait: Wait<H>) {
        self.slots[slot].borrow_mut().wait = Some(wait);
    }

    /// Puts what was had into a slot.
    pub fn hold(&self, slot: usize, held: Option<H>) {
        self.slots[slot].borrow_mut().held = held;
    }

    /// Takes what is held out of a slot, and leaves the wait that has yielded it: to put it back.
    #[must_use]
    pub fn borrow(&self, slot: usize) -> Option<H> {
        self.slots[slot].borrow_mut().held.take()
    }

    /// Takes what is held out of a slot, in which there is nothing then.
    #[must_use]
    pub fn take(&self, slot: usize) -> Option<H> {
        let Slot { wait, held } = self.slots[slot].take();
        // It has yielded, if there is one.
        drop(wait);
        held
    }

    /// Empties a slot.
    pub(super) fn clear(&self, slot: usize) {
        let slot = self.slots[slot].take();
        slot.clear();
    }

    fn lend(&self, slot: usize) -> Lent<'_, H> {
        let slot = &self.slots[slot];
        let wait = slot.borrow_mut().wait.take();
        Lent { slot, wait }
    }

    pub(super) fn poll(&self, slot: usize, task: usize) -> Seen {
        let (waker, mut lent) = (self.waker(task), self.lend(slot));
        let wait = lent.wait.as_mut().expect("the model has one");
        let (seen, held) = wait.poll(&mut Context::from_waker(&waker));
        if held.is_some() {
            self.hold(slot, held);
        }
        seen
    }

    pub(super) fn subscribe(&self, slot: usize, task: usize) -> Seen {
        let (waker, mut lent) = (self.waker(task), self.lend(slot));
        let wait = lent.wait.as_mut().expect("the model has one");
        wait.subscribe(&mut Context::from_waker(&waker))
    }

    /// How many wakers of each task there are.
    pub(super) fn wakers(&self) -> [usize; TASKS] {
        self.tasks.each_ref().map(Task::wakers)
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
