//! [`Barrier`]: two come, and both go; a task that leaves before is not counted.

use alloc::sync::Arc;

use sync_core::Barrier;

use super::{
    Facts, Never, Seen, Specified, Wait, World,
    frame::{Enter, Frame, Line, Rules},
    real::{cannot, wait},
};
use crate::watched::Watched;

/// How many meet.
const PARTIES: usize = 2;

/// The rules of a barrier; what a wait is given is whether it came last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Meeting;

impl Rules for Meeting {
    type Want = ();
    type Value = bool;
    type Call = Never;
    const AGAIN: &'static str = "`async fn` resumed after completion";

    fn enter(&mut self, line: &mut Line<(), bool>, _: usize, (): ()) -> Enter<bool> {
        if line.len() + 1 < PARTIES {
            return Enter::Queue;
        }
        line.waiting().iter().for_each(|&(slot, ())| line.give(slot, false));
        Enter::Pass(true)
    }

    fn yields(&mut self, leads: bool) -> Seen {
        Seen::Called(leads)
    }

    fn call(&mut self, _: &mut Line<(), bool>, call: Never, _: usize) -> Option<Seen> {
        match call {}
    }

    fn facts(&self, line: &Line<(), bool>) -> Facts {
        [line.len(), 0, 0]
    }
}

/// A barrier.
#[derive(Debug)]
pub struct Spec(Arc<Barrier<Watched>>);

impl Specified for Spec {
    type Want = ();
    type Call = Never;
    type Held = ();
    type Model = Frame<Meeting>;
    const WANTS: &'static [()] = &[()];
    const CALLS: &'static [Never] = &[];
    const SUBSCRIBES: bool = false;
    const LENGTH: usize = 6;
    const BETWEEN: usize = 5;

    fn new() -> Self {
        Self(Arc::new(Barrier::new_with_raw_mutex(PARTIES, Watched::new())))
    }

    fn wait(&self, (): ()) -> Wait<()> {
        let barrier = Arc::clone(&self.0);
        wait(async move { barrier.wait().await.is_leader() }, cannot, |leads| (Seen::Called(leads), None))
    }

    fn call(&self, call: Never, _: usize, _: &World<()>) -> Seen {
        match call {}
    }

    fn facts(&self) -> Facts {
        [self.0.arrived(), 0, 0]
    }
}
