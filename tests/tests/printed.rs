//! What the primitives, their futures and their errors print. It is for people, and so may change; but it
//! says what it is of and what state that is in, without waiting.
//!
//! Seen to fail with: each of these `fmt` that prints nothing.

#![cfg(not(loom))]

extern crate alloc;

use alloc::sync::Arc;
use core::fmt::{Debug, Display};

use sync_core::{
    AutoEvent, Barrier, Closed, Condvar, Event, FromBits, Latch, Mutex, OnceCell, RwLock, Semaphore,
    WaitCell, WaitMap, WaitQueue, semaphore::TryAcquireError, wait_map::WaitError,
};
use tests::{Task, block_on};

/// Its `Debug` begins with `name`, and has each of `parts`.
fn shows(value: &dyn Debug, name: &str, parts: &[&str]) {
    let text = format!("{value:?}");
    assert!(text.starts_with(name), "{text} is no {name}");
    for part in parts {
        assert!(text.contains(part), "{text} does not say {part}");
    }
}

#[test]
fn locks_print_their_value_unless_they_are_held() {
    let lock = RwLock::new(51);
    shows(&lock, "RwLock", &["51"]);
    let read = lock.try_read().expect("it is free");
    shows(&lock, "RwLock", &["51"]);
    drop(read);
    let write = lock.try_write().expect("it is free");
    shows(&lock, "RwLock", &["<locked>"]);
    assert_eq!(format!("{write:?} {write}"), "51 51");

    let mutex = Mutex::new((51, 52));
    let mapped = sync_core::mutex::MutexGuard::map(mutex.try_lock().expect("it is free"), |pair| &mut pair.1);
    assert_eq!(format!("{mapped:?} {mapped}"), "52 52");
    shows(&mutex, "Mutex", &["<locked>"]);
}

#[test]
fn semaphores_print_what_is_left() {
    let semaphore = Semaphore::new(5);
    let two = semaphore.try_acquire(2).expect("there are five");
    shows(&semaphore, "Semaphore", &["permits: 3", "closed: false"]);
    shows(&two, "Permit", &["permits: 2"]);
    semaphore.close();
    shows(&semaphore, "Semaphore", &["permits: 0", "closed: true"]);
}

#[test]
fn a_once_cell_prints_its_value() {
    let cell = OnceCell::new();
    shows(&cell, "OnceCell", &["<empty>"]);
    assert_eq!(block_on(cell.get_or_init(async || 53)), &53);
    shows(&cell, "OnceCell", &["53"]);
}

#[test]
fn queues_print_how_many_wait_and_whether_they_are_closed() {
    let (queue, map) = (WaitQueue::new(), WaitMap::<u8, u8>::new());
    let (task, mut waits) = (Task::new(), Box::pin(queue.wait()));
    shows(&queue, "WaitQueue", &["closed: false", "waiters: 0"]);
    assert!(task.poll(waits.as_mut()).is_pending());
    shows(&queue, "WaitQueue", &["closed: false", "waiters: 1"]);
    shows(&map, "WaitMap", &["closed: false", "waiters: 0"]);
    queue.close();
    map.close();
    shows(&queue, "WaitQueue", &["closed: true", "waiters: 0"]);
    shows(&map, "WaitMap", &["closed: true"]);
}

#[test]
fn everything_else_says_what_it_is() {
    shows(&WaitCell::new(), "WaitCell", &["woken: false", "closed: false"]);
    shows(&Barrier::new(2), "Barrier {", &["waiters: 0"]);
    shows(&Condvar::new(), "Condvar {", &["waiters: 0"]);
    shows(&Latch::new(2), "Latch", &[]);
    shows(&Event::new(), "Event", &[]);
    shows(&AutoEvent::new(), "AutoEvent", &[]);
}

#[test]
fn futures_print_how_far_they_are() {
    let queue = WaitQueue::new();
    let (task, mut waits) = (Task::new(), Box::pin(queue.wait()));
    let unpolled = format!("{waits:?}");
    assert!(unpolled.contains("state"), "{unpolled}");
    assert!(task.poll(waits.as_mut()).is_pending());
    assert_ne!(format!("{waits:?}"), unpolled);
    let shared = Arc::new(WaitQueue::new());
    shows(&Arc::clone(&shared).wait_owned(), "Wait", &["state"]);
    let (map, mutex) = (WaitMap::<u8, u8>::new(), Mutex::new(()));
    let mut waits = Box::pin(map.wait(1));
    shows(&waits, "Wait", &["state"]);
    shows(&waits.as_mut().subscribe(), "Subscribe", &["state"]);
    shows(&mutex.lock(), "", &["state"]);
}

/// As text of a given width, too, which is what a table of errors asks for.
fn says(error: &dyn Display, text: &str) {
    assert_eq!(format!("{error}"), text);
    assert_eq!(format!("{error:>60}"), format!("{text:>60}"));
}

#[derive(Clone, Copy, Debug, FromBits)]
#[repr(u8)]
enum Bit {
    Set = 1,
}

#[test]
fn errors_say_what_was_wrong() {
    let cell = WaitCell::new();
    cell.close();
    let closed: Closed = block_on(cell.wait()).expect_err("it is closed");
    says(&closed, "closed");
    says(&WaitError::Closed, "closed");
    says(&WaitError::AlreadyConsumed, "the value has already been taken");
    says(&WaitError::NeverAdded, "the wait was never added");
    says(&WaitError::Duplicate, "another task waits for the same key already");
    says(&TryAcquireError::Closed, "the semaphore is closed");
    says(&TryAcquireError::InsufficientPermits, "the semaphore has too few permits");
    assert_eq!(Bit::Set as u8, 1);
    let unknown = <Bit as FromBits<u8>>::try_from_bits(0).expect_err("there is no such value");
    assert_eq!(format!("{unknown}"), "0b0 is no value of `Bit`");
    assert_eq!(format!("{unknown:?}"), "UnknownBits(Bit: 0b0)");
}

#[sync_core::wait_map(key = usize, match = fifo, buckets = 4)]
struct Futex;

#[test]
fn a_map_in_buckets_prints_how_many() {
    let futex = Futex::new();
    shows(&futex, "Futex", &["closed: false", "buckets: 4"]);
    futex.close();
    shows(&futex, "Futex", &["closed: true"]);
}
