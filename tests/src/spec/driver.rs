//! The driver: makes the calls of a sequence on the real one and on its model, and compares.
//!
//! A call that another one's waker makes is compared like any other: the model has made the outer one by
//! then, all of it.

use alloc::{boxed::Box, rc::Rc, string::String, vec::Vec};
use core::{any::type_name, cell::Cell, cell::RefCell, fmt, mem::take, panic::AssertUnwindSafe};
use std::{
    panic::{PanicHookInfo, catch_unwind, set_hook, take_hook},
    sync::Once,
    thread_local,
};

use super::{
    Model, Op, OpOf, SLOTS, Seen, Specified, StepOf, TASKS, World,
    history::{Made, Observation, Order},
    meets,
};
use crate::watched::{collect, take_found};

thread_local! {
    /// How many there are that do not want panics printed.
    static QUIET: Cell<usize> = const { Cell::new(0) };
    /// What the wakers tell that they are called.
    static RUNNING: RefCell<Option<Rc<dyn Running>>> = const { RefCell::new(None) };
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

/// Has `hook` called for every panic but those in [`quietly`], in which are those that the specification asks
/// for.
pub fn print_panics_by(hook: impl Fn(&PanicHookInfo<'_>) + Send + Sync + 'static) {
    set_hook(Box::new(move |panic| {
        if QUIET.get() == 0 {
            hook(panic);
        }
    }));
}

/// Returns what `call` returns; or that it panics, and with what, if not as it `should`.
fn seen(should: Seen, call: impl FnOnce() -> Seen) -> Seen {
    let expected = if let Seen::Panics(message) = should { Some(message) } else { None };
    let attempt = || catch_unwind(AssertUnwindSafe(call));
    let outcome = if expected.is_some() { quietly(attempt) } else { attempt() };
    outcome.unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let text = text.unwrap_or("something else");
        Seen::Panics(match expected.filter(|expected| text.starts_with(expected)) {
            Some(message) => message,
            None => Box::leak(text.into()),
        })
    })
}

/// The model, and what is known of the step that is under way.
struct State<S: Specified> {
    order: Order<S>,
    /// The model before the step, if there may be more than one call in it.
    before: Option<S::Model>,
    /// How many calls have been made.
    n: usize,
    /// What was called; the last one is under way.
    steps: Vec<StepOf<S>>,
    /// The calls of this step, in the order in which they began.
    made: Vec<Made<OpOf<S>>>,
    /// Those of them that have not returned, the innermost last.
    open: Vec<usize>,
    /// What is still to be called, and at which wake-up.
    due: Vec<(usize, OpOf<S>)>,
    /// Which tasks were woken in this step.
    woken: Vec<usize>,
}

/// The real one and its model, after some calls.
struct Run<S: Specified> {
    // Before the subject, which they may borrow.
    world: World<S::Held>,
    subject: S,
    state: RefCell<State<S>>,
}

/// What holds wakers.
trait Running {
    /// A waker of this task is called.
    fn woken(&self, task: usize);
}

impl<S: Specified> State<S> {
    /// The model makes a call; its number, and what it has to return, if it makes sense.
    fn begin(&mut self, op: OpOf<S>) -> Option<(usize, Seen)> {
        let (open, made) = (&self.open, &self.made);
        if open.len() > 1 && !S::NESTS || open.iter().any(|&outer| meets::<S>(made[outer].op, op)) {
            return None;
        }
        // What the model of a step in which something is wrong thinks is of no use.
        let (order, mut returned) = (&self.order, (0..made.len()).filter(|at| !open.contains(at)));
        if returned.any(|at| made[at].is != order.should(at)) {
            return None;
        }
        let (at, n) = (made.len(), self.n);
        let should = self.order.apply(op, n)?;
        self.made.push(Made { op, n, is: Seen::Nothing, until: usize::MAX });
        self.open.push(at);
        self.n += 1;
        Some((n, should))
    }

    /// The innermost call has returned.
    fn end(&mut self, is: Seen) {
        let at = self.open.pop().expect("a call is under way");
        self.order.finish(at);
        let until = self.made.len();
        self.made[at] = Made { is, until, ..self.made[at] };
    }
}

impl<S: Specified> Run<S> {
    fn make(&self, op: OpOf<S>) -> bool {
        let Some((n, should)) = self.state.borrow_mut().begin(op) else { return false };
        let (subject, world) = (&self.subject, &self.world);
        let is = seen(should, || match op {
            Op::Make(slot, want) => {
                world.wait(slot, subject.wait(want));
                Seen::Nothing
            }
            Op::Start(slot, want, task) => {
                world.wait(slot, subject.wait(want));
                world.poll(slot, task)
            }
            Op::Poll(slot, task) => world.poll(slot, task),
            Op::Subscribe(slot, task) => world.subscribe(slot, task),
            Op::Drop(slot) => {
                world.clear(slot);
                Seen::Nothing
            }
            Op::Call(call) => subject.call(call, n, world),
            Op::Ask => Seen::Facts(S::asked(subject.facts())),
        });
        self.state.borrow_mut().end(is);
        true
    }

    #[track_caller]
    fn step(&self, step: StepOf<S>) {
        {
            let state = &mut *self.state.borrow_mut();
            state.order.clear();
            state.made.clear();
            state.woken.clear();
            state.before = (!step.between.is_empty()).then(|| state.order.model.clone());
            state.due = step.between;
            state.steps.push(step.op.into());
        }
        if !self.make(step.op) {
            self.state.borrow_mut().steps.pop();
            return;
        }
        self.state.borrow_mut().due.clear();
        let facts = self.subject.facts();
        let state = &mut *self.state.borrow_mut();
        let seen = state.made.iter().map(|made| made.is).collect();
        let woken = take(&mut state.woken);
        let is =
            Observation { seen, woken, wakers: self.world.wakers(), facts, under_the_lock: take_found() };
        let should = state.order.expected(&is.woken);
        if is == should {
            return;
        }
        if let Some(model) = state.before.take()
            && let Some(order) = Order::explain(&model, &state.made, &is)
        {
            state.order = order;
            return;
        }
        panic!(
            "{}\n    is        {is:?}\n    should be {should:?}\nafter these calls:{}",
            type_name::<S>(),
            Lines(&state.steps)
        );
    }

    /// The slots in which a poll would not panic.
    fn polls(&self) -> impl Iterator<Item = (usize, usize)> {
        (0..SLOTS).map(|slot| (slot, slot % TASKS)).filter(|&(slot, task)| {
            let mut model = self.state.borrow().order.model.clone();
            !matches!(model.poll(slot, task), Some(Seen::Panics(_)))
        })
    }
}

impl<S: Specified> Running for Run<S> {
    fn woken(&self, task: usize) {
        let due: Vec<_> = {
            let state = &mut *self.state.borrow_mut();
            state.woken.push(task);
            let count = state.woken.len();
            if let Some(&innermost) = state.open.last()
                && count > state.order.told()
            {
                // It has gone on to its second step.
                state.order.finish(innermost);
            }
            if state.due.is_empty() {
                return;
            }
            let (now, later) = take(&mut state.due).into_iter().partition(|(at, _)| *at == count);
            state.due = later;
            now
        };
        for (at, op) in due {
            // Before it, so that what hangs or aborts in it is there to be read.
            let log = |state: &mut State<S>| state.steps.last_mut().map(|step| step.between.push((at, op)));
            log(&mut self.state.borrow_mut());
            if !self.make(op) {
                self.state.borrow_mut().steps.last_mut().map(|step| step.between.pop());
            }
        }
    }
}

/// A waker of this task is called.
fn woken(task: usize) {
    // Not while another one is: it is borrowed for no longer than this.
    if let Some(running) = RUNNING.with_borrow(Option::clone) {
        running.woken(task);
    }
}

/// Calls, one per line.
struct Lines<'a, Step>(&'a [Step]);

impl<W: fmt::Debug, C: fmt::Debug> fmt::Display for Lines<'_, super::Step<W, C>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in self.0 {
            write!(f, "\n    {:?}", step.op)?;
            for (at, op) in &step.between {
                write!(f, "\n        at wake-up {at}: {op:?}")?;
            }
        }
        Ok(())
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

/// In how many ways a sequence can end.
pub const ENDS: usize = 48;

/// Makes the calls of both, drops what is left, uses it once more, and asserts that no task can tell the two
/// apart.
///
/// `end` says in which order things are dropped, and whether they are polled before.
///
/// # Panics
///
/// If a task can.
#[track_caller]
pub fn run<S: Specified>(steps: impl IntoIterator<Item = StepOf<S>>, end: usize) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| print_panics_by(take_hook()));
    let ((), found) = collect(|| watched_run::<S>(steps, end));
    assert!(found.is_empty(), "at the end of a {}: {found:?}", type_name::<S>());
}

#[track_caller]
fn watched_run<S: Specified>(steps: impl IntoIterator<Item = StepOf<S>>, end: usize) {
    struct Done;
    impl Drop for Done {
        fn drop(&mut self) {
            RUNNING.set(None);
        }
    }
    let state = State {
        order: Order::new(S::Model::default()),
        before: None,
        n: 0,
        steps: Vec::new(),
        made: Vec::new(),
        open: Vec::new(),
        due: Vec::new(),
        woken: Vec::new(),
    };
    let run = Rc::new(Run::<S> { world: World::new(woken), subject: S::new(), state: RefCell::new(state) });
    RUNNING.set(Some(Rc::clone(&run) as Rc<dyn Running>));
    let done = Done;
    for step in steps {
        run.step(step);
    }
    if end / (ENDS / 2) % 2 == 1 {
        for (slot, task) in run.polls() {
            run.step(Op::Poll(slot, task).into());
        }
    }
    for slot in in_order(end) {
        run.step(Op::Drop(slot).into());
    }
    // Two more that wait, and both go.
    run.step(Op::Start(0, S::WANTS[0], 0).into());
    run.step(Op::Start(1, S::WANTS[0], 1).into());
    if let Some(&first) = S::CALLS.first() {
        run.step(Op::Call(first).into());
    }
    for op in [Op::Poll(0, 0), Op::Drop(0), Op::Poll(1, 1), Op::Drop(1)] {
        run.step(op.into());
    }
    drop(done);
    let Some(Run { world, subject, state }) = Rc::into_inner(run) else {
        unreachable!("no other task has it")
    };
    // Empty already; should they not be, what is in there borrows the subject.
    (0..SLOTS).for_each(|slot| world.clear(slot));
    drop(subject);
    assert_eq!(
        world.wakers(),
        [0; TASKS],
        "wakers that are left when a {} is gone, after{}",
        type_name::<S>(),
        Lines(&state.into_inner().steps)
    );
}
