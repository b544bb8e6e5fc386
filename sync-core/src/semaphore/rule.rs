//! The rule of a [`Semaphore`](super::Semaphore): the oldest first, and nobody past it.

use core::pin::Pin;

use mutex_traits::ScopedRawMutex;

use crate::{
    raw::{Entry, Handle, ListOf, Nobody, Queue, Rule, Wait, WakeBatch},
    state::semaphore::{AtomicSemaphoreState, Enter, NoRoom, Returned},
    waiter::{Failure, Gone, Rounds, withdraw},
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

    fn enter(word: &AtomicSemaphoreState, _: &mut ListOf<Self>, permits: &mut usize, _: usize) -> Entry<()> {
        match word.enter(*permits) {
            Enter::Acquired => Entry::Pass(()),
            Enter::Queue => Entry::Queue(0),
            Enter::Closed => Entry::Fail(Failure::Closed),
        }
    }

    fn abandon<Lock: ScopedRawMutex, H: Handle<Self, Lock>>(wait: Pin<&mut Wait<Self, Lock, H>>) {
        let mut no_room = None;
        withdraw(
            wait,
            |Gone { queue, list, waiter, given, batch, .. }| {
                // What it had goes to those behind it; and without it, the next one may fit.
                let permits = if given.take().is_some() { *waiter } else { 0 };
                (round(queue.word(), list, batch, permits, &mut no_room), ())
            },
            |queue, list, batch| round(queue.word(), list, batch, 0, &mut None),
        );
        if let Some(no_room) = no_room {
            no_room.refuse();
        }
    }
}

/// Adds `permits`, and gives the first in line what they ask for as far as it reaches, all under the lock and
/// in one change of the word. Returns whether there is another round to do.
///
/// If there is no room for them, nothing has changed but that `no_room` says so: the caller panics when he no longer
/// has the lock.
fn round(
    word: &AtomicSemaphoreState,
    list: &mut ListOf<Counted>,
    batch: &mut WakeBatch,
    permits: usize,
    no_room: &mut Option<NoRoom>,
) -> bool {
    let from = word.begin();
    if !from.waiting() {
        // Those who waited have left, and who comes now waits for the lock that we hold, or passes by.
        match word.release(permits) {
            Ok(added) => debug_assert_eq!(added, Returned::Added, "the list is empty"),
            Err(error) => *no_room = Some(error),
        }
        return false;
    }
    let mut to = match from.plus(permits) {
        Ok(sum) => sum,
        Err(error) => {
            *no_room = Some(error);
            return false;
        }
    };
    // Those who are left in a closed one are waiting for `close` to come to them.
    let more = !from.closed()
        && batch.fill(|| {
            let asked = list.front_waiter().ok_or(Nobody)?;
            to = to.minus(asked).ok_or(Nobody)?;
            list.wake_front(()).map_err(|()| Nobody)
        });
    word.settle(from, if list.is_empty() { to.with_waiting(false) } else { to });
    more && !list.is_empty()
}

/// Adds `permits` permits, and sees to those who wait.
///
/// # Panics
///
/// If there were too many permits; nothing has changed then.
#[inline(always)]
#[track_caller]
pub(super) fn give_back<Lock: ScopedRawMutex>(queue: &Queue<Counted, Lock>, permits: usize) {
    match queue.word().release(permits) {
        Ok(Returned::Added) => {}
        Ok(Returned::Waiting) => distribute(queue, permits),
        Err(no_room) => no_room.refuse(),
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn distribute<Lock: ScopedRawMutex>(queue: &Queue<Counted, Lock>, permits: usize) {
    trace!(permits, "Semaphore: to those who wait");
    let (mut permits, mut no_room) = (permits, None);
    Rounds::run(queue, |list, batch| {
        round(queue.word(), list, batch, core::mem::take(&mut permits), &mut no_room)
    });
    if let Some(no_room) = no_room {
        no_room.refuse();
    }
}

/// Takes up to `permits` permits away; returns how many.
pub(super) fn forget<Lock: ScopedRawMutex>(queue: &Queue<Counted, Lock>, permits: usize) -> usize {
    let word = queue.word();
    word.forget(permits).unwrap_or_else(|| {
        queue.with_list(|_| {
            // Somebody waits: now nobody else changes the number; or nobody does any more.
            loop {
                if let Some(forgotten) = word.forget(permits) {
                    break forgotten;
                }
                let from = word.begin();
                let forgotten = from.permits().min(permits);
                if let Some(to) = from.minus(forgotten).filter(|_| from.waiting()) {
                    word.settle(from, to);
                    break forgotten;
                }
            }
        })
    })
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
