//! [`Semaphore`]: permits, the oldest first and no task past it.

use alloc::sync::Arc;

use sync_core::{
    Closed, Semaphore,
    semaphore::{OwnedPermit, TryAcquireError},
};

use super::{
    Facts, Seen, Specified, Wait, World, fill,
    frame::{Enter, Frame, Line, Rules, Stage},
    real::{subscribe, wait},
};
use crate::watched::Watched;

/// How many permits there are at first.
const PERMITS: usize = 2;

const TOO_MANY: &str = "a semaphore cannot have, or be asked for, more than Semaphore::MAX_PERMITS permits";

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
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Counted {
    added: usize,
    forgotten: usize,
    closed: bool,
}

impl Counted {
    fn available(&self, line: &Line<usize, usize>) -> usize {
        let taken: usize = line.slots.iter().filter_map(Stage::has).sum();
        PERMITS + self.added - self.forgotten - taken
    }

    /// Lets in the waiters that fit at the front of the line.
    fn advance(&self, line: &mut Line<usize, usize>) {
        while let Some((slot, n)) = line.first().filter(|(_, n)| *n <= self.available(line)) {
            line.give(slot, n);
        }
    }
}

impl Rules for Counted {
    type Want = usize;
    type Value = usize;
    type Call = Call;
    const AGAIN: &'static str =
        "an acquire future was polled again after it was ready: it yields its permits once";

    fn enter(&mut self, line: &mut Line<usize, usize>, _: usize, n: usize) -> Enter<usize> {
        match line.is_empty() && n <= self.available(line) {
            _ if self.closed => Enter::Closed,
            true => Enter::Pass(n),
            false => Enter::Queue,
        }
    }

    fn yields(&mut self, n: usize) -> Seen {
        Seen::Value(n)
    }

    fn gone(&mut self, line: &mut Line<usize, usize>, _: usize, _: Stage<usize, usize>) {
        self.advance(line);
    }

    fn call(&mut self, line: &mut Line<usize, usize>, call: Call, _: usize) -> Option<Seen> {
        let slots = &mut line.slots;
        match call {
            Call::Add(n) => self.added += n,
            Call::Try(slot) if slots[slot] != Stage::Empty => return None,
            Call::Try(slot) => {
                return Some(match self.enter(line, slot, 2) {
                    Enter::Pass(n) => fill(&mut line.slots[slot], Stage::Held(n)).map(|_| Seen::Value(n))?,
                    Enter::Closed => Seen::Closed,
                    _ => Seen::None,
                });
            }
            Call::Split(from, to) => {
                let n = slots[from].held().filter(|_| slots[to] == Stage::Empty)?;
                let Some(rest) = n.checked_sub(1) else { return Some(Seen::None) };
                (slots[from], slots[to]) = (Stage::Held(rest), Stage::Held(1));
                return Some(Seen::Value(rest));
            }
            Call::Merge(to, from) => {
                let sum = slots[to].held()? + line.take(from)?;
                line.slots[to] = Stage::Held(sum);
                return Some(Seen::Value(sum));
            }
            Call::Forget(slot) => self.forgotten += line.take(slot)?,
            Call::ForgetPermits(n) => {
                let taken = n.min(self.available(line));
                self.forgotten += taken;
                return Some(Seen::Count(taken));
            }
            Call::Flood => return (self.available(line) > 0).then_some(Seen::Panics(TOO_MANY)),
            Call::Close => {
                self.closed = true;
                line.close();
            }
        }
        self.advance(line);
        Some(Seen::Nothing)
    }

    fn facts(&self, line: &Line<usize, usize>) -> Facts {
        // Of what is closed no task gets any.
        [usize::from(self.closed), usize::from(!self.closed) * self.available(line), line.len()]
    }
}

/// A semaphore, by permits that own it.
#[derive(Debug)]
pub struct Spec(Arc<Semaphore<Watched>>);

fn acquired(output: Result<OwnedPermit<Watched>, Closed>) -> (Seen, Option<OwnedPermit<Watched>>) {
    output.map_or((Seen::Closed, None), |permit| (Seen::Value(permit.permits()), Some(permit)))
}

impl Specified for Spec {
    type Want = usize;
    type Call = Call;
    type Held = OwnedPermit<Watched>;
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
    const BETWEEN: usize = 2;

    fn new() -> Self {
        Self(Arc::new(Semaphore::new_with_raw_mutex(PERMITS, Watched::new())))
    }

    fn wait(&self, n: usize) -> Wait<OwnedPermit<Watched>> {
        wait(self.0.acquire_owned(n), subscribe!(), acquired)
    }

    fn call(&self, call: Call, _: usize, world: &World<OwnedPermit<Watched>>) -> Seen {
        let take = |slot| world.take(slot).expect("the model has one");
        match call {
            Call::Add(n) => self.0.add_permits(n),
            Call::Try(slot) => match self.0.try_acquire_owned(2) {
                Ok(permit) => {
                    world.hold(slot, Some(permit));
                    return Seen::Value(2);
                }
                Err(TryAcquireError::Closed) => return Seen::Closed,
                Err(TryAcquireError::InsufficientPermits) => return Seen::None,
            },
            Call::Split(from, to) => {
                let mut permit = world.borrow(from).expect("the model has one");
                let (part, rest) = (permit.split(1), permit.permits());
                if part.is_some() {
                    // The model has no wait there any more, if there was one.
                    _ = world.take(from);
                }
                world.hold(from, Some(permit));
                let Some(part) = part else { return Seen::None };
                world.hold(to, Some(part));
                return Seen::Value(rest);
            }
            Call::Merge(to, from) => {
                let (mut permit, other) = (take(to), take(from));
                permit.merge(other);
                let sum = permit.permits();
                world.hold(to, Some(permit));
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

    fn tells_late(call: Call) -> bool {
        call == Call::Close
    }

    fn slots_of(call: Call) -> [Option<usize>; 2] {
        match call {
            Call::Try(slot) | Call::Forget(slot) => [Some(slot), None],
            Call::Split(one, other) | Call::Merge(one, other) => [Some(one), Some(other)],
            _ => [None; 2],
        }
    }
}
