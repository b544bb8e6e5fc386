//! `match = fifo`: a line per key; what a wait does not take goes to the next of its key.

use alloc::sync::Arc;

use sync_core::wait_map;

use super::{
    Facts, Op, OpOf, SLOTS, Seen, Specified, Wait, World,
    frame::{Enter, Frame, Line, Rules, Stage},
    is_before_gifts, polls_late,
    real::{Parcel, number, subscribe, wait},
    unique::{came_back, give_back, nothing_came_back},
};
use crate::watched::Watched;

/// What can be called; what is given is the number of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Wakes all of a key.
    WakeAll(u8),
    /// Wakes the oldest.
    WakeOne(u8),
    /// Wakes so many of a key.
    WakeN(u8, usize),
    /// Closes it.
    Close,
}

/// The rules of a map of lines, with or without `undelivered`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Lines<const GIVES_BACK: bool> {
    closed: bool,
    /// How many values came back, and their sum.
    back: (usize, usize),
}

type Places = Line<u8, usize>;

impl<const GIVES_BACK: bool> Lines<GIVES_BACK> {
    /// Gives `value` to the oldest one of `key`; returns whether there was one.
    fn give(&self, line: &mut Places, key: u8, value: usize) -> bool {
        let oldest = line.waiting().into_iter().find(|waiting| waiting.1 == key && !self.closed);
        if let Some((slot, _)) = oldest {
            line.give(slot, value);
        }
        oldest.is_some()
    }
}

impl<const GIVES_BACK: bool> Rules for Lines<GIVES_BACK> {
    type Want = u8;
    type Value = usize;
    type Call = Call;

    fn enter(&mut self, _: &mut Places, _: usize, _: u8) -> Enter<usize> {
        if self.closed { Enter::Closed } else { Enter::Queue }
    }

    fn yields(&mut self, value: usize) -> Seen {
        Seen::Value(value)
    }

    fn gone(&mut self, line: &mut Places, _: usize, stage: Stage<u8, usize>) {
        if let Stage::Given(key, value) = stage
            && !self.give(line, key, value)
            && GIVES_BACK
        {
            self.back = (self.back.0 + 1, self.back.1 + value);
        }
    }

    fn call(&mut self, line: &mut Places, call: Call, value: usize) -> Option<Seen> {
        let mut up_to = |key, n| Seen::Count((0..n).filter(|_| self.give(line, key, value)).count());
        Some(match call {
            Call::WakeOne(key) if up_to(key, 1) == Seen::Count(1) => Seen::Woke,
            Call::WakeOne(_) if self.closed => Seen::Refused(value),
            Call::WakeOne(_) => Seen::NoMatch(value),
            Call::WakeN(key, n) => up_to(key, n),
            Call::WakeAll(key) => up_to(key, SLOTS),
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

/// A line per key.
#[wait_map(key = u8, value = Parcel, match = fifo)]
pub struct Mail;

/// The same with two locks, and what has no next comes back.
#[wait_map(key = u8, value = Parcel, match = fifo, buckets = 2, undelivered = give_back)]
pub struct Returning;

/// A map without options.
#[derive(Debug)]
pub struct Spec(Arc<Mail<Watched>>);

/// A map with `buckets` and `undelivered`.
#[derive(Debug)]
pub struct GivingBack(Arc<Returning<Watched>>);

macro_rules! subject {
    ($name:ident($map:ty), $gives_back:literal) => {
        impl Specified for $name {
            type Want = u8;
            type Call = Call;
            type Held = ();
            type Model = Frame<Lines<$gives_back>>;
            const WANTS: &'static [u8] = &[0, 1];
            const CALLS: &'static [Call] = &[
                Call::WakeAll(0),
                Call::WakeOne(0),
                Call::WakeOne(1),
                Call::WakeN(0, 2),
                Call::WakeN(1, 0),
                Call::Close,
            ];
            const LENGTH: usize = 4;
            const BETWEEN: usize = 2;

            fn new() -> Self {
                nothing_came_back();
                Self(Arc::new(<$map>::default()))
            }

            fn wait(&self, key: u8) -> Wait<()> {
                wait(self.0.wait_owned(key), subscribe!(), number)
            }

            fn call(&self, call: Call, value: usize, _: &World<()>) -> Seen {
                match call {
                    Call::WakeOne(key) => return self.0.wake_one(&key, Parcel::new(value)).into(),
                    Call::WakeN(key, n) => return Seen::Count(self.0.wake_n(&key, n, Parcel::new(value))),
                    Call::WakeAll(key) => return Seen::Count(self.0.wake_all(&key, Parcel::new(value))),
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

            fn may_come_before(inner: OpOf<Self>, outer: OpOf<Self>) -> bool {
                match outer {
                    Op::Call(Call::WakeAll(_) | Call::WakeN(..)) => is_before_gifts::<Self>(inner, outer),
                    _ => polls_late::<Self>(inner, outer),
                }
            }

            fn may_come_later(inner: OpOf<Self>, outer: OpOf<Self>) -> bool {
                // What it had goes to one that has another value coming, and on from there when that has
                // come.
                matches!((inner, outer), (Op::Drop(_), Op::Call(Call::WakeAll(_) | Call::WakeN(..))))
            }

            fn in_any_order(call: Call) -> bool {
                // One group of keys after the other is told.
                $gives_back && call == Call::Close
            }
        }
    };
}

subject!(Spec(Mail<Watched>), false);
subject!(GivingBack(Returning<Watched>), true);
