//! Gates: queues that have no state besides their word.
//!
//! A snapshot of the word says which task may pass, and what is left after it has. While no task waits,
//! newcomers and tasks that leave change the word without the lock. While a task waits, the word is changed
//! under the lock: what is given back, and what all that can go on then take out, is one change.
//!
//! The waiters that can go on are granted what they get in that same step, whatever their number, and are
//! woken after it. They do not wait any more: `waiting` is about those behind them.

use core::{mem::ManuallyDrop, task::Waker};

use mutex_traits::ScopedRawMutex;

use super::{Queue, Rule};
use crate::{
    raw::{Admission, ListOf, Step, in_one_step},
    state::GateWord,
};

/// A snapshot of the word of `G`.
pub(crate) type Snapshot<G> = <<G as Rule>::Word as GateWord>::Snapshot;

/// A rule that has no state besides its word.
pub(crate) trait Gate: Rule<State = (), Word: GateWord> {
    /// Admits one waiter, if `word` allows it: returns the word after that, and what the waiter is given.
    ///
    /// What is given needs no drop.
    fn admit(word: Snapshot<Self>, waiter: &Self::Waiter) -> Option<(Snapshot<Self>, Self::Value)>;
}

/// Makes `change`, and wakes the waiters at the front of the line that the word then admits, oldest first and
/// none past another.
///
/// Returns whether it made the change: if `change` returns `None`, nothing has changed.
#[inline(always)]
pub(crate) fn hand_over<G: Gate, Lock: ScopedRawMutex>(
    queue: &Queue<G, Lock>,
    change: impl Fn(Snapshot<G>) -> Option<Snapshot<G>>,
) -> bool {
    trace!("hand over");
    in_one_step(queue, |list| admit::<G>(queue.word(), list, change))
}

/// Makes `change`, and grants the waiters at the front of the line what the word then has for them. The
/// caller holds the lock.
///
/// The word says that they are in before they know it: a waiter that knows may leave at once, without the
/// lock. And a task that leaves without the lock while this decides has not seen `change` in the word, nor
/// has this seen it leave; each may take the other for the one that is still there, so then this decides
/// again.
///
/// If `change` panics, nothing has changed; if the rule does, the waiters that it admitted before are in.
// Once for a release and for a wait that leaves, where that is smaller, and flash is what is scarce.
#[cfg_attr(target_os = "none", inline(never))]
#[cfg_attr(not(target_os = "none"), inline(always))]
pub(crate) fn admit<G: Gate>(
    word: &G::Word,
    list: &mut ListOf<G>,
    change: impl Fn(Snapshot<G>) -> Option<Snapshot<G>>,
) -> Step<bool> {
    let from = word.begin();
    if !G::Word::says_waiting(from) {
        // No task waits, and one that arrives now waits for the lock that we hold, or passes without it.
        return Step { result: word.change(change), waker: None };
    }
    let Some(to) = change(from) else { return Step { result: false, waker: None } };
    let (mut from, mut to, mut waker) = (from, to, None);
    loop {
        let mut round = Round::<G> { word, admission: Some(list.admission()), from, to };
        round.ask();
        if !round.finish(&mut waker) {
            break;
        }
        from = word.begin();
        if !G::Word::says_waiting(from) {
            break;
        }
        to = from;
    }
    Step { result: true, waker }
}

/// The decision of a round. It is carried out when this is dropped, if the rule's code has panicked.
struct Round<'r, G: Gate> {
    word: &'r G::Word,
    /// There until it is carried out.
    admission: Option<Admission<'r, (), G::Waiter, G::Value>>,
    from: Snapshot<G>,
    to: Snapshot<G>,
}

impl<G: Gate> Round<'_, G> {
    #[inline(always)]
    fn ask(&mut self) {
        let Self { admission: Some(admission), to, .. } = self else { return };
        admission.ask(|waiter| {
            let (with, value) = G::admit(*to, waiter)?;
            *to = with;
            Some(value)
        });
    }

    /// Carries it out; returns whether a task has left meanwhile.
    ///
    /// If a waiter is unlinked by that, its waker is in `waker`, which must be empty before; otherwise all
    /// are granted.
    #[inline(always)]
    fn finish(self, waker: &mut Option<Waker>) -> bool {
        // Nothing is left to its drop, of which then nothing is left in a build that aborts.
        let mut this = ManuallyDrop::new(self);
        let Some(admission) = this.admission.take() else { return false };
        let to = if admission.is_all() { G::Word::when_left(this.to) } else { this.to };
        // The word says so before the waiter knows it.
        let left_meanwhile = this.word.settle(this.from, to);
        admission.grant(waker);
        left_meanwhile
    }
}

impl<G: Gate> Drop for Round<'_, G> {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(admission) = self.admission.take() {
            let to = if admission.is_all() { G::Word::when_left(self.to) } else { self.to };
            let _left_meanwhile = self.word.settle(self.from, to);
            admission.grant_all();
        }
    }
}
