//! `undelivered = path`: values that were given and that no task took.

use alloc::{string::String, sync::Arc, vec::Vec};
use core::pin::pin;

use sync_core::{spin::Spinlock, wait_map, wait_map::WakeOutcome};
use tests::{Count, Shared, Tracked, Tracker, leak, within};

use super::{Waiter, ready};

/// A value that knows the list into which it goes when no task takes it.
#[derive(Clone)]
struct Note {
    text: &'static str,
    back: &'static Shared<Vec<String>>,
}

impl Note {
    fn new(text: &'static str) -> Self {
        Self { text, back: leak(Shared::new(Vec::new())) }
    }

    fn give_back(key: &u8, note: Self) {
        note.back.lock().push(std::format!("{key}: {}", note.text));
    }

    fn came_back(&self) -> Vec<String> {
        self.back.lock().clone()
    }
}

/// One per tag.
#[wait_map(key = u8, value = Note, match = unique, undelivered = Note::give_back)]
struct One;

/// A queue per tag.
#[wait_map(key = u8, value = Note, match = fifo, undelivered = Note::give_back, buckets = 4)]
struct Many;

/// Those up to a number.
#[wait_map(key = u8, value = Note, event = u8, match = predicate(u8::le), undelivered = Note::give_back)]
struct Some;

#[test]
fn unique_gives_back_what_was_not_taken() {
    let (one, note) = (One::new(), Note::new("hello"));
    let waiting = Waiter::queued(one.wait(3));
    assert!(matches!(one.wake(&3, note.clone()), WakeOutcome::Woke));
    drop(waiting);
    assert_eq!(note.came_back(), ["3: hello"]);
}

#[test]
fn what_was_taken_does_not_come_back() {
    let (one, note) = (One::<Spinlock>::default(), Note::new("hello"));
    let mut waiting = Waiter::queued(one.wait(3));
    assert!(matches!(one.wake(&3, note.clone()), WakeOutcome::Woke));
    assert!(waiting.poll_now().is_ready());
    drop(waiting);
    // Nor what was not given to any task: that is returned.
    assert!(matches!(one.wake(&3, note.clone()), WakeOutcome::NoMatch(_)));
    drop(Waiter::queued(one.wait(3)));
    one.close();
    assert!(matches!(one.wake(&3, note.clone()), WakeOutcome::Closed(_)));
    assert_eq!(note.came_back(), [""; 0]);
}

#[test]
fn fifo_gives_back_what_has_no_next() {
    let (many, note) = (Arc::new(Many::new()), Note::new("hello"));
    let (first, second) = (Waiter::queued(many.wait_owned(3)), Waiter::queued(many.wait_owned(3)));
    let other = Waiter::queued(many.wait_owned(4));
    assert!(matches!(many.wake_one(&3, note.clone()), WakeOutcome::Woke));
    drop(first);
    assert!(second.is_told() && note.came_back().is_empty(), "there is a next");
    drop(second);
    assert_eq!(note.came_back(), ["3: hello"]);
    assert!(!other.is_told());
}

#[test]
fn fifo_gives_back_what_comes_after_close() {
    let (many, note) = (Many::new(), Note::new("hello"));
    let (first, second) = (Waiter::queued(many.wait(3)), Waiter::queued(many.wait(3)));
    assert!(matches!(many.wake_one(&3, note.clone()), WakeOutcome::Woke));
    many.close();
    drop(first);
    assert!(second.yields_once().is_err());
    assert_eq!(note.came_back(), ["3: hello"]);
}

#[test]
fn predicate_gives_back_each_value() {
    let (some, note) = (Some::new(), Note::new("hello"));
    let mut waiting: Vec<_> = (1..=4).map(|key| Waiter::queued(some.wait(key))).collect();
    assert_eq!(some.notify_with(&3, note.clone()), 3);
    assert!(waiting.remove(1).yields_once().is_ok());
    waiting.clear();
    assert_eq!(note.came_back(), ["1: hello", "3: hello"]);
}

#[test]
fn subscribed_waits_give_back_too() {
    let (one, note) = (One::new(), Note::new("hello"));
    {
        let mut wait = pin!(one.wait(9));
        assert!(ready(wait.as_mut().subscribe()).is_ok());
        assert!(matches!(one.wake(&9, note.clone()), WakeOutcome::Woke));
    }
    assert_eq!(note.came_back(), ["9: hello"]);
}

static REENTERED: Reentered = Reentered::new();
static CALLS: Count = Count::new();

/// Its undelivered values wake the next key, from inside.
#[wait_map(key = u8, value = u8, match = fifo, undelivered = pass_on)]
struct Reentered;

fn pass_on(key: &u8, value: u8) {
    CALLS.up();
    // Each of these takes the lock.
    assert!(std::format!("{REENTERED:?}").contains("waiters: "));
    drop(Waiter::queued(REENTERED.wait(*key)));
    assert_eq!(REENTERED.wake_one(&(key + 1), value), WakeOutcome::Woke);
}

#[test]
fn it_is_called_once_and_without_the_lock() {
    within(5, || {
        let (first, second) = (Waiter::queued(REENTERED.wait(1)), Waiter::queued(REENTERED.wait(2)));
        assert_eq!(REENTERED.wake_one(&1, 77), WakeOutcome::Woke);
        drop(first);
        assert_eq!(CALLS.get(), 1);
        assert_eq!(second.yields_once(), Ok(77));
    });
}

fn keep<K: Clone, V>(_: &K, value: V) {
    drop(value);
}

/// With parameters, and a function that has them.
#[wait_map(key = K, value = V, match = unique, undelivered = keep::<K, V>)]
struct Generic<K: Eq + Clone, V>;

#[test]
fn a_value_is_dropped_once() {
    let tracker = Tracker::new();
    let map: Generic<String, Tracked, Spinlock> = Generic::new_with_raw_mutex(Spinlock::new());
    let waiting = Waiter::queued(map.wait("a".into()));
    assert!(matches!(map.wake(&"a".into(), tracker.value(1)), WakeOutcome::Woke));
    drop(waiting);
    assert_eq!((tracker.made(), tracker.alive()), (1, 0));
}
