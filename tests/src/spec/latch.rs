//! [`Latch`]: opens at zero, and stays open.

use alloc::sync::Arc;

use sync_core::Latch;

use super::{
    Facts, Seen, Specified, Wait, World,
    frame::{Enter, Frame, Line, Rules},
    real::{subscribe, unit, wait},
};
use crate::watched::Watched;

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Counts down.
    CountDown(usize),
    /// Closes it.
    Close,
}

/// Where it starts.
const COUNT: usize = 3;

/// The rules of a latch.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ToZero {
    count: usize,
    closed: bool,
}

impl Default for ToZero {
    fn default() -> Self {
        Self { count: COUNT, closed: false }
    }
}

impl Rules for ToZero {
    type Want = ();
    type Value = ();
    type Call = Call;

    fn enter(&mut self, _: &mut Line<(), ()>, _: usize, (): ()) -> Enter<()> {
        match () {
            () if self.closed => Enter::Closed,
            () if self.count == 0 => Enter::Pass(()),
            () => Enter::Queue,
        }
    }

    fn yields(&mut self, (): ()) -> Seen {
        Seen::Ok
    }

    fn call(&mut self, line: &mut Line<(), ()>, call: Call, _: usize) -> Option<Seen> {
        match call {
            Call::CountDown(n) => {
                self.count = self.count.saturating_sub(n);
                if self.count == 0 {
                    line.waiting().iter().for_each(|&(slot, ())| line.give(slot, ()));
                }
            }
            Call::Close => {
                self.closed = true;
                line.close();
            }
        }
        Some(Seen::Nothing)
    }

    fn facts(&self, _: &Line<(), ()>) -> Facts {
        [usize::from(self.closed), self.count, 0]
    }
}

/// A latch.
#[derive(Debug)]
pub struct Spec(Arc<Latch<Watched>>);

impl Specified for Spec {
    type Want = ();
    type Call = Call;
    type Held = ();
    type Model = Frame<ToZero>;
    const WANTS: &'static [()] = &[()];
    const CALLS: &'static [Call] =
        &[Call::CountDown(3), Call::CountDown(1), Call::CountDown(2), Call::CountDown(0), Call::Close];
    const LENGTH: usize = 4;
    const BETWEEN: usize = 4;

    fn new() -> Self {
        Self(Arc::new(Latch::new_with_raw_mutex(COUNT, Watched::new())))
    }

    fn wait(&self, (): ()) -> Wait<()> {
        wait(self.0.wait_owned(), subscribe!(), unit)
    }

    fn call(&self, call: Call, _: usize, _: &World<()>) -> Seen {
        match call {
            Call::CountDown(n) => self.0.count_down(n),
            Call::Close => self.0.close(),
        }
        Seen::Nothing
    }

    fn facts(&self) -> Facts {
        [usize::from(self.0.is_closed()), self.0.count(), 0]
    }

    fn tells_late(call: Call) -> bool {
        call == Call::Close
    }
}
