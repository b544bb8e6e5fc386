//! [`AutoEvent`]: lets one through each time it is set, and remembers one.

use alloc::sync::Arc;

use sync_core::AutoEvent;

use super::{
    Facts, Seen, Specified, Wait, World,
    frame::{Enter, Frame, Line, Rules, Stage},
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
    /// Takes it without waiting.
    Try,
    /// Closes it.
    Close,
}

/// The rules of an event for one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ForOne {
    set: bool,
    closed: bool,
}

impl ForOne {
    fn set(&mut self, line: &mut Line<(), ()>) {
        match line.first() {
            Some((slot, ())) => line.give(slot, ()),
            None => self.set = true,
        }
    }
}

impl Rules for ForOne {
    type Want = ();
    type Value = ();
    type Call = Call;

    fn enter(&mut self, _: &mut Line<(), ()>, _: usize, (): ()) -> Enter<()> {
        match () {
            () if self.closed => Enter::Closed,
            () if core::mem::take(&mut self.set) => Enter::Pass(()),
            () => Enter::Queue,
        }
    }

    fn yields(&mut self, (): ()) -> Seen {
        Seen::Ok
    }

    fn gone(&mut self, line: &mut Line<(), ()>, _: usize, stage: Stage<(), ()>) {
        if let Stage::Given(..) = stage {
            self.set(line);
        }
    }

    fn call(&mut self, line: &mut Line<(), ()>, call: Call, _: usize) -> Option<Seen> {
        match call {
            Call::Set => self.set(line),
            Call::Reset => self.set = false,
            Call::Try => return Some(Seen::Called(!self.closed && core::mem::take(&mut self.set))),
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

/// An event for one.
#[derive(Debug)]
pub struct Spec(Arc<AutoEvent<Watched>>);

impl Specified for Spec {
    type Want = ();
    type Call = Call;
    type Held = ();
    type Model = Frame<ForOne>;
    const WANTS: &'static [()] = &[()];
    const CALLS: &'static [Call] = &[Call::Set, Call::Reset, Call::Try, Call::Close];
    const LENGTH: usize = 5;
    const BETWEEN: usize = 4;

    fn new() -> Self {
        Self(Arc::new(AutoEvent::default()))
    }

    fn wait(&self, (): ()) -> Wait<()> {
        wait(self.0.wait_owned(), subscribe!(), unit)
    }

    fn call(&self, call: Call, _: usize, _: &World<()>) -> Seen {
        match call {
            Call::Set => self.0.set(),
            Call::Reset => self.0.reset(),
            Call::Try => return Seen::Called(self.0.try_wait()),
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
