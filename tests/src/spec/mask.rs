//! `match = mask`: until flags are set, which all that wait for them see, or which go to one.

use alloc::sync::Arc;

use sync_core::wait_map;

use super::{
    Facts, Seen, Specified, Wait, World,
    frame::{Enter, Frame, Line, Rules, Stage},
    real::{number, subscribe, wait},
};
use crate::watched::Watched;

/// What a wait is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Want {
    /// Any of these flags.
    Any(u8),
    /// All of them.
    All(u8),
    /// Any of them, and those that matched are cleared.
    AnyOnce(u8),
}

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Sets flags.
    Set(u8),
    /// Clears flags.
    Clear(u8),
    /// Closes it.
    Close,
}

/// The rules of flags; `ONE` is for whether each goes to one wait.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags<const ONE: bool> {
    flags: u8,
    closed: bool,
}

type Places = Line<Want, u8>;

impl Want {
    /// Those of `flags` that let it go on.
    fn matched(self, flags: u8) -> Option<u8> {
        match self {
            Self::All(mask) => (flags & mask == mask).then_some(mask),
            Self::Any(mask) | Self::AnyOnce(mask) => Some(flags & mask).filter(|matched| *matched != 0),
        }
    }
}

impl<const ONE: bool> Flags<ONE> {
    /// What is cleared when this one goes on.
    fn used(want: Want, matched: u8) -> u8 {
        if ONE || matches!(want, Want::AnyOnce(_)) { matched } else { 0 }
    }

    fn set(&mut self, line: &mut Places, bits: u8) -> usize {
        self.flags |= bits;
        if self.closed {
            return 0;
        }
        let (mut woken, mut used) = (0, 0);
        for (slot, want) in line.waiting() {
            // All see the same, unless each flag is for one.
            let there = if ONE { self.flags & !used } else { self.flags };
            if let Some(matched) = want.matched(there) {
                line.give(slot, matched);
                used |= Self::used(want, matched);
                woken += 1;
            }
        }
        self.flags &= !used;
        woken
    }
}

impl<const ONE: bool> Rules for Flags<ONE> {
    type Want = Want;
    type Value = u8;
    type Call = Call;

    fn enter(&mut self, _: &mut Places, _: usize, want: Want) -> Enter<u8> {
        match want.matched(self.flags) {
            // Also if it is closed.
            Some(matched) => {
                self.flags &= !Self::used(want, matched);
                Enter::Pass(matched)
            }
            None if self.closed => Enter::Closed,
            None => Enter::Queue,
        }
    }

    fn yields(&mut self, matched: u8) -> Seen {
        Seen::Value(matched.into())
    }

    fn gone(&mut self, line: &mut Places, _: usize, stage: Stage<Want, u8>) {
        if let Stage::Given(_, matched) = stage
            && ONE
        {
            self.set(line, matched);
        }
    }

    fn call(&mut self, line: &mut Places, call: Call, _: usize) -> Option<Seen> {
        Some(match call {
            Call::Set(bits) => Seen::Count(self.set(line, bits)),
            Call::Clear(bits) => {
                let before = self.flags;
                self.flags &= !bits;
                Seen::Value(before.into())
            }
            Call::Close => {
                self.closed = true;
                line.close();
                Seen::Nothing
            }
        })
    }

    fn facts(&self, _: &Places) -> Facts {
        [usize::from(self.closed), self.flags.into(), 0]
    }
}

/// Flags that all see.
#[wait_map(key = u8, match = mask)]
pub struct Events;

/// Flags for one each.
#[wait_map(key = u8, match = mask, consume)]
pub struct Tickets;

/// A map without options.
#[derive(Debug)]
pub struct Spec(Arc<Events<Watched>>);

/// A map with `consume`.
#[derive(Debug)]
pub struct Consuming(Arc<Tickets<Watched>>);

macro_rules! subject {
    ($name:ident($map:ty), $one:literal, $wants:expr, $once:expr) => {
        impl Specified for $name {
            type Want = Want;
            type Call = Call;
            type Held = ();
            type Model = Frame<Flags<$one>>;
            const WANTS: &'static [Want] = &$wants;
            const CALLS: &'static [Call] = &[
                Call::Set(0b11),
                Call::Set(0b01),
                Call::Set(0b10),
                Call::Clear(0b01),
                Call::Clear(0b10),
                Call::Close,
            ];
            const LENGTH: usize = 4;
            const BETWEEN: usize = 2;

            fn new() -> Self {
                Self(Arc::new(<$map>::default()))
            }

            fn wait(&self, want: Want) -> Wait<()> {
                match want {
                    Want::Any(mask) => wait(self.0.wait_any_owned(mask), subscribe!(), number),
                    Want::All(mask) => wait(self.0.wait_all_owned(mask), subscribe!(), number),
                    Want::AnyOnce(mask) => $once(self, mask),
                }
            }

            fn call(&self, call: Call, _: usize, _: &World<()>) -> Seen {
                match call {
                    Call::Set(bits) => return Seen::Count(self.0.set(bits)),
                    Call::Clear(bits) => return Seen::Value(self.0.clear(bits).into()),
                    Call::Close => self.0.close(),
                }
                Seen::Nothing
            }

            fn facts(&self) -> Facts {
                [usize::from(self.0.is_closed()), self.0.get().into(), 0]
            }

            fn tells_late(call: Call) -> bool {
                call == Call::Close
            }
        }
    };
}

subject!(
    Spec(Events<Watched>),
    false,
    [Want::AnyOnce(0b11), Want::All(0b11), Want::Any(0b01)],
    |this: &Self, mask| wait(this.0.wait_any_owned(mask).clear_on_exit(), subscribe!(), number)
);
subject!(
    Consuming(Tickets<Watched>),
    true,
    [Want::Any(0b11), Want::All(0b11), Want::Any(0b01)],
    |_: &Self, _| unreachable!("all of them are for one")
);
