//! `match = predicate(f)`: which waiters an event is for.

use alloc::sync::Arc;

use sync_core::wait_map;

use super::{
    Facts, Op, OpOf, Seen, Specified, Wait, World,
    frame::{Enter, Frame, Line, Rules, Stage},
    is_before_gifts, polls_late,
    real::{Parcel, number, subscribe, unit, wait},
    unique::{came_back, give_back, nothing_came_back},
};
use crate::watched::Watched;

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Tells those whose key is not more than this; what they are given is the number of the call.
    Notify(u8),
    /// Closes it.
    Close,
}

/// The rules of events, with or without values and `undelivered`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Told<const VALUES: bool> {
    closed: bool,
    /// How many values came back, and their sum.
    back: (usize, usize),
}

type Places = Line<u8, usize>;

impl<const VALUES: bool> Rules for Told<VALUES> {
    type Want = u8;
    type Value = usize;
    type Call = Call;

    fn enter(&mut self, _: &mut Places, _: usize, _: u8) -> Enter<usize> {
        if self.closed { Enter::Closed } else { Enter::Queue }
    }

    fn yields(&mut self, value: usize) -> Seen {
        if VALUES { Seen::Value(value) } else { Seen::Ok }
    }

    fn gone(&mut self, _: &mut Places, _: usize, stage: Stage<u8, usize>) {
        if let Stage::Given(_, value) = stage
            && VALUES
        {
            self.back = (self.back.0 + 1, self.back.1 + value);
        }
    }

    fn call(&mut self, line: &mut Places, call: Call, n: usize) -> Option<Seen> {
        let Call::Notify(event) = call else {
            self.closed = true;
            line.close();
            return Some(Seen::Nothing);
        };
        // No task is left in a closed one.
        let mut told = line.waiting();
        told.retain(|&(_, key)| key <= event);
        for &(slot, _) in &told {
            line.give(slot, n);
        }
        Some(Seen::Count(told.len()))
    }

    fn facts(&self, _: &Places) -> Facts {
        [usize::from(self.closed), self.back.0, self.back.1]
    }
}

/// Those up to a number.
#[wait_map(key = u8, event = u8, match = predicate(u8::le))]
pub struct Watch;

/// The same, with a value that comes back if no task takes it.
#[wait_map(key = u8, value = Parcel, event = u8, match = predicate(u8::le), undelivered = give_back)]
pub struct Settings;

/// A map without values.
#[derive(Debug)]
pub struct Spec(Arc<Watch<Watched>>);

/// A map with values and `undelivered`.
#[derive(Debug)]
pub struct GivingBack(Arc<Settings<Watched>>);

macro_rules! subject {
    ($name:ident($map:ty), $values:literal, $yields:expr, $notify:expr) => {
        impl Specified for $name {
            type Want = u8;
            type Call = Call;
            type Held = ();
            type Model = Frame<Told<$values>>;
            const WANTS: &'static [u8] = &[1, 2];
            const CALLS: &'static [Call] = &[Call::Notify(2), Call::Notify(1), Call::Notify(0), Call::Close];
            const LENGTH: usize = 4;
            const BETWEEN: usize = 2;

            fn new() -> Self {
                nothing_came_back();
                Self(Arc::new(<$map>::default()))
            }

            fn wait(&self, key: u8) -> Wait<()> {
                wait(self.0.wait_owned(key), subscribe!(), $yields)
            }

            fn call(&self, call: Call, n: usize, _: &World<()>) -> Seen {
                match call {
                    Call::Notify(event) => return Seen::Count($notify(&self.0, event, n)),
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
                    Op::Call(Call::Notify(_)) if $values => is_before_gifts::<Self>(inner, outer),
                    _ => polls_late::<Self>(inner, outer),
                }
            }

            fn may_come_later(inner: OpOf<Self>, outer: OpOf<Self>) -> bool {
                // What it had goes to one that has another value coming, and on from there when that has
                // come.
                $values && matches!((inner, outer), (Op::Drop(_), Op::Call(Call::Notify(_))))
            }
        }
    };
}

subject!(Spec(Watch<Watched>), false, unit, |map: &Watch<Watched>, event, _| map.notify(&event));
subject!(GivingBack(Settings<Watched>), true, number, |map: &Settings<Watched>, event, n| map
    .notify_with(&event, Parcel::new(n)));
