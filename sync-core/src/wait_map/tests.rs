//! What the macro's output does for this instance; the black-box tests are in the `tests` crate.

use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use super::{WaitError, WaitMap, WakeOutcome};

#[test]
fn every_error_and_outcome() {
    let map = WaitMap::new();
    let cx = &mut Context::from_waker(Waker::noop());
    assert_eq!(map.wake(&1, 'a'), WakeOutcome::NoMatch('a'));
    let mut one = pin!(map.wait(1));
    assert!(one.as_mut().poll(cx).is_pending());
    assert_eq!(map.wake(&2, 'a'), WakeOutcome::NoMatch('a'));
    let mut twin = pin!(map.wait(1));
    assert_eq!(twin.as_mut().poll(cx), Poll::Ready(Err(WaitError::Duplicate)));
    assert_eq!(map.wake(&1, 'b'), WakeOutcome::Woke);
    assert_eq!(one.as_mut().poll(cx), Poll::Ready(Ok('b')));
    assert_eq!(one.as_mut().poll(cx), Poll::Ready(Err(WaitError::AlreadyConsumed)));
    // The key is free again, for the same wait too.
    assert!(twin.as_mut().poll(cx).is_pending());
    map.close();
    assert_eq!(twin.as_mut().poll(cx), Poll::Ready(Err(WaitError::Closed)));
    assert_eq!(map.wake(&1, 'c'), WakeOutcome::Closed('c'));
    assert!(map.is_closed());
}

/// Pitfall 12: the second round of a wait loop. Fails if the wait is not armed anew.
#[test]
fn wait_for_looks_again_and_again() {
    let map = WaitMap::new();
    let cx = &mut Context::from_waker(Waker::noop());
    let looks = core::cell::Cell::new(0);
    let mut wait = pin!(map.wait_for(7, || {
        looks.set(looks.get() + 1);
        looks.get() == 4
    }));
    for _ in 0..3 {
        assert!(wait.as_mut().poll(cx).is_pending());
        assert_eq!(map.wake(&7, ()), WakeOutcome::Woke);
    }
    assert_eq!(wait.as_mut().poll(cx), Poll::Ready(Ok(())));
    assert_eq!(looks.get(), 4);
}

/// Rule 1 on the way of a panic: fails if the value is moved into the closure that runs under the lock.
#[test]
fn a_comparison_that_panics_drops_the_value_without_the_lock() {
    use std::sync::OnceLock;

    static MAP: WaitMap<Key, Value> = WaitMap::new();
    static LOCK_WAS_FREE: OnceLock<bool> = OnceLock::new();

    struct Key;
    struct Value;
    impl PartialEq for Key {
        fn eq(&self, _: &Self) -> bool {
            panic!("compared")
        }
    }
    impl Drop for Value {
        fn drop(&mut self) {
            let free = MAP.__sync_queue.try_with_list(|_| ()).is_some();
            LOCK_WAS_FREE.set(free).expect("it is dropped once");
        }
    }

    let mut wait = pin!(MAP.wait(Key));
    assert!(wait.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    let caught = std::panic::catch_unwind(|| MAP.wake(&Key, Value));
    assert!(caught.is_err());
    assert_eq!(LOCK_WAS_FREE.get(), Some(&true));
}
