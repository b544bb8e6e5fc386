//! Where sequences come from: a table of all calls of a subject, and three ways to choose from it.
//!
//! A sequence is a list of places in the [`table`]: [`every`] goes through all up to some length, proptest
//! makes some up, and [`decode`] reads them from the bytes of a fuzzer. What a waker calls is in the table,
//! too, or is [`Op::Ask`]: [`every_between`] goes through all that can be called at one wake-up.

use alloc::{format, string::String, vec, vec::Vec};
use core::{fmt::Debug, panic::AssertUnwindSafe, time::Duration};
use std::{collections::HashSet, panic::catch_unwind, time::Instant};

use super::{ENDS, Model, Op, OpOf, SLOTS, Specified, Step, StepOf, TASKS, meets, quietly, run, slots_of};

/// Returns all calls of a subject, simple ones first, which is where proptest shrinks to.
#[must_use]
pub fn table<S: Specified>() -> Vec<OpOf<S>> {
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

/// Returns all that a waker can call.
#[must_use]
pub fn table_between<S: Specified>() -> Vec<OpOf<S>> {
    let mut table = table::<S>();
    table.push(Op::Ask);
    table
}

/// Reads a sequence, and its end, from bytes; any bytes are one.
///
/// A byte is the place in the table from which on the first call is taken that makes sense as things are
/// then, so that no byte is wasted. Behind one that wakes there are more: at which wake-up something is
/// called, or a zero, and what; and the same again.
#[must_use]
pub fn decode<S: Specified>(bytes: &[u8]) -> (Vec<StepOf<S>>, usize) {
    let (table, more) = (table::<S>(), table_between::<S>());
    let (mut model, mut steps, mut n) = (S::Model::default(), Vec::new(), 0);
    let mut bytes = bytes.iter().copied().map(usize::from);
    let Some(end) = bytes.next() else { return (steps, 0) };
    let mut choose = |model: &mut S::Model, table: &[OpOf<S>], byte: usize, busy: Option<OpOf<S>>| {
        let from = byte % table.len();
        let mut candidates = table[from..].iter().chain(&table[..from]).copied();
        let free = |op| busy.is_none_or(|outer| !meets::<S>(outer, op));
        let op = candidates.find(|&op| free(op) && model.whole(op, n).is_some())?;
        n += 1;
        Some(op)
    };
    while let Some(byte) = bytes.next() {
        let Some(op) = choose(&mut model, &table, byte, None) else { continue };
        let mut step = Step::from(op);
        let mut wakes = model.sleepers().woken().len();
        while wakes > 0 && step.between.len() < 3 {
            let Some(at) = bytes.next().map(|byte| byte % (wakes + 1)).filter(|at| *at > 0) else { break };
            let Some(inner) = bytes.next().and_then(|byte| choose(&mut model, &more, byte, Some(op))) else {
                break;
            };
            step.between.push((at, inner));
            wakes += model.sleepers().woken().len();
        }
        steps.push(step);
    }
    (steps, end)
}

/// Runs every sequence of `length` calls, and with it every shorter one; returns how many.
///
/// Those are left out in which a call makes no sense, and those that are another one with its slots or its
/// tasks renamed.
#[track_caller]
pub fn every<S: Specified>(length: usize) -> usize {
    let mut walk = Walk::<S> { table: table::<S>(), calls: Vec::new(), count: 0 };
    walk.on(&S::Model::default(), length, 0, 0);
    walk.count
}

/// Runs every sequence of one call, of two, and so on, as long as the next length is likely to be done in
/// `time`; returns the last length and how many of it there were.
#[track_caller]
pub fn every_within<S: Specified>(time: Duration) -> (usize, usize) {
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

struct Walk<S: Specified> {
    table: Vec<OpOf<S>>,
    calls: Vec<OpOf<S>>,
    count: usize,
}

impl<S: Specified> Walk<S> {
    /// Goes on from where `model` is, with `left` calls to come; so many slots and tasks have been used.
    #[track_caller]
    fn on(&mut self, model: &S::Model, left: usize, slots: usize, tasks: usize) {
        if left == 0 {
            // None of them polls what is dropped in the end: a longer one does.
            run::<S>(self.calls.iter().copied().map(Step::from), self.count % (ENDS / 2));
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
            if next.whole(op, self.calls.len()).is_none() {
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
fn names<S: Specified>(op: OpOf<S>) -> (Option<usize>, Option<usize>) {
    let task = match op {
        Op::Start(_, _, task) | Op::Poll(_, task) | Op::Subscribe(_, task) => Some(task),
        _ => None,
    };
    (slots_of::<S>(op).into_iter().flatten().max(), task)
}

/// How much there was to go through.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extent {
    /// From how many states of the reference.
    pub states: usize,
    /// How many calls with another one in them.
    pub pairs: usize,
}

/// What went wrong, once for each two kinds of calls.
#[derive(Default)]
struct Failures {
    kinds: HashSet<String>,
    messages: Vec<String>,
}

impl Failures {
    /// Runs a sequence whose last call, `op`, has `inner` in it.
    fn run<S: Specified>(
        &mut self,
        steps: impl Iterator<Item = StepOf<S>>,
        op: OpOf<S>,
        inner: OpOf<S>,
        end: usize,
    ) {
        let outcome = quietly(|| catch_unwind(AssertUnwindSafe(|| run::<S>(steps, end))));
        let Err(payload) = outcome else { return };
        let text = payload.downcast::<String>().map_or_else(|_| "it panics".into(), |text| *text);
        if self.kinds.insert(format!("{} in {}", kind(&op), kind(&inner))) {
            self.messages.push(text);
        }
    }
}

/// The name of a call, without its slot.
fn kind<W: Debug, C: Debug>(op: &Op<W, C>) -> String {
    format!("{op:?}").split('(').take(2).filter(|part| !part.contains(')')).collect()
}

/// From every state of the reference that `length` calls lead to, or fewer, or waits alone that are started,
/// as many as there are slots: each call that wakes a task, and at each of its wake-ups each other call.
///
/// Up to there each slot has a task of its own, or one for every other slot.
///
/// # Panics
///
/// If something is wrong: with one sequence for each two kinds of calls.
#[track_caller]
pub fn every_between<S: Specified>(length: usize) -> Extent {
    let (table, more) = (table::<S>(), table_between::<S>());
    let (mut extent, mut failures) = (Extent::default(), Failures::default());
    let start = S::Model::default();
    let mut known = HashSet::from([start.clone()]);
    let mut states = vec![(start, Vec::<OpOf<S>>::new(), 0, true)];
    for calls in 0..=length.max(SLOTS) {
        let mut next_states = Vec::new();
        for (model, path, slots, all_start) in states {
            extent.states += 1;
            for &op in &table {
                let (slot, task) = names::<S>(op);
                let is_its_own =
                    slot.is_none() || task.is_none_or(|task| slot.map(|slot| slot % TASKS) == Some(task));
                if slot.is_some_and(|slot| slot > slots) || !is_its_own {
                    continue;
                }
                let mut after = model.clone();
                if after.whole(op, calls).is_none() {
                    continue;
                }
                let wakes = after.sleepers().woken().len();
                for at in 1..=wakes {
                    for &inner in more.iter().filter(|&&inner| !meets::<S>(op, inner)) {
                        if after.clone().whole(inner, calls + 1).is_none() {
                            continue;
                        }
                        let plain = path.iter().copied().map(Step::from);
                        let last = Step { op, between: vec![(at, inner)] };
                        // In turns: what is left is polled, or not.
                        let end = extent.pairs / 2 % (ENDS / 2) + extent.pairs % 2 * (ENDS / 2);
                        failures.run::<S>(plain.chain([last]), op, inner, end);
                        extent.pairs += 1;
                    }
                }
                let all_start = all_start && matches!(op, Op::Start(..));
                if (calls < length || all_start) && known.insert(after.clone()) {
                    let path = path.iter().copied().chain([op]).collect();
                    next_states.push((after, path, slots.max(slot.map_or(0, |slot| slot + 1)), all_start));
                }
            }
        }
        states = next_states;
    }
    let Failures { messages, .. } = failures;
    assert!(messages.is_empty(), "in {} ways:\n{}", messages.len(), messages.join("\n"));
    extent
}
