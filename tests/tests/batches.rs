//! More waiters than fit in one batch of wakers (32), or one batch of clones (8): what somebody does who comes
//! back between two batches, and what becomes of the rest when a waker panics.

#![cfg(not(loom))]

extern crate alloc;

use alloc::{sync::Arc, vec::Vec};
use core::{future::Future, panic::AssertUnwindSafe, pin::Pin, task::Context};
use std::panic::catch_unwind;

use sync_core::{Semaphore, WaitQueue, wait_map::WakeOutcome};
use tests::{
    BATCH, Count, Hooks, SILENT, Shared, Task, Waiter, leak, quiet, scaled,
    subjects::{Gate, Keyed, Mailboxes, Subject},
    within,
};

/// Three batches and a bit.
const MANY: usize = scaled(100, 20);
/// Less than [`MANY`], more than two batches.
const SOME: usize = scaled(70, 13);
/// How many values are cloned at a time.
const CLONES: usize = if BATCH < 8 { BATCH } else { 8 };

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    WakeAll,
    /// Wakes [`SOME`].
    WakeN,
    Close,
}

/// The many who wait.
struct Line<S: Subject> {
    subject: &'static S,
    waiters: Vec<Arc<Waiter>>,
    /// Those who come meanwhile.
    late: Shared<Vec<Arc<Waiter>>>,
}

impl<S: Subject> Line<S> {
    /// Has them all wait, the one at `at` with a waker that calls `act` when it is woken.
    fn new(at: usize, act: impl Fn(&'static Self) + Send + Sync + 'static) -> &'static Self {
        let subject = S::make();
        let mut waiters = Vec::new();
        waiters.resize_with(MANY, || subject.waiter());
        let line: &'static Self = leak(Self { subject, waiters, late: Shared::new(Vec::new()) });
        line.waiters.iter().for_each(|waiter| waiter.poll());
        let odd = &line.waiters[at];
        let task = odd.task.waker();
        odd.poll_with(
            &Hooks::new()
                .on_wake(move || {
                    task.wake_by_ref();
                    act(line);
                })
                .waker(),
        );
        line
    }

    /// Has somebody new wait. A wait that was made before a `wake_all` would be let through by it.
    fn newcomer(&self) -> Arc<Waiter> {
        let late = self.subject.waiter();
        late.poll();
        self.late.lock().push(Arc::clone(&late));
        late
    }

    /// Those who came meanwhile.
    fn late(&self) -> Vec<Arc<Waiter>> {
        self.late.lock().clone()
    }

    fn run(&self, op: Op) {
        match op {
            Op::WakeAll => self.subject.wake_all(),
            Op::WakeN => self.subject.wake_n(SOME),
            Op::Close => self.subject.close(),
        }
    }

    /// Asserts that the first `n` were woken once and no other was, then polls those.
    #[track_caller]
    fn assert_first_were_woken(&self, n: usize) {
        for (place, waiter) in self.waiters.iter().enumerate() {
            assert_eq!(waiter.task.woken(), usize::from(place < n), "number {place} of {n}");
            if place < n {
                waiter.poll();
                assert!(!waiter.is_pending(), "number {place} was woken for nothing");
            }
        }
    }

    /// Asserts that everybody was woken once, and that everybody has yielded after one more poll.
    #[track_caller]
    fn assert_all_were_woken(&self) {
        for (place, waiter) in self.waiters.iter().enumerate() {
            assert_eq!(waiter.task.woken(), 1, "number {place}");
            waiter.poll();
            assert!(!waiter.is_pending(), "number {place} waits on");
        }
    }

    fn yielded_woken(&self) -> usize {
        self.waiters.iter().filter(|waiter| waiter.was_woken()).count()
    }
}

/// How many of the first are told by `op`.
fn told_by(op: Op) -> usize {
    if op == Op::WakeN { SOME } else { MANY }
}

/// Where the odd one stands: at the ends of batches, and in the last one.
const PLACES: &[usize] = if cfg!(miri) { &[0, 5, 12] } else { &[0, 7, 8, 31, 32, 63, 69] };

fn all_are_told_though_one_panics<S: Subject>() {
    for op in [Op::WakeAll, Op::WakeN, Op::Close] {
        if !S::BATCHES && op != Op::Close {
            continue;
        }
        for &place in PLACES {
            let line = Line::<S>::new(place, |_| panic!("{}", SILENT));
            let outcome = catch_unwind(AssertUnwindSafe(|| line.run(op)));
            assert!(outcome.is_err(), "{op:?}: the panic is not passed on");
            line.assert_first_were_woken(told_by(op));
            assert_eq!(line.yielded_woken(), if op == Op::Close { 0 } else { told_by(op) });
            // Those behind wait on, and nothing is wedged.
            if op == Op::WakeN {
                line.subject.wake_all();
                line.assert_all_were_woken();
            }
        }
    }
}

fn closing_meanwhile_leaves_nobody<S: Subject>() {
    for op in [Op::WakeAll, Op::WakeN] {
        for &place in PLACES {
            let line = Line::<S>::new(place, |line| line.subject.close());
            line.run(op);
            // Everybody is told one or the other, once.
            line.assert_first_were_woken(MANY);
            let woken = line.yielded_woken();
            assert!(woken > place, "{op:?}: {woken} were woken before it was closed");
            assert!(line.waiters.iter().all(|waiter| waiter.was_woken() || waiter.was_closed()));
            assert!(line.newcomer().was_closed(), "{op:?}: it is closed, and somebody new waits");
        }
    }
}

fn a_wake_meanwhile_is_for_somebody_else<S: Subject>() {
    for &place in PLACES {
        let line = Line::<S>::new(place, |line| {
            line.newcomer();
            line.newcomer();
            line.subject.wake();
        });
        line.subject.wake_all();
        line.assert_first_were_woken(MANY);
        assert_eq!(line.yielded_woken(), MANY);
        // A wake-up given to somebody who has one coming would be lost.
        let late = line.late();
        assert_eq!(late[0].task.woken(), 1, "place {place}: `wake` went to somebody of the `wake_all`");
        assert_eq!(late[1].task.woken(), 0, "place {place}: the `wake_all` went after a newcomer");
        late[0].poll();
        assert!(late[0].was_woken());
    }
}

fn a_wake_meanwhile_is_kept_if_nobody_else_waits<S: Subject>() {
    for &place in PLACES {
        let line = Line::<S>::new(place, |line| line.subject.wake());
        line.subject.wake_all();
        line.assert_first_were_woken(MANY);
        assert_eq!(line.newcomer().was_woken(), S::STORES, "place {place}");
        assert!(line.newcomer().is_pending(), "place {place}: one wake-up is two");
    }
}

fn several_wakes_meanwhile_are_for_others<S: Subject>() {
    for &place in PLACES {
        let line = Line::<S>::new(place, |line| {
            for _ in 0..4 {
                line.newcomer();
            }
            line.subject.wake_n(3);
        });
        line.subject.wake_all();
        line.assert_first_were_woken(MANY);
        let woken: Vec<_> = line.late().iter().map(|late| late.task.woken()).collect();
        assert_eq!(woken, [1, 1, 1, 0], "place {place}");
    }
}

fn a_wake_all_meanwhile_wakes_who_came_since<S: Subject>() {
    for op in [Op::WakeAll, Op::WakeN] {
        for &place in PLACES {
            let line = Line::<S>::new(place, |line| {
                line.newcomer();
                line.subject.wake_all();
                line.newcomer();
            });
            line.run(op);
            line.assert_first_were_woken(MANY);
            assert_eq!(line.yielded_woken(), MANY);
            let late = line.late();
            assert_eq!(late[0].task.woken(), 1, "{op:?}, place {place}");
            // What `wake_n` has left to give when all are gone who were there is for newcomers, or kept.
            assert!(op == Op::WakeN || late[1].task.woken() == 0, "{op:?}, place {place}");
        }
    }
}

fn a_wake_during_wake_n_is_one_more<S: Subject>() {
    for &place in PLACES {
        let line = Line::<S>::new(place, |line| line.subject.wake());
        line.subject.wake_n(SOME);
        line.assert_first_were_woken(SOME + 1);
        assert_eq!(line.yielded_woken(), SOME + 1);
    }
}

fn a_wake_during_close_is_for_nobody<S: Subject>() {
    for &place in PLACES {
        let line = Line::<S>::new(place, |line| {
            line.subject.wake();
            line.subject.wake_all();
            line.subject.wake_n(SOME);
            line.subject.close();
        });
        line.subject.close();
        line.assert_first_were_woken(MANY);
        assert_eq!(line.yielded_woken(), 0, "place {place}: woken although it is closed");
        assert!(line.newcomer().was_closed());
    }
}

fn a_cancel_during_close_is_for_nobody<S: Subject>() {
    for &place in PLACES {
        // The first was given something before, and puts it back.
        let line = Line::<S>::new(place.max(1), |line| line.waiters[0].cancel());
        line.subject.wake();
        line.subject.close();
        line.assert_all_were_woken();
        assert_eq!(line.yielded_woken(), 0, "place {place}: let through although it is closed");
    }
}

/// Before, in and behind the batch of the one that cancels them, and one that is not woken by `wake_n`.
const CANCELLED: [usize; 4] = [2, 6, scaled(60, 10), scaled(90, 14)];

fn cancelling_meanwhile_loses_nothing<S: Subject>() {
    // Of those who are woken: one whose waker was called, one who is in the batch, one who is still in
    // line; and one who is not woken.
    for place in [3, 5, scaled(40, 9)] {
        let line = Line::<S>::new(place, |line| {
            for cancelled in CANCELLED {
                line.waiters[cancelled].cancel();
            }
        });
        line.subject.wake_n(SOME);
        for waiter in &line.waiters {
            if waiter.task.woken() > 0 {
                waiter.poll();
            }
        }
        // Three of those who were to be woken are gone, and others are woken in their place.
        assert_eq!(line.yielded_woken(), SOME, "place {place}");

        let line = Line::<S>::new(place, |line| {
            for cancelled in CANCELLED {
                line.waiters[cancelled].cancel();
            }
            line.newcomer();
        });
        line.subject.wake_all();
        for waiter in &line.waiters {
            if waiter.task.woken() > 0 {
                waiter.poll();
            }
        }
        assert_eq!(line.yielded_woken(), MANY - 4, "place {place}");
    }
}

/// In front of, in and behind the batch of the one at 5.
const POLLED: [usize; 3] = if cfg!(miri) { [2, 4, 7] } else { [2, 20, 50] };

fn polling_meanwhile_with_another_waker<S: Subject>() {
    for op in [Op::WakeAll, Op::WakeN, Op::Close] {
        if !S::BATCHES && op != Op::Close {
            continue;
        }
        let other: &'static [Task; 3] = leak([Task::new(), Task::new(), Task::new()]);
        let line = Line::<S>::new(5, move |line| {
            for (polled, other) in POLLED.into_iter().zip(other) {
                line.waiters[polled].poll_with(&other.waker());
            }
        });
        line.run(op);
        for waiter in &line.waiters[..told_by(op)] {
            waiter.poll();
            assert!(!waiter.is_pending(), "{op:?}");
        }
        for (polled, other) in POLLED.into_iter().zip(other) {
            // Through one of the two, or not at all if it was through already when it was polled.
            let told = line.waiters[polled].task.woken() + other.woken();
            assert!(told <= 1, "{op:?}: number {polled} was told {told} times");
        }
        assert_eq!(line.waiters[POLLED[2] + 1].task.woken(), 1, "{op:?}");
    }
}

/// One test per case and subject.
macro_rules! cases {
    ($subject:ident as $name:ident: $($case:ident)*) => {
        mod $name {
            use super::*;
            $(#[test]
            fn $case() {
                quiet();
                within(20, super::$case::<$subject>);
            })*
        }
    };
    ($subject:ident as $name:ident) => {
        cases! { $subject as $name:
            all_are_told_though_one_panics
            closing_meanwhile_leaves_nobody
            a_wake_meanwhile_is_for_somebody_else
            a_wake_meanwhile_is_kept_if_nobody_else_waits
            several_wakes_meanwhile_are_for_others
            a_wake_all_meanwhile_wakes_who_came_since
            a_wake_during_wake_n_is_one_more
            a_wake_during_close_is_for_nobody
            a_cancel_during_close_is_for_nobody
            cancelling_meanwhile_loses_nothing
            polling_meanwhile_with_another_waker
        }
    };
}

cases! { WaitQueue as queue }
cases! { Mailboxes as fifo }
cases! { Gate as primitive }
cases! { Semaphore as semaphore }
cases! { Keyed as map:
    all_are_told_though_one_panics
    a_wake_during_close_is_for_nobody
    a_cancel_during_close_is_for_nobody
    polling_meanwhile_with_another_waker
}

/// A key whose comparison panics when it is asked for the `n`th time from now on.
#[derive(Debug)]
struct Fussy(&'static Count);

impl PartialEq for Fussy {
    fn eq(&self, _: &Self) -> bool {
        count_down(self.0);
        true
    }
}

/// A value whose clone does.
#[derive(Debug)]
struct Unclonable(&'static Count);

impl Clone for Unclonable {
    fn clone(&self) -> Self {
        count_down(self.0);
        Self(self.0)
    }
}

/// Panics when `count` reaches zero; does nothing when it is there.
fn count_down(count: &Count) {
    assert!(!(count.down() && count.get() == 0), "{}", SILENT);
}

type Waits = Shared<Vec<Pin<Box<TouchyWait<'static>>>>>;

#[sync_core::wait_map(key = Fussy, value = Unclonable, match = fifo)]
struct Touchy;

/// Has [`MANY`] wait, the fourth of them with a waker that calls `meanwhile`, and `wake` some, which panics.
/// Returns how many had been woken; asserts that the others wait on, within reach of each kind of wake-up.
fn woken_before_user_code_panics(
    meanwhile: fn(&Count, &Waits),
    wake: impl FnOnce(&Touchy, Fussy, &'static Count) -> usize,
) -> usize {
    quiet();
    let (keys, values) = (leak(Count::new()), leak(Count::new()));
    let map: &'static Touchy = leak(Touchy::new());
    let waits: &'static Waits = leak(Shared::new(Vec::new()));
    for n in 0..MANY {
        let mut wait = Box::pin(map.wait(Fussy(keys)));
        let hooks = Hooks::new();
        let hooks = if n == 3 { hooks.on_wake(move || meanwhile(keys, waits)) } else { hooks };
        assert!(wait.as_mut().poll(&mut Context::from_waker(&hooks.waker())).is_pending());
        waits.lock().push(wait);
    }
    let outcome = catch_unwind(AssertUnwindSafe(|| wake(map, Fussy(keys), values)));
    assert!(outcome.is_err());
    keys.set(0);
    values.set(0);

    let task = Task::new();
    let waiting = waits.lock().len();
    waits.lock().retain_mut(|wait| task.poll(wait.as_mut()).is_pending());
    let left = waits.lock().len();
    assert!(matches!(map.wake_one(&Fussy(keys), Unclonable(values)), WakeOutcome::Woke));
    assert_eq!(map.wake_n(&Fussy(keys), 1, Unclonable(values)), 1);
    assert_eq!(map.wake_all(&Fussy(keys), Unclonable(values)), left - 2);
    waiting - left
}

#[test]
fn a_clone_that_panics_leaves_the_rest_waiting() {
    // The twelfth clone panics, in a round of which none is woken then.
    let woken = woken_before_user_code_panics(
        |_, _| (),
        |map, key, values| {
            values.set(12);
            map.wake_all(&key, Unclonable(values))
        },
    );
    assert_eq!(woken, 11 / CLONES * CLONES);
}

/// Whom the `wake_all` had chosen when it was closed, and could give nothing after all, is told of the close.
#[test]
fn a_clone_that_panics_after_a_close_leaves_no_waiter() {
    quiet();
    let (keys, values) = (leak(Count::new()), leak(Count::new()));
    let map: &'static Touchy = leak(Touchy::new());
    let task = Task::new();
    let mut waits: Vec<_> = (0..MANY).map(|_| Box::pin(map.wait(Fussy(keys)))).collect();
    let waker = Hooks::new().on_wake(move || map.close()).waker();
    assert!(waits[0].as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    for wait in &mut waits[1..] {
        assert!(task.poll(wait.as_mut()).is_pending());
    }
    values.set(12);
    assert!(catch_unwind(AssertUnwindSafe(|| map.wake_all(&Fussy(keys), Unclonable(values)))).is_err());
    values.set(0);
    assert_eq!(task.woken(), MANY - 1);
    let given = waits.into_iter().filter_map(|mut wait| match task.poll(wait.as_mut()) {
        core::task::Poll::Ready(result) => result.ok(),
        core::task::Poll::Pending => panic!("it is closed, and somebody waits"),
    });
    assert_eq!(given.count(), 11 / CLONES * CLONES);
}

#[test]
fn a_comparison_that_panics_leaves_the_rest_waiting() {
    // While one is looked for who takes the place of somebody who cancelled. Were it tried again while the panic
    // unwinds, the program would abort.
    let woken = woken_before_user_code_panics(
        |keys, waits| {
            let cancelled = waits.lock().remove(scaled(50, 5));
            drop(cancelled);
            keys.set(1);
        },
        |map, key, values| map.wake_n(&key, SOME, Unclonable(values)),
    );
    assert_eq!(woken, SOME - 1);
}

/// Opens for everybody when the one who has the key gives up, and panics after so many.
#[sync_core::primitive(method = pass, future = Pass)]
struct Fuse;

impl sync_core::Policy for Fuse {
    /// How many it lets through before it panics.
    type State = usize;
    type Waiter = bool;
    type Value = ();
    type Event<'e> = ();

    fn try_ready(_: &mut usize, _: &bool) -> Option<()> {
        None
    }

    fn select(left: &mut usize, _: &mut bool, (): &mut ()) -> sync_core::Select<()> {
        assert!(*left > 0, "{SILENT}");
        *left -= 1;
        sync_core::Select::Wake(())
    }

    fn on_cancel(_: &mut usize, key: &mut bool, _: &mut Option<()>) -> Option<()> {
        key.then_some(())
    }
}

/// All whom it had let through are woken, more than a batch of them, and the rest wait on.
///
/// Seen to fail with: `withdraw` that runs its rounds only if the first one came to its end.
#[test]
fn a_selection_that_panics_while_a_waiter_leaves_wakes_all_it_had_selected() {
    quiet();
    let fuse: &'static Fuse = leak(Fuse::new(SOME));
    let task = Task::new();
    let mut key = Box::pin(fuse.pass(true));
    assert!(task.poll(key.as_mut()).is_pending());
    let mut waits: Vec<_> = (0..MANY).map(|_| Box::pin(fuse.pass(false))).collect();
    for wait in &mut waits {
        assert!(task.poll(wait.as_mut()).is_pending());
    }
    assert!(catch_unwind(AssertUnwindSafe(|| drop(key))).is_err());
    assert_eq!(task.woken(), SOME);
    let ready = waits.iter_mut().filter_map(|wait| task.poll(wait.as_mut()).is_ready().then_some(()));
    assert_eq!(ready.count(), SOME);
}

/// A word whose rule panics once so many have taken something.
#[sync_core::bitfield(usize)]
struct Fragile {
    waiting: bool,
    closed: bool,
    /// How many may pass.
    #[bits(16)]
    room: u16,
}

static FRAGILE: Count = Count::new();

#[sync_core::primitive(method = pass, future = Through, waiter = (), word = Fragile)]
struct Narrow;

impl sync_core::WordPolicy for Narrow {
    type Word = Fragile;
    type Waiter = ();
    type Value = ();

    fn take(word: Fragile, (): &()) -> Option<(Fragile, ())> {
        assert!(usize::from(word.room()) != FRAGILE.get(), "{SILENT}");
        Some((word.with_room(word.room().checked_sub(1)?), ()))
    }
}

/// As above, for a primitive whose state is its word: what was taken has been given, to the last of them.
///
/// Seen to fail with: `hand_over_to_many` that ends when its first round panics.
#[test]
fn a_take_that_panics_late_wakes_all_that_have_taken() {
    quiet();
    FRAGILE.set(usize::MAX);
    let narrow: &'static Narrow = leak(Narrow::new(Fragile::new()));
    let task = Task::new();
    let mut waits: Vec<_> = (0..MANY).map(|_| Box::pin(narrow.pass())).collect();
    for wait in &mut waits {
        assert!(task.poll(wait.as_mut()).is_pending());
    }
    FRAGILE.set(MANY - SOME);
    let room = u16::try_from(MANY).expect("few");
    assert!(catch_unwind(AssertUnwindSafe(|| narrow.change(|word| word.with_room(room)))).is_err());
    FRAGILE.set(usize::MAX);
    assert_eq!(task.woken(), SOME);
    let ready = waits.iter_mut().filter_map(|wait| task.poll(wait.as_mut()).is_ready().then_some(()));
    assert_eq!(ready.count(), SOME);
    // The rest is still there, for whoever asks next.
    narrow.change(|word| word);
    assert_eq!(task.woken(), MANY);
}
