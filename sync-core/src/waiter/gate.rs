//! Gates: queues whose whole state is their word.
//!
//! Who may pass is a question to a snapshot of the word, and so is what is left when somebody has. While nobody
//! waits, newcomers and those who leave change the word without the lock. While somebody waits, the word is
//! changed under the lock: what somebody gives back, and what the first in line then take out, is one change.

use core::task::Waker;

use mutex_traits::ScopedRawMutex;

use super::{Gone, Queue, Rounds, Rule, rounds::release_granted};
use crate::{
    raw::{ListOf, WakeBatch},
    state::{GateWord, node::NodeState},
};

/// A snapshot of the word of `G`.
pub(crate) type Snapshot<G> = <<G as Rule>::Word as GateWord>::Snapshot;

/// A rule whose whole state is its word.
pub(crate) trait Gate: Rule<State = (), Word: GateWord> {
    /// Whether all whom one change lets in are let in at once, however many they are.
    ///
    /// Those who do not fit the batch are then granted what they get, and stay in the list until later rounds have
    /// woken them. They wait no more: `waiting` is about those behind them. Nobody may join in front of them.
    const AT_ONCE: bool;

    /// Lets one in, if `word` allows: returns the word then, and what the one is given.
    fn admit(word: Snapshot<Self>, waiter: &Self::Waiter) -> Option<(Snapshot<Self>, Self::Value)>;
}

/// Does `change`, and lets in those at the front of the line whom the word then allows, oldest first and nobody
/// past another. The caller holds the lock. Returns whether there is another round to do.
///
/// The word says that they are in before they know it: who does may leave at once, without the lock. And who leaves
/// without the lock while this decides has not seen `change` in the word, nor has this seen him leave; each may take
/// the other for the one who is still there, so then there is another round.
///
/// If `change` panics, nothing has changed; if the rule does, those are in whom it let in before.
pub(crate) fn round<G: Gate>(
    word: &G::Word,
    list: &mut ListOf<G>,
    batch: &mut WakeBatch,
    change: Option<impl Fn(Snapshot<G>) -> Snapshot<G>>,
) -> bool {
    let from = word.begin();
    if !G::Word::says_waiting(from) {
        // Nobody is in line, and who comes now waits for the lock that we hold, or passes by.
        if let Some(change) = change {
            word.change(change);
        }
        return G::AT_ONCE && release_granted(list, batch);
    }
    let to = match change {
        Some(change) => change(from),
        None => from,
    };
    let room = if G::AT_ONCE { usize::MAX } else { batch.room() };
    let granted = if G::AT_ONCE { list.granted() } else { 0 };
    let mut round = Round::<G> { word, list, batch, from, to, let_in: granted, done: false };
    let Round { list, to, let_in, .. } = &mut round;
    list.grant_front(granted, |waiter| {
        if *let_in == room {
            return None;
        }
        let (with, value) = G::admit(*to, waiter)?;
        *to = with;
        *let_in += 1;
        Some(value)
    });
    let more = if G::AT_ONCE {
        round.let_in > round.batch.room()
    } else {
        round.let_in == room && round.let_in < round.list.len()
    };
    round.finish() || more
}

/// What a round has decided. It is done when this is dropped, if the rule's code has panicked.
struct Round<'r, G: Gate> {
    word: &'r G::Word,
    list: &'r mut ListOf<G>,
    batch: &'r mut WakeBatch,
    from: Snapshot<G>,
    to: Snapshot<G>,
    /// How many nodes at the front have their value.
    let_in: usize,
    done: bool,
}

impl<G: Gate> Round<'_, G> {
    /// Does it; returns whether somebody has left meanwhile.
    #[inline(always)]
    fn finish(&mut self) -> bool {
        self.done = true;
        let nobody_is_left = self.let_in == self.list.len();
        let to = if nobody_is_left { G::Word::when_left(self.to) } else { self.to };
        let somebody_left = self.word.settle(self.from, to);
        self.batch.fill(|| self.list.release_front());
        somebody_left
    }
}

impl<G: Gate> Drop for Round<'_, G> {
    #[inline(always)]
    fn drop(&mut self) {
        if !self.done {
            self.finish();
        }
    }
}

/// Does `change`, and sees to those who wait.
#[cold]
#[inline(never)]
pub(crate) fn hand_over<G: Gate, Lock: ScopedRawMutex>(
    queue: &Queue<G, Lock>,
    change: Option<impl Fn(Snapshot<G>) -> Snapshot<G>>,
) {
    trace!("hand over");
    match queue.with_list(|list| one::<G>(queue.word(), list, change.as_ref())) {
        One::Done(Some(waker)) => waker.wake(),
        One::Done(None) => {}
        One::Again(waker) => {
            // The other round is done also if the waker panics.
            let batch = WakeBatch::of(waker);
            Rounds::resume(queue, batch, true, |list, batch| {
                round::<G>(queue.word(), list, batch, None::<fn(Snapshot<G>) -> Snapshot<G>>)
            });
        }
        One::Many => hand_over_to_many(queue, change),
    }
}

#[cold]
#[inline(never)]
fn hand_over_to_many<G: Gate, Lock: ScopedRawMutex>(
    queue: &Queue<G, Lock>,
    change: Option<impl Fn(Snapshot<G>) -> Snapshot<G>>,
) {
    let mut first = Some(change);
    // Also if the rule's code panics in the first round, all whom it has let in are woken.
    Rounds::run_stubbornly(queue, |list, batch| match first.take() {
        Some(change) => round::<G>(queue.word(), list, batch, change),
        None if G::AT_ONCE => {
            let more = release_granted(list, batch);
            queue.left(list.is_empty());
            more
        }
        None => round::<G>(queue.word(), list, batch, None::<fn(Snapshot<G>) -> Snapshot<G>>),
    });
}

/// What a round for one came to.
enum One {
    /// All that there was to do, but for calling this waker.
    Done(Option<Waker>),
    /// The same, and somebody has left meanwhile: there is another [`round`] to do.
    Again(Option<Waker>),
    /// Nothing: there is more than one to let in.
    Many,
}

/// Does `change`, and lets in the first in line if the word allows, as [`round`] does; or nothing at all, if there
/// were more to let in. Mostly there is one at most, for whom this does without a batch.
#[inline(always)]
fn one<G: Gate>(
    word: &G::Word,
    list: &mut ListOf<G>,
    change: Option<&impl Fn(Snapshot<G>) -> Snapshot<G>>,
) -> One {
    let from = word.begin();
    if !G::Word::says_waiting(from) {
        if let Some(change) = change {
            word.change(change);
        }
        return One::Done(None);
    }
    if G::AT_ONCE && list.front().is_some_and(NodeState::is_granted) {
        // Left by another one's round.
        return One::Many;
    }
    let to = match change {
        Some(change) => change(from),
        None => from,
    };
    // Whatever the rule's code does, the change is made.
    let mut settle = Settle::<G> { word, from, to };
    let mut waiters = list.waiters();
    let Some((with, value)) = waiters.next().and_then(|first| G::admit(to, first)) else {
        return if settle.finish() { One::Again(None) } else { One::Done(None) };
    };
    match waiters.next() {
        None => settle.to = G::Word::when_left(with),
        Some(second) if G::admit(with, second).is_none() => settle.to = with,
        Some(_) => {
            // Nothing changes here.
            settle.to = from;
            return One::Many;
        }
    }
    drop(waiters);
    // The word says so before the waiter knows it.
    let somebody_left = settle.finish();
    let waker = list.wake_front(value).unwrap_or(None);
    if somebody_left { One::Again(waker) } else { One::Done(waker) }
}

/// A change of the word that is made in any case, at the latest when this is dropped.
struct Settle<'w, G: Gate> {
    word: &'w G::Word,
    from: Snapshot<G>,
    to: Snapshot<G>,
}

impl<G: Gate> Settle<'_, G> {
    /// Makes it; returns whether somebody has left meanwhile.
    #[inline(always)]
    fn finish(self) -> bool {
        core::mem::ManuallyDrop::new(self).make()
    }

    #[inline(always)]
    fn make(&self) -> bool {
        self.word.settle(self.from, self.to)
    }
}

impl<G: Gate> Drop for Settle<'_, G> {
    #[inline(always)]
    fn drop(&mut self) {
        self.make();
    }
}

/// A wait has left: `change` says what it leaves behind, besides its place.
pub(crate) fn left<G: Gate, Lock>(
    gone: Gone<'_, '_, G, Lock>,
    change: Option<impl Fn(Snapshot<G>) -> Snapshot<G>>,
) -> (bool, ()) {
    let Gone { queue, list, batch, .. } = gone;
    (round::<G>(queue.word(), list, batch, change), ())
}
