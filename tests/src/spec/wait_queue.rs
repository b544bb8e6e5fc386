//! [`WaitQueue`]: first in, first out; one wake-up is stored, and `wake_all` is for those that were made
//! before it.

use alloc::sync::Arc;
use core::task::{Context, Poll};

use sync_core::{WaitQueue, WaitResult};

use super::{
    Facts, Op, OpOf, SLOTS, Seen, Specified, Wait, World,
    frame::{Enter, Frame, Line, Rules, Stage},
    polls_late,
    real::{unit, wait},
};
use crate::watched::Watched;

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Wakes the oldest.
    Wake,
    /// Wakes so many.
    WakeN(usize),
    /// Wakes all.
    WakeAll,
    /// Takes what is stored.
    Try,
    /// Closes it.
    Close,
}

/// The rules of a wait queue; what a wait is given is whether that is to be handed on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct OneIsStored {
    stored: bool,
    closed: bool,
    wake_alls: usize,
    /// How many `wake_all` there had been when the wait in a slot was made.
    made: [usize; SLOTS],
}

type Places = Line<(), bool>;

impl OneIsStored {
    /// Wakes one, or stores that; returns whether there was one.
    fn wake(&mut self, line: &mut Places) -> bool {
        let first = line.first().filter(|_| !self.closed);
        if let Some((slot, ())) = first {
            line.give(slot, true);
        }
        self.stored |= !self.closed && first.is_none();
        first.is_some()
    }
}

impl Rules for OneIsStored {
    type Want = ();
    type Value = bool;
    type Call = Call;
    const POLLS: bool = true;

    fn made(&mut self, slot: usize) {
        self.made[slot] = self.wake_alls;
    }

    fn enter(&mut self, _: &mut Places, slot: usize, (): ()) -> Enter<bool> {
        match () {
            () if self.made[slot] != self.wake_alls => Enter::Pass(false),
            () if self.closed => Enter::Closed,
            () if core::mem::take(&mut self.stored) => Enter::Pass(true),
            () => Enter::Queue,
        }
    }

    fn yields(&mut self, _: bool) -> Seen {
        Seen::Ok
    }

    fn again((): ()) -> Seen {
        Seen::Ok
    }

    fn gone(&mut self, line: &mut Places, _: usize, stage: Stage<(), bool>) {
        if let Stage::Given((), true) = stage {
            self.wake(line);
        }
    }

    fn call(&mut self, line: &mut Places, call: Call, _: usize) -> Option<Seen> {
        match call {
            Call::Wake => _ = self.wake(line),
            Call::WakeN(n) => return Some(Seen::Count((0..n).filter(|_| self.wake(line)).count())),
            Call::WakeAll if self.closed => {}
            Call::WakeAll => {
                self.wake_alls += 1;
                line.waiting().iter().for_each(|&(slot, ())| line.give(slot, false));
            }
            Call::Try if self.closed => return Some(Seen::Closed),
            Call::Try => {
                return Some(if core::mem::take(&mut self.stored) { Seen::Ok } else { Seen::Pending });
            }
            Call::Close => {
                self.closed = true;
                line.close();
            }
        }
        Some(Seen::Nothing)
    }

    fn facts(&self, line: &Places) -> Facts {
        [usize::from(self.closed), line.len(), 0]
    }
}

/// A wait queue.
#[derive(Debug)]
pub struct Spec(Arc<WaitQueue<Watched>>);

fn polled(polled: Poll<WaitResult<()>>) -> Seen {
    match polled {
        Poll::Pending => Seen::Pending,
        Poll::Ready(output) => unit(output).0,
    }
}

impl Specified for Spec {
    type Want = ();
    type Call = Call;
    type Held = ();
    type Model = Frame<OneIsStored>;
    const WANTS: &'static [()] = &[()];
    const CALLS: &'static [Call] =
        &[Call::WakeN(2), Call::Wake, Call::WakeAll, Call::WakeN(0), Call::WakeN(3), Call::Try, Call::Close];
    const LENGTH: usize = 4;
    const BETWEEN: usize = 4;

    fn new() -> Self {
        Self(Arc::new(WaitQueue::default()))
    }

    fn wait(&self, (): ()) -> Wait<()> {
        wait(self.0.wait_owned(), |wait, _: &mut Context<'_>| polled(wait.subscribe()), unit)
    }

    fn call(&self, call: Call, _: usize, _: &World<()>) -> Seen {
        match call {
            Call::Wake => self.0.wake(),
            Call::WakeN(n) => return Seen::Count(self.0.wake_n(n)),
            Call::WakeAll => self.0.wake_all(),
            Call::Try => return polled(self.0.try_wait()),
            Call::Close => self.0.close(),
        }
        Seen::Nothing
    }

    fn facts(&self) -> Facts {
        [usize::from(self.0.is_closed()), self.0.waiters(), 0]
    }

    fn tells_late(call: Call) -> bool {
        matches!(call, Call::Close | Call::WakeAll)
    }

    fn may_come_before(inner: OpOf<Self>, outer: OpOf<Self>) -> bool {
        match outer {
            // A task that has a wake-up already is told so when it is polled.
            Op::Call(Call::WakeN(_)) => matches!(inner, Op::Subscribe(..)),
            _ => polls_late::<Self>(inner, outer),
        }
    }
}
