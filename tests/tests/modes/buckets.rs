//! `buckets = N`: a lock for each of several groups of keys.

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{
    hash::{Hash, Hasher},
    pin::pin,
    task::{Context, Poll},
};
use std::panic::panic_any;

use sync_core::{
    spin::Spinlock,
    wait_map,
    wait_map::{WaitError, WakeOutcome},
};

use tests::{Count, Hooks, SILENT, leak, scaled};

use super::{Waiter, closed, panics, ready};

/// Threads that sleep on an address.
#[wait_map(key = usize, match = fifo, buckets = 64)]
struct Futex;

/// Which task waits for which reply.
#[wait_map(key = &'static str, value = u32, match = unique, buckets = 4)]
struct Replies;

/// Any key.
#[wait_map(key = K, value = V, match = fifo, buckets = 2, future = Mail)]
struct Mailboxes<K, V>
where
    K: Eq;

static FUTEX: Futex = Futex::new();
static REPLIES: Replies<Spinlock> = Replies::new_with_const_raw_mutexes();

#[test]
fn each_key_finds_its_waiters() {
    let mut waiting: Vec<_> = (0..scaled(1000, 10)).map(|key| Waiter::queued(FUTEX.wait(key * 8))).collect();
    for (key, waiting) in waiting.iter_mut().enumerate().rev() {
        assert_eq!(FUTEX.wake_all(&(key * 8 + 1)), 0);
        assert_eq!(FUTEX.wake_one(&(key * 8)), WakeOutcome::Woke);
        assert_eq!(waiting.poll_now(), Poll::Ready(Ok(())));
    }
    assert!(waiting.iter().all(|waiting| waiting.task.woken() == 1));
}

#[test]
fn waiters_of_one_key_are_woken_in_order() {
    let futex = Futex::<Spinlock>::default();
    let waiting: Vec<_> = (0..20).map(|at| Waiter::queued(futex.wait(at % 2))).collect();
    assert_eq!(futex.wake_n(&1, 3), 3);
    let woken: Vec<_> = waiting.iter().map(Waiter::is_told).collect();
    assert!(woken.iter().enumerate().all(|(at, woken)| *woken == [1, 3, 5].contains(&at)));
    assert_eq!((futex.wake_all(&0), futex.wake_all(&1)), (10, 7));
    assert!(waiting.into_iter().all(|waiting| waiting.yields_once() == Ok(())));
}

/// Seen to fail with: a `close` that goes from one bucket to the next in a loop.
#[test]
fn a_waker_that_panics_keeps_no_other_bucket_open() {
    let futex = Futex::<Spinlock>::default();
    let armed: &'static Count = leak(Count::new());
    armed.set(1);
    let touchy = Hooks::new()
        .on_wake(|| {
            if armed.down() {
                panic_any(SILENT);
            }
        })
        .waker();
    let mut waits: Vec<_> = (0..scaled(500, 10)).map(|key| Box::pin(futex.wait(key))).collect();
    for wait in &mut waits {
        assert!(wait.as_mut().poll(&mut Context::from_waker(&touchy)).is_pending());
    }
    panics(|| futex.close());
    for wait in &mut waits {
        assert_eq!(wait.as_mut().poll(&mut Context::from_waker(&touchy)), Poll::Ready(Err(closed())));
    }
}

#[test]
fn close_closes_all_of_them() {
    let futex = Futex::new_with_raw_mutexes(core::array::from_fn(|_| Spinlock::new()));
    let waiting: Vec<_> = (0..scaled(500, 10)).map(|key| Waiter::queued(futex.wait(key))).collect();
    assert!(!futex.is_closed());
    futex.close();
    assert!(futex.is_closed());
    for (key, waiting) in waiting.into_iter().enumerate() {
        assert_eq!(waiting.yields_once(), Err(closed()));
        assert_eq!(futex.wake_one(&key), WakeOutcome::Closed(()));
        assert_eq!(ready(futex.wait(key)), Err(closed()));
    }
}

#[test]
fn unique_is_unique_in_its_bucket() {
    let keys = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let waiting: Vec<_> = keys.iter().map(|key| Waiter::queued(REPLIES.wait(key))).collect();
    for key in keys {
        assert_eq!(ready(REPLIES.wait(key)), Err(WaitError::Duplicate));
    }
    for (number, key) in (0..).zip(keys) {
        assert_eq!(REPLIES.wake(&key, number), WakeOutcome::Woke);
        assert_eq!(REPLIES.wake(&key, number), WakeOutcome::NoMatch(number));
    }
    let yielded: Vec<_> = waiting.into_iter().map(|waiting| waiting.yields_once().unwrap()).collect();
    assert_eq!(yielded, [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(ready(REPLIES.wait_for("a", || true)), Ok(()));
    assert_eq!(ready(REPLIES.wait_for_value("a", || Some(3))), Ok(3));
}

/// A key of which all have one hash.
#[derive(Debug, PartialEq, Eq)]
struct Colliding(u8);

impl Hash for Colliding {
    fn hash<H: Hasher>(&self, state: &mut H) {
        0_u8.hash(state);
    }
}

#[test]
fn keys_of_one_hash_are_different_keys() {
    let boxes: Mailboxes<Colliding, u8> = Mailboxes::new();
    let waiting: Vec<_> = (0..10).map(|key| Waiter::queued(boxes.wait(Colliding(key)))).collect();
    for key in (0..10).rev() {
        assert_eq!(boxes.wake_all(&Colliding(key), key), 1);
    }
    let yielded: Vec<_> = waiting.into_iter().map(|waiting| waiting.yields_once().unwrap()).collect();
    assert_eq!(yielded, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn a_value_is_handed_on_within_its_bucket() {
    let boxes = Arc::new(Mailboxes::<u16, u8, Spinlock>::default());
    for key in 0..if cfg!(miri) { 3 } else { 50 } {
        let first: Waiter<MailOwned<u16, u8, Spinlock>> = Waiter::queued(boxes.wait_owned(key));
        let other = Waiter::queued(boxes.wait_owned(key + 1));
        let second = Waiter::queued(boxes.wait_owned(key));
        assert_eq!(boxes.wake_one(&key, 7), WakeOutcome::Woke);
        drop(first);
        assert_eq!(second.yields_once(), Ok(7));
        assert!(!other.is_told());
    }
    assert_eq!(Arc::strong_count(&boxes), 1);
}

#[test]
fn subscribing_takes_a_place_in_the_keys_bucket() {
    let futex = Futex::new();
    for key in 0..scaled(100, 5) {
        let mut wait = pin!(futex.wait(key));
        assert_eq!(ready(wait.as_mut().subscribe()), Ok(()));
        assert_eq!(futex.wake_one(&key), WakeOutcome::Woke);
        assert_eq!(ready(wait), Ok(()));
    }
    assert_eq!(std::format!("{futex:?}"), "Futex { closed: false, buckets: 64, .. }");
}
