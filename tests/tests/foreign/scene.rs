//! The operations in which a call into user code panics, and what has to hold then.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::{
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

use tests::fuse::{Call, Got, Run, Waiting, inject};

use crate::line::{Scene, leave, was_given};

/// What one can wait on, with user code in it.
pub(crate) trait WithUserCode: Sized {
    /// What a task has because of which the others wait.
    type Kept<'s>
    where
        Self: 's;

    /// To how many of the next in line what a wait was given goes when the wait is dropped.
    const PASSES_ON: usize = 1;
    /// Whether one `give` is for all that wait.
    const GIVES_ALL: bool = false;
    /// How many can go on when the first in line leaves.
    const FRONT_LEAVES: usize = 0;
    /// Whether what is given is kept when no task waits.
    const STORES: bool = true;
    /// Whether there is no way back to where one has to wait.
    const ONCE: bool = false;

    fn make() -> Self;
    /// Has newcomers wait from now on. No task waits, and no task has anything.
    fn keep(&self) -> Self::Kept<'_>;
    /// A wait that was not polled, the `nth` of this scene.
    fn wait(&self, nth: usize) -> Waiting<'_>;
    /// A wait that nothing is for that the scene does.
    fn bystander(&self, nth: usize) -> Option<Waiting<'_>> {
        let _ = nth;
        None
    }
    /// Lets a task go on.
    fn give<'s>(&'s self, kept: &mut Option<Self::Kept<'s>>);
    /// What is done to it, beside what is done to its waits.
    fn acts() -> Vec<Act<Self>>;
    /// Whether no other task has a part of it.
    fn is_alone(&self) -> bool {
        true
    }
}

/// Something that is done to a subject.
pub(crate) type Do<S> = for<'s> fn(&'s S, &mut Option<<S as WithUserCode>::Kept<'s>>);

/// What is done.
pub(crate) enum Does<S: WithUserCode> {
    /// A new task polls, behind the others.
    Come,
    /// A new task polls where there is something for it and no other task.
    Find,
    /// One in line polls with the waker of another task.
    Repoll(usize),
    /// One in line leaves.
    Leave(usize),
    /// One that was given something and has not seen it leaves.
    LeaveGiven,
    /// One that was given something takes it.
    Take,
    /// Something else.
    Do(Do<S>),
}

/// An operation, and what comes of it.
pub(crate) struct Act<S: WithUserCode> {
    name: &'static str,
    pub(crate) does: Does<S>,
    /// How many of a line of so many are told then: the first ones.
    told: fn(usize) -> usize,
    closes: bool,
    /// What has the rest told when a rule has panicked; by default the same operation, done again.
    nudge: Option<Do<S>>,
}

impl<S: WithUserCode> Act<S> {
    pub(crate) fn new(name: &'static str, told: fn(usize) -> usize, does: Do<S>) -> Self {
        Self { name, does: Does::Do(does), told, closes: false, nudge: None }
    }

    /// One that has changed something before a rule can panic: `nudge` changes nothing more.
    pub(crate) fn lasting(name: &'static str, told: fn(usize) -> usize, does: Do<S>, nudge: Do<S>) -> Self {
        Self { nudge: Some(nudge), ..Self::new(name, told, does) }
    }

    /// One that closes the subject, which tells every task.
    pub(crate) fn close(does: Do<S>) -> Self {
        Self { closes: true, ..Self::new("close", all, does) }
    }

    /// What is done to the waits of every subject.
    fn common() -> Vec<Self> {
        let act = |name, does, told| Self { name, does, told, closes: false, nudge: None };
        vec![
            act("come", Does::Come, none),
            act("find", Does::Find, none),
            act("poll again, first", Does::Repoll(0), none),
            act("poll again, second", Does::Repoll(1), none),
            act("leave, first", Does::Leave(0), |n| S::FRONT_LEAVES.min(n - 1)),
            act("leave, second", Does::Leave(1), none),
            act("leave, given", Does::LeaveGiven, |n| if S::GIVES_ALL { n } else { n.min(1 + S::PASSES_ON) }),
            act("take", Does::Take, |n| if S::GIVES_ALL { n } else { 1 }),
        ]
    }
}

pub(crate) fn none(_: usize) -> usize {
    0
}

pub(crate) fn one(n: usize) -> usize {
    n.min(1)
}

pub(crate) fn some(n: usize) -> usize {
    n.min(SOME)
}

pub(crate) fn all(n: usize) -> usize {
    n
}

/// More than two batches of wakers (32), and less than [`MANY`].
pub(crate) const SOME: usize = 66;

/// How many are in line: one; a few; more than two batches.
const MANY: usize = 70;
const LINES: [usize; 3] = [1, 3, MANY];

/// Whether a task whose poll panicked polls again or leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    Leave,
    PollAgain,
}

fn play<S: WithUserCode>(run: &Run, subject: &S, act: &Act<S>, n: usize, then: Then) {
    let mut scene = Scene::new(subject, n);
    let gives_first = matches!(act.does, Does::LeaveGiven | Does::Take | Does::Find);
    if gives_first {
        scene.give();
    }
    scene.act(run, act);

    // Those that the library has decided about are told, also if it was told to do no more.
    let expected = (act.told)(n);
    let skip = usize::from(matches!(act.does, Does::LeaveGiven));
    let told = scene.told(skip) + skip;
    match run.panicked() {
        Some(call) if !call.is_late() => {
            assert!(told <= expected, "{told} are told where {expected} should be");
        }
        // With the waker of another task, too.
        panicked => assert_eq!(told, expected, "so many are told, with {panicked:?}"),
    }
    scene.bystanders_are_told(act.closes);
    if let Does::Repoll(place) = act.does
        && run.panicked().is_none()
    {
        scene.line[place].task = scene.other.clone();
    }
    scene.settle();

    // What was not done because a task's code panicked is done by the next one that does it.
    if run.panicked().is_some_and(|call| !call.is_late())
        && let Does::Do(does) = act.does
    {
        let nudge = act.nudge.filter(|_| run.panicked() == Some(Call::Rule));
        nudge.unwrap_or(does)(subject, &mut scene.kept);
        let told = scene.told(0);
        assert!(told >= expected, "{told} are told the next time, where {expected} should be");
        assert!(
            told == expected || nudge.is_none(),
            "{told} are told, where there was something for {expected}"
        );
        scene.bystanders_are_told(act.closes);
        scene.settle();
    }
    if let Some(mut newcomer) = scene.newcomer.take() {
        if run.panicked().is_some() && then == Then::PollAgain {
            newcomer.poll_in_place();
        }
        if matches!(act.does, Does::Come) {
            assert!(newcomer.is_pending(), "a new task overtakes");
            if run.panicked().is_none() || then == Then::PollAgain {
                scene.line.push(newcomer);
            }
        } else {
            let found = was_given(&newcomer);
            assert!(found || run.panicked().is_some(), "what was there was not found");
        }
    }
    if run.panicked().is_some()
        && let Does::Repoll(place) = act.does
    {
        // Told as the one or as the other, whichever it is now.
        match then {
            Then::Leave => leave(None, &mut scene.line[place]),
            Then::PollAgain => scene.line[place].poll_in_place(),
        }
    }
    scene.finish(act.closes);
    if !act.closes && !S::ONCE {
        scene.works();
    }
}

/// How many scenarios there were, and in how many of their calls a panic was put.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    pub(crate) scenarios: usize,
    pub(crate) panics: usize,
}

impl Sum {
    pub(crate) fn inject(&mut self, name: &str, scenario: impl Fn(&Run)) {
        self.scenarios += 1;
        self.panics += inject(name, scenario);
    }

    /// Asserts that so many panics were injected: a scenario that calls no user code shows nothing.
    #[track_caller]
    pub(crate) fn at_least(self, panics: usize) {
        std::println!("{} scenarios, {} panics", self.scenarios, self.panics);
        assert!(self.panics >= panics, "only {} panics in {} scenarios", self.panics, self.scenarios);
    }
}

/// Every operation of a subject, with a line of each length.
pub(crate) fn table<S: WithUserCode>() -> Sum {
    let mut sum = Sum::default();
    for act in Act::<S>::common().into_iter().chain(S::acts()) {
        for n in LINES {
            let polls = matches!(act.does, Does::Come | Does::Find | Does::Repoll(_));
            let n = match act.does {
                Does::Find if n > 1 || !S::STORES => continue,
                Does::Find => 0,
                Does::Leave(place) | Does::Repoll(place) if place >= n => continue,
                _ => n,
            };
            let thens = if polls { &[Then::Leave, Then::PollAgain][..] } else { &[Then::Leave] };
            for then in thens {
                let name: String = format!("{}, {n} in line, then {then:?}", act.name);
                sum.inject(&name, |run| {
                    let subject = S::make();
                    play(run, &subject, &act, n, *then);
                    assert!(subject.is_alone(), "a task has a part of it");
                });
            }
        }
    }
    sum
}

/// A wait of a subject: `future`, of whose output `got` says what was given.
pub(crate) fn wait<'s, F, G>(future: F, got: fn(F::Output) -> Option<G>) -> Waiting<'s>
where
    F: Future + 's,
    G: 's,
    F::Output: 's,
{
    struct Wait<'s, F: Future, G> {
        future: Pin<Box<F>>,
        got: fn(F::Output) -> Option<G>,
        lives: PhantomData<&'s ()>,
    }

    impl<'s, F: Future + 's, G: 's> Future for Wait<'s, F, G> {
        type Output = Option<Box<dyn Got + 's>>;

        fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
            let got = self.got;
            self.future.as_mut().poll(cx).map(|output| got(output).map(|got| Box::new(got) as _))
        }
    }

    Box::pin(Wait { future: Box::pin(future), got, lives: PhantomData })
}
