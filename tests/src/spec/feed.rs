//! Where sequences come from: a table of all calls of a subject, and three ways to choose from it.
//!
//! A sequence is a list of places in the [`table`]: [`every`] goes through all up to some length, proptest makes some
//! up, and [`decode`] reads them from the bytes of a fuzzer.

use alloc::vec::Vec;
use core::time::Duration;
use std::time::Instant;

use super::{Model, Op, OpOf, SLOTS, Subject, TASKS, run};

/// Returns all calls of a subject, simple ones first, which is where proptest shrinks to.
#[must_use]
pub fn table<S: Subject>() -> Vec<OpOf<S>> {
    let mut table = Vec::new();
    for slot in 0..SLOTS {
        table.push(Op::Drop(slot));
        for task in 0..TASKS {
            table.extend(S::WANTS.iter().map(|&want| Op::Start(slot, want, task)));
            table.push(Op::Poll(slot, task));
        }
    }
    table.extend(S::CALLS.iter().copied().map(Op::Call));
    for slot in 0..SLOTS {
        table.extend(S::WANTS.iter().map(|&want| Op::Make(slot, want)));
        if S::SUBSCRIBES {
            table.extend((0..TASKS).map(|task| Op::Subscribe(slot, task)));
        }
    }
    table
}

/// Reads a sequence, and the order of its end, from bytes; any bytes are one.
///
/// A byte is the place in the table from which on the first call is taken that makes sense as things are then, so that
/// no byte is wasted.
#[must_use]
pub fn decode<S: Subject>(bytes: &[u8]) -> (Vec<OpOf<S>>, usize) {
    let (table, mut model, mut calls) = (table::<S>(), S::Model::default(), Vec::new());
    let Some((order, rest)) = bytes.split_first() else { return (calls, 0) };
    for &byte in rest {
        let from = usize::from(byte) % table.len();
        let mut candidates = table[from..].iter().chain(&table[..from]).copied();
        calls.extend(candidates.find(|&op| model.apply(op, calls.len()).is_some()));
    }
    (calls, usize::from(*order))
}

/// Runs every sequence of `length` calls, and with it every shorter one; returns how many.
///
/// Those are left out in which a call makes no sense, and those that are another one with its slots or its tasks
/// renamed.
#[track_caller]
pub fn every<S: Subject>(length: usize) -> usize {
    let mut walk = Walk::<S> { table: table::<S>(), calls: Vec::new(), count: 0 };
    walk.on(&S::Model::default(), length, 0, 0);
    walk.count
}

/// Runs every sequence of one call, of two, and so on, as long as the next length is likely to be done in `time`; returns
/// the last length and how many of it there were.
#[track_caller]
pub fn every_within<S: Subject>(time: Duration) -> (usize, usize) {
    let start = Instant::now();
    let (mut length, mut last) = (1, every::<S>(1));
    loop {
        length += 1;
        let began = Instant::now();
        let count = every::<S>(length);
        let took = began.elapsed().as_secs_f64();
        // There will be more by a factor that grows slowly.
        #[expect(clippy::cast_precision_loss, reason = "it is an estimate")]
        let next = took * 1.2 * count as f64 / last as f64;
        if start.elapsed().as_secs_f64() + next > time.as_secs_f64() {
            return (length, count);
        }
        last = count;
    }
}

struct Walk<S: Subject> {
    table: Vec<OpOf<S>>,
    calls: Vec<OpOf<S>>,
    count: usize,
}

impl<S: Subject> Walk<S> {
    /// Goes on from where `model` is, with `left` calls to come; so many slots and tasks have been used.
    #[track_caller]
    fn on(&mut self, model: &S::Model, left: usize, slots: usize, tasks: usize) {
        if left == 0 {
            run::<S>(&self.calls, self.count);
            self.count += 1;
            return;
        }
        for at in 0..self.table.len() {
            let op = self.table[at];
            let (slot, task) = names::<S>(op);
            // The first slot is slot 0, and the next one that is used is slot 1.
            if slot.is_some_and(|slot| slot > slots) || task.is_some_and(|task| task > tasks) {
                continue;
            }
            let mut next = model.clone();
            if next.apply(op, self.calls.len()).is_none() {
                continue;
            }
            let used = |before: usize, now: Option<usize>| before.max(now.map_or(0, |now| now + 1));
            self.calls.push(op);
            self.on(&next, left - 1, used(slots, slot), used(tasks, task));
            self.calls.pop();
        }
    }
}

/// The highest slot and the task that a call has to do with.
fn names<S: Subject>(op: OpOf<S>) -> (Option<usize>, Option<usize>) {
    match op {
        Op::Start(slot, _, task) | Op::Poll(slot, task) | Op::Subscribe(slot, task) => {
            (Some(slot), Some(task))
        }
        Op::Make(slot, _) | Op::Drop(slot) => (Some(slot), None),
        Op::Call(call) => (S::slot_of(call), None),
    }
}
