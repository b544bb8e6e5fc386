//! `match = unique`: one task per key, as in [`WaitMap`].

use alloc::sync::Arc;
use core::cell::Cell;
use std::thread_local;

use sync_core::{WaitMap, wait_map};

use super::{
    Facts, Seen, Specified, Wait, World,
    frame::{Enter, Frame, Line, Rules, Stage},
    real::{Parcel, number, subscribe, wait},
};
use crate::watched::Watched;

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Gives the number of the call to the one that waits for the key.
    Wake(u8),
    /// Closes it.
    Close,
}

/// The rules of a map of one wait per key, with or without `undelivered`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct OnePerKey<const GIVES_BACK: bool> {
    closed: bool,
    /// How many values came back, and their sum.
    back: (usize, usize),
}

type Places = Line<u8, usize>;

impl<const GIVES_BACK: bool> Rules for OnePerKey<GIVES_BACK> {
    type Want = u8;
    type Value = usize;
    type Call = Call;

    fn enter(&mut self, line: &mut Places, _: usize, key: u8) -> Enter<usize> {
        match () {
            () if self.closed => Enter::Closed,
            () if line.waiting().iter().any(|waiting| waiting.1 == key) => Enter::Refuse(Seen::Duplicate),
            () => Enter::Queue,
        }
    }

    fn yields(&mut self, value: usize) -> Seen {
        Seen::Value(value)
    }

    fn again(_: u8) -> Seen {
        Seen::Consumed
    }

    fn gone(&mut self, _: &mut Places, _: usize, stage: Stage<u8, usize>) {
        if let Stage::Given(_, value) = stage
            && GIVES_BACK
        {
            self.back = (self.back.0 + 1, self.back.1 + value);
        }
    }

    fn call(&mut self, line: &mut Places, call: Call, n: usize) -> Option<Seen> {
        Some(match call {
            Call::Wake(_) if self.closed => Seen::Refused(n),
            Call::Wake(key) => match line.waiting().iter().find(|waiting| waiting.1 == key) {
                Some(&(slot, _)) => {
                    line.give(slot, n);
                    Seen::Woke
                }
                None => Seen::NoMatch(n),
            },
            Call::Close => {
                self.closed = true;
                line.close();
                Seen::Nothing
            }
        })
    }

    fn facts(&self, _: &Places) -> Facts {
        [usize::from(self.closed), self.back.0, self.back.1]
    }
}

thread_local! {
    /// How many values came back, and their sum.
    static BACK: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

/// Forgets what came back before.
pub(super) fn nothing_came_back() {
    BACK.set((0, 0));
}

/// Takes a value that no task took.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "keys are passed by reference")]
pub(super) fn give_back(_: &u8, value: Parcel) {
    let value = usize::from(value);
    let (count, sum) = BACK.get();
    BACK.set((count + 1, sum + value));
}

/// Returns how many values came back on this thread, and their sum.
pub(super) fn came_back() -> (usize, usize) {
    BACK.get()
}

/// One per key, and what no task took comes back.
#[wait_map(key = u8, value = Parcel, match = unique, undelivered = give_back)]
pub struct Returning;

/// The map of the library.
#[derive(Debug)]
pub struct Spec(Arc<WaitMap<u8, Parcel, Watched>>);

/// A map with `undelivered`.
#[derive(Debug)]
pub struct GivingBack(Arc<Returning<Watched>>);

macro_rules! subject {
    ($name:ident($map:ty), $gives_back:literal) => {
        impl Specified for $name {
            type Want = u8;
            type Call = Call;
            type Held = ();
            type Model = Frame<OnePerKey<$gives_back>>;
            const WANTS: &'static [u8] = &[0, 1];
            const CALLS: &'static [Call] = &[Call::Wake(0), Call::Wake(1), Call::Close];
            const LENGTH: usize = 4;
            const BETWEEN: usize = 3;

            fn new() -> Self {
                nothing_came_back();
                Self(Arc::new(<$map>::default()))
            }

            fn wait(&self, key: u8) -> Wait<()> {
                wait(self.0.wait_owned(key), subscribe!(), number)
            }

            fn call(&self, call: Call, n: usize, _: &World<()>) -> Seen {
                match call {
                    Call::Wake(key) => return self.0.wake(&key, Parcel::new(n)).into(),
                    Call::Close => self.0.close(),
                }
                Seen::Nothing
            }

            fn facts(&self) -> Facts {
                let back = came_back();
                [usize::from(self.0.is_closed()), back.0, back.1]
            }

            fn tells_late(call: Call) -> bool {
                call == Call::Close
            }
        }
    };
}

subject!(Spec(WaitMap<u8, Parcel, Watched>), false);
subject!(GivingBack(Returning<Watched>), true);
