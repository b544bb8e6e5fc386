//! Primitives of one's own: policies and words whose functions fail, and the ones of the library that are
//! made like that.

use alloc::vec::Vec;

use sync_core::{AutoEvent, Event, Latch, Policy, ScopedRawMutex, Select, WordPolicy};
use tests::{
    fuse::{Call, Key, Value, Waiting, call},
    watched::Watched,
};

use crate::scene::{Act, SOME, WithUserCode, all, none, one, some, wait};

/// Hands values out, in line. What happened is a value, too: it is dropped once, and without the lock.
#[sync_core::primitive(method = take, future = Take)]
struct Hatch;

impl Policy for Hatch {
    type State = Vec<Value>;
    type Waiter = Key;
    type Value = Value;
    type Event<'e> = Value;

    fn try_ready(there: &mut Vec<Value>, _: &Key) -> Option<Value> {
        call(Call::Rule);
        there.pop()
    }

    fn select(there: &mut Vec<Value>, _: &mut Key, _: &mut Value) -> Select<Value> {
        call(Call::Rule);
        there.pop().map_or(Select::Stop, Select::Wake)
    }

    fn on_cancel(there: &mut Vec<Value>, _: &mut Key, given: &mut Option<Value>) -> Option<Value> {
        // It is back before anything can fail.
        there.extend(given.take());
        call(Call::Rule);
        Some(Value::new())
    }
}

impl<Lock: ScopedRawMutex> Hatch<Lock> {
    fn put(&self, n: usize) {
        self.notify(Value::new(), |there| {
            call(Call::Closure);
            there.extend(core::iter::repeat_with(Value::new).take(n));
        });
    }
}

impl WithUserCode for Hatch<Watched> {
    type Kept<'s> = ();

    fn make() -> Self {
        Self::new_with_raw_mutex(Vec::new(), Watched::default())
    }
    fn keep(&self) {
        let mut there = Vec::new();
        self.notify(Value::new(), |state| core::mem::swap(state, &mut there));
    }
    fn wait(&self, nth: usize) -> Waiting<'_> {
        wait(self.take(Key::new(nth)), Result::ok)
    }
    fn give(&self, _: &mut Option<()>) {
        self.put(1);
    }
    fn acts() -> Vec<Act<Self>> {
        vec![
            Act::lasting("put one", one, |hatch, _| hatch.put(1), |hatch, _| hatch.put(0)),
            Act::lasting("put some", some, |hatch, _| hatch.put(SOME), |hatch, _| hatch.put(0)),
            Act::new("put nothing", none, |hatch, _| hatch.put(0)),
            Act::close(|hatch, _| hatch.close()),
        ]
    }
}

/// Tickets, in a word.
#[sync_core::bitfield(usize)]
struct Tickets {
    waiting: bool,
    closed: bool,
    #[bits(16)]
    left: u16,
}

#[sync_core::primitive(method = take, future = TakeTicket, waiter = (), word = Tickets)]
struct Counter;

impl WordPolicy for Counter {
    type Word = Tickets;
    type Waiter = ();
    type Value = ();

    fn take(word: Tickets, (): &()) -> Option<(Tickets, ())> {
        call(Call::Rule);
        Some((word.with_left(word.left().checked_sub(1)?), ()))
    }

    fn put_back(word: Tickets, (): &(), (): ()) -> Tickets {
        call(Call::Rule);
        word.with_left(word.left() + 1)
    }
}

impl<Lock: ScopedRawMutex> Counter<Lock> {
    fn put(&self, n: u16) {
        self.change(|word| {
            call(Call::Closure);
            word.with_left(word.left() + n)
        });
    }
}

impl WithUserCode for Counter<Watched> {
    type Kept<'s> = ();

    fn make() -> Self {
        Self::new_with_raw_mutex(Tickets::new(), Watched::default())
    }
    fn keep(&self) {
        while self.try_take(&()).is_some() {}
    }
    fn wait(&self, _: usize) -> Waiting<'_> {
        wait(self.take(), Result::ok)
    }
    fn give(&self, _: &mut Option<()>) {
        self.put(1);
    }
    fn acts() -> Vec<Act<Self>> {
        vec![
            Act::lasting("put one", one, |counter, _| counter.put(1), |counter, _| counter.put(0)),
            Act::lasting("put some", some, |counter, _| counter.put(66), |counter, _| counter.put(0)),
            Act::new("put nothing", none, |counter, _| counter.put(0)),
            Act::new("try to take", none, |counter, _| _ = counter.try_take(&())),
            Act::close(|counter, _| counter.close()),
        ]
    }
}

macro_rules! events {
    ($($event:ident, $gives_all:literal, $passes_on:literal;)*) => {$(
        impl WithUserCode for $event<Watched> {
            type Kept<'s> = ();
            const GIVES_ALL: bool = $gives_all;
            const PASSES_ON: usize = $passes_on;

            fn make() -> Self {
                Self::new_with_raw_mutex(Watched::default())
            }
            fn keep(&self) {
                self.reset();
            }
            fn wait(&self, _: usize) -> Waiting<'_> {
                wait($event::wait(self), Result::ok)
            }
            fn give(&self, _: &mut Option<()>) {
                self.set();
            }
            fn acts() -> Vec<Act<Self>> {
                vec![
                    Act::new("set", if $gives_all { all } else { one }, |event, _| event.set()),
                    Act::close(|event, _| event.close()),
                ]
            }
        }
    )*};
}

events! {
    Event, true, 0;
    AutoEvent, false, 1;
}

impl WithUserCode for Latch<Watched> {
    type Kept<'s> = ();
    const GIVES_ALL: bool = true;
    const ONCE: bool = true;

    fn make() -> Self {
        Self::new_with_raw_mutex(2, Watched::default())
    }
    fn keep(&self) {}
    fn wait(&self, _: usize) -> Waiting<'_> {
        wait(Latch::wait(self), Result::ok)
    }
    fn give(&self, _: &mut Option<()>) {
        self.count_down(2);
    }
    fn acts() -> Vec<Act<Self>> {
        vec![
            Act::new("count down", none, |latch, _| latch.count_down(1)),
            Act::new("count down to zero", all, |latch, _| latch.count_down(2)),
            Act::close(|latch, _| latch.close()),
        ]
    }
}

crate::tables! {
    a_policy: Hatch<Watched>, 290;
    a_policy_of_a_word: Counter<Watched>, 280;
    an_event: Event<Watched>, 170;
    an_event_for_one: AutoEvent<Watched>, 100;
    a_latch: Latch<Watched>, 170;
}
