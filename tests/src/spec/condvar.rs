//! [`Condvar`], with its mutex: a line of those that wait to be notified, and a line of those that were.

use alloc::sync::Arc;

use sync_core::{Condvar, Mutex, OwnedMutexGuard};

use super::{
    Facts, Model, Op, SLOTS, Seen, Sleepers, Specified, Wait, World, fill,
    real::{cannot, wait},
};
use crate::watched::Watched;

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Wakes so many.
    Notify(usize),
    /// Locks the mutex without waiting, into an empty slot.
    Lock(usize),
}

/// What is in a slot. `bool` is whether a notification is handed on if this leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Stage {
    #[default]
    Empty,
    /// A wait that was not polled and has the mutex.
    Idle,
    /// It waits to be notified.
    Waiting,
    /// It was, and has not been polled since.
    Notified(bool),
    /// It waits for the mutex.
    Locking(bool),
    /// It has been given the mutex, and has not been polled since.
    Given(bool),
    /// It has yielded the mutex.
    Done,
    /// The mutex, had without a wait.
    Held,
}

/// The model of a condition and a mutex.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TwoLines {
    slots: [Stage; SLOTS],
    /// Those that wait, to be notified or for the mutex.
    line: Sleepers,
    /// How many notifications the drops of each slot have still to hand on.
    owed: [u8; SLOTS],
}

impl TwoLines {
    fn locked(&self) -> bool {
        let has = |stage: &Stage| matches!(stage, Stage::Idle | Stage::Given(_) | Stage::Done | Stage::Held);
        self.slots.iter().any(has)
    }

    /// Wakes the first in line for which there is a next stage.
    fn advance(&mut self, next: impl Fn(Stage) -> Option<Stage>) -> bool {
        let first = self.line.slots().find_map(|slot| Some((slot, next(self.slots[slot])?)));
        first.map(|(slot, stage)| self.slots[self.line.wake(slot)] = stage).is_some()
    }

    fn hand_on(&mut self) {
        let given = |stage| if let Stage::Locking(one) = stage { Some(Stage::Given(one)) } else { None };
        if !self.locked() {
            self.advance(given);
        }
    }

    fn notify(&mut self, n: usize) -> usize {
        let told = |stage| (stage == Stage::Waiting).then_some(Stage::Notified(n != usize::MAX));
        (0..n.min(SLOTS)).filter(|_| self.advance(told)).count()
    }
}

impl Model<(), Call> for TwoLines {
    fn make(&mut self, slot: usize, (): ()) -> Option<Seen> {
        if self.locked() { None } else { fill(&mut self.slots[slot], Stage::Idle) }
    }

    fn poll(&mut self, slot: usize, task: usize) -> Option<Seen> {
        self.slots[slot] = match self.slots[slot] {
            Stage::Empty | Stage::Held => return None,
            Stage::Done => return Some(Seen::Panics("`async fn` resumed after completion")),
            Stage::Idle => Stage::Waiting,
            Stage::Notified(one) if self.locked() => Stage::Locking(one),
            Stage::Notified(_) | Stage::Given(_) => Stage::Done,
            same => same,
        };
        if self.slots[slot] == Stage::Done {
            return Some(Seen::Ok);
        }
        self.line.wait(slot, task);
        self.hand_on();
        Some(Seen::Pending)
    }

    fn drop(&mut self, slot: usize) -> Option<Seen> {
        let stage = core::mem::take(&mut self.slots[slot]);
        self.line.leave(slot);
        self.hand_on();
        match stage {
            Stage::Notified(true) => _ = self.notify(1),
            Stage::Locking(true) | Stage::Given(true) => self.owed[slot] += 1,
            _ => {}
        }
        (stage != Stage::Empty).then_some(Seen::Nothing)
    }

    /// The mutex is let go of first, and then the condition is seen to.
    fn finish(&mut self, op: Op<(), Call>, seen: Seen) -> Seen {
        match op {
            Op::Start(slot, (), task) | Op::Poll(slot, task)
                if seen == Seen::Pending && matches!(self.slots[slot], Stage::Notified(_)) =>
            {
                self.poll(slot, task).unwrap_or(seen)
            }
            Op::Drop(slot) if self.owed[slot] > 0 => {
                self.owed[slot] -= 1;
                self.notify(1);
                seen
            }
            _ => seen,
        }
    }

    fn call(&mut self, call: Call, _: usize) -> Option<Seen> {
        match call {
            Call::Notify(n) => Some(Seen::Count(self.notify(n))),
            Call::Lock(slot) if self.slots[slot] != Stage::Empty => None,
            Call::Lock(_) if self.locked() => Some(Seen::None),
            Call::Lock(slot) => fill(&mut self.slots[slot], Stage::Held).map(|_| Seen::Ok),
        }
    }

    fn sleepers(&mut self) -> &mut Sleepers {
        &mut self.line
    }

    fn facts(&self) -> Facts {
        [usize::from(self.locked()), 0, 0]
    }
}

/// A condition, and the mutex with which it is used.
#[derive(Debug)]
pub struct Spec {
    condvar: Arc<Condvar<Watched>>,
    mutex: Arc<Mutex<(), Watched>>,
}

impl Specified for Spec {
    type Want = ();
    type Call = Call;
    type Held = OwnedMutexGuard<(), Watched>;
    type Model = TwoLines;
    const WANTS: &'static [()] = &[()];
    const CALLS: &'static [Call] = &[
        Call::Notify(usize::MAX),
        Call::Notify(1),
        Call::Notify(2),
        Call::Lock(0),
        Call::Lock(1),
        Call::Lock(2),
        Call::Lock(3),
    ];
    const SUBSCRIBES: bool = false;
    const NESTS: bool = false;
    const LENGTH: usize = 5;
    const BETWEEN: usize = 5;

    fn new() -> Self {
        Self { condvar: Arc::default(), mutex: Arc::default() }
    }

    fn wait(&self, (): ()) -> Wait<OwnedMutexGuard<(), Watched>> {
        let guard = Arc::clone(&self.mutex).try_lock_owned().expect("in the model it is free");
        let condvar = Arc::clone(&self.condvar);
        wait(async move { condvar.wait(guard).await }, cannot, |guard| (Seen::Ok, Some(guard)))
    }

    fn call(&self, call: Call, _: usize, world: &World<OwnedMutexGuard<(), Watched>>) -> Seen {
        match call {
            Call::Notify(1) => Seen::Count(self.condvar.notify_one()),
            Call::Notify(usize::MAX) => Seen::Count(self.condvar.notify_all()),
            Call::Notify(n) => Seen::Count(self.condvar.notify_n(n)),
            Call::Lock(slot) => match Arc::clone(&self.mutex).try_lock_owned() {
                Ok(guard) => {
                    world.hold(slot, Some(guard));
                    Seen::Ok
                }
                Err(_) => Seen::None,
            },
        }
    }

    fn facts(&self) -> Facts {
        [usize::from(self.mutex.is_locked()), 0, 0]
    }

    fn slots_of(call: Call) -> [Option<usize>; 2] {
        if let Call::Lock(slot) = call { [Some(slot), None] } else { [None; 2] }
    }
}
