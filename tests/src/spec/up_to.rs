//! `match = up_to`: until a position is reached, nearest first.

use alloc::sync::Arc;

use sync_core::wait_map;

use super::{
    Facts, Seen, Specified, Wait, World,
    frame::{Enter, Frame, Line, Rules},
    real::{number, subscribe, wait},
};
use crate::watched::Watched;

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Moves the position there.
    Advance(u8),
    /// Closes it.
    Close,
}

/// Where one that wraps starts: shortly before it does.
const LATE: u8 = 253;

/// The rules of a position, which may wrap.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reached<const WRAPS: bool> {
    position: u8,
    closed: bool,
}

impl<const WRAPS: bool> Default for Reached<WRAPS> {
    fn default() -> Self {
        Self { position: if WRAPS { LATE } else { 0 }, closed: false }
    }
}

impl<const WRAPS: bool> Reached<WRAPS> {
    /// How far it has come since it started.
    fn ahead(position: u8) -> u8 {
        if WRAPS { position.wrapping_sub(LATE) } else { position }
    }
}

impl<const WRAPS: bool> Rules for Reached<WRAPS> {
    type Want = u8;
    type Value = u8;
    type Call = Call;

    fn enter(&mut self, _: &mut Line<u8, u8>, _: usize, until: u8) -> Enter<u8> {
        match () {
            // Also if it is closed.
            () if Self::ahead(until) <= Self::ahead(self.position) => Enter::Pass(self.position),
            () if self.closed => Enter::Closed,
            () => Enter::Queue,
        }
    }

    fn yields(&mut self, position: u8) -> Seen {
        Seen::Value(position.into())
    }

    fn call(&mut self, line: &mut Line<u8, u8>, call: Call, _: usize) -> Option<Seen> {
        let Call::Advance(to) = call else {
            self.closed = true;
            // The line is in the order in which they would be reached.
            let mut waiting = line.waiting();
            waiting.sort_by_key(|&(_, until)| Self::ahead(until));
            line.close_in_order(&waiting);
            return Some(Seen::Nothing);
        };
        if Self::ahead(to) > Self::ahead(self.position) {
            self.position = to;
        }
        let mut waiting = line.waiting();
        waiting.retain(|&(_, until)| Self::ahead(until) <= Self::ahead(self.position));
        waiting.sort_by_key(|&(_, until)| Self::ahead(until));
        for &(slot, _) in &waiting {
            line.give(slot, self.position);
        }
        Some(Seen::Count(waiting.len()))
    }

    fn facts(&self, _: &Line<u8, u8>) -> Facts {
        [usize::from(self.closed), self.position.into(), 0]
    }
}

/// A position that goes up.
#[wait_map(key = u8, match = up_to)]
pub struct Flushed;

/// A position that wraps.
#[wait_map(key = u8, match = up_to, wrapping)]
pub struct Acked;

/// A map without options.
#[derive(Debug)]
pub struct Spec(Arc<Flushed<Watched>>);

/// A map with `wrapping`.
#[derive(Debug)]
pub struct Wrapping(Arc<Acked<Watched>>);

macro_rules! subject {
    ($name:ident, $new:expr, $wraps:literal, $wants:expr, $calls:expr) => {
        impl Specified for $name {
            type Want = u8;
            type Call = Call;
            type Held = ();
            type Model = Frame<Reached<$wraps>>;
            const WANTS: &'static [u8] = &$wants;
            const CALLS: &'static [Call] = &$calls;
            const LENGTH: usize = 4;
            const BETWEEN: usize = 2;

            fn new() -> Self {
                Self(Arc::new($new))
            }

            fn wait(&self, until: u8) -> Wait<()> {
                wait(self.0.wait_owned(until), subscribe!(), number)
            }

            fn call(&self, call: Call, _: usize, _: &World<()>) -> Seen {
                match call {
                    Call::Advance(to) => return Seen::Count(self.0.advance(to)),
                    Call::Close => self.0.close(),
                }
                Seen::Nothing
            }

            fn facts(&self) -> Facts {
                [usize::from(self.0.is_closed()), self.0.current().into(), 0]
            }

            fn tells_late(call: Call) -> bool {
                call == Call::Close
            }
        }
    };
}

subject!(
    Spec,
    Flushed::default(),
    false,
    [3, 1, 2],
    [Call::Advance(3), Call::Advance(1), Call::Advance(2), Call::Advance(0), Call::Close]
);
subject!(
    Wrapping,
    Acked::starting_at_with_raw_mutex(LATE, Watched::new()),
    true,
    [2, 255, 60],
    [Call::Advance(2), Call::Advance(255), Call::Advance(100), Call::Advance(LATE), Call::Close]
);
