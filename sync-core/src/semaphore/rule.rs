//! The rule of a [`Semaphore`](super::Semaphore): the oldest first, and nobody past it.

use core::{cell::Cell, pin::Pin};

use mutex_traits::ScopedRawMutex;

use crate::{
    raw::{Entry, Handle, ListOf, Queue, Rule, Wait, WakeBatch},
    state::semaphore::{AtomicSemaphoreState, Enter, NoRoom, Returned, SemaphoreState},
    waiter::{
        Failure, Rounds, Subscribe,
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
        let no_room = Cell::new(None);
        withdraw(
            wait,
            |gone| {
                // What it had goes to those behind it; and without it, the next one may fit.
                let permits = gone.given.take().map(|()| *gone.waiter);
                gate::left(gone, permits.map(|n| adding(n, &no_room)))
            },
            |queue, list, batch| gate::round::<Self>(queue.word(), list, batch, NO_CHANGE),
        );
        if let Some(no_room) = no_room.into_inner() {
            no_room.refuse();
        }
    }
}

impl<Lock: ScopedRawMutex, H: Handle<Counted, Lock>> Wait<Counted, Lock, H> {
    /// Gets in line, or takes the permits if they are there, before this is polled for them.
    ///
    /// The returned future is ready when it is first polled; from then on this wait has its place. Do not leave it
    /// lying about: it may be given its permits at any time.
    ///
    /// # Errors
    ///
    /// The returned future yields [`Closed`](crate::Closed) if the semaphore is closed.
    pub fn subscribe(self: Pin<&mut Self>) -> Subscribe<'_, Counted, Lock, H> {
        Subscribe::new(self)
    }
}

impl Gate for Counted {
    const AT_ONCE: bool = false;

    #[inline(always)]
    fn admit(word: SemaphoreState, permits: &usize) -> Option<(SemaphoreState, ())> {
        Some((word.admit(*permits)?, ()))
    }
}

/// For those who only let in.
const NO_CHANGE: Option<fn(SemaphoreState) -> SemaphoreState> = None;

/// Adds `permits` permits, and sees to those who wait.
///
/// # Panics
///
/// If there were too many permits; nothing has changed then.
#[inline(always)]
#[track_caller]
pub(super) fn give_back<Lock: ScopedRawMutex>(queue: &Queue<Counted, Lock>, permits: usize) {
    match queue.word().try_release(permits) {
        Some(Returned::Added) => {}
        Some(Returned::Waiting) => distribute(queue, permits),
        None => give_back_again(queue, permits),
    }
}

/// As often as others interfere; out of line, so that the first attempt has no loop around it.
#[cold]
#[inline(never)]
#[track_caller]
fn give_back_again<Lock: ScopedRawMutex>(queue: &Queue<Counted, Lock>, permits: usize) {
    match queue.word().release(permits) {
        Ok(Returned::Added) => {}
        Ok(Returned::Waiting) => distribute(queue, permits),
        Err(no_room) => no_room.refuse(),
    }
}

/// Adds `permits` permits where somebody waits.
#[inline(always)]
#[track_caller]
fn distribute<Lock: ScopedRawMutex>(queue: &Queue<Counted, Lock>, permits: usize) {
    // No permits are what is left of those that were split, merged or forgotten.
    if permits > 0 {
        hand_over(queue, permits);
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn hand_over<Lock: ScopedRawMutex>(queue: &Queue<Counted, Lock>, permits: usize) {
    let no_room = Cell::new(None);
    gate::hand_over(queue, Some(adding(permits, &no_room)));
    if let Some(no_room) = no_room.into_inner() {
        no_room.refuse();
    }
}

/// The change that adds `permits` permits, or notes that there is no room for them: it is made under the lock, where
/// nothing may panic.
fn adding(permits: usize, no_room: &Cell<Option<NoRoom>>) -> impl Fn(SemaphoreState) -> SemaphoreState {
    move |word| match word.plus(permits) {
        Ok(sum) => {
            // It may have been tried before.
            no_room.set(None);
            sum
        }
        Err(error) => {
            no_room.set(Some(error));
            word
        }
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
