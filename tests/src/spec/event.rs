//! [`Event`]: lets every task through until it is reset.

use alloc::sync::Arc;

use sync_core::Event;

use super::{
    Facts, Seen, Specified, Wait, World,
    frame::{Enter, Frame, Line, Rules},
    real::{subscribe, unit, wait},
};
use crate::watched::Watched;

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Sets it.
    Set,
    /// Resets it.
    Reset,
    /// Closes it.
    Close,
}

/// The rules of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Opened {
    set: bool,
    closed: bool,
}

impl Rules for Opened {
    type Want = ();
    type Value = ();
    type Call = Call;

    fn enter(&mut self, _: &mut Line<(), ()>, _: usize, (): ()) -> Enter<()> {
        match () {
            () if self.closed => Enter::Closed,
            () if self.set => Enter::Pass(()),
            () => Enter::Queue,
        }
    }

    fn yields(&mut self, (): ()) -> Seen {
        Seen::Ok
    }

    fn call(&mut self, line: &mut Line<(), ()>, call: Call, _: usize) -> Option<Seen> {
        match call {
            Call::Set => {
                self.set = true;
                line.waiting().iter().for_each(|&(slot, ())| line.give(slot, ()));
            }
            Call::Reset => self.set = false,
            Call::Close => {
                self.closed = true;
                line.close();
            }
        }
        Some(Seen::Nothing)
    }

    fn facts(&self, _: &Line<(), ()>) -> Facts {
        [usize::from(self.closed), usize::from(self.set), 0]
    }
}

/// An event.
#[derive(Debug)]
pub struct Spec(Arc<Event<Watched>>);

impl Specified for Spec {
    type Want = ();
    type Call = Call;
    type Held = ();
    type Model = Frame<Opened>;
    const WANTS: &'static [()] = &[()];
    const CALLS: &'static [Call] = &[Call::Set, Call::Reset, Call::Close];
    const LENGTH: usize = 5;
    const BETWEEN: usize = 4;

    fn new() -> Self {
        Self(Arc::new(Event::default()))
    }

    fn wait(&self, (): ()) -> Wait<()> {
        wait(self.0.wait_owned(), subscribe!(), unit)
    }

    fn call(&self, call: Call, _: usize, _: &World<()>) -> Seen {
        match call {
            Call::Set => self.0.set(),
            Call::Reset => self.0.reset(),
            Call::Close => self.0.close(),
        }
        Seen::Nothing
    }

    fn facts(&self) -> Facts {
        [usize::from(self.0.is_closed()), usize::from(self.0.is_set()), 0]
    }

    fn tells_late(call: Call) -> bool {
        call == Call::Close
    }
}
