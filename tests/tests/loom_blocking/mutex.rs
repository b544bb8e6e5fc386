//! The mutex, with guards and with closures.

use sync_core::blocking::{DefaultMutex, Mutex};

use super::{Data, guarded};
use crate::support::{exhaustive, leak};

/// L1 lock, lock.  Property: one at a time, and the second sees what the first did.
/// Threads: two that lock and add one.
/// Interleavings that matter: the second comes while the first holds the lock, and as it releases it.
/// Bound: none.
/// Fails if: `Spinlock::try_lock` exchanges with Relaxed, or `unlock` stores with Relaxed.
/// Not covered: that no task starves.
#[test]
fn one_locks_at_a_time() {
    exhaustive(|roles| {
        let mutex = guarded();
        roles.at_once(|| mutex.lock().up(), || mutex.lock().up());
        assert_eq!(mutex.lock().get(), 2);
    });
}

/// L2 lock, `with_lock`.  Property: guards and closures exclude each other.
/// Threads: one locks, one calls a closure under the lock.
/// Interleavings that matter: as L1.
/// Bound: none.
/// Fails if: `LockedCell::lock` makes a guard without locking.
/// Not covered: locks that are no `RawMutex`; they have no guards.
#[test]
fn guards_and_closures_exclude_each_other() {
    exhaustive(|roles| {
        let mutex = guarded();
        roles.at_once(|| mutex.lock().up(), || mutex.with_lock(|data| data.up()));
        assert_eq!(mutex.with_lock(|data| data.get()), 2);
    });
}

/// L3 lock, `try_lock`.  Property: a task that tries gets in or not, and if so, alone; and once no task is
/// in, one that tries gets in.
/// Threads: one locks, one tries.
/// Interleavings that matter: the try before, while and after the lock is held.
/// Bound: none.
/// Fails if: `try_lock` of `LockedCell` does not look at what the raw lock says.
/// Not covered: `try_with_lock`, which is the raw lock's.
#[test]
fn a_task_that_tries_gets_in_alone_or_not() {
    exhaustive(|roles| {
        let mutex = guarded();
        let ((), got) =
            roles.at_once(|| mutex.lock().up(), || mutex.try_lock().map(|data| data.up()).is_some());
        let data = mutex.try_lock().expect("no task is in");
        assert_eq!(data.get(), 1 + u32::from(got));
    });
}

/// L4 the default lock.  Property: as L1, for a lock without guards.
/// Threads: two that call a closure under the lock; one tries.
/// Interleavings that matter: as L1.
/// Bound: none.
/// Fails if: `DefaultMutex` lets the mutex go before it calls the closure.
/// Not covered: the default locks of other builds.
#[test]
fn one_closure_runs_at_a_time() {
    exhaustive(|roles| {
        let mutex: &Mutex<Data, DefaultMutex> = leak(Mutex::new(Data::new()));
        let ((), got) = roles.at_once(
            || mutex.with_lock(|data| data.up()),
            || mutex.try_with_lock(|data| data.up()).is_some(),
        );
        assert_eq!(mutex.with_lock(|data| data.get()), 1 + u32::from(got));
    });
}
