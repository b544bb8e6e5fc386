//! The readers-writer lock.

use loom::thread;
use sync_core::{
    blocking::{RawRwLock, RwLock},
    spin::RwSpinlock,
};

use super::{Data, shared};
use crate::support::{exhaustive, leak, model_of_spinners};

/// R1 read, write.  Property: a reader sees nothing of the write or all of it, and never a write beside it.
/// Threads: one reads twice under one guard, one writes twice under one.
/// Interleavings that matter: each comes while the other is in, and waits.
/// Bound: none.
/// Fails if: `share`, `share_at_once` or `unexclude` is Relaxed; or `unshare` is.
/// Not covered: more than one of each: R3, R4.
#[test]
fn readers_and_a_writer_exclude_each_other() {
    exhaustive(|roles| {
        let lock = shared();
        let (seen, ()) = roles.at_once(
            || {
                let data = lock.read();
                (data.get(), data.get())
            },
            || {
                let data = lock.write();
                data.up();
                data.up();
            },
        );
        assert!(matches!(seen, (0, 0) | (2, 2)), "{seen:?}");
        assert_eq!(lock.read().get(), 2);
    });
}

/// R2 write, write.  Property: one at a time, and the second sees what the first did; no task that waited is
/// left in the word, which would keep those that try out forever.
/// Threads: two that write.
/// Interleavings that matter: the second says that it waits before, while and after the first goes.
/// Bound: none.
/// Fails if: `exclude_or_ask` leaves `waiting` set as it gets in, or exchanges with Relaxed.
/// Not covered: which of them is first.
#[test]
fn one_writes_at_a_time() {
    exhaustive(|roles| {
        let lock = shared();
        roles.at_once(|| lock.write().up(), || lock.write().up());
        assert_eq!(lock.try_write().expect("no task is in, and no task waits").get(), 2);
    });
}

/// R3 read, read, write.  Property: as R1, with two readers, of which one may be in when the other goes.
/// Threads: three; the main thread reads.
/// Interleavings that matter: the writer is let in by the last reader only, whichever that is, and sees both
/// as gone.
/// Bound: two preemptions.
/// Fails if: `unshare` is Relaxed, so that what the reader did that went first is not before the write.
/// Not covered: three readers.
#[test]
fn a_writer_waits_for_all_readers() {
    model_of_spinners(|_| {
        let lock = shared();
        let writer = thread::spawn(move || lock.write().up());
        let reader = thread::spawn(move || lock.read().get());
        let seen = lock.read().get();
        assert!(seen <= 1 && reader.join().unwrap() <= 1);
        writer.join().unwrap();
        assert_eq!(lock.try_write().expect("no task is in, and no task waits").get(), 1);
    });
}

/// R4 write, `try_write`, `try_read`.  Property: as R1, with two writers, of which one may wait as the other
/// goes.
/// Threads: three; the main thread tries to read.
/// Interleavings that matter: the reader comes while one writer holds the lock and the other waits, or
/// between the two.
/// Bound: two preemptions.
/// Fails if: `try_exclude` or `exclude_or_ask` is Relaxed.
/// Not covered: two that wait for a third: loom lets them take turns forever while the third holds the lock.
#[test]
fn a_reader_may_come_between_two_writers() {
    model_of_spinners(|_| {
        let lock = shared();
        let waits = thread::spawn(move || lock.write().up());
        let tries = thread::spawn(move || lock.try_write().map(|data| data.up()).is_some());
        let seen = lock.try_read().map(|data| data.get());
        waits.join().unwrap();
        let written = 1 + u32::from(tries.join().unwrap());
        assert!(seen.is_none_or(|seen| seen <= written));
        assert_eq!(lock.try_write().expect("no task is in, and no task waits").get(), written);
    });
}

/// R5 `try_read`, `try_read`.  Property: both get in: that another reader comes or goes is no reason to
/// refuse.
/// Threads: two that try to read.
/// Interleavings that matter: one comes, or goes, between the other's load and exchange.
/// Bound: none.
/// Fails if: `try_lock_shared` gives up when `share_at_once` does.
/// Not covered: more of them.
#[test]
fn readers_do_not_keep_each_other_out() {
    exhaustive(|roles| {
        let lock = shared();
        let seen = roles
            .at_once(|| lock.try_read().map(|data| data.get()), || lock.try_read().map(|data| data.get()));
        assert_eq!(seen, (Some(0), Some(0)));
        assert_eq!(lock.reader_count(), 0);
    });
}

/// R6 `try_read`, write.  Property: a task that tries gets in, and sees nothing of the write or all of it, or
/// is refused.
/// Threads: one tries to read, one writes.
/// Interleavings that matter: as R1.
/// Bound: none.
/// Fails if: `admits` is always true.
/// Not covered: that it is not refused for no reason; R7 does.
#[test]
fn a_reader_that_tries_is_not_beside_a_writer() {
    exhaustive(|roles| {
        let lock = shared();
        let (seen, ()) = roles.at_once(
            || lock.try_read().map(|data| data.get()),
            || {
                let data = lock.write();
                data.up();
                data.up();
            },
        );
        assert!(matches!(seen, None | Some(0 | 2)), "{seen:?}");
        assert_eq!(lock.try_read().expect("no task is in, and no task waits").get(), 2);
    });
}

/// R7 a refusal leaves nothing.  Property: a reader that is refused never keeps a writer out, not even for a
/// moment.
/// Threads: one lets a write guard go and tries to take it again, one tries to read meanwhile.
/// Interleavings that matter: the reader is refused because of the first guard, and the second is asked for
/// at once.
/// Bound: none.
/// Fails if: `try_lock_shared` counts itself first and takes that back, as maitake-sync does.
/// Not covered: weak exchanges that fail for no reason; `try_exclude` is a strong one, and loom's do not.
#[test]
fn a_refused_reader_keeps_no_task_out() {
    exhaustive(|roles| {
        let lock = shared();
        let first = lock.write();
        let (refused, again) = roles.at_once(
            || lock.try_read().is_none(),
            move || {
                drop(first);
                lock.try_write().is_some()
            },
        );
        assert!(again || !refused, "no task was in, and the writer was refused");
    });
}

/// R8 `try_write`, read.  Property: a task that tries to write gets in alone or not; the reader gets in,
/// after it or before.
/// Threads: one tries to write, one reads.
/// Interleavings that matter: the try while the reader is in, and while it waits.
/// Bound: none.
/// Fails if: `try_exclude` is Relaxed.
/// Not covered: as R6.
#[test]
fn a_writer_that_tries_is_not_beside_a_reader() {
    exhaustive(|roles| {
        let lock = shared();
        let (got, seen) =
            roles.at_once(|| lock.try_write().map(|data| data.up()).is_some(), || lock.read().get());
        assert!(seen <= u32::from(got));
        assert_eq!(lock.try_write().expect("no task is in").get(), u32::from(got));
    });
}

/// R9 `try_write`, `try_write`.  Property: one at a time; and one of them gets in.
/// Threads: two that try to write.
/// Interleavings that matter: as L3.
/// Bound: none.
/// Fails if: `RwCell::try_write` makes a guard whatever the raw lock says.
/// Not covered: as R7.
#[test]
fn one_of_two_that_try_to_write_gets_in() {
    exhaustive(|roles| {
        let lock = shared();
        let (one, two) = roles.at_once(
            || lock.try_write().map(|data| data.up()).is_some(),
            || lock.try_write().map(|data| data.up()).is_some(),
        );
        assert!(one || two);
        assert_eq!(lock.read().get(), u32::from(one) + u32::from(two));
    });
}

/// R10 reading while reading.  Property: a task that reads may read again although a writer waits for the
/// first read to end.
/// Threads: one reads under two guards, one writes.
/// Interleavings that matter: the writer says that it waits between the two.
/// Bound: none.
/// Fails if: `lock_shared_contended` is polite forever: both spin, and loom stops at its limit of branches.
/// Not covered: how long the second read is delayed.
#[test]
fn a_reader_may_read_again() {
    exhaustive(|roles| {
        let lock = shared();
        let (seen, ()) = roles.at_once(
            || {
                let first = lock.read();
                let second = lock.read();
                (first.get(), second.get())
            },
            || lock.write().up(),
        );
        assert!(matches!(seen, (0, 0) | (1, 1)), "{seen:?}");
        assert_eq!(lock.try_write().expect("no task is in, and no task waits").get(), 1);
    });
}

/// A lock of a user's own that is made of ours, to see that `RwLock` takes any.
#[derive(Default)]
struct Own(RwSpinlock);

#[expect(unsafe_code, reason = "raw locks are unsafe to implement")]
// SAFETY: each method is that of the one inner lock.
unsafe impl RawRwLock for Own {
    type GuardMarker = ();
    fn lock_shared(&self) {
        self.0.lock_shared();
    }
    fn try_lock_shared(&self) -> bool {
        self.0.try_lock_shared()
    }
    unsafe fn unlock_shared(&self) {
        // SAFETY: as the caller promises.
        unsafe { self.0.unlock_shared() };
    }
    fn lock_exclusive(&self) {
        self.0.lock_exclusive();
    }
    fn try_lock_exclusive(&self) -> bool {
        self.0.try_lock_exclusive()
    }
    unsafe fn unlock_exclusive(&self) {
        // SAFETY: as the caller promises.
        unsafe { self.0.unlock_exclusive() };
    }
    fn is_locked(&self) -> bool {
        self.0.is_locked()
    }
    fn is_locked_exclusive(&self) -> bool {
        self.0.is_locked_exclusive()
    }
}

/// R11 a user's own raw lock.  Property: as R1.
/// Threads: as R1.
/// Interleavings that matter: as R1.
/// Bound: none.
/// Fails if: the drop of `RwLockReadGuard` unlocks before it ends its access, and a writer comes in between.
/// Not covered: locks that are bound to a thread.
#[test]
fn a_users_own_lock_does() {
    exhaustive(|roles| {
        let lock: &RwLock<Data, Own> = leak(RwLock::default_of(Data::new()));
        let (seen, ()) = roles.at_once(|| lock.read().get(), || lock.write().up());
        assert!(seen <= 1);
        assert_eq!(lock.read().get(), 1);
    });
}

trait DefaultOf<T> {
    fn default_of(value: T) -> Self;
}

impl<T> DefaultOf<T> for RwLock<T, Own> {
    fn default_of(value: T) -> Self {
        Self::new_with_raw_mutex(value, Own::default())
    }
}
