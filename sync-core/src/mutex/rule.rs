//! The rule of a [`Mutex`](super::Mutex): one holder, and the oldest waiter is the next.

use core::marker::PhantomData;

use mutex_traits::ScopedRawMutex;

use crate::{
    engine::{Admission, ExclusiveMode, LentWait, ListOf, LockMode, Queue, Rule, Shares},
    state::{
        Held,
        mutex::{AtomicMutexState, Enter, Unlock},
    },
};

/// The rule of a [`Mutex`](super::Mutex), and the one way to hold it.
#[derive(Debug)]
pub(crate) enum MutexRule {}

impl Rule for MutexRule {
    type Word = AtomicMutexState;
    type State = ();
    type Waiter = ();
    type Value = Held;

    // Cost: without LTO, mutex-hand-over 191 with it, 226 without.
    #[inline]
    fn enter(word: &AtomicMutexState, _: &mut ListOf<Self>, (): &mut (), _: usize) -> Admission<Held, ()> {
        match word.enter() {
            Enter::Locked(held) => Admission::Ready(held),
            Enter::Queue => Admission::PushBack(0),
        }
    }

    fn abandon<Lock: ScopedRawMutex>(wait: LentWait<'_, Self, Lock>) {
        let gone = wait.detach();
        if let Some((held, ())) = gone.given {
            Self::release(gone.queue, held);
        }
    }
}

impl LockMode<Self> for MutexRule {
    const ALONE: bool = true;

    // Only one thread reads at a time.
    type Marker<T: ?Sized> = PhantomData<T>;

    #[inline(always)]
    fn try_acquire(word: &AtomicMutexState) -> Option<Held> {
        word.try_lock()
    }

    #[inline(always)]
    fn release<Lock: ScopedRawMutex>(queue: &Queue<Self, Lock>, held: Held) {
        if let Unlock::Waiting(held) = queue.word().unlock(held) {
            hand_over(queue, held);
        }
    }
}

impl ExclusiveMode<Self> for MutexRule {}

impl<T: ?Sized> Shares<T> for MutexRule {
    type Bound = ();
}

/// Gives the lock to the oldest waiter, or frees it if the last waiter has left meanwhile.
#[cold]
#[inline(never)]
fn hand_over<Lock: ScopedRawMutex>(queue: &Queue<MutexRule, Lock>, held: Held) {
    trace!("Mutex: hand over");
    let waker = queue.with_list(|list| match list.wake_front(held) {
        Ok(waker) => {
            queue.clear_waiting_if(list.is_empty());
            waker
        }
        Err(held) => match queue.word().unlock(held) {
            Unlock::Free => None,
            Unlock::Waiting(_) => unreachable!("no wait can have joined the list while we hold its lock"),
        },
    });
    if let Some(waker) = waker {
        waker.wake();
    }
}
