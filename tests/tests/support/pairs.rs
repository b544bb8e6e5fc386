//! Two operations on one primitive at the same time, each pair of them.
//!
//! Property: what can be seen afterwards (who was woken, with what, who was told that it is closed, who
//! waits on, what is stored, what the operations returned) is what can be seen if one operation happens
//! before the other. The models run both orders first, and compare every interleaving with the two. And
//! a wait that has become ready since it was last polled has had its task's waker called.
//!
//! Threads: main does the one operation, one more thread the other. Each pair is explored twice: with the
//! waits that the operations need, and with a third one in line behind them.
//!
//! Interleavings that matter: all, and there are few enough.
//!
//! Bound: none (a fraction of a second each), unless `LOOM_MAX_PREEMPTIONS` is set; two preemptions for a
//! primitive that is made for one wait at a time, which has no third one either.
//!
//! Fails if: see each file, before its `pairs!`.
//!
//! Not covered: a mistake that both orders make too, which a plain test sees; memory orderings, since all
//! is looked at after the threads were joined; wake-ups of more waits than fit one batch. The models after
//! the `pairs!` have those.

use std::{
    collections::BTreeSet,
    fmt::Debug,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
    task::Poll,
};

use loom::thread;

use super::{Task, exhaustive, leak, model};

/// A primitive as the pairs use it.
pub(crate) trait Subject: Send + Sync + 'static {
    /// Whether one wait at a time is what it is for: then there is no third one, and a second one takes the
    /// place of the first.
    const ALONE: bool = false;

    /// Its wait.
    type Wait: Future<Output: Debug> + Send + 'static;

    /// One in which nobody waits.
    fn new() -> Self;

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

    /// What is left once both operations are over: wake-ups stored, those who wait, whether it is closed.
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

/// Runs `first` and `second` at once on an `S`: alone, and with a third task that waits behind those that
/// the operations need.
pub(crate) fn pair<S: Subject>(first: Op, second: Op) {
    for bystander in if S::ALONE { &[false][..] } else { &[false, true] } {
        let bystander = *bystander;
        // Two that take one place from each other have more interleavings than one wants to wait for.
        let explore = if S::ALONE { model } else { exhaustive };
        let allowed = Arc::new(Mutex::new(BTreeSet::new()));
        for swapped in [false, true] {
            let allowed = Arc::clone(&allowed);
            exhaustive(move || {
                let mut cast = Cast::<S>::new(first, second, bystander);
                if swapped {
                    cast.second.act();
                    cast.first.act();
                } else {
                    cast.first.act();
                    cast.second.act();
                }
                allowed.lock().unwrap().insert(cast.seen());
            });
        }
        explore(move || {
            let Cast { subject, mut first, mut second, bystander } = Cast::<S>::new(first, second, bystander);
            let other = thread::spawn(move || {
                second.act();
                second
            });
            first.act();
            let second = other.join().unwrap();
            let seen = Cast { subject, first, second, bystander }.seen();
            let allowed = allowed.lock().unwrap();
            assert!(allowed.contains(&seen), "saw {seen}\nbut in sequence one sees {allowed:#?}");
        });
    }
}

/// Everybody in one execution.
struct Cast<S: Subject> {
    subject: &'static S,
    first: Actor<S>,
    second: Actor<S>,
    bystander: Option<Waiter<S>>,
}

impl<S: Subject> Cast<S> {
    fn new(first: Op, second: Op, bystander: bool) -> Self {
        let subject = leak(S::new());
        let mut first = Actor { subject, op: first, number: 1, key: 0, waiter: None, said: String::new() };
        let mut second = Actor { subject, op: second, number: 2, key: 0, waiter: None, said: String::new() };
        // Those that were woken are out of the line before the others get in.
        let wake = |actor: &mut Actor<S>| {
            if actor.op == Op::DropWoken {
                actor.queue();
                subject.wake(0, 0);
            }
        };
        if !S::ALONE {
            wake(&mut first);
            wake(&mut second);
        }
        let needs = |actor: &Actor<S>| matches!(actor.op, Op::Repoll | Op::DropQueued);
        if needs(&first) {
            first.queue();
        }
        if needs(&second) {
            // Where a key has one waiter, the second in line needs its own.
            second.key = u8::from(needs(&first));
            second.queue();
        }
        if S::ALONE {
            // The wake-up would be theirs.
            wake(&mut first);
            wake(&mut second);
        }
        let bystander = bystander.then(|| Waiter::queued(subject, 2));
        Self { subject, first, second, bystander }
    }

    /// Polls everybody once more, and says all that there is to see.
    fn seen(mut self) -> String {
        let mut seen = Vec::new();
        for (who, waiter) in [
            ("first", &mut self.first.waiter),
            ("second", &mut self.second.waiter),
            ("third", &mut self.bystander),
        ] {
            if let Some(waiter) = waiter {
                seen.push(format!("{who} {}", waiter.outcome()));
            }
        }
        seen.push(format!("first {:?}{}", self.first.op, self.first.said));
        seen.push(format!("second {:?}{}", self.second.op, self.second.said));
        seen.push(format!("then {}", self.subject.rest()));
        drop((self.first, self.second, self.bystander));
        seen.push(format!("when all have left {}", self.subject.rest()));
        seen.join("; ")
    }
}

/// Who does one of the operations.
struct Actor<S: Subject> {
    subject: &'static S,
    op: Op,
    number: u8,
    key: u8,
    waiter: Option<Waiter<S>>,
    said: String,
}

impl<S: Subject> Actor<S> {
    fn queue(&mut self) {
        self.waiter = Some(Waiter::queued(self.subject, self.key));
    }

    fn act(&mut self) {
        match self.op {
            Op::Wake => self.said = self.subject.wake(0, self.number),
            Op::WakeAll => self.said = self.subject.wake_all(0, self.number),
            Op::Close => self.subject.close(),
            Op::Wait => self.waiter = Some(Waiter::new(self.subject.wait(0))),
            Op::Repoll => self.waiter.as_mut().expect("it was queued").poll(Task::new()),
            Op::DropQueued | Op::DropWoken => self.waiter = None,
            Op::Subscribe => {
                let task = Task::new();
                self.waiter = Some(Waiter::new(self.subject.subscribe(0, &task)));
            }
        }
    }
}

/// A wait, and the task that polled it last.
struct Waiter<S: Subject> {
    wait: Pin<Box<S::Wait>>,
    task: Task,
    yielded: Option<String>,
}

impl<S: Subject> Waiter<S> {
    /// Polls `wait`.
    fn new(wait: Pin<Box<S::Wait>>) -> Self {
        let mut this = Self { wait, task: Task::new(), yielded: None };
        this.poll(this.task.clone());
        this
    }

    /// One that waits.
    fn queued(subject: &'static S, key: u8) -> Self {
        let this = Self::new(subject.wait(key));
        assert!(S::ALONE || this.yielded.is_none(), "it was to wait");
        this
    }

    /// Polls the wait, unless it has yielded.
    fn poll(&mut self, task: Task) {
        if self.yielded.is_none() {
            self.task = task;
            if let Poll::Ready(output) = self.task.poll(&mut self.wait) {
                self.yielded = Some(format!("{output:?}"));
            }
        }
    }

    /// What has come of the wait.
    fn outcome(&mut self) -> String {
        if self.yielded.is_none() {
            let calls = self.task.calls();
            self.poll(Task::new());
            assert!(self.yielded.is_none() || calls > 0, "it is ready, and its task was not woken");
        }
        self.yielded.clone().unwrap_or_else(|| String::from("waits"))
    }
}

/// A test for each pair of operations on `$subject`, in a module `pairs`.
macro_rules! pairs {
    ($subject:ty) => {
        $crate::support::pairs::pairs!(
            @of $subject: wake Wake, wake_all WakeAll, close Close, wait Wait, repoll Repoll,
            drop_queued DropQueued, drop_woken DropWoken, subscribe Subscribe
        );
    };
    ($subject:ty, without wake_all) => {
        $crate::support::pairs::pairs!(
            @of $subject: wake Wake, close Close, wait Wait, repoll Repoll, drop_queued DropQueued,
            drop_woken DropWoken, subscribe Subscribe
        );
    };
    (@of $subject:ty: $($name:ident $op:ident),+) => {
        mod pairs {
            use super::*;
            use $crate::support::pairs::{Op, pair, pairs};

            pairs!(@each $subject; [] $($name $op)+);
        }
    };
    (@each $subject:ty; [$($before:ident $with:ident)*]) => {};
    (@each $subject:ty; [$($before:ident $with:ident)*] $name:ident $op:ident $($rest:ident)*) => {
        mod $name {
            use super::*;

            $(
                #[test]
                fn $before() {
                    pair::<$subject>(Op::$op, Op::$with);
                }
            )*

            #[test]
            fn $name() {
                pair::<$subject>(Op::$op, Op::$op);
            }
        }
        pairs!(@each $subject; [$($before $with)* $name $op] $($rest)*);
    };
}
pub(crate) use pairs;
