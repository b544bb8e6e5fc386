//! The rule of a [`Semaphore`](super::Semaphore): the oldest first, and nobody past it.

use core::{cell::Cell, pin::Pin};

use mutex_traits::ScopedRawMutex;

use crate::{
    raw::{Entry, Handle, ListOf, Queue, Rule, Wait, WakeBatch},
    state::semaphore::{AtomicSemaphoreState, Enter, Returned, SemaphoreState},
    waiter::{
        Failure, Rounds,
        gate::{self, Gate},
        withdraw,
    },
};

/// The rule of a [`Semaphore`](super::Semaphore).
#[derive(Debug)]
pub enum Counted {}

impl Rule for Counted {
    type Word = AtomicSemaphoreState;
    type State = ();
    /// How many permits.
    type Waiter = usize;
    /// They were taken out of the word for it.
    type Value = ();

    fn enter(
        word: &AtomicSemaphoreState,
        _: &mut ListOf<Self>,
        permits: &mut usize,
        _: usize,
    ) -> Entry<(), usize> {
        match word.enter(*permits) {
            Enter::Acquired => Entry::Pass(()),
            Enter::Queue => Entry::Queue(0),
            Enter::Closed => Entry::Fail(Failure::Closed),
        }
    }

    fn abandon<Lock: ScopedRawMutex, H: Handle<Self, Lock>>(wait: Pin<&mut Wait<Self, Lock, H>>) {
        withdraw(
            wait,
            |gone| {
                // What it had goes to those behind it; and without it, the next one may fit.
                let permits = gone.given.take().map(|()| *gone.waiter);
                gate::left(gone, permits.map(|n| move |word: SemaphoreState| word.plus(n)))
            },
            |queue, list, batch| gate::round::<Self>(queue.word(), list, batch, NO_CHANGE),
        );
    }
}

impl Gate for Counted {
    #[inline(always)]
    fn admit(word: SemaphoreState, permits: &usize) -> Option<(SemaphoreState, ())> {
        Some((word.admit(*permits)?, ()))
    }
}

/// For those who only let in.
const NO_CHANGE: Option<fn(SemaphoreState) -> SemaphoreState> = None;

/// Adds `permits` permits, and sees to those who wait.
#[inline(always)]
#[track_caller]
pub(super) fn give_back<Lock: ScopedRawMutex>(queue: &Queue<Counted, Lock>, permits: usize) {
    if queue.word().release(permits) == Returned::Waiting {
        gate::hand_over(queue, Some(move |word: SemaphoreState| word.plus(permits)));
    }
}

/// Takes up to `permits` permits away; returns how many.
pub(super) fn forget<Lock: ScopedRawMutex>(queue: &Queue<Counted, Lock>, permits: usize) -> usize {
    let word = queue.word();
    if let Some(forgotten) = word.forget(permits) {
        return forgotten;
    }
    let forgotten = Cell::new(0);
    queue.with_list(|list| {
        let change = |word: SemaphoreState| {
            forgotten.set(word.permits().min(permits));
            word.with_permits(word.permits() - forgotten.get())
        };
        // Fewer permits let nobody in.
        gate::round::<Counted>(word, list, &mut WakeBatch::new(), Some(change));
    });
    forgotten.get()
}

/// Closes the semaphore, and tells those who wait.
pub(super) fn close<Lock: ScopedRawMutex>(queue: &Queue<Counted, Lock>) {
    if !queue.word().close().waiting() {
        return;
    }
    trace!("Semaphore: close, and somebody waits");
    Rounds::run(queue, |list, batch| {
        let more = batch.fill(|| list.close_front()) && !list.is_empty();
        queue.left(list.is_empty());
        more
    });
}
