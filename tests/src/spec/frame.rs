//! What the models of most types have in common: slots, and rules of which in one line is next.

use alloc::vec::Vec;
use core::hash::Hash;

use super::{Facts, Model, Op, SLOTS, Seen, Sleepers, dispatch, fill};

/// What most waits say when they are polled after they were ready.
pub const TWICE: &str = "a wait was polled again after it had completed: it yields once";

/// What is in a slot: `W` is what its wait is for, `V` what it was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Stage<W, V> {
    /// Nothing.
    #[default]
    Empty,
    /// A wait that has not joined.
    Idle(W),
    /// One that is in line.
    Queued(W),
    /// One that was given something and not polled since.
    Given(W, V),
    /// One that is told that it is too late, each time it is polled.
    Closed,
    /// One that has yielded what it was given.
    Done(W, V),
    /// No wait, but what was had without one.
    Held(V),
}

impl<W, V: Copy> Stage<W, V> {
    /// What there is for the task that has the slot, yielded or not.
    pub fn has(&self) -> Option<V> {
        if let Self::Given(_, value) = self { Some(*value) } else { self.held() }
    }

    /// What a wait has yielded, or what was had without one.
    pub fn held(&self) -> Option<V> {
        match self {
            Self::Done(_, value) | Self::Held(value) => Some(*value),
            _ => None,
        }
    }

    /// Makes that something else.
    pub fn hold(&mut self, new: V) {
        if let Self::Done(_, value) | Self::Held(value) = self {
            *value = new;
        }
    }
}

/// The slots, and a task that waits in which order.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Line<W, V> {
    /// What is in each slot.
    pub slots: [Stage<W, V>; SLOTS],
    sleepers: Sleepers,
}

impl<W: Copy, V: Copy> Line<W, V> {
    /// How many wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sleepers.len()
    }

    /// Whether no task waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sleepers.is_empty()
    }

    /// Which tasks wait, and for what, oldest first.
    #[must_use]
    pub fn waiting(&self) -> Vec<(usize, W)> {
        self.sleepers.slots().map(|slot| (slot, self.want(slot))).collect()
    }

    /// The one that waits longest, and for what.
    #[must_use]
    pub fn first(&self) -> Option<(usize, W)> {
        self.sleepers.first().map(|slot| (slot, self.want(slot)))
    }

    fn want(&self, slot: usize) -> W {
        let Stage::Queued(want) = self.slots[slot] else { panic!("who is in line is queued") };
        want
    }

    /// Gives `value` to the one in line in `slot`, and wakes its task.
    pub fn give(&mut self, slot: usize, value: V) {
        if let Stage::Queued(want) = self.slots[slot] {
            self.let_go(slot, Stage::Given(want, value));
        }
    }

    /// Tells all that wait that it is closed.
    pub fn close(&mut self) {
        self.close_in_order(&self.waiting());
    }

    /// Tells those that wait that it is closed, in this order.
    pub fn close_in_order(&mut self, waiting: &[(usize, W)]) {
        for &(slot, _) in waiting {
            self.let_go(slot, Stage::Closed);
        }
    }

    /// Empties a slot of what is held in it.
    pub fn take(&mut self, slot: usize) -> Option<V> {
        let held = self.slots[slot].held()?;
        self.slots[slot] = Stage::Empty;
        Some(held)
    }

    fn let_go(&mut self, slot: usize, stage: Stage<W, V>) {
        let slot = self.sleepers.wake(slot);
        self.slots[slot] = stage;
    }
}

/// How a newcomer fares.
#[derive(Clone, Copy, Debug)]
pub enum Enter<V> {
    /// It has something at once.
    Pass(V),
    /// It waits.
    Queue,
    /// It waits, and is the next.
    QueueFirst,
    /// It is too late.
    Closed,
    /// It may not wait, for now.
    Refuse(Seen),
}

/// The rules of a type whose waits are in one line.
pub trait Rules: Clone + Default + Eq + Hash {
    /// What a wait is for.
    type Want: Copy + Eq + Hash;
    /// What it is given.
    type Value: Copy + Eq + Hash;
    /// What can be called beside waiting.
    type Call;

    /// What a wait panics with that is polled again.
    const AGAIN: &'static str = TWICE;
    /// Whether `subscribe` is a poll without a waker.
    const POLLS: bool = false;

    /// A wait was made.
    fn made(&mut self, slot: usize) {
        let _ = slot;
    }
    /// A wait is polled, or subscribed, for the first time.
    fn enter(
        &mut self,
        line: &mut Line<Self::Want, Self::Value>,
        slot: usize,
        want: Self::Want,
    ) -> Enter<Self::Value>;
    /// A wait yields what it was given.
    fn yields(&mut self, value: Self::Value) -> Seen;
    /// It is polled again.
    fn again(want: Self::Want) -> Seen {
        let _ = want;
        Seen::Panics(Self::AGAIN)
    }
    /// What was in a slot is gone; a task that was in line is not any more.
    fn gone(
        &mut self,
        line: &mut Line<Self::Want, Self::Value>,
        slot: usize,
        stage: Stage<Self::Want, Self::Value>,
    ) {
        let _ = (line, slot, stage);
    }
    /// Whether the call that was made has a second step, which then comes.
    fn has_second(&mut self) -> bool {
        false
    }
    /// The second step.
    fn second(&mut self, line: &mut Line<Self::Want, Self::Value>) {
        let _ = line;
    }
    /// Something else is called.
    fn call(&mut self, line: &mut Line<Self::Want, Self::Value>, call: Self::Call, n: usize) -> Option<Seen>;
    /// What the queries say.
    fn facts(&self, line: &Line<Self::Want, Self::Value>) -> Facts {
        let _ = line;
        [0; 3]
    }
}

/// The model of a type that has such rules.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Frame<R: Rules> {
    rules: R,
    line: Line<R::Want, R::Value>,
    /// Of each call that is under way, whether it has a second step.
    seconds: Vec<bool>,
}

impl<R: Rules> Default for Frame<R> {
    fn default() -> Self {
        let slots = [Stage::Empty; SLOTS];
        Self { rules: R::default(), line: Line { slots, sleepers: Sleepers::default() }, seconds: Vec::new() }
    }
}

impl<R: Rules> Frame<R> {
    /// An idle wait joins; whether it may not.
    fn join(&mut self, slot: usize, task: Option<usize>) -> Option<Seen> {
        let Stage::Idle(want) = self.line.slots[slot] else { return None };
        let place = match self.rules.enter(&mut self.line, slot, want) {
            Enter::Pass(value) => {
                self.line.slots[slot] = Stage::Given(want, value);
                return None;
            }
            Enter::Closed => {
                self.line.slots[slot] = Stage::Closed;
                return None;
            }
            Enter::Refuse(seen) => return Some(seen),
            Enter::Queue => self.line.len(),
            Enter::QueueFirst => 0,
        };
        self.line.slots[slot] = Stage::Queued(want);
        self.line.sleepers.enter(place, slot, task);
        None
    }
}

impl<R: Rules> Model<R::Want, R::Call> for Frame<R> {
    fn make(&mut self, slot: usize, want: R::Want) -> Option<Seen> {
        fill(&mut self.line.slots[slot], Stage::Idle(want))?;
        self.rules.made(slot);
        Some(Seen::Nothing)
    }

    fn poll(&mut self, slot: usize, task: usize) -> Option<Seen> {
        if let Some(refused) = self.join(slot, Some(task)) {
            return Some(refused);
        }
        Some(match self.line.slots[slot] {
            Stage::Empty | Stage::Held(_) => return None,
            Stage::Idle(_) => unreachable!("it has joined"),
            Stage::Queued(_) => {
                assert!(self.line.sleepers.has(slot), "it is in line");
                self.line.sleepers.wait(slot, task);
                Seen::Pending
            }
            Stage::Given(want, value) => {
                self.line.slots[slot] = Stage::Done(want, value);
                self.rules.yields(value)
            }
            Stage::Closed => Seen::Closed,
            Stage::Done(want, _) => R::again(want),
        })
    }

    fn subscribe(&mut self, slot: usize, task: usize) -> Option<Seen> {
        if let Some(refused) = self.join(slot, Some(task).filter(|_| !R::POLLS)) {
            return Some(refused);
        }
        Some(match self.line.slots[slot] {
            Stage::Empty | Stage::Held(_) => return None,
            Stage::Queued(_) if R::POLLS => Seen::Pending,
            Stage::Closed => Seen::Closed,
            _ => Seen::Ok,
        })
    }

    fn drop(&mut self, slot: usize) -> Option<Seen> {
        let stage = core::mem::take(&mut self.line.slots[slot]);
        if let Stage::Empty = stage {
            return None;
        }
        self.line.sleepers.leave(slot);
        self.rules.gone(&mut self.line, slot, stage);
        Some(Seen::Nothing)
    }

    fn call(&mut self, call: R::Call, n: usize) -> Option<Seen> {
        self.rules.call(&mut self.line, call, n)
    }

    fn apply(&mut self, op: Op<R::Want, R::Call>, n: usize) -> Option<Seen> {
        let seen = dispatch(self, op, n)?;
        self.seconds.push(self.rules.has_second());
        Some(seen)
    }

    fn finish(&mut self, _: Op<R::Want, R::Call>, seen: Seen) -> Seen {
        if self.seconds.pop() == Some(true) {
            self.rules.second(&mut self.line);
        }
        seen
    }

    fn sleepers(&mut self) -> &mut Sleepers {
        &mut self.line.sleepers
    }

    fn facts(&self) -> Facts {
        self.rules.facts(&self.line)
    }
}
