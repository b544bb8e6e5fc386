//! The rule of a [`Semaphore`](super::Semaphore): the oldest first, and no other waiter past it.

use mutex_traits::ScopedRawMutex;

use crate::{
    engine::{Admission, Failure, LentWait, ListOf, Queue, Rule},
    state::semaphore::{AtomicSemaphoreState, Enter, NoRoom, Returned, SemaphoreState},
    waiter::{
        admission::{self, AdmissionRule},
        wait::{Departure, withdraw},
    },
};

/// The rule of a [`Semaphore`](super::Semaphore).
#[derive(Debug)]
pub(crate) enum SemaphoreRule {}

impl Rule for SemaphoreRule {
    type Word = AtomicSemaphoreState;
    type State = ();
    /// The number of permits.
    type Waiter = usize;
    /// The permits were taken out of the word for the waiter.
    type Value = ();

    // Cost: without LTO, waiting for a permit would be a call into this crate, of some 20 instructions.
    #[inline]
    fn enter(
        word: &AtomicSemaphoreState,
        _: &mut ListOf<Self>,
        permits: &mut usize,
        _: usize,
    ) -> Admission<(), usize> {
        match word.enter(*permits) {
            Enter::Acquired => Admission::Ready(()),
            Enter::Queue => Admission::PushBack(0),
            Enter::Closed => Admission::Fail(Failure::Closed),
        }
    }

    fn abandon<Lock: ScopedRawMutex>(wait: LentWait<'_, Self, Lock>) {
        let made = withdraw(wait, |Departure { queue, list, waiter, given, .. }| {
            // What it had goes to those behind it; and now that it has left, the next one may fit.
            let permits = if given.take().is_some() { *waiter } else { 0 };
            admission::admit::<Self>(queue.word(), list, adding(permits))
        });
        if !made {
            SemaphoreState::refuse();
        }
    }
}

impl AdmissionRule for SemaphoreRule {
    const OWN: bool = true;

    #[inline(always)]
    fn admit(word: SemaphoreState, permits: &usize) -> Option<(SemaphoreState, ())> {
        Some((word.admit(*permits)?, ()))
    }
}

/// Adds `permits` permits, and lets in the waiters that they suffice for.
///
/// # Panics
///
/// If there were too many permits; nothing has changed then.
#[inline(always)]
#[track_caller]
pub(super) fn give_back<Lock: ScopedRawMutex>(queue: &Queue<SemaphoreRule, Lock>, permits: usize) {
    match queue.word().try_release(permits) {
        Some(Returned::Added) => {}
        Some(Returned::Waiting) => distribute(queue, permits),
        None => give_back_again(queue, permits),
    }
}

/// Retries as often as others interfere; out of line, so that the first attempt has no loop around it.
#[cold]
#[inline(never)]
#[track_caller]
fn give_back_again<Lock: ScopedRawMutex>(queue: &Queue<SemaphoreRule, Lock>, permits: usize) {
    match queue.word().release(permits) {
        Ok(Returned::Added) => {}
        Ok(Returned::Waiting) => distribute(queue, permits),
        Err(NoRoom) => SemaphoreState::refuse(),
    }
}

/// Adds `permits` permits to a semaphore on which a task waits.
#[inline(always)]
#[track_caller]
fn distribute<Lock: ScopedRawMutex>(queue: &Queue<SemaphoreRule, Lock>, permits: usize) {
    // A permit of zero is what is left after its permits were split off, merged or forgotten.
    if permits > 0 {
        hand_over(queue, permits);
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn hand_over<Lock: ScopedRawMutex>(queue: &Queue<SemaphoreRule, Lock>, permits: usize) {
    // Refused without the lock: a panic runs the program's panic hook, which is foreign code.
    if !admission::hand_over(queue, adding(permits)) {
        SemaphoreState::refuse();
    }
}

/// The change that adds `permits` permits, if there is room for them; of one type wherever it is made.
fn adding(permits: usize) -> impl Fn(SemaphoreState) -> Option<SemaphoreState> {
    move |word| word.plus(permits)
}

/// Removes up to `permits` permits; returns their number.
pub(super) fn forget<Lock: ScopedRawMutex>(queue: &Queue<SemaphoreRule, Lock>, permits: usize) -> usize {
    let word = queue.word();
    if let Some(forgotten) = word.forget(permits) {
        return forgotten;
    }
    // Under the lock, so that a task that is about to be let in is let in either before this or after. Fewer
    // permits let no task in.
    queue.with_list(|_| word.forget_locked(permits))
}

/// Closes the semaphore, and wakes all waiters with that.
pub(super) fn close<Lock: ScopedRawMutex>(queue: &Queue<SemaphoreRule, Lock>) {
    if queue.word().close().waiting() {
        queue.tell_closed();
    }
}
