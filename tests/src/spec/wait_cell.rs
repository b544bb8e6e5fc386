//! [`WaitCell`]: one task is registered, and one wake-up is stored.

#![expect(unsafe_code, reason = "its futures can only borrow, and are kept beside it")]

use alloc::sync::Arc;
use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll},
};

use sync_core::{WaitCell, wait_cell::PollWaitError};

use super::{
    Facts, Model, SLOTS, Seen, Sleepers, Specified, Wait, World, fill,
    frame::Stage,
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

/// In place of a slot, for a task that came by `poll_wait`.
const BY_POLL: usize = SLOTS;

/// The model of a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct OneTask {
    /// A wait that is done goes on yielding what it did.
    slots: [Stage<(), Seen>; SLOTS],
    /// The task that registered last, if any.
    place: Sleepers,
    /// Whether another wait of the same task registered before.
    shared: bool,
    stored: bool,
    closed: bool,
}

impl OneTask {
    /// Registers, and then tells another task that was registered before to look again.
    fn attempt(&mut self, by: usize, task: usize) -> Seen {
        if core::mem::take(&mut self.stored) {
            return Seen::Ok;
        }
        if self.closed {
            return Seen::Closed;
        }
        let own = by != BY_POLL && self.place.first() == Some(by) && !self.shared;
        let (before, before_task) = self.leave();
        self.shared = !own && before_task == Some(task);
        self.place.wait(by, task);
        // A task that has only itself to blame is not told.
        self.place.tell(before, before_task.filter(|before| !own && *before != task));
        Seen::Pending
    }

    /// A task that was registered is so no more: in which slot, and its task.
    fn leave(&mut self) -> (usize, Option<usize>) {
        let by = self.place.first().unwrap_or(BY_POLL);
        (by, self.place.leave(by))
    }

    fn wake(&mut self) -> bool {
        let (by, task) = self.leave();
        self.place.tell(by, task)
    }
}

impl Model<(), Call> for OneTask {
    fn make(&mut self, slot: usize, (): ()) -> Option<Seen> {
        fill(&mut self.slots[slot], Stage::Idle(()))
    }

    fn poll(&mut self, slot: usize, task: usize) -> Option<Seen> {
        if self.slots[slot] == Stage::Idle(()) {
            match self.attempt(slot, task) {
                Seen::Pending => return Some(Seen::Pending),
                done => self.slots[slot] = Stage::Done((), done),
            }
        }
        self.slots[slot].held()
    }

    fn drop(&mut self, slot: usize) -> Option<Seen> {
        if core::mem::take(&mut self.slots[slot]) == Stage::Empty {
            return None;
        }
        // Another wait of its task may count on it.
        let own = self.place.leave(slot).filter(|_| self.shared);
        self.place.tell(slot, own);
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
            Call::PollWait(task) => self.attempt(BY_POLL, task),
            Call::Subscribe(slot, task) => {
                self.make(slot, ())?;
                self.poll(slot, task)?;
                Seen::Ok
            }
        })
    }

    fn sleepers(&mut self) -> &mut Sleepers {
        &mut self.place
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

impl Specified for Spec {
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
    const BETWEEN: usize = 3;

    fn new() -> Self {
        Self(Arc::new(WaitCell::new()))
    }

    fn wait(&self, (): ()) -> Wait<()> {
        wait(self.borrow().wait(), cannot, unit)
    }

    fn call(&self, call: Call, _: usize, world: &World<()>) -> Seen {
        match call {
            Call::Wake => Seen::Called(self.0.wake()),
            Call::PollWait(task) => match self.0.poll_wait(&mut Context::from_waker(&world.waker(task))) {
                Poll::Pending => Seen::Pending,
                Poll::Ready(Ok(())) => Seen::Ok,
                Poll::Ready(Err(PollWaitError::Closed)) => Seen::Closed,
                Poll::Ready(Err(PollWaitError::Busy)) => panic!("no other task is here"),
            },
            Call::Subscribe(slot, task) => {
                let waker = world.waker(task);
                let subscribe = pin!(self.borrow().subscribe());
                let Poll::Ready(registered) = subscribe.poll(&mut Context::from_waker(&waker)) else {
                    return Seen::Pending;
                };
                world.wait(slot, wait(registered, cannot, unit));
                Seen::Ok
            }
            Call::Close => Seen::Called(self.0.close()),
        }
    }

    fn facts(&self) -> Facts {
        [usize::from(self.0.is_closed()), 0, 0]
    }

    fn slots_of(call: Call) -> [Option<usize>; 2] {
        if let Call::Subscribe(slot, _) = call { [Some(slot), None] } else { [None; 2] }
    }
}
