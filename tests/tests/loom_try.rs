//! Models of attempts that meet, where there is enough for both: neither may fail because of the other.
//!
//! Not covered: spurious failures of a weak exchange, which loom does not make; `SeqCst` accesses and load
//! buffering.
#![cfg(loom)]
#![expect(
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a model runs on a host, and ends where it fails"
)]

mod support;

use support::{exhaustive, leak};
use sync_core::{RwLock, Semaphore};

/// T1 readers.  Property: of two that try to read a lock that no task writes or waits for, both may; a third
/// that reads meanwhile and leaves does not keep them out.
/// Threads: two, one of which has read before.
/// Interleavings that matter: the other's exchange, in or out, between the load and the exchange of one.
/// Bound: none.
/// Fails if: `try_enter` tries once (seen).
#[test]
fn readers_that_try_do_not_keep_each_other_out() {
    exhaustive(|roles| {
        let lock = leak(RwLock::new(()));
        let before = lock.try_read().unwrap();
        let (one, other) = roles.at_once(
            move || {
                drop(before);
                lock.try_read().is_some()
            },
            || lock.try_read().is_some(),
        );
        assert!(one && other, "no task writes, and no task waits");
        assert!(lock.try_write().is_some());
    });
}

/// T2 the upgradable one.  As T1, of one that reads and one that reads and may upgrade.
/// Threads: two.
/// Interleavings that matter: as T1.
/// Bound: none.
/// Fails if: `try_enter` tries once (seen).
#[test]
fn a_reader_does_not_keep_the_upgradable_one_out() {
    exhaustive(|roles| {
        let lock = leak(RwLock::new(()));
        let (one, other) =
            roles.at_once(|| lock.try_read().is_some(), || lock.try_upgradable_read().is_some());
        assert!(one && other, "no task writes, and no task waits");
        assert!(lock.try_write().is_some());
    });
}

/// T3 permits.  Property: of two that try to acquire from a semaphore with enough for both, both do.
/// Threads: two; one gives its permit back and tries again.
/// Interleavings that matter: as T1.
/// Bound: none.
/// Fails if: `try_acquire` tries once (seen).
#[test]
fn tasks_that_try_do_not_keep_each_other_out() {
    exhaustive(|roles| {
        let semaphore = leak(Semaphore::new(3));
        let (one, other) = roles.at_once(
            || {
                drop(semaphore.try_acquire(1).unwrap());
                semaphore.try_acquire(1).is_ok()
            },
            || semaphore.try_acquire(2).is_ok(),
        );
        assert!(one && other, "there are enough");
        assert_eq!(semaphore.available_permits(), 3);
    });
}
