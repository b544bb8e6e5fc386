//! [`OnceCell`]: one at a time makes the value, and a task that fails or leaves hands the turn on.

use alloc::sync::Arc;
use core::{future::poll_fn, task::Poll};

use sync_core::OnceCell;

use super::{
    Facts, Model, SLOTS, Seen, Sleepers, Specified, Wait, World, fill,
    real::{cannot, wait},
};
use crate::watched::Watched;

/// What an initializer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Stage {
    #[default]
    Empty,
    Idle(Want),
    Queued(Want),
    /// Its turn has come, or there is a value; it was not polled since.
    Next(Want),
    /// It makes the value.
    Making(usize),
    Done,
}

/// The model of a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Turns {
    slots: [Stage; SLOTS],
    line: Sleepers,
    value: Option<usize>,
}

impl Turns {
    /// A task makes the value, or is next to.
    fn busy(&self) -> bool {
        let turn = |stage: &Stage| matches!(stage, Stage::Next(_) | Stage::Making(_));
        self.value.is_none() && self.slots.iter().any(turn)
    }

    /// There is one next, or all of them read.
    fn advance(&mut self) {
        while let Some(slot) = self.line.first().filter(|_| !self.busy()) {
            let Stage::Queued(want) = self.slots[slot] else { panic!("who is in line is queued") };
            self.slots[self.line.wake(slot)] = Stage::Next(want);
        }
    }

    /// An initializer runs.
    fn run(&mut self, want: Want) -> (Stage, Seen) {
        match want {
            Want::Later(value) => (Stage::Making(value), Seen::Pending),
            Want::Fail => (Stage::Done, Seen::None),
            Want::Now(value) => {
                self.value = Some(value);
                (Stage::Done, Seen::Value(value))
            }
        }
    }
}

impl Model<Want, Call> for Turns {
    fn make(&mut self, slot: usize, want: Want) -> Option<Seen> {
        fill(&mut self.slots[slot], Stage::Idle(want))
    }

    fn poll(&mut self, slot: usize, task: usize) -> Option<Seen> {
        let (stage, seen) = match (self.slots[slot], self.value) {
            (Stage::Empty, _) => return None,
            (Stage::Done, _) => (Stage::Done, Seen::Panics("`async fn` resumed after completion")),
            (Stage::Idle(_) | Stage::Next(_), Some(value)) => (Stage::Done, Seen::Value(value)),
            (Stage::Idle(want) | Stage::Queued(want), _) if self.busy() => {
                self.line.wait(slot, task);
                (Stage::Queued(want), Seen::Pending)
            }
            (Stage::Idle(want) | Stage::Next(want) | Stage::Queued(want), _) => self.run(want),
            (Stage::Making(value), _) => self.run(Want::Now(value)),
        };
        self.slots[slot] = stage;
        self.advance();
        Some(seen)
    }

    fn drop(&mut self, slot: usize) -> Option<Seen> {
        let stage = core::mem::take(&mut self.slots[slot]);
        self.line.leave(slot);
        self.advance();
        (stage != Stage::Empty).then_some(Seen::Nothing)
    }

    fn call(&mut self, _: Call, n: usize) -> Option<Seen> {
        if self.busy() || self.value.is_some() {
            return Some(Seen::Refused(n));
        }
        self.value = Some(n);
        Some(Seen::Ok)
    }

    fn sleepers(&mut self) -> &mut Sleepers {
        &mut self.line
    }

    fn facts(&self) -> Facts {
        [usize::from(self.value.is_some()), self.value.unwrap_or_default(), 0]
    }
}

/// A cell.
#[derive(Debug)]
pub struct Spec(Arc<OnceCell<usize, Watched>>);

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

impl Specified for Spec {
    type Want = Want;
    type Call = Call;
    type Held = ();
    type Model = Turns;
    const WANTS: &'static [Want] = &[Want::Later(70), Want::Now(60), Want::Fail];
    const CALLS: &'static [Call] = &[Call::Set];
    const SUBSCRIBES: bool = false;
    const LENGTH: usize = 4;
    const BETWEEN: usize = 3;

    fn new() -> Self {
        Self(Arc::new(OnceCell::default()))
    }

    fn wait(&self, want: Want) -> Wait<()> {
        let cell = Arc::clone(&self.0);
        let made = async move { cell.get_or_try_init(|| initialize(want)).await.copied() };
        wait(made, cannot, |made| (made.map_or(Seen::None, Seen::Value), None))
    }

    fn call(&self, call: Call, n: usize, _: &World<()>) -> Seen {
        let Call::Set = call;
        self.0.set(n).map_or_else(Seen::Refused, |()| Seen::Ok)
    }

    fn facts(&self) -> Facts {
        [usize::from(self.0.get().is_some()), self.0.get().copied().unwrap_or_default(), 0]
    }
}
