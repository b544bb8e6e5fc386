//! Gates: queues whose whole state is their word.
//!
//! Who may pass is a question to a snapshot of the word, and so is what is left when somebody has. While nobody
//! waits, newcomers and those who leave change the word without the lock. While somebody waits, the word is
//! changed under the lock: what somebody gives back, and what the first in line then take out, is one change.

use mutex_traits::ScopedRawMutex;

use super::{Gone, Queue, Rounds, Rule};
use crate::{
    raw::{ListOf, WakeBatch},
    state::GateWord,
};

/// A snapshot of the word of `G`.
pub(crate) type Snapshot<G> = <<G as Rule>::Word as GateWord>::Snapshot;

/// A rule whose whole state is its word.
pub(crate) trait Gate: Rule<State = (), Word: GateWord> {
    /// Lets one in, if `word` allows: returns the word then, and what the one is given.
    fn admit(word: Snapshot<Self>, waiter: &Self::Waiter) -> Option<(Snapshot<Self>, Self::Value)>;
}

/// Does `change`, and lets in those at the front of the line whom the word then allows, oldest first and nobody
/// past another. The caller holds the lock. Returns whether there is another round to do.
///
/// If `change` panics, nothing has changed.
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
        return false;
    }
    let to = match change {
        Some(change) => change(from),
        None => from,
    };
    let mut round = Round::<G> { word, list, from, to };
    while let Some(waiter) = round.list.front_waiter()
        && let Some((with, value)) = G::admit(round.to, waiter)
    {
        if batch.is_full() {
            // The value is not given, and `with` not taken.
            return true;
        }
        round.to = with;
        batch.add(round.list.wake_front(value).unwrap_or(None));
    }
    false
}

/// The change of the word that a round makes; it is made when this is dropped, whether or not the rule's code has
/// panicked.
struct Round<'r, G: Gate> {
    word: &'r G::Word,
    list: &'r mut ListOf<G>,
    from: Snapshot<G>,
    to: Snapshot<G>,
}

impl<G: Gate> Drop for Round<'_, G> {
    #[inline(always)]
    fn drop(&mut self) {
        let to = if self.list.is_empty() { G::Word::when_left(self.to) } else { self.to };
        self.word.settle(self.from, to);
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
    let mut change = change;
    Rounds::run(queue, |list, batch| round::<G>(queue.word(), list, batch, change.take()));
}

/// A wait has left: `change` says what it leaves behind, besides its place.
pub(crate) fn left<G: Gate, Lock>(
    gone: Gone<'_, '_, G, Lock>,
    change: Option<impl Fn(Snapshot<G>) -> Snapshot<G>>,
) -> (bool, ()) {
    let Gone { queue, list, batch, .. } = gone;
    (round::<G>(queue.word(), list, batch, change), ())
}
