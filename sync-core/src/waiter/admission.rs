//! Gates: queues that have no state besides their word.
//!
//! A snapshot of the word says which task may pass, and what is left after it has. While no task waits,
//! newcomers and tasks that leave change the word without the lock. While a task waits, the word is changed
//! under the lock: what is given back, and what all that can go on then take out, is one change.
//!
//! The waiters that can go on are granted what they get in that same step, whatever their number, and are
//! woken after it. They do not wait any more: `waiting` is about those behind them.

use core::mem::ManuallyDrop;

use mutex_traits::ScopedRawMutex;

use crate::{
    engine::{ListOf, Queue, Rule, in_one_step, list::Step},
    state::{AdmissionWord, node::NodeState},
    util::SMALL,
};

/// A snapshot of the word of `G`.
pub(crate) type Snapshot<G> = <<G as Rule>::Word as AdmissionWord>::Snapshot;

/// A rule that has no state besides its word.
pub(crate) trait AdmissionRule: Rule<State = (), Word: AdmissionWord> {
    /// Whether [`admit`](Self::admit) is code of this crate: it does not panic, and may be asked twice.
    const OWN: bool;

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
pub(crate) fn hand_over<G: AdmissionRule, Lock: ScopedRawMutex>(
    queue: &Queue<G, Lock>,
    change: impl Fn(Snapshot<G>) -> Option<Snapshot<G>>,
) -> bool {
    trace!("hand over");
    in_one_step(queue, |list| admit::<G>(queue.word(), list, change))
}

/// Makes `change`, and grants the waiters at the front of the line what the word then has for them. The
/// caller holds the lock.
///
/// The word says that they are in before they can know it, which they cannot as long as the lock is held: a
/// waiter that knows may leave at once, without the lock. And a task that leaves without the lock while this
/// decides has not seen `change` in the word, nor has this seen it leave; each may take the other for the one
/// that is still there, so then this decides again.
///
/// If `change` panics, nothing has changed; if the rule does, the waiters that it admitted before are in.
// Once for a release and for a wait that leaves, where that is smaller, and flash is what is scarce.
#[cfg_attr(target_os = "none", inline(never))]
#[cfg_attr(not(target_os = "none"), inline(always))]
pub(crate) fn admit<G: AdmissionRule>(
    word: &G::Word,
    list: &mut ListOf<G>,
    change: impl Fn(Snapshot<G>) -> Option<Snapshot<G>>,
) -> Step<bool> {
    let mut from = word.begin();
    if !G::Word::says_waiting(from) {
        // No task waits, and one that arrives now waits for the lock that we hold, or passes without it.
        return Step::of(word.change(change));
    }
    let Some(mut to) = change(from) else { return Step::of(false) };
    let mut step = Step::of(true);
    // Cost: release to the oldest of 16, 129 with it, 184 without: one that gets in alone is unlinked at
    // once.
    if G::OWN && !SMALL {
        if let Some((with, value, last)) = admit_alone::<G>(list, to) {
            let left_meanwhile = word.settle(from, if last { G::Word::when_left(with) } else { with });
            step.waker = list.wake_front(value).unwrap_or(None);
            if !left_meanwhile {
                return step;
            }
            from = word.begin();
            if !G::Word::says_waiting(from) {
                return step;
            }
            to = from;
        }
    }
    let unlinks = !G::OWN && !SMALL && list.front().is_some_and(NodeState::is_queued);
    let mut admitted = 0;
    loop {
        let mut round = Round::<G> { word, from, to };
        let all = list.grant_front(|_, waiter| {
            let (with, value) = G::admit(round.to, waiter)?;
            round.to = with;
            step.granted = true;
            if unlinks {
                admitted += 1;
            }
            Some(value)
        });
        if !round.finish(all) {
            break;
        }
        from = word.begin();
        if !G::Word::says_waiting(from) {
            break;
        }
        to = from;
    }
    if unlinks && admitted == 1 {
        step.waker = list.release_front().unwrap_or(None);
        step.granted = false;
    }
    step
}

/// If the word admits the oldest waiter and not the next one: the word after that, what the waiter is given,
/// and whether it is the last.
#[inline(always)]
fn admit_alone<G: AdmissionRule>(
    list: &ListOf<G>,
    word: Snapshot<G>,
) -> Option<(Snapshot<G>, G::Value, bool)> {
    let (oldest, next) = list.oldest()?;
    let (with, value) = G::admit(word, oldest)?;
    match next {
        Some(next) if G::admit(with, next).is_some() => None,
        next => Some((with, value, next.is_none())),
    }
}

/// What a round makes of the word. If the rule's code panics, that is done when this is dropped.
struct Round<'r, G: AdmissionRule> {
    word: &'r G::Word,
    from: Snapshot<G>,
    to: Snapshot<G>,
}

impl<G: AdmissionRule> Round<'_, G> {
    /// Changes the word; `all` says whether no task waits any more. Returns whether a task has left
    /// meanwhile.
    #[inline(always)]
    fn finish(self, all: bool) -> bool {
        // Nothing is left to its drop, of which then nothing is left in a build that aborts.
        let this = ManuallyDrop::new(self);
        this.word.settle(this.from, if all { G::Word::when_left(this.to) } else { this.to })
    }
}

impl<G: AdmissionRule> Drop for Round<'_, G> {
    #[inline(always)]
    fn drop(&mut self) {
        let _left_meanwhile = self.word.settle(self.from, self.to);
    }
}
