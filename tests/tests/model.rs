//! Sequences of calls against a plain sequential reference: a `Vec` for the line and a few flags.
//!
//! Every result and every wake-up of every task is compared after every call. Short sequences are gone
//! through exhaustively, long ones at random. What the types promise beside that, under several threads, is
//! for the loom models and `storm.rs`.
//!
//! Seen to fail with: `wake_n` that stores nothing when fewer wait; `arrive` that asks for no `wake_all`; a cell's
//! registrations never noted as shared; `Fifo::abandon` that drops the value.

#![cfg(not(loom))]

extern crate alloc;

use alloc::{sync::Arc, vec::Vec};
use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use proptest::{prelude::*, test_runner::Config};
use sync_core::{
    WaitCell, WaitMap, WaitQueue, wait_cell, wait_cell::PollWaitError, wait_map, wait_map::WaitError,
    wait_map::WakeOutcome, wait_queue,
};
use tests::{Task, sequences};

const SLOTS: usize = 3;
const TASKS: usize = 2;

/// One call. A wait lives in a slot; polling or subscribing an empty one makes the wait first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    /// Makes a wait, if there is none in the slot.
    Make(usize),
    Poll(usize, usize),
    Subscribe(usize, usize),
    Drop(usize),
    Wake(u8),
    WakeN(u8, usize),
    WakeAll(u8),
    Close,
    /// `try_wait`, or `poll_wait` as a task.
    Try(usize),
}

/// What a call returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Nothing,
    Pending,
    Ok,
    /// A value, and for waking by key also that there was a taker.
    Value(usize),
    Closed,
    Duplicate,
    Consumed,
    Woke,
    NoMatch(usize),
    Refused(usize),
    Count(usize),
    Called(bool),
}

/// The key of the wait in a slot: two slots share one.
fn key_of(slot: usize) -> u8 {
    u8::try_from(slot % 2).expect("it is 0 or 1")
}

/// What is seen after a call: its result, how often each task was woken, how many wait.
type Observation = (Seen, [usize; TASKS], usize);

/// Something that is called as [`Op`] says; the value that goes with a wake-up is the number of the call.
trait Subject {
    fn call(&mut self, op: Op, value: usize) -> Seen;
    fn woken(&self) -> [usize; TASKS];
    /// How many wait; of use where the real one says.
    fn waiters(&self) -> usize {
        0
    }

    fn observe(&mut self, op: Op, value: usize) -> Observation {
        (self.call(op, value), self.woken(), self.waiters())
    }
}

/// Runs `ops` on both, and asserts that nobody can tell them apart.
#[track_caller]
fn compare<R: Subject + Default, M: Subject + Default>(ops: &[Op]) {
    let (mut real, mut model) = (R::default(), M::default());
    tests::compare(ops, |op, n| real.observe(op, n), |op, n| model.observe(op, n));
}

fn any_op() -> impl Strategy<Value = Op> {
    prop_oneof![
        2 => (0..SLOTS).prop_map(Op::Make),
        8 => (0..SLOTS, 0..TASKS).prop_map(|(slot, task)| Op::Poll(slot, task)),
        3 => (0..SLOTS, 0..TASKS).prop_map(|(slot, task)| Op::Subscribe(slot, task)),
        5 => (0..SLOTS).prop_map(Op::Drop),
        5 => (0..2_u8).prop_map(Op::Wake),
        2 => (0..2_u8, 0..4_usize).prop_map(|(key, n)| Op::WakeN(key, n)),
        2 => (0..2_u8).prop_map(Op::WakeAll),
        1 => Just(Op::Close),
        2 => (0..TASKS).prop_map(Op::Try),
    ]
}

/// The tests of one type: its real one, its reference, and the calls to exhaust.
macro_rules! against {
    ($($name:ident: $real:ty, $model:ty, $calls:expr;)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn short_sequences() {
                sequences(&$calls, 4, compare::<$real, $model>);
            }

            proptest! {
                #![proptest_config(Config { cases: 1000, failure_persistence: None, ..Config::default() })]
                #[test]
                fn long_sequences(ops in proptest::collection::vec(any_op(), 0..60)) {
                    compare::<$real, $model>(&ops);
                }
            }
        }
    )*};
}

against! {
    queue: RealQueue, QueueModel, [
        Op::Make(0), Op::Poll(0, 0), Op::Poll(0, 1), Op::Poll(1, 0), Op::Poll(2, 0), Op::Subscribe(1, 0),
        Op::Drop(0), Op::Drop(1), Op::Wake(0), Op::WakeN(0, 2), Op::WakeAll(0), Op::Close, Op::Try(0),
    ];
    cell: RealCell, CellModel, [
        Op::Poll(0, 0), Op::Poll(0, 1), Op::Poll(1, 0), Op::Poll(1, 1), Op::Subscribe(2, 0), Op::Drop(0),
        Op::Drop(1), Op::Drop(2), Op::Wake(0), Op::Close, Op::Try(0), Op::Try(1),
    ];
    map: RealMap, MapModel, [
        Op::Make(0), Op::Poll(0, 0), Op::Poll(0, 1), Op::Poll(1, 0), Op::Poll(2, 0), Op::Subscribe(1, 0),
        Op::Subscribe(2, 0), Op::Drop(0), Op::Drop(2), Op::Wake(0), Op::Wake(1), Op::Close,
    ];
    fifo: RealFifo, FifoModel, [
        Op::Make(0), Op::Poll(0, 0), Op::Poll(0, 1), Op::Poll(1, 0), Op::Poll(2, 0), Op::Subscribe(2, 0),
        Op::Drop(0), Op::Drop(2), Op::Wake(0), Op::Wake(1), Op::WakeN(0, 1), Op::WakeAll(0), Op::Close,
    ];
}

/// A value for each slot.
type Slots<T> = [Option<T>; SLOTS];

fn poll<F: Future + ?Sized>(wait: Pin<&mut F>, task: &Task) -> Poll<F::Output> {
    wait.poll(&mut Context::from_waker(&task.waker()))
}

fn unit<E>(polled: Poll<Result<(), E>>, error: impl FnOnce(E) -> Seen) -> Seen {
    match polled {
        Poll::Pending => Seen::Pending,
        Poll::Ready(Ok(())) => Seen::Ok,
        Poll::Ready(Err(other)) => error(other),
    }
}

fn value<E>(polled: Poll<Result<usize, E>>, error: impl FnOnce(E) -> Seen) -> Seen {
    match polled {
        Poll::Pending => Seen::Pending,
        Poll::Ready(Ok(value)) => Seen::Value(value),
        Poll::Ready(Err(other)) => error(other),
    }
}

fn wait_error(error: WaitError) -> Seen {
    match error {
        WaitError::Closed => Seen::Closed,
        WaitError::Duplicate => Seen::Duplicate,
        WaitError::AlreadyConsumed => Seen::Consumed,
        other => panic!("no wait yields {other:?}"),
    }
}

fn outcome(outcome: WakeOutcome<usize>) -> Seen {
    match outcome {
        WakeOutcome::Woke => Seen::Woke,
        WakeOutcome::NoMatch(value) => Seen::NoMatch(value),
        WakeOutcome::Closed(value) => Seen::Refused(value),
    }
}

// The queue.

#[derive(Default)]
struct RealQueue {
    // Before the queue, which they point into.
    waits: Slots<Pin<Box<wait_queue::WaitOwned>>>,
    queue: Arc<WaitQueue>,
    tasks: [Task; TASKS],
}

impl RealQueue {
    fn wait(&mut self, slot: usize) -> Pin<&mut wait_queue::WaitOwned> {
        self.waits[slot].get_or_insert_with(|| Box::pin(self.queue.wait_owned())).as_mut()
    }
}

impl Subject for RealQueue {
    fn call(&mut self, op: Op, _: usize) -> Seen {
        match op {
            Op::Make(slot) => _ = self.wait(slot),
            Op::Poll(slot, task) => {
                let waker = self.tasks[task].waker();
                let polled = self.wait(slot).poll(&mut Context::from_waker(&waker));
                return unit(polled, |_| Seen::Closed);
            }
            Op::Subscribe(slot, _) => return unit(self.wait(slot).subscribe(), |_| Seen::Closed),
            Op::Drop(slot) => self.waits[slot] = None,
            Op::Wake(_) => self.queue.wake(),
            Op::WakeN(_, n) => return Seen::Count(self.queue.wake_n(n)),
            Op::WakeAll(_) => self.queue.wake_all(),
            Op::Close => self.queue.close(),
            Op::Try(_) => return unit(self.queue.try_wait(), |_| Seen::Closed),
        }
        Seen::Nothing
    }

    fn woken(&self) -> [usize; TASKS] {
        self.tasks.each_ref().map(Task::woken)
    }

    fn waiters(&self) -> usize {
        self.queue.waiters()
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// Made when so many `wake_all` had been.
    Idle(usize),
    Queued,
    /// Whether by a wake-up that is to be handed on.
    Woken(bool),
    Closed,
    #[default]
    Done,
}

#[derive(Default)]
struct QueueModel {
    waits: Slots<Stage>,
    /// Who is in line, with the task to wake.
    line: Vec<(usize, Option<usize>)>,
    stored: bool,
    closed: bool,
    wake_alls: usize,
    woken: [usize; TASKS],
}

impl QueueModel {
    fn let_go(&mut self, stage: Stage) -> bool {
        if self.line.is_empty() {
            return false;
        }
        let (slot, task) = self.line.remove(0);
        self.waits[slot] = Some(stage);
        if let Some(task) = task {
            self.woken[task] += 1;
        }
        true
    }

    fn wake(&mut self) -> bool {
        let woke = !self.closed && self.let_go(Stage::Woken(true));
        self.stored |= !self.closed && !woke;
        woke
    }

    fn join(&mut self, slot: usize, task: Option<usize>) {
        let stage = self.waits[slot].get_or_insert(Stage::Idle(self.wake_alls));
        if let Stage::Idle(wake_alls) = *stage {
            *stage = if wake_alls != self.wake_alls {
                Stage::Woken(false)
            } else if self.closed {
                Stage::Closed
            } else if self.stored {
                self.stored = false;
                Stage::Woken(true)
            } else {
                self.line.push((slot, task));
                Stage::Queued
            };
        }
    }

    fn look(&self, slot: usize) -> Seen {
        match self.waits[slot] {
            Some(Stage::Queued) => Seen::Pending,
            Some(Stage::Closed) => Seen::Closed,
            Some(Stage::Woken(_) | Stage::Done) => Seen::Ok,
            Some(Stage::Idle(_)) | None => panic!("it has joined"),
        }
    }
}

impl Subject for QueueModel {
    fn call(&mut self, op: Op, _: usize) -> Seen {
        match op {
            Op::Make(slot) => _ = self.waits[slot].get_or_insert(Stage::Idle(self.wake_alls)),
            Op::Poll(slot, task) => {
                self.join(slot, Some(task));
                if let Some(place) = self.line.iter_mut().find(|place| place.0 == slot) {
                    place.1 = Some(task);
                }
                let seen = self.look(slot);
                if seen == Seen::Ok {
                    self.waits[slot] = Some(Stage::Done);
                }
                return seen;
            }
            Op::Subscribe(slot, _) => {
                self.join(slot, None);
                return self.look(slot);
            }
            Op::Drop(slot) => {
                let stage = self.waits[slot].take();
                self.line.retain(|place| place.0 != slot);
                if stage == Some(Stage::Woken(true)) {
                    self.wake();
                }
            }
            Op::Wake(_) => _ = self.wake(),
            Op::WakeN(_, n) => return Seen::Count((0..n).filter(|_| self.wake()).count()),
            Op::WakeAll(_) if self.closed => {}
            Op::WakeAll(_) => {
                self.wake_alls += 1;
                while self.let_go(Stage::Woken(false)) {}
            }
            Op::Close => {
                self.closed = true;
                while self.let_go(Stage::Closed) {}
            }
            Op::Try(_) if self.closed => return Seen::Closed,
            Op::Try(_) if self.stored => {
                self.stored = false;
                return Seen::Ok;
            }
            Op::Try(_) => return Seen::Pending,
        }
        Seen::Nothing
    }

    fn woken(&self) -> [usize; TASKS] {
        self.woken
    }

    fn waiters(&self) -> usize {
        self.line.len()
    }
}

// The cell.

#[derive(Default)]
struct RealCell {
    waits: Slots<Pin<Box<wait_cell::Wait<'static>>>>,
    cell: Leaked<WaitCell>,
    tasks: [Task; TASKS],
}

/// A value that is there for ever, since the waits of a cell can only borrow.
struct Leaked<T: 'static>(&'static T);

impl<T: Default> Default for Leaked<T> {
    fn default() -> Self {
        Self(tests::leak(T::default()))
    }
}

impl Subject for RealCell {
    fn call(&mut self, op: Op, _: usize) -> Seen {
        let cell = self.cell.0;
        match op {
            Op::Make(slot) => _ = self.waits[slot].get_or_insert_with(|| Box::pin(cell.wait())),
            Op::Poll(slot, task) => {
                let wait = self.waits[slot].get_or_insert_with(|| Box::pin(cell.wait()));
                return unit(poll(wait.as_mut(), &self.tasks[task]), |_| Seen::Closed);
            }
            // A wait of a cell is made by it, not given to it.
            Op::Subscribe(slot, task) if self.waits[slot].is_none() => {
                let mut subscribe = core::pin::pin!(cell.subscribe());
                let Poll::Ready(wait) = poll(subscribe.as_mut(), &self.tasks[task]) else {
                    return Seen::Pending;
                };
                self.waits[slot] = Some(Box::pin(wait));
                return Seen::Ok;
            }
            Op::Drop(slot) => self.waits[slot] = None,
            Op::Wake(_) => return Seen::Called(cell.wake()),
            Op::Close => return Seen::Called(cell.close()),
            Op::Try(task) => {
                let waker = self.tasks[task].waker();
                return unit(cell.poll_wait(&mut Context::from_waker(&waker)), |error| match error {
                    PollWaitError::Closed => Seen::Closed,
                    PollWaitError::Busy => panic!("nobody else is here"),
                });
            }
            Op::Subscribe(..) | Op::WakeN(..) | Op::WakeAll(_) => {}
        }
        Seen::Nothing
    }

    fn woken(&self) -> [usize; TASKS] {
        self.tasks.each_ref().map(Task::woken)
    }
}

/// The one waker of a cell.
#[derive(Clone, Copy)]
struct Registered {
    task: usize,
    /// The slot of the wait that registered last, if it was not `poll_wait`.
    by: Option<usize>,
    /// Whether another wait of the same task registered before.
    shared: bool,
}

#[derive(Default)]
struct CellModel {
    /// What the wait yielded, if it has.
    waits: Slots<Option<Seen>>,
    registered: Option<Registered>,
    stored: bool,
    closed: bool,
    woken: [usize; TASKS],
}

impl CellModel {
    fn attempt(&mut self, by: Option<usize>, task: usize) -> Seen {
        if core::mem::take(&mut self.stored) {
            return Seen::Ok;
        }
        if self.closed {
            return Seen::Closed;
        }
        let before = self.registered.take();
        let own = before.filter(|before| by.is_some() && before.by == by);
        let shared = match before {
            Some(before) if before.task == task => own.is_none_or(|own| own.shared),
            Some(before) => {
                // A task that has only itself to blame is not told.
                if own.is_none_or(|own| own.shared) {
                    self.woken[before.task] += 1;
                }
                false
            }
            None => false,
        };
        self.registered = Some(Registered { task, by, shared });
        Seen::Pending
    }

    fn poll(&mut self, slot: usize, task: usize) -> Seen {
        if let Some(Some(seen)) = self.waits[slot] {
            return seen;
        }
        let seen = self.attempt(Some(slot), task);
        self.waits[slot] = Some(Some(seen).filter(|seen| *seen != Seen::Pending));
        seen
    }

    fn call_registered(&mut self) -> bool {
        let Some(registered) = self.registered.take() else { return false };
        self.woken[registered.task] += 1;
        true
    }
}

impl Subject for CellModel {
    fn call(&mut self, op: Op, _: usize) -> Seen {
        match op {
            Op::Make(slot) => _ = self.waits[slot].get_or_insert(None),
            Op::Poll(slot, task) => return self.poll(slot, task),
            Op::Subscribe(slot, task) if self.waits[slot].is_none() => {
                self.poll(slot, task);
                return Seen::Ok;
            }
            Op::Drop(slot) => {
                self.waits[slot] = None;
                if let Some(registered) = self.registered
                    && registered.by == Some(slot)
                {
                    self.registered = None;
                    self.woken[registered.task] += usize::from(registered.shared);
                }
            }
            Op::Wake(_) => {
                let called = self.call_registered();
                self.stored |= called || !self.closed;
                return Seen::Called(called);
            }
            Op::Close => {
                self.closed = true;
                return Seen::Called(self.call_registered());
            }
            Op::Try(task) => return self.attempt(None, task),
            Op::Subscribe(..) | Op::WakeN(..) | Op::WakeAll(_) => {}
        }
        Seen::Nothing
    }

    fn woken(&self) -> [usize; TASKS] {
        self.woken
    }
}

// The maps.

#[wait_map(key = u8, value = usize, match = fifo)]
struct Fifo;

type MapWait = wait_map::WaitOwned<u8, usize>;

#[derive(Default)]
struct RealMap {
    waits: Slots<Pin<Box<MapWait>>>,
    map: Arc<WaitMap<u8, usize>>,
    tasks: [Task; TASKS],
}

impl RealMap {
    fn wait(&mut self, slot: usize) -> Pin<&mut MapWait> {
        self.waits[slot].get_or_insert_with(|| Box::pin(self.map.wait_owned(key_of(slot)))).as_mut()
    }
}

impl Subject for RealMap {
    fn call(&mut self, op: Op, number: usize) -> Seen {
        match op {
            Op::Make(slot) => _ = self.wait(slot),
            Op::Poll(slot, task) => {
                let waker = self.tasks[task].waker();
                return value(self.wait(slot).poll(&mut Context::from_waker(&waker)), wait_error);
            }
            Op::Subscribe(slot, task) => {
                let waker = self.tasks[task].waker();
                let subscribe = core::pin::pin!(self.wait(slot).subscribe());
                return unit(subscribe.poll(&mut Context::from_waker(&waker)), wait_error);
            }
            Op::Drop(slot) => self.waits[slot] = None,
            Op::Wake(key) => return outcome(self.map.wake(&key, number)),
            Op::Close => self.map.close(),
            Op::WakeN(..) | Op::WakeAll(_) | Op::Try(_) => {}
        }
        Seen::Nothing
    }

    fn woken(&self) -> [usize; TASKS] {
        self.tasks.each_ref().map(Task::woken)
    }
}

#[derive(Default)]
struct RealFifo {
    waits: Slots<Pin<Box<FifoWaitOwned>>>,
    /// Those that have yielded, which panic when they are polled again.
    done: [bool; SLOTS],
    map: Arc<Fifo>,
    tasks: [Task; TASKS],
}

impl RealFifo {
    fn wait(&mut self, slot: usize) -> Pin<&mut FifoWaitOwned> {
        self.waits[slot].get_or_insert_with(|| Box::pin(self.map.wait_owned(key_of(slot)))).as_mut()
    }
}

impl Subject for RealFifo {
    fn call(&mut self, op: Op, number: usize) -> Seen {
        match op {
            Op::Make(slot) => _ = self.wait(slot),
            Op::Poll(slot, _) if self.done[slot] => {}
            Op::Poll(slot, task) => {
                let waker = self.tasks[task].waker();
                let polled = self.wait(slot).poll(&mut Context::from_waker(&waker));
                self.done[slot] = matches!(polled, Poll::Ready(Ok(_)));
                return value(polled, |_| Seen::Closed);
            }
            Op::Subscribe(slot, task) => {
                let waker = self.tasks[task].waker();
                let subscribe = core::pin::pin!(self.wait(slot).subscribe());
                return unit(subscribe.poll(&mut Context::from_waker(&waker)), |_| Seen::Closed);
            }
            Op::Drop(slot) => {
                self.done[slot] = false;
                self.waits[slot] = None;
            }
            Op::Wake(key) => return outcome(self.map.wake_one(&key, number)),
            Op::WakeN(key, n) => return Seen::Count(self.map.wake_n(&key, n, number)),
            Op::WakeAll(key) => return Seen::Count(self.map.wake_all(&key, number)),
            Op::Close => self.map.close(),
            Op::Try(_) => {}
        }
        Seen::Nothing
    }

    fn woken(&self) -> [usize; TASKS] {
        self.tasks.each_ref().map(Task::woken)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Keyed {
    #[default]
    Idle,
    Queued,
    Given(usize),
    Closed,
    Done,
}

/// Both maps: `UNIQUE` ones refuse a second wait for a key, the others hand values on.
#[derive(Default)]
struct KeyedModel<const UNIQUE: bool> {
    waits: Slots<Keyed>,
    line: Vec<(usize, usize)>,
    closed: bool,
    woken: [usize; TASKS],
}

type MapModel = KeyedModel<true>;
type FifoModel = KeyedModel<false>;

impl<const UNIQUE: bool> KeyedModel<UNIQUE> {
    fn give(&mut self, key: u8, value: usize) -> bool {
        let place = self.line.iter().position(|(slot, _)| key_of(*slot) == key);
        let Some(place) = place.filter(|_| !self.closed) else { return false };
        let (slot, task) = self.line.remove(place);
        self.waits[slot] = Some(Keyed::Given(value));
        self.woken[task] += 1;
        true
    }

    /// Has an idle wait join; whether it may not.
    fn join(&mut self, slot: usize, task: usize) -> Option<Seen> {
        let wait = self.waits[slot].get_or_insert_default();
        if *wait == Keyed::Idle {
            if self.closed {
                *wait = Keyed::Closed;
            } else if UNIQUE && self.line.iter().any(|(other, _)| key_of(*other) == key_of(slot)) {
                return Some(Seen::Duplicate);
            } else {
                *wait = Keyed::Queued;
                self.line.push((slot, task));
            }
        }
        (*wait == Keyed::Closed).then_some(Seen::Closed)
    }
}

impl<const UNIQUE: bool> Subject for KeyedModel<UNIQUE> {
    fn call(&mut self, op: Op, number: usize) -> Seen {
        match op {
            Op::Make(slot) => _ = self.waits[slot].get_or_insert_default(),
            Op::Poll(slot, task) => {
                if let Some(failure) = self.join(slot, task) {
                    return failure;
                }
                return match self.waits[slot] {
                    Some(Keyed::Given(value)) => {
                        self.waits[slot] = Some(Keyed::Done);
                        Seen::Value(value)
                    }
                    Some(Keyed::Done) if UNIQUE => Seen::Consumed,
                    Some(Keyed::Done) => Seen::Nothing,
                    _ => {
                        let place = self.line.iter_mut().find(|(other, _)| *other == slot);
                        place.expect("it is queued").1 = task;
                        Seen::Pending
                    }
                };
            }
            Op::Subscribe(slot, task) => return self.join(slot, task).unwrap_or(Seen::Ok),
            Op::Drop(slot) => {
                self.line.retain(|(other, _)| *other != slot);
                if let Some(Keyed::Given(value)) = self.waits[slot].take()
                    && !UNIQUE
                {
                    self.give(key_of(slot), value);
                }
            }
            Op::Wake(key) => {
                return if self.give(key, number) {
                    Seen::Woke
                } else if self.closed {
                    Seen::Refused(number)
                } else {
                    Seen::NoMatch(number)
                };
            }
            Op::WakeN(key, n) if !UNIQUE => {
                return Seen::Count((0..n).filter(|_| self.give(key, number)).count());
            }
            Op::WakeAll(key) if !UNIQUE => {
                return Seen::Count((0..SLOTS).filter(|_| self.give(key, number)).count());
            }
            Op::Close => {
                self.closed = true;
                for (slot, task) in core::mem::take(&mut self.line) {
                    self.waits[slot] = Some(Keyed::Closed);
                    self.woken[task] += 1;
                }
            }
            Op::WakeN(..) | Op::WakeAll(_) | Op::Try(_) => {}
        }
        Seen::Nothing
    }

    fn woken(&self) -> [usize; TASKS] {
        self.woken
    }
}
