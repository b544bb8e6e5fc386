//! [`WaitCell`]: one task is registered, and one wake-up is stored.

#![expect(unsafe_code, reason = "its futures can only borrow, and are kept beside it")]

use alloc::{sync::Arc, vec::Vec};
use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll},
};

use sync_core::{WaitCell, wait_cell::PollWaitError};

use super::{
    Facts, Model, SLOTS, Seen, Subject, TASKS, Wait, World,
    real::{cannot, unit, wait},
};

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Wakes the task.
    Wake,
    /// `poll_wait`, as a task.
    PollWait(usize),
    /// Makes a wait in the slot, which is empty, by `subscribe`, as a task.
    Subscribe(usize, usize),
    /// Closes it.
    Close,
}

/// The one waker.
#[derive(Clone, Copy, Debug)]
struct Registered {
    task: usize,
    /// The slot of the wait that registered last, if it was not `poll_wait`.
    by: Option<usize>,
    /// Whether another wait of the same task registered before.
    shared: bool,
}

/// What is in a slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Empty,
    /// A wait.
    Waits,
    /// One that yields this, and goes on yielding it.
    Yields(Seen),
}

/// The model of a cell.
#[derive(Clone, Debug, Default)]
pub struct OneTask {
    slots: [Stage; SLOTS],
    registered: Option<Registered>,
    stored: bool,
    closed: bool,
    woken: Vec<usize>,
}

impl OneTask {
    fn attempt(&mut self, by: Option<usize>, task: usize) -> Seen {
        if core::mem::take(&mut self.stored) {
            return Seen::Ok;
        }
        if self.closed {
            return Seen::Closed;
        }
        let before = self.registered.take();
        let own = before.filter(|before| by.is_some() && before.by == by);
        // A task that has only itself to blame is not told.
        let others = own.is_none_or(|own| own.shared);
        let same = before.is_some_and(|before| before.task == task);
        self.woken.extend(before.filter(|_| others && !same).map(|before| before.task));
        self.registered = Some(Registered { task, by, shared: others && same });
        Seen::Pending
    }

    fn wake(&mut self) -> bool {
        let registered = self.registered.take();
        self.woken.extend(registered.map(|registered| registered.task));
        registered.is_some()
    }
}

impl Model<(), Call> for OneTask {
    fn make(&mut self, slot: usize, (): ()) -> Option<Seen> {
        (self.slots[slot] == Stage::Empty).then(|| {
            self.slots[slot] = Stage::Waits;
            Seen::Nothing
        })
    }

    fn poll(&mut self, slot: usize, task: usize) -> Option<Seen> {
        match self.slots[slot] {
            Stage::Empty => None,
            Stage::Yields(seen) => Some(seen),
            Stage::Waits => {
                let seen = self.attempt(Some(slot), task);
                if seen != Seen::Pending {
                    self.slots[slot] = Stage::Yields(seen);
                }
                Some(seen)
            }
        }
    }

    fn drop(&mut self, slot: usize) -> Option<Seen> {
        if core::mem::take(&mut self.slots[slot]) == Stage::Empty {
            return None;
        }
        let own = self.registered.take_if(|registered| registered.by == Some(slot));
        // Another wait of its task may count on it.
        self.woken.extend(own.filter(|own| own.shared).map(|own| own.task));
        Some(Seen::Nothing)
    }

    fn call(&mut self, call: Call, _: usize) -> Option<Seen> {
        Some(match call {
            Call::Wake => {
                let called = self.wake();
                self.stored |= called || !self.closed;
                Seen::Called(called)
            }
            Call::Close => {
                self.closed = true;
                Seen::Called(self.wake())
            }
            Call::PollWait(task) => self.attempt(None, task),
            Call::Subscribe(slot, task) => {
                self.make(slot, ())?;
                self.poll(slot, task)?;
                Seen::Ok
            }
        })
    }

    fn woken(&mut self) -> Vec<usize> {
        core::mem::take(&mut self.woken)
    }

    fn wakers(&self) -> [usize; TASKS] {
        core::array::from_fn(|task| {
            usize::from(self.registered.is_some_and(|registered| registered.task == task))
        })
    }

    fn facts(&self) -> Facts {
        [usize::from(self.closed), 0, 0]
    }
}

/// A cell.
#[derive(Debug)]
pub struct Spec(Arc<WaitCell>);

impl Spec {
    fn borrow(&self) -> &'static WaitCell {
        // SAFETY: what borrows it is in the world's slots, which are gone before this is.
        unsafe { &*Arc::as_ptr(&self.0) }
    }
}

impl Subject for Spec {
    type Want = ();
    type Call = Call;
    type Held = ();
    type Model = OneTask;
    const WANTS: &'static [()] = &[()];
    const CALLS: &'static [Call] = &[
        Call::Wake,
        Call::PollWait(0),
        Call::PollWait(1),
        Call::Subscribe(0, 0),
        Call::Subscribe(0, 1),
        Call::Subscribe(1, 0),
        Call::Subscribe(1, 1),
        Call::Subscribe(2, 0),
        Call::Subscribe(2, 1),
        Call::Subscribe(3, 0),
        Call::Subscribe(3, 1),
        Call::Close,
    ];
    const SUBSCRIBES: bool = false;
    const LENGTH: usize = 4;

    fn new() -> Self {
        Self(Arc::new(WaitCell::new()))
    }

    fn wait(&self, (): ()) -> Wait<()> {
        wait(self.borrow().wait(), cannot, unit)
    }

    fn call(&self, call: Call, _: usize, world: &mut World<()>) -> Seen {
        match call {
            Call::Wake => Seen::Called(self.0.wake()),
            Call::PollWait(task) => match self.0.poll_wait(&mut Context::from_waker(&world.waker(task))) {
                Poll::Pending => Seen::Pending,
                Poll::Ready(Ok(())) => Seen::Ok,
                Poll::Ready(Err(PollWaitError::Closed)) => Seen::Closed,
                Poll::Ready(Err(PollWaitError::Busy)) => panic!("nobody else is here"),
            },
            Call::Subscribe(slot, task) => {
                let waker = world.waker(task);
                let subscribe = pin!(self.borrow().subscribe());
                let Poll::Ready(registered) = subscribe.poll(&mut Context::from_waker(&waker)) else {
                    return Seen::Pending;
                };
                world.slots[slot].wait = Some(wait(registered, cannot, unit));
                Seen::Ok
            }
            Call::Close => Seen::Called(self.0.close()),
        }
    }

    fn facts(&self) -> Facts {
        [usize::from(self.0.is_closed()), 0, 0]
    }

    fn slot_of(call: Call) -> Option<usize> {
        if let Call::Subscribe(slot, _) = call { Some(slot) } else { None }
    }
}
