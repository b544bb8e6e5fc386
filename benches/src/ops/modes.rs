//! Waiting until a position is reached, for flags, and for an event.
//!
//! But for one, each round uses up one instance.

use core::hint::black_box;
use core::pin::pin;

use super::{Run, enqueue, forever, idle_context, opaque_context, pending, ready, wrong};
use crate::peers::{Events, Flags, Positions};
use crate::slot::Slot;

type Crowds<M, F> = Vec<(&'static M, Vec<Slot<F>>)>;

/// [`Run::instances`] instances, each with the waiters that `crowd` names.
fn crowds<M: Default, F: Future, C: Iterator<Item = F>>(
    run: Run,
    mut crowd: impl FnMut(&'static M) -> C,
) -> Crowds<M, F> {
    assert!(run.iterations <= run.instances, "a round uses up one instance");
    let mut instance = || {
        let instance = forever(M::default());
        (instance, enqueue(crowd(instance)))
    };
    (0..run.instances).map(|_| instance()).collect()
}

/// The first of [`Run::waiters`] tasks waits until 1, the next one until 2, and so on.
fn in_line<P: Positions>(run: Run) -> Crowds<P, impl Future> {
    crowds(run, move |positions: &'static P| (1..=position(run.waiters)).map(|until| positions.wait(until)))
}

fn position(waiter: usize) -> u64 {
    u64::try_from(waiter).expect("waiters are few")
}

/// [`Run::waiters`] tasks begin to wait, each for more than the one before.
///
/// # Panics
///
/// If there are fewer instances than rounds.
pub fn wait_in_order<P: Positions>(run: Run) {
    assert!(run.iterations <= run.instances, "a round uses up one instance");
    let mut cx = opaque_context();
    let mut crowds: Vec<Vec<_>> = (0..run.instances)
        .map(|_| forever(P::default()))
        .map(|positions| (1..=position(run.waiters)).map(|until| Slot::new(positions.wait(until))).collect())
        .collect();
    for crowd in &mut crowds[..run.iterations] {
        for slot in crowd {
            pending(&slot.poll(&mut cx));
        }
    }
}

/// The position comes to where one of [`Run::waiters`] waits.
pub fn advance_one<P: Positions>(run: Run) {
    let crowds = in_line::<P>(run);
    for (positions, _) in &crowds[..run.iterations] {
        black_box(*positions).advance(1);
    }
}

/// [`advance_one`], and those who are woken by it are polled: all of them, where the library wakes all.
pub fn advance_look<P: Positions>(run: Run) {
    let mut cx = opaque_context();
    let mut crowds = in_line::<P>(run);
    for (positions, crowd) in &mut crowds[..run.iterations] {
        black_box(*positions).advance(1);
        if P::WAKES_ALL {
            for slot in &mut crowd[1..] {
                pending(&slot.poll(&mut cx));
            }
        }
        ready(crowd[0].poll(&mut cx));
    }
}

/// The position comes to where the last of [`Run::waiters`] waits.
pub fn advance_all<P: Positions>(run: Run) {
    let crowds = in_line::<P>(run);
    for (positions, crowd) in &crowds[..run.iterations] {
        black_box(*positions).advance(position(crowd.len()));
    }
}

/// What those wait for who are woken, and the others: a flag, or the key of an event.
const WOKEN: u64 = 1;
const OTHER: u64 = 2;

/// Who of `waiters` waits for what: a random one, or all, for [`WOKEN`].
fn wishes(waiters: usize, woken: Woken, random: &mut fastrand::Rng) -> impl Iterator<Item = u64> + use<> {
    let one = random.usize(..waiters);
    (0..waiters).map(move |waiter| if woken == Woken::All || waiter == one { WOKEN } else { OTHER })
}

/// How many are woken.
#[derive(Clone, Copy, PartialEq)]
enum Woken {
    One,
    All,
}

impl Woken {
    fn of(self, waiters: usize) -> usize {
        if self == Self::All { waiters } else { 1 }
    }
}

/// A flag is set, for which one of [`Run::waiters`] waits.
pub fn set_one<F: Flags>(run: Run) {
    set::<F>(run, Woken::One);
}

/// A flag is set, for which all of [`Run::waiters`] wait.
pub fn set_all<F: Flags>(run: Run) {
    set::<F>(run, Woken::All);
}

#[inline(always)]
fn set<F: Flags>(run: Run, woken: Woken) {
    let mut random = fastrand::Rng::with_seed(0x5eed);
    let crowds = crowds(run, |flags: &'static F| {
        wishes(run.waiters, woken, &mut random).map(|mask| flags.wait_any(mask))
    });
    for (flags, _) in &crowds[..run.iterations] {
        if black_box(*flags).set(WOKEN) != woken.of(run.waiters) {
            wrong("the flags did not wake those who wait for them");
        }
    }
}

/// A wait for a flag that is set: no instance is used up.
pub fn flag_is_set<F: Flags>(run: Run) {
    let flags = forever(F::default());
    flags.set(WOKEN);
    let mut cx = idle_context();
    for _ in 0..run.iterations {
        let mut wait = pin!(black_box(flags).wait_any(WOKEN | OTHER));
        ready(wait.as_mut().poll(&mut cx));
    }
}

/// An event that is for one of [`Run::waiters`].
pub fn notify_one<E: Events>(run: Run) {
    notify::<E>(run, Woken::One);
}

/// An event that is for all of [`Run::waiters`].
pub fn notify_all<E: Events>(run: Run) {
    notify::<E>(run, Woken::All);
}

#[inline(always)]
fn notify<E: Events>(run: Run, woken: Woken) {
    let mut random = fastrand::Rng::with_seed(0x5eed);
    let crowds =
        crowds(run, |events: &'static E| wishes(run.waiters, woken, &mut random).map(|key| events.wait(key)));
    for (events, _) in &crowds[..run.iterations] {
        if black_box(*events).notify(WOKEN) != woken.of(run.waiters) {
            wrong("the event did not wake those that it is for");
        }
    }
}
