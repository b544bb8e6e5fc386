//! What no task contends for is had without the lock of the line: one exchange of the word, and no interrupts
//! disabled where the lock is a critical section.
//!
//! Seen to fail with: `take_wake_of` that finds no wake-up.

#![cfg(not(loom))]
#![expect(unsafe_code, reason = "a raw lock of one's own shows whether it is taken")]

use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use sync_core::{
    AutoEvent, Event, Latch, Mutex, RwLock, ScopedRawMutex, Semaphore, WaitQueue,
    rwlock::{RwLockUpgradableReadGuard, RwLockWriteGuard},
};

/// It must not be taken.
#[derive(Debug)]
struct Untaken;

// SAFETY: it runs nothing, so nothing runs beside it.
unsafe impl ScopedRawMutex for Untaken {
    fn with_lock<R>(&self, _: impl FnOnce() -> R) -> R {
        panic!("the lock of the line is taken")
    }
    fn try_with_lock<R>(&self, _: impl FnOnce() -> R) -> Option<R> {
        panic!("the lock of the line is tried")
    }
    fn is_locked(&self) -> bool {
        false
    }
}

/// Polls once, which has to do.
#[track_caller]
fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

#[test]
fn a_mutex() {
    let mutex = Mutex::new_with_raw_mutex(1, Untaken);
    *at_once(mutex.lock()) += 1;
    *mutex.try_lock().expect("it is free") += 1;
    let held = at_once(mutex.lock());
    assert!(mutex.try_lock().is_none() && mutex.is_locked());
    assert_eq!(*held, 3);
    // A wait that was not polled is in no line.
    drop(mutex.lock());
}

#[test]
fn a_readers_writer_lock() {
    let lock = RwLock::new_with_raw_mutex(1, Untaken);
    let readers = [at_once(lock.read()), at_once(lock.read())];
    let up = at_once(lock.upgradable_read());
    assert!(lock.try_write().is_none() && lock.try_upgradable_read().is_none());
    drop(readers);
    let mut write = at_once(RwLockUpgradableReadGuard::upgrade(up));
    *write += 1;
    assert!(lock.try_read().is_none());
    let up = RwLockWriteGuard::downgrade_to_upgradable(write);
    let read = RwLockUpgradableReadGuard::downgrade(up);
    assert_eq!(*read, 2);
    drop(read);
    *at_once(lock.write()) += 1;
    let read = RwLockWriteGuard::downgrade(lock.try_write().expect("it is free"));
    assert_eq!(*read + *lock.try_read().expect("readers share it"), 6);
}

#[test]
fn a_semaphore() {
    let semaphore = Semaphore::new_with_raw_mutex(3, Untaken);
    let mut some = at_once(semaphore.acquire(2)).expect("it is open");
    let one = semaphore.try_acquire(1).expect("one is left");
    assert!(semaphore.try_acquire(1).is_err());
    some.merge(one);
    some.split(1).expect("it has three").forget();
    drop(some);
    semaphore.add_permits(2);
    assert_eq!(semaphore.forget_permits(1), 1);
    assert_eq!(semaphore.available_permits(), 3);
    drop(semaphore.acquire(1));
    semaphore.close();
    assert!(semaphore.try_acquire(1).is_err());
}

#[test]
fn a_queue() {
    let queue = WaitQueue::new_with_raw_mutex(Untaken);
    queue.wake();
    at_once(queue.wait()).expect("a wake-up is stored");
    queue.wake_all();
    assert_eq!(queue.wake_n(3), 0);
    queue.wake();
    at_once(queue.wait()).expect("one wake-up is stored");
    drop(queue.wait());
    queue.close();
    queue.wake();
}

#[test]
fn what_is_in_a_word() {
    let event = Event::new_with_raw_mutex(Untaken);
    event.set();
    at_once(event.wait()).expect("it is set");
    event.reset();
    event.close();

    let auto = AutoEvent::new_with_raw_mutex(Untaken);
    auto.set();
    at_once(auto.wait()).expect("it is set");
    assert!(!auto.try_wait() && !auto.is_set());
    auto.set();
    assert!(auto.try_wait());
    auto.close();

    let latch = Latch::new_with_raw_mutex(2, Untaken);
    latch.count_down(1);
    latch.count_down(1);
    at_once(latch.wait()).expect("nothing is left to wait for");
    latch.close();
}
