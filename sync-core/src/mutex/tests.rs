//! What only the word shows; the black-box tests are in the `tests` crate.

use alloc::boxed::Box;
use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use super::Mutex;
use crate::{shim::atomic::Ordering::Relaxed, state::mutex::MutexState};

/// Every state in the table, and what each query says of it; `waiting` never outlives the list.
#[test]
fn the_queries_in_each_state() {
    let mutex = Mutex::new(());
    let word = || mutex.inner.queue().word().load(Relaxed);
    let cx = &mut Context::from_waker(Waker::noop());
    let (free, locked) = (MutexState::new(), MutexState::new().with_locked(true));
    let contended = locked.with_waiting(true);
    assert_eq!(word(), free);
    assert!(!mutex.is_locked());

    let guard = mutex.try_lock();
    assert_eq!(word(), locked);
    assert!(mutex.is_locked() && mutex.try_lock().is_none());
    assert_eq!(word(), locked, "an attempt that fails changes nothing");

    let mut first = pin!(mutex.lock());
    let mut second = Some(Box::pin(mutex.lock()));
    assert!(first.as_mut().poll(cx).is_pending());
    assert_eq!(word(), contended);
    assert!(mutex.is_locked() && mutex.try_lock().is_none());
    assert!(second.as_mut().is_some_and(|second| second.as_mut().poll(cx).is_pending()));
    assert_eq!(mutex.inner.queue().waiters(), 2);

    // The last one leaves the line, whichever it is, while it is held.
    second = None;
    assert_eq!(word(), contended);
    drop(guard);
    assert_eq!(word(), locked, "handed over to the last one in line");
    assert!(first.__sync_wait.state().is_woken() && mutex.is_locked() && mutex.try_lock().is_none());
    let Poll::Ready(guard) = first.as_mut().poll(cx) else { panic!("it was handed over") };
    assert!(first.__sync_wait.state().spent() && !first.__sync_wait.state().needs_release());
    let mut third = Box::pin(mutex.lock());
    assert!(third.as_mut().poll(cx).is_pending());
    drop(third);
    assert_eq!(word(), locked);
    drop(guard);
    assert_eq!(word(), free);
    assert!(second.is_none());
}

/// Dropped after it was handed the lock, with no waiter behind it, it leaves the lock free and the word
/// clean.
#[test]
fn the_word_after_a_hand_over_to_one_that_is_gone() {
    let mutex = Mutex::new(());
    let cx = &mut Context::from_waker(Waker::noop());
    let guard = mutex.try_lock();
    let mut wait = Box::pin(mutex.lock());
    assert!(wait.as_mut().poll(cx).is_pending());
    drop(guard);
    drop(wait);
    assert_eq!(mutex.inner.queue().word().load(Relaxed), MutexState::new());
}
