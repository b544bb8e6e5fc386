//! [`Semaphore`]: permits, the oldest first and nobody past it.

use alloc::sync::Arc;

use sync_core::{
    Closed, Semaphore,
    semaphore::{OwnedPermit, TryAcquireError},
};

use super::{
    Facts, Seen, Subject, Wait, World,
    frame::{Enter, Frame, Line, Rules, Stage},
    real::{subscribe, wait},
};

/// How many permits there are at first.
const PERMITS: usize = 2;

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Adds permits.
    Add(usize),
    /// Takes two without waiting, into an empty slot.
    Try(usize),
    /// Moves one of the permits in the first slot into the second, which is empty.
    Split(usize, usize),
    /// Moves all from the second slot to the first.
    Merge(usize, usize),
    /// Forgets the permits in the slot.
    Forget(usize),
    /// Takes permits that are there for good.
    ForgetPermits(usize),
    /// Adds as many as there can be, which is too many if there is one.
    Flood,
    /// Closes it.
    Close,
}

/// The rules of a semaphore.
#[derive(Clone, Debug)]
pub struct Counted {
    available: usize,
    closed: bool,
}

impl Default for Counted {
    fn default() -> Self {
        Self { available: PERMITS, closed: false }
    }
}

type Places = Line<usize, usize>;

impl Counted {
    /// Lets in who fits at the front of the line.
    fn advance(&mut self, line: &mut Places) {
        while let Some((slot, n)) = line.first().filter(|(_, n)| *n <= self.available) {
            self.available -= n;
            line.give(slot, n);
        }
    }

    fn try_take(&mut self, line: &Places, n: usize) -> bool {
        let there = line.is_empty() && n <= self.available;
        self.available -= if there { n } else { 0 };
        there
    }
}

impl Rules for Counted {
    type Want = usize;
    type Value = usize;
    type Call = Call;

    fn enter(&mut self, line: &mut Places, _: usize, n: usize) -> Enter<usize> {
        match () {
            () if self.closed => Enter::Closed,
            () if self.try_take(line, n) => Enter::Pass(n),
            () => Enter::Queue,
        }
    }

    fn yields(&mut self, n: usize) -> Seen {
        Seen::Value(n)
    }

    fn again(_: usize) -> Seen {
        Seen::Panics("an acquire future was polled again after it was ready: it yields its permits once")
    }

    fn gone(&mut self, line: &mut Places, _: usize, stage: Stage<usize, usize>) {
        let given = if let Stage::Given(_, n) = stage { Some(n) } else { stage.held() };
        self.available += given.unwrap_or_default();
        self.advance(line);
    }

    fn call(&mut self, line: &mut Places, call: Call, _: usize) -> Option<Seen> {
        let held = |line: &Places, slot: usize| line.slots[slot].held();
        match call {
            Call::Add(n) => self.available += n,
            Call::Try(slot) if line.slots[slot] != Stage::Empty => return None,
            Call::Try(_) if self.closed => return Some(Seen::Closed),
            Call::Try(_) if !self.try_take(line, 2) => return Some(Seen::None),
            Call::Try(slot) => {
                line.slots[slot] = Stage::Held(2);
                return Some(Seen::Value(2));
            }
            Call::Split(from, to) => {
                let n = held(line, from).filter(|_| line.slots[to] == Stage::Empty)?;
                let Some(rest) = n.checked_sub(1) else { return Some(Seen::None) };
                (line.slots[from], line.slots[to]) = (Stage::Held(rest), Stage::Held(1));
                return Some(Seen::Value(rest));
            }
            Call::Merge(to, from) => {
                let sum = held(line, to)? + held(line, from)?;
                (line.slots[to], line.slots[from]) = (Stage::Held(sum), Stage::Empty);
                return Some(Seen::Value(sum));
            }
            Call::Forget(slot) => line.slots[slot] = held(line, slot).map(|_| Stage::Empty)?,
            Call::ForgetPermits(n) => {
                let taken = n.min(self.available);
                self.available -= taken;
                return Some(Seen::Count(taken));
            }
            Call::Flood if self.available == 0 => return None,
            Call::Flood => {
                return Some(Seen::Panics("a semaphore may not have more than Semaphore::MAX_PERMITS"));
            }
            Call::Close => {
                self.closed = true;
                line.close();
            }
        }
        self.advance(line);
        Some(Seen::Nothing)
    }

    fn facts(&self, line: &Places) -> Facts {
        // Of what is closed nobody gets any.
        let available = if self.closed { 0 } else { self.available };
        [usize::from(self.closed), available, line.len()]
    }
}

/// A semaphore, by permits that own it.
#[derive(Debug)]
pub struct Spec(Arc<Semaphore>);

fn acquired(output: Result<OwnedPermit, Closed>) -> (Seen, Option<OwnedPermit>) {
    output.map_or((Seen::Closed, None), |permit| (Seen::Value(permit.permits()), Some(permit)))
}

impl Subject for Spec {
    type Want = usize;
    type Call = Call;
    type Held = OwnedPermit;
    type Model = Frame<Counted>;
    const WANTS: &'static [usize] = &[1, 3, 0];
    const CALLS: &'static [Call] = &[
        Call::Add(2),
        Call::Add(1),
        Call::Try(0),
        Call::Try(1),
        Call::Try(2),
        Call::Try(3),
        Call::Split(0, 1),
        Call::Split(1, 2),
        Call::Split(0, 3),
        Call::Merge(0, 1),
        Call::Merge(2, 0),
        Call::Merge(1, 3),
        Call::Forget(0),
        Call::Forget(1),
        Call::Forget(2),
        Call::ForgetPermits(1),
        Call::ForgetPermits(3),
        Call::Flood,
        Call::Close,
    ];
    const LENGTH: usize = 4;

    fn new() -> Self {
        Self(Arc::new(Semaphore::new(PERMITS)))
    }

    fn wait(&self, n: usize) -> Wait<OwnedPermit> {
        wait(self.0.acquire_owned(n), subscribe!(), acquired)
    }

    fn call(&self, call: Call, _: usize, world: &mut World<OwnedPermit>) -> Seen {
        let mut take = |slot: usize| {
            let permit = world.slots[slot].held.take().expect("the model has one");
            world.slots[slot].clear();
            permit
        };
        match call {
            Call::Add(n) => self.0.add_permits(n),
            Call::Try(slot) => match self.0.try_acquire_owned(2) {
                Ok(permit) => {
                    world.slots[slot].held = Some(permit);
                    return Seen::Value(2);
                }
                Err(TryAcquireError::Closed) => return Seen::Closed,
                Err(TryAcquireError::InsufficientPermits) => return Seen::None,
            },
            Call::Split(from, to) => {
                let permit = world.slots[from].held.as_mut().expect("the model has one");
                let Some(part) = permit.split(1) else { return Seen::None };
                let rest = permit.permits();
                // The model has no wait there any more, if there was one.
                world.slots[from].wait = None;
                world.slots[to].held = Some(part);
                return Seen::Value(rest);
            }
            Call::Merge(to, from) => {
                let (mut permit, other) = (take(to), take(from));
                permit.merge(other);
                let sum = permit.permits();
                world.slots[to].held = Some(permit);
                return Seen::Value(sum);
            }
            Call::Forget(slot) => take(slot).forget(),
            Call::ForgetPermits(n) => return Seen::Count(self.0.forget_permits(n)),
            Call::Flood => self.0.add_permits(<Semaphore>::MAX_PERMITS),
            Call::Close => self.0.close(),
        }
        Seen::Nothing
    }

    fn facts(&self) -> Facts {
        [usize::from(self.0.is_closed()), self.0.available_permits(), self.0.waiters()]
    }

    fn slot_of(call: Call) -> Option<usize> {
        match call {
            Call::Try(slot) | Call::Forget(slot) => Some(slot),
            Call::Split(one, other) | Call::Merge(one, other) => Some(one.max(other)),
            _ => None,
        }
    }
}
