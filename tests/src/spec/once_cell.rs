//! [`OnceCell`]: one at a time makes the value, and who fails or leaves hands the turn on.

use alloc::{sync::Arc, vec::Vec};
use core::{future::poll_fn, task::Poll};

use sync_core::OnceCell;

use super::{
    Facts, Model, SLOTS, Seen, Subject, TASKS, Wait, World,
    real::{cannot, wait},
};

/// What an initializer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// Makes this value at once.
    Now(usize),
    /// Makes it when it is polled for the second time.
    Later(usize),
    /// Fails.
    Fail,
}

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Fills it with the number of the call.
    Set,
}

/// What is in a slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Empty,
    Idle(Want),
    Queued(Want),
    /// Its turn has come, if there is no value; it was not polled since.
    Next(Want),
    /// It makes the value.
    Making(usize),
    Done,
}

/// The model of a cell.
#[derive(Clone, Debug, Default)]
pub struct Turns {
    slots: [Stage; SLOTS],
    /// Slot and task.
    line: Vec<(usize, usize)>,
    /// Somebody makes the value, or is next to.
    busy: bool,
    value: Option<usize>,
    woken: Vec<usize>,
}

impl Turns {
    /// Whoever had the turn has it no more.
    fn pass_on(&mut self) {
        self.busy = false;
        while !self.busy && !self.line.is_empty() {
            let (slot, task) = self.line.remove(0);
            let Stage::Queued(want) = self.slots[slot] else { panic!("who is in line is queued") };
            self.slots[slot] = Stage::Next(want);
            self.woken.push(task);
            // There is one next, or all of them read.
            self.busy = self.value.is_none();
        }
    }

    fn fill(&mut self, slot: usize, value: usize) -> Seen {
        self.slots[slot] = Stage::Done;
        self.value = Some(value);
        self.pass_on();
        Seen::Value(value)
    }
}

impl Model<Want, Call> for Turns {
    fn make(&mut self, slot: usize, want: Want) -> Option<Seen> {
        (self.slots[slot] == Stage::Empty).then(|| {
            self.slots[slot] = Stage::Idle(want);
            Seen::Nothing
        })
    }

    fn poll(&mut self, slot: usize, task: usize) -> Option<Seen> {
        Some(match (self.slots[slot], self.value) {
            (Stage::Empty, _) => return None,
            (Stage::Done, _) => Seen::Panics("`async fn` resumed after completion"),
            (Stage::Idle(_) | Stage::Next(_), Some(value)) => {
                self.slots[slot] = Stage::Done;
                Seen::Value(value)
            }
            (Stage::Idle(want) | Stage::Queued(want), _) if self.busy => {
                self.slots[slot] = Stage::Queued(want);
                match self.line.iter_mut().find(|place| place.0 == slot) {
                    Some(place) => place.1 = task,
                    None => self.line.push((slot, task)),
                }
                Seen::Pending
            }
            (Stage::Idle(want) | Stage::Next(want) | Stage::Queued(want), _) => {
                self.busy = true;
                match want {
                    Want::Now(value) => self.fill(slot, value),
                    Want::Later(value) => {
                        self.slots[slot] = Stage::Making(value);
                        Seen::Pending
                    }
                    Want::Fail => {
                        self.slots[slot] = Stage::Done;
                        self.pass_on();
                        Seen::None
                    }
                }
            }
            (Stage::Making(value), _) => self.fill(slot, value),
        })
    }

    fn drop(&mut self, slot: usize) -> Option<Seen> {
        let stage = core::mem::take(&mut self.slots[slot]);
        self.line.retain(|place| place.0 != slot);
        if let Stage::Next(_) | Stage::Making(_) = stage
            && self.value.is_none()
        {
            self.pass_on();
        }
        (stage != Stage::Empty).then_some(Seen::Nothing)
    }

    fn call(&mut self, _: Call, n: usize) -> Option<Seen> {
        if self.busy || self.value.is_some() {
            return Some(Seen::Refused(n));
        }
        self.value = Some(n);
        Some(Seen::Ok)
    }

    fn woken(&mut self) -> Vec<usize> {
        core::mem::take(&mut self.woken)
    }

    fn wakers(&self) -> [usize; TASKS] {
        core::array::from_fn(|task| self.line.iter().filter(|place| place.1 == task).count())
    }

    fn facts(&self) -> Facts {
        [usize::from(self.value.is_some()), self.value.unwrap_or_default(), 0]
    }
}

/// A cell.
#[derive(Debug)]
pub struct Spec(Arc<OnceCell<usize>>);

async fn initialize(want: Want) -> Result<usize, ()> {
    match want {
        Want::Now(value) => Ok(value),
        Want::Later(value) => {
            let mut polled = false;
            poll_fn(|_| if core::mem::replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending })
                .await;
            Ok(value)
        }
        Want::Fail => Err(()),
    }
}

impl Subject for Spec {
    type Want = Want;
    type Call = Call;
    type Held = ();
    type Model = Turns;
    const WANTS: &'static [Want] = &[Want::Later(70), Want::Now(60), Want::Fail];
    const CALLS: &'static [Call] = &[Call::Set];
    const SUBSCRIBES: bool = false;
    const LENGTH: usize = 4;

    fn new() -> Self {
        Self(Arc::new(OnceCell::new()))
    }

    fn wait(&self, want: Want) -> Wait<()> {
        let cell = Arc::clone(&self.0);
        let made = async move { cell.get_or_try_init(|| initialize(want)).await.copied() };
        wait(made, cannot, |made| (made.map_or(Seen::None, Seen::Value), None))
    }

    fn call(&self, call: Call, n: usize, _: &mut World<()>) -> Seen {
        let Call::Set = call;
        self.0.set(n).map_or_else(Seen::Refused, |()| Seen::Ok)
    }

    fn facts(&self) -> Facts {
        [usize::from(self.0.get().is_some()), self.0.get().copied().unwrap_or_default(), 0]
    }
}
