//! What only the word shows; the black-box tests are in the `tests` crate.

use alloc::{boxed::Box, vec::Vec};
use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use super::{Access, RwLock, RwLockState, RwLockUpgradableReadGuard, RwLockWriteGuard};
use crate::{shim::atomic::Ordering::Relaxed, state::rwlock::AtomicRwLockState};

const MAX: usize = RwLockState::MAX_READERS;

fn word<T>(lock: &RwLock<T>) -> RwLockState {
    lock.inner.queue().word().load(Relaxed)
}

const FREE: RwLockState = RwLockState::new();
const WRITTEN: RwLockState = FREE.with_writer(true);

/// `n` readers, the upgradable one included.
fn read(n: usize) -> RwLockState {
    FREE.with_readers(n)
}

/// Every row of the table, with and without a waiter, and every way from one to the next.
#[test]
fn the_word_in_each_state() {
    let lock = RwLock::new(());
    let cx = &mut Context::from_waker(Waker::noop());
    assert_eq!(word(&lock), FREE);
    let (a, b) = (lock.try_read(), lock.try_read());
    assert_eq!(word(&lock), read(2));
    assert!(lock.try_write().is_none());
    assert_eq!(word(&lock), read(2), "an attempt that fails changes nothing");
    let up = lock.try_upgradable_read().expect("it fits beside readers");
    assert_eq!(word(&lock), read(3).with_upgradable(true));
    assert!(lock.try_upgradable_read().is_none());
    drop((a, b));
    assert_eq!(word(&lock), read(1).with_upgradable(true));
    let Ok(writer) = RwLockUpgradableReadGuard::try_upgrade(up) else { panic!("there is no other reader") };
    assert_eq!(word(&lock), WRITTEN);
    let up = RwLockWriteGuard::downgrade_to_upgradable(writer);
    assert_eq!(word(&lock), read(1).with_upgradable(true));
    let reader = RwLockUpgradableReadGuard::downgrade(up);
    assert_eq!(word(&lock), read(1));
    drop(reader);
    assert_eq!(word(&lock), FREE);

    // The same with a waiter in line, which is still there afterwards or was the last.
    let writer = lock.try_write().expect("it is free");
    let (mut second, mut third) = (pin!(lock.write()), Box::pin(lock.read()));
    assert!(second.as_mut().poll(cx).is_pending() && third.as_mut().poll(cx).is_pending());
    assert_eq!(word(&lock), WRITTEN.with_waiting(true));
    assert_eq!(lock.inner.queue().waiters(), 2);
    let up = RwLockWriteGuard::downgrade_to_upgradable(writer);
    assert_eq!(word(&lock), read(1).with_upgradable(true).with_waiting(true));
    let Ok(writer) = RwLockUpgradableReadGuard::try_upgrade(up) else { panic!("there is no other reader") };
    assert_eq!(word(&lock), WRITTEN.with_waiting(true));
    let reader = RwLockWriteGuard::downgrade(writer);
    assert_eq!(word(&lock), read(1).with_waiting(true));
    drop(reader);
    assert_eq!(word(&lock), WRITTEN.with_waiting(true), "handed over");
    let Poll::Ready(writer) = second.as_mut().poll(cx) else { panic!("it was handed over") };
    drop(third);
    assert_eq!(word(&lock), WRITTEN, "the last one has left the line");
    drop(writer);
    assert_eq!(word(&lock), FREE);
}

/// An upgrade in each stage.
#[test]
fn the_word_while_one_upgrades() {
    let lock = RwLock::new(());
    let cx = &mut Context::from_waker(Waker::noop());
    let both =
        || (lock.try_upgradable_read().expect("it is free"), lock.try_read().expect("there is no writer"));
    let upgradable = read(1).with_upgradable(true);

    let (up, reader) = both();
    let mut upgrade = Box::pin(RwLockUpgradableReadGuard::upgrade(up));
    assert_eq!(word(&lock), read(2).with_upgradable(true));
    assert!(upgrade.as_mut().poll(cx).is_pending());
    assert_eq!(word(&lock), read(2).with_upgradable(true).with_waiting(true));
    drop(reader);
    assert_eq!(word(&lock), WRITTEN);
    drop(upgrade);
    assert_eq!(word(&lock), FREE);

    let (up, reader) = both();
    let mut upgrade = Box::pin(RwLockUpgradableReadGuard::upgrade(up));
    assert!(upgrade.as_mut().poll(cx).is_pending());
    drop(upgrade);
    assert_eq!(word(&lock), read(1));
    drop(reader);

    let (up, reader) = both();
    drop(reader);
    assert_eq!(word(&lock), upgradable);
    let mut upgrade = Box::pin(RwLockUpgradableReadGuard::upgrade(up));
    assert!(upgrade.as_mut().poll(cx).is_ready());
    assert_eq!(word(&lock), FREE);
}

/// More readers than guards could be made for: the word is set as if they were there. (R4)
#[test]
fn there_is_a_largest_number_of_readers() {
    for beside_upgradable in [false, true] {
        let lock = RwLock::new(());
        let cx = &mut Context::from_waker(Waker::noop());
        let atomic: &AtomicRwLockState = lock.inner.queue().word();
        let up = beside_upgradable.then(|| lock.try_upgradable_read());
        // All but one, the upgradable one included.
        let there = MAX - 1 - usize::from(beside_upgradable);
        atomic.fetch_update(Relaxed, Relaxed, |was| Some(was.with_readers(MAX - 1))).expect("it is set");
        let last = lock.try_read().expect("there is room for one");
        assert_eq!(word(&lock).readers(), MAX);
        assert!(
            lock.try_read().is_none() && lock.try_upgradable_read().is_none() && lock.try_write().is_none()
        );
        assert_eq!((word(&lock).readers(), word(&lock).upgradable()), (MAX, beside_upgradable));
        // One more waits until one has left; it does not matter which.
        let mut waits: Vec<_> = (0..2).map(|_| Box::pin(lock.read())).collect();
        assert!(waits.iter_mut().all(|wait| wait.as_mut().poll(cx).is_pending()));
        assert_eq!(word(&lock).readers(), MAX);
        assert!(word(&lock).waiting());
        drop(last);
        assert_eq!(word(&lock).readers(), MAX, "the next one is in");
        let Poll::Ready(guard) = waits[0].as_mut().poll(cx) else { panic!("it was let in") };
        assert!(waits[1].as_mut().poll(cx).is_pending());
        drop(up);
        assert_eq!(waits[1].as_mut().poll(cx).is_ready(), beside_upgradable);
        drop(guard);
        drop(waits);
        // The readers that were not there leave.
        atomic
            .fetch_update(Relaxed, Relaxed, |was| Some(was.with_readers(was.readers() - there)))
            .expect("it is set");
        assert_eq!(word(&lock), FREE);
    }
}

/// Neither `try_` nor the lock's own admission goes over the edge, in any state.
#[test]
fn nobody_is_admitted_beyond_the_maximum() {
    let full = read(MAX);
    for access in [Access::Read, Access::Upgradable, Access::Write, Access::Upgrade] {
        assert!(full.admit(access).is_none());
        assert!(full.with_upgradable(true).admit(access).is_none());
        assert!(full.with_waiting(true).admit(access).is_none());
    }
    assert!(read(MAX - 1).admit(Access::Read).is_some_and(|(with, _)| with == full));
    assert!(
        read(MAX - 1).admit(Access::Upgradable).is_some_and(|(with, _)| with == full.with_upgradable(true))
    );
}
