//! Every primitive and every mode of `#[wait_map]` beside a plain sequential reference of it.
//!
//! A [`Specified`] is a type of the library, as a sequence of calls sees it: four slots for waits and for
//! what they yield, so that one may hold something while three wait for it; two tasks that poll them; and
//! what else can be called. Its [`Model`] says what each call has to return, which tasks it has to wake and
//! in which order, how many wakers are kept, and what the queries say: a `Vec` for the line and a few flags.
//! Most models are the rules of a [`frame`]; what does not fit it is a model by itself. [`run`] makes the
//! calls of a sequence on both and compares all of that after each; then it drops what is left in an order
//! that the sequence says, looks whether it can be used again, and whether a waker was kept.
//!
//! A call that makes no sense (polling an empty slot) is one of which the model returns `None`: no task makes
//! it. So any list of calls is a sequence, and there are three places to take them from, all of one table per
//! subject: see [`feed`].
//!
//! What the types promise beside that, under several threads, is for the loom models and `storm.rs`.

mod driver;
pub mod feed;
pub mod frame;
mod history;
mod real;
mod sleepers;

pub mod auto_event;
pub mod barrier;
pub mod condvar;
pub mod event;
pub mod fifo;
pub mod latch;
pub mod mask;
pub mod mutex;
pub mod once_cell;
pub mod predicate;
pub mod rwlock;
pub mod semaphore;
pub mod slots;
pub mod tokens;
pub mod unique;
pub mod up_to;
pub mod wait_cell;
pub mod wait_queue;

use alloc::vec::Vec;
use core::{fmt::Debug, hash::Hash};

use sync_core::{
    Closed,
    wait_map::{WaitError, WakeOutcome},
};

pub use self::{
    driver::{ENDS, print_panics_by, quietly, run},
    real::{Parcel, Wait, Waiting, World},
    sleepers::{Sleepers, Told},
};

/// How many waits there are at a time, with what they have yielded.
pub const SLOTS: usize = 4;

/// How many tasks poll them.
pub const TASKS: usize = 2;

/// One call: `W` is what a wait is for, `C` what can be called beside waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op<W, C> {
    /// Makes a wait in the slot, which is empty.
    Make(usize, W),
    /// The same, and polls it, as a task.
    Start(usize, W, usize),
    /// Polls the wait in the slot, as a task; also one that has yielded.
    Poll(usize, usize),
    /// Subscribes the wait in the slot, as a task.
    Subscribe(usize, usize),
    /// Drops the wait in the slot, and what it has yielded.
    Drop(usize),
    /// Whatever else there is.
    Call(C),
    /// Asks the queries. That is done after every call; this is for the middle of one.
    Ask,
}

/// The calls of a subject.
pub type OpOf<S> = Op<<S as Specified>::Want, <S as Specified>::Call>;

/// A call, and those that its wakers make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<W, C> {
    /// The call.
    pub op: Op<W, C>,
    /// What is called by whichever waker is the so-manieth to be called meanwhile, counted from one, in this
    /// order.
    pub between: Vec<(usize, Op<W, C>)>,
}

/// The steps of a subject.
pub type StepOf<S> = Step<<S as Specified>::Want, <S as Specified>::Call>;

impl<W, C> From<Op<W, C>> for Step<W, C> {
    fn from(op: Op<W, C>) -> Self {
        Self { op, between: Vec::new() }
    }
}

/// What a call returned, or what a poll did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Seen {
    /// It returns nothing.
    Nothing,
    /// It waits.
    Pending,
    /// It waits no more.
    Ok,
    /// The same, with a value; of a lock, how often it has been written to.
    Value(usize),
    /// It was not to be had at once.
    None,
    /// It is closed.
    Closed,
    /// A task waits for the same key.
    Duplicate,
    /// The value was yielded before.
    Consumed,
    /// There was a taker.
    Woke,
    /// There was none, and the value comes back.
    NoMatch(usize),
    /// It is closed, or full, and the value comes back.
    Refused(usize),
    /// So many.
    Count(usize),
    /// Yes or no.
    Called(bool),
    /// What the queries say.
    Facts(Facts),
    /// It panics, with a message that begins so.
    Panics(&'static str),
}

/// What the queries of a subject say, as far as it has any.
pub type Facts = [usize; 3];

/// A type of the library, as a sequence of calls sees it.
pub trait Specified: Sized + 'static {
    /// What a wait is for.
    type Want: Copy + Debug + PartialEq + 'static;
    /// What can be called beside waiting.
    type Call: Copy + Debug + PartialEq + 'static;
    /// What a wait yields that is kept in its slot: a guard, a permit.
    type Held: 'static;
    /// What it has to do.
    type Model: Model<Self::Want, Self::Call>;

    /// All that a wait can be for; the first is what the waits at the end are for.
    const WANTS: &'static [Self::Want];
    /// All that can be called; the first is what lets a task go.
    const CALLS: &'static [Self::Call];
    /// Whether its waits have a `subscribe`.
    const SUBSCRIBES: bool = true;
    /// Whether something is called in the middle of a call that is made in the middle of another one. Not
    /// where calls have two steps: which of them it is could not be told.
    const NESTS: bool = true;
    /// How long sequences may be so that all of them take a second or so without optimisation.
    const LENGTH: usize;
    /// The same of those in front of a call within which another one is made.
    const BETWEEN: usize;

    /// Makes one.
    fn new() -> Self;
    /// Makes a wait.
    fn wait(&self, want: Self::Want) -> Wait<Self::Held>;
    /// Makes call number `n`, which the model has made.
    fn call(&self, call: Self::Call, n: usize, world: &World<Self::Held>) -> Seen;
    /// Asks the queries.
    fn facts(&self) -> Facts {
        [0; 3]
    }
    /// Whether nothing is promised about the order in which the call wakes.
    fn in_any_order(call: Self::Call) -> bool {
        let _ = call;
        false
    }
    /// Whether those that the call lets go may be found waiting until their task is woken.
    fn tells_late(call: Self::Call) -> bool {
        let _ = call;
        false
    }
    /// Whether `inner`, which is made in the middle of `outer`, may have come before it.
    fn may_come_before(inner: OpOf<Self>, outer: OpOf<Self>) -> bool {
        polls_late::<Self>(inner, outer)
    }
    /// Whether `inner`, which is made in the middle of `outer`, may come after those that are made there
    /// later.
    fn may_come_later(inner: OpOf<Self>, outer: OpOf<Self>) -> bool {
        let _ = (inner, outer);
        false
    }
    /// What the queries say that does not depend on which has been told.
    fn asked(facts: Facts) -> Facts {
        facts
    }
    /// The slots that the call has to do with.
    fn slots_of(call: Self::Call) -> [Option<usize>; 2] {
        let _ = call;
        [None; 2]
    }
}

/// Whether `inner` polls, in the middle of an `outer` that tells late.
fn polls_late<S: Specified>(inner: OpOf<S>, outer: OpOf<S>) -> bool {
    matches!(outer, Op::Call(call) if S::tells_late(call))
        && matches!(inner, Op::Poll(..) | Op::Subscribe(..))
}

/// Whether `inner` polls or drops a wait, in the middle of an `outer` that chooses at once and gives later:
/// its clones are made without the lock, a few at a time.
fn is_before_gifts<S: Specified>(inner: OpOf<S>, outer: OpOf<S>) -> bool {
    matches!(outer, Op::Call(_)) && matches!(inner, Op::Poll(..) | Op::Subscribe(..) | Op::Drop(_))
}

/// The slots that a call has to do with.
fn slots_of<S: Specified>(op: OpOf<S>) -> [Option<usize>; 2] {
    match op {
        Op::Make(slot, _)
        | Op::Start(slot, ..)
        | Op::Poll(slot, _)
        | Op::Subscribe(slot, _)
        | Op::Drop(slot) => [Some(slot), None],
        Op::Call(call) => S::slots_of(call),
        Op::Ask => [None; 2],
    }
}

/// Whether `inner` has to do with a slot that `outer`, which is under way, has in use.
fn meets<S: Specified>(outer: OpOf<S>, inner: OpOf<S>) -> bool {
    let busy = slots_of::<S>(outer);
    !matches!(outer, Op::Drop(_))
        && slots_of::<S>(inner).iter().any(|slot| slot.is_some() && busy.contains(slot))
}

/// What a [`Specified`] has to do.
///
/// What returns `None` makes no sense as things are, and has changed nothing.
///
/// A call is one step, for those that are made while it wakes, too: they find what it has changed, all of it.
/// What is made of several calls of the library may be two steps; then the second is in
/// [`finish`](Self::finish).
pub trait Model<W, C>: Clone + Default + Eq + Hash {
    /// See [`Op::Make`].
    fn make(&mut self, slot: usize, want: W) -> Option<Seen>;
    /// See [`Op::Poll`].
    fn poll(&mut self, slot: usize, task: usize) -> Option<Seen>;
    /// See [`Op::Subscribe`].
    fn subscribe(&mut self, slot: usize, task: usize) -> Option<Seen> {
        let _ = (slot, task);
        None
    }
    /// See [`Op::Drop`].
    fn drop(&mut self, slot: usize) -> Option<Seen>;
    /// Makes call number `n`.
    fn call(&mut self, call: C, n: usize) -> Option<Seen>;
    /// Which tasks wait, and which it woke.
    fn sleepers(&mut self) -> &mut Sleepers;
    /// What the queries say.
    fn facts(&self) -> Facts;

    /// Goes on with what `apply` has returned `seen` for, after whatever was called meanwhile: the second
    /// step of a call that has two. Returns what the whole call returns.
    fn finish(&mut self, op: Op<W, C>, seen: Seen) -> Seen {
        let _ = op;
        seen
    }

    /// Makes call number `n`, whatever it is, or the first step of it.
    fn apply(&mut self, op: Op<W, C>, n: usize) -> Option<Seen> {
        dispatch(self, op, n)
    }

    /// Makes call number `n`, all of it.
    fn whole(&mut self, op: Op<W, C>, n: usize) -> Option<Seen>
    where
        W: Copy,
        C: Copy,
    {
        let seen = self.apply(op, n)?;
        Some(self.finish(op, seen))
    }
}

/// The function of a model that a call is for.
fn dispatch<W, C, M: Model<W, C>>(model: &mut M, op: Op<W, C>, n: usize) -> Option<Seen> {
    match op {
        Op::Make(slot, want) => model.make(slot, want),
        Op::Start(slot, want, task) => model.make(slot, want).and_then(|_| model.poll(slot, task)),
        Op::Poll(slot, task) => model.poll(slot, task),
        Op::Subscribe(slot, task) => model.subscribe(slot, task),
        Op::Drop(slot) => model.drop(slot),
        Op::Call(call) => model.call(call, n),
        Op::Ask => Some(Seen::Facts(model.facts())),
    }
}

/// Makes an empty slot of a model something else; `None` if it is not empty.
fn fill<S: Default + PartialEq>(slot: &mut S, stage: S) -> Option<Seen> {
    (*slot == S::default()).then(|| {
        *slot = stage;
        Seen::Nothing
    })
}

/// There is nothing to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Never {}

impl From<Closed> for Seen {
    fn from(_: Closed) -> Self {
        Self::Closed
    }
}

impl From<WaitError> for Seen {
    fn from(error: WaitError) -> Self {
        match error {
            WaitError::Closed => Self::Closed,
            WaitError::Duplicate => Self::Duplicate,
            WaitError::AlreadyConsumed => Self::Consumed,
            other => panic!("no wait yields {other:?}"),
        }
    }
}

impl From<WakeOutcome<Parcel>> for Seen {
    fn from(outcome: WakeOutcome<Parcel>) -> Self {
        match outcome {
            WakeOutcome::Woke => Self::Woke,
            WakeOutcome::NoMatch(value) => Self::NoMatch(value.into()),
            WakeOutcome::Closed(value) => Self::Refused(value.into()),
        }
    }
}

/// Calls the macro `$with` with the name and the type of every subject, in families.
#[macro_export]
macro_rules! for_each_subject {
    ($with:ident) => {
        $with! {
            locks {
                mutex: $crate::spec::mutex::Spec;
                mutex_owned: $crate::spec::mutex::Owned;
                rwlock: $crate::spec::rwlock::Spec;
                semaphore: $crate::spec::semaphore::Spec;
            }
            waits {
                wait_cell: $crate::spec::wait_cell::Spec;
                wait_queue: $crate::spec::wait_queue::Spec;
            }
            maps {
                wait_map: $crate::spec::unique::Spec;
                unique_undelivered: $crate::spec::unique::GivingBack;
                fifo: $crate::spec::fifo::Spec;
                fifo_buckets_undelivered: $crate::spec::fifo::GivingBack;
                predicate: $crate::spec::predicate::Spec;
                predicate_undelivered: $crate::spec::predicate::GivingBack;
            }
            levels {
                up_to: $crate::spec::up_to::Spec;
                up_to_wrapping: $crate::spec::up_to::Wrapping;
                mask: $crate::spec::mask::Spec;
                mask_consume: $crate::spec::mask::Consuming;
            }
            primitives {
                primitive: $crate::spec::tokens::Spec;
                primitive_not_fair: $crate::spec::tokens::FirstFit;
                primitive_word: $crate::spec::slots::Spec;
                barrier: $crate::spec::barrier::Spec;
                condvar: $crate::spec::condvar::Spec;
                event: $crate::spec::event::Spec;
                auto_event: $crate::spec::auto_event::Spec;
                latch: $crate::spec::latch::Spec;
                once_cell: $crate::spec::once_cell::Spec;
            }
        }
    };
}
