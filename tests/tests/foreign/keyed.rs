//! Maps: keys that are compared and hashed, values that are cloned, predicates, and values that no task took.

use alloc::{boxed::Box, vec::Vec};
use core::{
    future::Future,
    pin::{Pin, pin},
    task::Poll,
};

use sync_core::{
    wait_map,
    wait_map::{WaitError, WakeOutcome},
};
use tests::{
    fuse::{Call, Key, Place, Value, Waiting, call, task},
    watched::Watched,
};

use crate::scene::{Act, SOME, Sum, WithUserCode, all, none, one, some, wait};

fn undelivered(_: &Key, value: Value) {
    call(Call::Undelivered);
    drop(value);
}

/// The key of every task in line, and one of those that only stand by.
const KEY: usize = 7;
const OTHER: usize = 8;

/// One waiter per key.
#[wait_map(key = Key, value = Value, match = unique)]
struct One;

#[wait_map(key = Key, value = Value, match = unique, undelivered = undelivered, buckets = 4)]
struct OneInBuckets;

macro_rules! unique {
    ($($map:ident, $make:expr;)*) => {$(
        impl WithUserCode for $map<Watched> {
            type Kept<'s> = ();
            const PASSES_ON: usize = 0;
            const STORES: bool = false;

            fn make() -> Self {
                $make
            }
            fn keep(&self) {}
            fn wait(&self, nth: usize) -> Waiting<'_> {
                wait($map::wait(self, Key::new(nth)), Result::ok)
            }
            fn bystander(&self, nth: usize) -> Option<Waiting<'_>> {
                Some(wait($map::wait(self, Key::new(1000 + nth)), Result::ok))
            }
            fn give(&self, _: &mut Option<()>) {
                // A task that has the lowest number: most are gone when there are many.
                for nth in 0..200 {
                    if let WakeOutcome::Woke = self.wake(&Key::probe(nth), Value::new()) {
                        break;
                    }
                }
            }
            fn acts() -> Vec<Act<Self>> {
                vec![
                    Act::new("wake", one, |map, _| {
                        _ = map.wake(&Key::probe(0), Value::new());
                    }),
                    Act::close(|map, _| map.close()),
                ]
            }
        }
    )*};
}

unique! {
    One, Self::new_with_raw_mutex(Watched::default());
    OneInBuckets, Self::default();
}

/// Any number of waiters per key.
#[wait_map(key = Key, value = Value, match = fifo)]
struct Many;

#[wait_map(key = Key, value = Value, match = fifo, undelivered = undelivered, buckets = 4)]
struct ManyInBuckets;

/// Without a value.
#[wait_map(key = Key, match = fifo, buckets = 2)]
struct Futex;

macro_rules! fifo {
    ($($map:ident, $make:expr, ($($value:expr)?);)*) => {$(
        impl WithUserCode for $map<Watched> {
            type Kept<'s> = ();
            const STORES: bool = false;

            fn make() -> Self {
                $make
            }
            fn keep(&self) {}
            fn wait(&self, _: usize) -> Waiting<'_> {
                wait($map::wait(self, Key::new(KEY)), Result::ok)
            }
            fn bystander(&self, _: usize) -> Option<Waiting<'_>> {
                Some(wait($map::wait(self, Key::new(OTHER)), Result::ok))
            }
            fn give(&self, _: &mut Option<()>) {
                let _ = self.wake_one(&Key::probe(KEY) $(, $value)?);
            }
            fn acts() -> Vec<Act<Self>> {
                vec![
                    Act::new("wake_one", one, |map, _| _ = map.wake_one(&Key::probe(KEY) $(, $value)?)),
                    Act::new("wake_one, no task", none, |map, _| _ = map.wake_one(&Key::probe(3) $(, $value)?)),
                    Act::new("wake_n", some, |map, _| _ = map.wake_n(&Key::probe(KEY), SOME $(, $value)?)),
                    Act::new("wake_all", all, |map, _| _ = map.wake_all(&Key::probe(KEY) $(, $value)?)),
                    Act::close(|map, _| map.close()),
                ]
            }
        }
    )*};
}

fifo! {
    Many, Self::new_with_raw_mutex(Watched::default()), (Value::new());
    ManyInBuckets, Self::default(), (Value::new());
    Futex, Self::default(), ();
}

/// Those up to a place.
#[wait_map(key = Place, match = up_to)]
struct Reached;

impl WithUserCode for Reached<Watched> {
    type Kept<'s> = ();
    const PASSES_ON: usize = 0;

    fn make() -> Self {
        Self::new_with_raw_mutex(Watched::default())
    }
    fn keep(&self) {}
    fn wait(&self, nth: usize) -> Waiting<'_> {
        // The first one of all is for the place that is reached first, also if it is already.
        let at_least = if nth == 0 { 0 } else { self.current().0 };
        wait(Reached::wait(self, Place(nth.max(at_least) + 1)), Result::ok)
    }
    fn bystander(&self, _: usize) -> Option<Waiting<'_>> {
        Some(wait(Reached::wait(self, Place(usize::MAX)), Result::ok))
    }
    fn give(&self, _: &mut Option<()>) {
        self.advance(Place(self.current().0 + 1));
    }
    fn acts() -> Vec<Act<Self>> {
        vec![
            Act::new("advance by one", one, |map, _| _ = map.advance(Place(1))),
            Act::new("advance by some", some, |map, _| _ = map.advance(Place(SOME))),
            Act::new("advance by nothing", none, |map, _| _ = map.advance(Place(0))),
            Act::close(|map, _| map.close()),
        ]
    }
}

/// Flags that stay, and flags that the first one takes.
#[wait_map(key = u8, match = mask)]
struct Flags;

#[wait_map(key = u8, match = mask, consume)]
struct Taken;

macro_rules! mask {
    ($($map:ident, $all:literal, $passes_on:literal;)*) => {$(
        impl WithUserCode for $map<Watched> {
            type Kept<'s> = ();
            const GIVES_ALL: bool = $all;
            const PASSES_ON: usize = $passes_on;

            fn make() -> Self {
                Self::new_with_raw_mutex(Watched::default())
            }
            fn keep(&self) {
                self.clear(u8::MAX);
            }
            fn wait(&self, nth: usize) -> Waiting<'_> {
                if nth % 2 == 0 {
                    wait(self.wait_any(0b11), Result::ok)
                } else {
                    wait(self.wait_all(0b01), Result::ok)
                }
            }
            fn bystander(&self, _: usize) -> Option<Waiting<'_>> {
                Some(wait(self.wait_all(0b1001), Result::ok))
            }
            fn give(&self, _: &mut Option<()>) {
                self.set(1);
            }
            fn acts() -> Vec<Act<Self>> {
                vec![
                    Act::new("set", if $all { all } else { one }, |map, _| _ = map.set(1)),
                    Act::new("set another", none, |map, _| _ = map.set(4)),
                    Act::close(|map, _| map.close()),
                ]
            }
        }
    )*};
}

mask! {
    Flags, true, 0;
    Taken, false, 1;
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "events are passed by reference")]
fn is(key: &Key, event: &usize) -> bool {
    call(Call::Rule);
    key.number == *event
}

/// Those of which a function holds.
#[wait_map(key = Key, event = usize, match = predicate(is))]
struct Watch;

#[wait_map(key = Key, value = Value, event = usize, match = predicate(is), undelivered = undelivered)]
struct WatchValue;

macro_rules! predicate {
    ($($map:ident, $notify:expr;)*) => {$(
        impl WithUserCode for $map<Watched> {
            type Kept<'s> = ();
            const GIVES_ALL: bool = true;
            const STORES: bool = false;

            fn make() -> Self {
                Self::new_with_raw_mutex(Watched::default())
            }
            fn keep(&self) {}
            fn wait(&self, _: usize) -> Waiting<'_> {
                wait($map::wait(self, Key::new(KEY)), Result::ok)
            }
            fn bystander(&self, _: usize) -> Option<Waiting<'_>> {
                Some(wait($map::wait(self, Key::new(OTHER)), Result::ok))
            }
            fn give(&self, _: &mut Option<()>) {
                let notify: fn(&Self, usize) = $notify;
                notify(self, KEY);
            }
            fn acts() -> Vec<Act<Self>> {
                vec![
                    Act::new("notify", all, |map, _| {
                        let notify: fn(&Self, usize) = $notify;
                        notify(map, KEY);
                    }),
                    Act::new("notify, no task", none, |map, _| {
                        let notify: fn(&Self, usize) = $notify;
                        notify(map, 3);
                    }),
                    Act::close(|map, _| map.close()),
                ]
            }
        }
    )*};
}

predicate! {
    Watch, |map, event| _ = map.notify(&event);
    WatchValue, |map, event| _ = map.notify_with(&event, Value::new());
}

crate::tables! {
    unique: One<Watched>, 290;
    unique_in_buckets: OneInBuckets<Watched>, 170;
    fifo: Many<Watched>, 650;
    fifo_in_buckets: ManyInBuckets<Watched>, 570;
    fifo_without_values: Futex<Watched>, 430;
    up_to: Reached<Watched>, 300;
    mask: Flags<Watched>, 180;
    mask_consume: Taken<Watched>, 120;
    predicate: Watch<Watched>, 350;
    predicate_with_values: WatchValue<Watched>, 430;
}

/// Polls `future` once, as a task that no other task knows.
fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    task().poll(future)
}

/// A second wait for a key of which there is one, and a wait that is only registered.
#[test]
fn a_wait_that_is_refused_or_only_registered() {
    let mut sum = Sum::default();
    sum.inject("a duplicate", |run| {
        let map = One::<Watched>::default();
        let mut first = Box::pin(map.wait(Key::new(1)));
        let mut second = Box::pin(map.wait(Key::new(1)));
        assert!(poll(first.as_mut()).is_pending());
        match run.act(|| poll(second.as_mut())) {
            Some(polled) => assert!(matches!(polled, Poll::Ready(Err(WaitError::Duplicate)))),
            // It asks again, and is refused then.
            None => assert!(matches!(poll(second.as_mut()), Poll::Ready(Err(WaitError::Duplicate)))),
        }
        drop(second);
        assert!(matches!(map.wake(&Key::probe(1), Value::new()), WakeOutcome::Woke));
        assert!(poll(first.as_mut()).is_ready());
    });
    sum.inject("registered, and dropped", |run| {
        let map = Many::<Watched>::default();
        let mut wait = Box::pin(map.wait(Key::new(1)));
        run.act(|| assert!(poll(pin!(wait.as_mut().subscribe())).is_ready()));
        drop(wait);
        assert!(matches!(map.wake_one(&Key::probe(1), Value::new()), WakeOutcome::NoMatch(_)));
    });
    sum.at_least(3);
}
