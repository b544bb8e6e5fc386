//! Whichever call of user code panics: nothing is dropped under the lock (pitfall 25), and nothing is left
//! half done (pitfall 26). In every operation of every type, with one panic: `foreign.rs`.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::{cell::Cell, future::Future, panic::AssertUnwindSafe, pin::Pin, task::Context};
use std::{panic::catch_unwind, thread_local};

use sync_core::{Policy, ScopedRawMutex, Select, WordPolicy};
use tests::{
    Hooks, SILENT, Shared, Task, leak, quiet,
    watched::{Watched, collect, not_held},
};

// 25: what a local of the locked closure drops when user code panics.

thread_local! {
    /// How many are asked before one panics.
    static FUSE: Cell<usize> = const { Cell::new(usize::MAX) };
    /// How many things are alive.
    static ALIVE: Cell<usize> = const { Cell::new(0) };
}

fn burns() {
    match FUSE.get().checked_sub(1) {
        Some(left) => FUSE.set(left),
        None => std::panic::panic_any(SILENT),
    }
}

/// Runs `f` so that the user code that is called after `asked` others panics; returns whether it did.
fn with_fuse(asked: usize, f: impl FnOnce()) -> bool {
    quiet();
    FUSE.set(asked);
    let outcome = catch_unwind(AssertUnwindSafe(f));
    FUSE.set(usize::MAX);
    match outcome {
        Ok(()) => false,
        Err(panic) => {
            assert_eq!(panic.downcast_ref(), Some(&SILENT), "another panic");
            true
        }
    }
}

/// Something of a user's.
#[derive(Debug)]
struct Thing(());

impl Thing {
    fn new() -> Self {
        ALIVE.set(ALIVE.get() + 1);
        Self(())
    }
}

impl Drop for Thing {
    fn drop(&mut self) {
        not_held();
        ALIVE.set(ALIVE.get() - 1);
    }
}

/// Everything in it is a thing.
#[sync_core::primitive(method = pass, future = Pass)]
struct Things;

impl Policy for Things {
    type State = Vec<Thing>;
    type Waiter = Thing;
    type Value = Thing;
    type Event<'e> = Thing;

    fn try_ready(things: &mut Vec<Thing>, _: &Thing) -> Option<Thing> {
        let taken = things.pop();
        burns();
        taken.map_or_else(|| None, Some)
    }

    fn select(things: &mut Vec<Thing>, _: &mut Thing, _: &mut Thing) -> Select<Thing> {
        burns();
        things.pop().map_or(Select::Stop, Select::Wake)
    }

    fn on_cancel(things: &mut Vec<Thing>, _: &mut Thing, given: &mut Option<Thing>) -> Option<Thing> {
        burns();
        things.extend(given.take());
        Some(Thing::new())
    }
}

impl<Lock: ScopedRawMutex> Things<Lock> {
    fn put(&self, n: usize) {
        self.notify(Thing::new(), |things| {
            things.extend((0..n).map(|_| Thing::new()));
            burns();
        });
    }
}

/// Whichever of a policy's functions panics, in a `notify` and in a cancellation: event, value and waiter are
/// dropped once, and without the lock.
/// Seen to fail with: the event of a cancellation as a local of the closure that runs under the lock.
#[test]
fn p25_whichever_function_of_a_policy_panics_nothing_is_dropped_under_the_lock() {
    // What is done, and how often user code is called in it at least.
    type Act = (&'static str, usize, fn(&Things<Watched>, &mut Vec<Pin<Box<Pass<'_, Watched>>>>));
    let acts: [Act; 4] = [
        ("notify", 4, |things, _| things.put(3)),
        ("the first leaves", 2, |_, waits| drop(waits.remove(0))),
        ("one in the middle leaves", 2, |_, waits| drop(waits.remove(2))),
        ("one that was given something leaves", 2, |_, waits| drop(waits.pop())),
    ];
    for (name, least, act) in acts {
        for asked in 0.. {
            let task = Task::new();
            let (panicked, found) = collect(|| {
                let things = Things::new_with_raw_mutex(Vec::new(), Watched::new());
                // The last one of the list is given something.
                let mut given = Box::pin(things.pass(Thing::new()));
                assert!(task.poll(given.as_mut()).is_pending());
                things.put(1);
                let mut waits: Vec<_> = (0..5).map(|_| Box::pin(things.pass(Thing::new()))).collect();
                assert!(waits.iter_mut().all(|wait| task.poll(wait.as_mut()).is_pending()));
                waits.push(given);
                let panicked = with_fuse(asked, || act(&things, &mut waits));
                // It works on.
                things.put(waits.len());
                let ready = waits.iter_mut().map(|wait| task.poll(wait.as_mut()).is_ready());
                let ready = ready.filter(|ready| *ready).count();
                assert_eq!(ready, waits.len(), "{name}, {asked} asked");
                panicked
            });
            assert!(found.is_empty(), "{name}, {asked} asked: {found:?}");
            assert_eq!(ALIVE.get(), 0, "{name}, {asked} asked");
            if !panicked {
                assert!(asked >= least, "{name}: user code is called {asked} times");
                break;
            }
        }
    }
}

// 26: what was moved and not decided when user code panics.

/// Whether the number has one of these bits; panics when the fuse has burnt down.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "a predicate gets references")]
fn meant(number: &u8, bits: &u8) -> bool {
    burns();
    number & bits != 0
}

/// A value whose clones panic when the fuse has burnt down.
struct Costly;

impl Clone for Costly {
    fn clone(&self) -> Self {
        burns();
        Self
    }
}

#[sync_core::wait_map(key = u8, event = u8, value = Costly, match = predicate(meant))]
struct Line;

/// A `notify_with` in the middle of another one, at each place of it, that panics at each call of user code:
/// a task that is left is in line as they came.
/// Seen to fail with: `claim` that moves nodes while it asks and does not put them back; a claim that panics
/// and lets go of those of an earlier one, too.
#[test]
fn p26_the_line_is_in_order_when_a_call_between_two_rounds_panics() {
    const WAITERS: u8 = 40;
    // Some each has in common with the next, so that claims of one are passed over by the other.
    const OUTER: u8 = 0b0_0001;
    const INNER: u8 = 0b0_0110;
    const ALL: u8 = u8::MAX;
    for at in [1, 8, 9, 16] {
        let mut panics = 0;
        for asked in 0.. {
            let line: &'static Line<Watched> = leak(Line::default());
            let told: &'static Shared<Vec<u8>> = leak(Shared::default());
            let panicked: &'static Shared<Option<bool>> = leak(Shared::new(None));
            let mut waits: Vec<_> =
                (1..=WAITERS).map(|number| (number, Box::pin(line.wait(number)))).collect();
            for (number, wait) in &mut waits {
                let number = *number;
                let waker = Hooks::new().on_wake(move || {
                    let count = {
                        let mut told = told.lock();
                        told.push(number);
                        told.len()
                    };
                    if count == at {
                        let outcome = with_fuse(asked, || _ = line.notify_with(&INNER, Costly));
                        *panicked.lock() = Some(outcome);
                    }
                });
                assert!(wait.as_mut().poll(&mut Context::from_waker(&waker.waker())).is_pending());
            }
            let ((), found) = collect(|| _ = line.notify_with(&OUTER, Costly));
            assert!(found.is_empty(), "{found:?}");
            let by_outer: Vec<u8> =
                told.lock().iter().copied().filter(|number| number & OUTER != 0).collect();
            assert!(by_outer.is_sorted(), "at wake-up {at}, {asked} asked: {by_outer:?}");
            assert_eq!(by_outer, (1..=WAITERS).filter(|number| number & OUTER != 0).collect::<Vec<_>>());

            // A task that waits on is told in the order of the line.
            let before = told.lock().len();
            line.notify_with(&ALL, Costly);
            let rest = told.lock().split_off(before);
            assert!(rest.is_sorted(), "at wake-up {at}, {asked} asked: {rest:?}");
            let task = Task::new();
            assert!(waits.iter_mut().all(|(_, wait)| task.poll(wait.as_mut()).is_ready()));
            if *panicked.lock() == Some(false) {
                break;
            }
            assert_eq!(*panicked.lock(), Some(true), "wake-up {at} came");
            panics += 1;
        }
        // The predicate for each that the outer one has not chosen, and clones.
        assert!(panics > usize::from(WAITERS / 2), "{panics} at wake-up {at}");
    }
}

/// Tickets, in a word.
#[sync_core::bitfield(usize)]
struct TicketState {
    waiting: bool,
    closed: bool,
    #[bits(8)]
    left: u8,
}

/// Tickets; a waiter may panic when it takes one.
#[sync_core::primitive(method = take, future = Take, word = TicketState)]
struct Tickets;

impl WordPolicy for Tickets {
    type Word = TicketState;
    type Waiter = bool;
    type Value = ();

    fn take(word: TicketState, panics: &bool) -> Option<(TicketState, ())> {
        let left = word.left().checked_sub(1)?;
        if *panics {
            std::panic::panic_any(SILENT);
        }
        Some((word.with_left(left), ()))
    }
}

/// Of some that are let in at once, one panics when it takes: those before it are in and are told, the others
/// wait. Seen to fail with: a shortcut for one waiter that has let the first one in when it looks at the
/// second.
#[test]
fn p26_a_waiter_that_took_before_another_one_panicked_is_in() {
    quiet();
    for waiters in 1..5 {
        for odd in 0..waiters {
            for added in 1..=4_u8 {
                let tickets = Tickets::new_with_raw_mutex(TicketState::new(), Watched::new());
                let tasks: Vec<_> = (0..waiters).map(|_| Task::new()).collect();
                let mut waits: Vec<_> =
                    (0..waiters).map(|place| Box::pin(tickets.take(place == odd))).collect();
                for (task, wait) in tasks.iter().zip(&mut waits) {
                    assert!(task.poll(wait.as_mut()).is_pending());
                }
                let (outcome, found) = collect(|| {
                    catch_unwind(AssertUnwindSafe(|| tickets.change(|word| word.with_left(added))))
                });
                let what =
                    || -> String { std::format!("{added} for {waiters}, of which number {odd} panics") };
                assert!(found.is_empty(), "{}: {found:?}", what());
                let added = usize::from(added);
                assert_eq!(outcome.is_err(), added > odd, "{}", what());
                let woken: Vec<_> = tasks.iter().map(Task::woken).collect();
                let expected: Vec<_> =
                    (0..waiters).map(|place| usize::from(place < odd.min(added))).collect();
                assert_eq!(woken, expected, "{}", what());
                for (place, (task, wait)) in tasks.iter().zip(&mut waits).enumerate() {
                    assert_eq!(task.poll(wait.as_mut()).is_ready(), expected[place] == 1, "{}", what());
                }
            }
        }
    }
}
