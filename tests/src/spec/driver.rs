//! The driver: makes the calls of a sequence on the real one and on its model, and compares.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::{any::type_name, cell::Cell, fmt, panic::AssertUnwindSafe};
use std::{
    panic::{PanicHookInfo, catch_unwind, set_hook, take_hook},
    sync::Once,
    thread_local,
};

use super::{Facts, Model, Op, OpOf, SLOTS, Seen, Slot, Subject, TASKS, World};

thread_local! {
    /// How many there are who do not want panics printed.
    static QUIET: Cell<usize> = const { Cell::new(0) };
}

/// Returns what `f` returns; panics in it are not printed.
pub fn quietly<R>(f: impl FnOnce() -> R) -> R {
    struct Loud;
    impl Drop for Loud {
        fn drop(&mut self) {
            QUIET.set(QUIET.get() - 1);
        }
    }
    QUIET.set(QUIET.get() + 1);
    let _loud = Loud;
    f()
}

/// Has `hook` called for every panic but those in [`quietly`], in which are those that the specification asks for.
pub fn print_panics_by(hook: impl Fn(&PanicHookInfo<'_>) + Send + Sync + 'static) {
    set_hook(Box::new(move |panic| {
        if QUIET.get() == 0 {
            hook(panic);
        }
    }));
}

/// Returns what `call` returns; or that it panics, if it panics as it `should`.
fn seen(should: Seen, call: impl FnOnce() -> Seen) -> Seen {
    let Seen::Panics(message) = should else { return call() };
    quietly(|| catch_unwind(AssertUnwindSafe(call))).unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let fits = text.is_some_and(|text| text.starts_with(message));
        Seen::Panics(if fits { message } else { "something else" })
    })
}

/// The real one and its model, after some calls.
struct Run<S: Subject> {
    // Before the subject, which they may borrow.
    world: World<S::Held>,
    subject: S,
    model: S::Model,
    calls: Vec<OpOf<S>>,
}

/// What there is to compare after a call.
#[derive(Debug, PartialEq)]
struct Observation {
    seen: Seen,
    /// Which tasks it woke, in this order.
    woken: Vec<usize>,
    /// How many wakers of each are kept.
    wakers: [usize; TASKS],
    facts: Facts,
}

impl<S: Subject> Run<S> {
    #[track_caller]
    fn call(&mut self, op: OpOf<S>) {
        let n = self.calls.len();
        let Some(should) = self.model.apply(op, n) else { return };
        self.calls.push(op);
        let (subject, world) = (&self.subject, &mut self.world);
        let seen = seen(should, || match op {
            Op::Make(slot, want) => {
                world.slots[slot].wait = Some(subject.wait(want));
                should
            }
            Op::Start(slot, want, task) => {
                world.slots[slot].wait = Some(subject.wait(want));
                world.poll(slot, task)
            }
            Op::Poll(slot, task) => world.poll(slot, task),
            Op::Subscribe(slot, task) => world.subscribe(slot, task),
            Op::Drop(slot) => {
                world.slots[slot].clear();
                Seen::Nothing
            }
            Op::Call(call) => subject.call(call, n, world),
        });
        let mut woken = self.world.woken();
        let mut should_wake = self.model.sleepers().woken();
        if let Op::Call(call) = op
            && S::in_any_order(call)
        {
            woken.sort_unstable();
            should_wake.sort_unstable();
        }
        let is = Observation { seen, woken, wakers: self.world.wakers(), facts: self.subject.facts() };
        let should = Observation {
            seen: should,
            woken: should_wake,
            wakers: per_task(&self.model.sleepers().kept()),
            facts: self.model.facts(),
        };
        assert!(
            is == should,
            "{}\n    is        {is:?}\n    should be {should:?}\nafter these calls:{}",
            type_name::<S>(),
            Lines(&self.calls)
        );
    }
}

fn per_task(tasks: &[usize]) -> [usize; TASKS] {
    core::array::from_fn(|task| tasks.iter().filter(|of| **of == task).count())
}

/// Calls, one per line.
struct Lines<'a, Op>(&'a [Op]);

impl<Op: fmt::Debug> fmt::Display for Lines<'_, Op> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|call| write!(f, "\n    {call:?}"))
    }
}

/// Returns the slots in one of all their orders.
fn in_order(mut order: usize) -> [usize; SLOTS] {
    let mut slots = core::array::from_fn(|slot| slot);
    for at in 0..SLOTS {
        slots.swap(at, at + order % (SLOTS - at));
        order /= SLOTS - at;
    }
    slots
}

/// Makes the calls of both, drops what is left in an order that `order` says, uses it once more, and asserts that nobody can tell
/// the two apart.
///
/// # Panics
///
/// If somebody can.
#[track_caller]
pub fn run<S: Subject>(calls: &[OpOf<S>], order: usize) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| print_panics_by(take_hook()));
    let mut run = Run::<S> {
        world: World::new(),
        subject: S::new(),
        model: S::Model::default(),
        calls: Vec::with_capacity(calls.len() + 16),
    };
    for &op in calls {
        run.call(op);
    }
    for slot in in_order(order) {
        run.call(Op::Drop(slot));
    }
    // Two more who wait, and both go.
    run.call(Op::Start(0, S::WANTS[0], 0));
    run.call(Op::Start(1, S::WANTS[0], 1));
    if let Some(&first) = S::CALLS.first() {
        run.call(Op::Call(first));
    }
    for op in [Op::Poll(0, 0), Op::Drop(0), Op::Poll(1, 1), Op::Drop(1)] {
        run.call(op);
    }
    let Run { mut world, subject, calls, .. } = run;
    // Empty already; should they not be, what is in there borrows the subject.
    world.slots.iter_mut().for_each(Slot::clear);
    drop(subject);
    assert_eq!(
        world.wakers(),
        [0; TASKS],
        "wakers that are left when a {} is gone, after{}",
        type_name::<S>(),
        Lines(&calls)
    );
}
