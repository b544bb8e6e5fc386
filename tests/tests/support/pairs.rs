//! Two operations on one primitive at the same time, each pair of them; and three.
//!
//! Property: what can be seen afterwards (which task was woken, with what, which was told that it is closed,
//! who waits on, what is stored, what the operations returned) is what can be seen if one operation happens
//! before the other. The models run both orders first, and compare every interleaving with the two. And
//! a wait that has become ready since it was last polled has had its task's waker called.
//!
//! Threads: main does the one operation, one more thread the other, and the other way round. Each pair is
//! explored three times: with the waits that the operations need, with one more in line behind them, and with
//! three more, which is more than one batch of wake-ups holds in a model. `threes` are the same with three
//! operations, in main and two threads.
//!
//! Interleavings that matter: one operation inside each step of the other; between two batches, too.
//!
//! Bound: none for two threads (a fraction of a second each). Two preemptions, or as many as
//! `LOOM_MAX_PREEMPTIONS` says, for three threads, for more than one batch, and for a primitive that is made
//! for one wait at a time, which has no task in line either.
//!
//! Fails if: see each file, before its `pairs!`.
//!
//! Not covered: a mistake that both orders make too, which a plain test sees; memory orderings, since all
//! is looked at after the threads were joined; wake-ups of more waits than fit one batch. The models after
//! the `pairs!` have those.

use std::{collections::BTreeSet, fmt::Debug, future::Future, mem, pin::Pin, sync::Mutex};

use loom::thread;

use super::{Roles, Task, Waiter, exhaustive, leak, model};

/// A primitive as the pairs use it.
pub(crate) trait Linearizable: Send + Sync + 'static {
    /// Whether one wait at a time is what it is for: then there is no third one, and a second one takes the
    /// place of the first.
    const ALONE: bool = false;

    /// Whether a wait may be through at once where the operations get ready.
    const MAY_PASS: bool = false;

    /// How many wait behind those that the operations need; three are more than one batch holds in a model.
    const CROWDS: &'static [usize] = if Self::ALONE { &[0] } else { &[0, 1, 3] };

    /// Its wait.
    type Wait: Future<Output: Debug> + Send + 'static;

    /// One in which no task waits.
    fn new() -> Self;

    /// Does what has to be done before any task waits.
    fn ready(&'static self) {}

    /// A wait for key `key`, where there are keys.
    fn wait(&'static self, key: u8) -> Pin<Box<Self::Wait>>;

    /// A wait that has been subscribed.
    fn subscribe(&'static self, key: u8, task: &Task) -> Pin<Box<Self::Wait>>;

    /// Wakes one that waits for key `key`, with value `value` where there are any.
    fn wake(&'static self, key: u8, value: u8) -> String;

    /// Wakes all that wait for key `key`.
    fn wake_all(&'static self, key: u8, value: u8) -> String;

    /// Closes it.
    fn close(&'static self);

    /// What is left once both operations are over: wake-ups stored, those that wait, whether it is closed.
    fn rest(&'static self) -> String;
}

/// What a thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    /// Wakes one.
    Wake,
    /// Wakes all.
    WakeAll,
    /// Closes it.
    Close,
    /// Makes a wait and polls it.
    Wait,
    /// Polls a wait that is queued with the waker of another task.
    Repoll,
    /// Drops a wait that is queued.
    DropQueued,
    /// Drops a wait that was woken and does not know.
    DropWoken,
    /// Subscribes a wait, and polls it then.
    Subscribe,
}

impl Op {
    /// Each of them, in the order in which the tests are made.
    const EACH: [Self; 8] = [
        Self::Wake,
        Self::WakeAll,
        Self::Close,
        Self::Wait,
        Self::Repoll,
        Self::DropQueued,
        Self::DropWoken,
        Self::Subscribe,
    ];
}

/// Runs `first` and `second` at once on an `S`.
///
/// Besides the waits that the operations need, none waits, or one, or three, which is more than one batch of
/// wake-ups holds in a model.
pub(crate) fn pair<S: Linearizable>(first: Op, second: Op) {
    for &crowd in S::CROWDS {
        together::<S, 2>([first, second], crowd);
    }
}

/// Runs `first`, `second` and a third operation at once on an `S`, for each operation that does not come
/// before `second`: so every three meet once. One more wait is in line.
pub(crate) fn and_a_third<S: Linearizable>(first: Op, second: Op) {
    for third in &Op::EACH[Op::EACH.iter().position(|&op| op == second).expect("one of them")..] {
        three::<S>([first, second, *third]);
    }
}

/// Runs three operations at once on an `S`; one more wait is in line, where there is a line.
pub(crate) fn three<S: Linearizable>(ops: [Op; 3]) {
    together::<S, 3>(ops, usize::from(!S::ALONE));
}

/// Runs `ops` at once, each in its own thread, with `crowd` waits behind those that they need.
fn together<S: Linearizable, const N: usize>(ops: [Op; N], crowd: usize) {
    let allowed: &'static Mutex<BTreeSet<String>> = leak(Mutex::default());
    for order in orders::<N>() {
        loom::model(move || {
            let mut cast = Cast::<S>::new(&ops, crowd);
            for who in order {
                cast.actors[who].act();
            }
            allowed.lock().unwrap().insert(cast.seen());
        });
    }
    let at_once = move |roles: Roles| {
        let Cast { subject, mut actors, crowd } = Cast::<S>::new(&ops, crowd);
        let main = if roles.swapped { N - 1 } else { 0 };
        let others: Vec<_> = (0..N)
            .zip(mem::take(&mut actors))
            .filter_map(|(who, mut actor)| {
                if who == main {
                    actors.push(actor);
                    return None;
                }
                Some(thread::spawn(move || {
                    actor.act();
                    actor
                }))
            })
            .collect();
        actors[0].act();
        actors.extend(others.into_iter().map(|other| other.join().unwrap()));
        actors.sort_by_key(|actor| actor.value);
        let seen = Cast { subject, actors, crowd }.seen();
        let allowed = allowed.lock().unwrap();
        assert!(allowed.contains(&seen), "saw {seen}\nbut in sequence one sees {allowed:#?}");
    };
    // Few enough interleavings for all of them: two threads, unless those take one place from each other
    // or the crowd makes their operations long.
    if N == 2 && crowd < 2 && !S::ALONE {
        exhaustive(at_once);
    } else {
        model(at_once);
    }
}

/// Every order of `N` things.
fn orders<const N: usize>() -> Vec<[usize; N]> {
    let mut orders = vec![];
    for code in 0..N.pow(u32::try_from(N).expect("a few")) {
        let mut rest = code;
        let order = [(); N].map(|()| {
            let who = rest % N;
            rest /= N;
            who
        });
        if (0..N).all(|who| order.contains(&who)) {
            orders.push(order);
        }
    }
    orders
}

/// Every task in one execution.
struct Cast<S: Linearizable> {
    subject: &'static S,
    actors: Vec<Actor<S>>,
    crowd: Vec<Wait<S>>,
}

impl<S: Linearizable> Cast<S> {
    fn new(ops: &[Op], crowd: usize) -> Self {
        let subject = leak(S::new());
        subject.ready();
        let mut actors: Vec<_> = (1..)
            .zip(ops)
            .map(|(value, &op)| Actor { subject, op, value, key: 0, waiter: None, said: String::new() })
            .collect();
        let wake = |actors: &mut [Actor<S>]| {
            for actor in actors.iter_mut().filter(|actor| actor.op == Op::DropWoken) {
                actor.queue();
                subject.wake(0, 0);
            }
        };
        // Those that were woken are out of the line before the others get in; where all have one place,
        // they come last, since the wake-up would be the others'.
        if !S::ALONE {
            wake(&mut actors);
        }
        // Where a key has one waiter, the second in line needs its own.
        let mut keys = 0..;
        for actor in actors.iter_mut().filter(|actor| matches!(actor.op, Op::Repoll | Op::DropQueued)) {
            actor.key = keys.next().expect("a few");
            actor.queue();
        }
        if S::ALONE {
            wake(&mut actors);
        }
        // And none of the crowd has the key of the operations.
        let crowd = keys.filter(|&key| key > 0).take(crowd).map(|key| queued(subject, key)).collect();
        Self { subject, actors, crowd }
    }

    /// Polls every task once more, and says all that there is to see.
    fn seen(mut self) -> String {
        let mut seen = Vec::new();
        for actor in &mut self.actors {
            seen.push(match &mut actor.waiter {
                Some(waiter) => format!("{:?}: {}", actor.op, outcome::<S>(waiter)),
                None => format!("{:?} {}", actor.op, actor.said),
            });
        }
        for waiter in &mut self.crowd {
            seen.push(format!("another: {}", outcome::<S>(waiter)));
        }
        seen.push(format!("then {}", self.subject.rest()));
        drop((self.actors, self.crowd));
        seen.push(format!("when all have left {}", self.subject.rest()));
        seen.join("; ")
    }
}

/// One of the operations, and its wait.
struct Actor<S: Linearizable> {
    subject: &'static S,
    op: Op,
    value: u8,
    key: u8,
    waiter: Option<Wait<S>>,
    said: String,
}

impl<S: Linearizable> Actor<S> {
    fn queue(&mut self) {
        self.waiter = Some(queued(self.subject, self.key));
    }

    fn act(&mut self) {
        match self.op {
            Op::Wake => self.said = self.subject.wake(0, self.value),
            Op::WakeAll => self.said = self.subject.wake_all(0, self.value),
            Op::Close => self.subject.close(),
            Op::Wait => self.waiter = Some(Waiter::polled(1, self.subject.wait(0))),
            Op::Repoll => self.waiter.as_mut().expect("it was queued").poll_as(Task::new()),
            Op::DropQueued | Op::DropWoken => self.waiter = None,
            Op::Subscribe => {
                let task = Task::new();
                self.waiter = Some(Waiter::polled(1, self.subject.subscribe(0, &task)));
            }
        }
    }
}

/// A wait, and the task that polled it last.
type Wait<S> = Waiter<Pin<Box<<S as Linearizable>::Wait>>>;

/// One that waits.
fn queued<S: Linearizable>(subject: &'static S, key: u8) -> Wait<S> {
    let waiter = Waiter::polled(1, subject.wait(key));
    assert!(S::ALONE || S::MAY_PASS || waiter.is_pending(), "it was to wait");
    waiter
}

/// What has come of the wait.
fn outcome<S: Linearizable>(waiter: &mut Wait<S>) -> String {
    if waiter.is_pending() {
        let woken = waiter.is_told();
        waiter.poll_as(Task::new());
        assert!(waiter.is_pending() || woken, "it is ready, and its task was not woken");
    }
    waiter.peek(|output| format!("{output:?}")).unwrap_or_else(|| String::from("waits"))
}

/// A test for each pair of operations on `$subject`, in a module `pairs`, and with `and threes` one for
/// each pair with every third operation beside it, in a module `threes`.
macro_rules! pairs {
    ($subject:ty, and threes) => {
        $crate::support::pairs::pairs!(@all pairs pair $subject);
        $crate::support::pairs::pairs!(@all threes and_a_third $subject);
    };
    ($subject:ty, and threes, without wake_all) => {
        $crate::support::pairs::pairs!(@without pairs pair $subject);
        $crate::support::pairs::pairs!(@without threes and_a_third $subject);
    };
    ($subject:ty, without wake_all) => {
        $crate::support::pairs::pairs!(@without pairs pair $subject);
    };
    (@all $module:ident $run:ident $subject:ty) => {
        $crate::support::pairs::pairs!(
            @of $module $run $subject: wake Wake, wake_all WakeAll, close Close, wait Wait, repoll Repoll,
            drop_queued DropQueued, drop_woken DropWoken, subscribe Subscribe
        );
    };
    (@without $module:ident $run:ident $subject:ty) => {
        $crate::support::pairs::pairs!(
            @of $module $run $subject: wake Wake, close Close, wait Wait, repoll Repoll,
            drop_queued DropQueued, drop_woken DropWoken, subscribe Subscribe
        );
    };
    (@of $module:ident $run:ident $subject:ty: $($name:ident $op:ident),+) => {
        mod $module {
            use super::*;
            use $crate::support::pairs::{Op, $run, pairs};

            pairs!(@each $run $subject; [] $($name $op)+);
        }
    };
    (@each $run:ident $subject:ty; [$($before:ident $with:ident)*]) => {};
    (@each $run:ident $subject:ty; [$($before:ident $with:ident)*] $name:ident $op:ident $($rest:ident)*) => {
        mod $name {
            use super::*;

            $(
                #[test]
                fn $before() {
                    $run::<$subject>(Op::$with, Op::$op);
                }
            )*

            #[test]
            fn $name() {
                $run::<$subject>(Op::$op, Op::$op);
            }
        }
        pairs!(@each $run $subject; [$($before $with)* $name $op] $($rest)*);
    };
}
pub(crate) use pairs;
