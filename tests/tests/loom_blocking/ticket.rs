//! The ticket lock.

use sync_core::{
    blocking::{Mutex, RawMutex},
    spin::TicketLock,
};

use super::Data;
use crate::support::{exhaustive, leak};

fn guarded() -> &'static Mutex<Data, TicketLock> {
    leak(Mutex::new_with_raw_mutex(Data::new(), TicketLock::new()))
}

/// K1 lock, lock.  Property: one at a time, and the second sees what the first did.
/// Threads: two that lock and add one.
/// Interleavings that matter: the second draws its ticket while the first holds the lock, and as it releases
/// it.
/// Bound: none.
/// Fails if: `serves` loads with Relaxed, or `unlock` stores with Relaxed; `lock` does not wait for its turn.
/// Not covered: the order of three, which `spin::ticket`'s tests have.
#[test]
fn one_locks_at_a_time() {
    exhaustive(|roles| {
        let mutex = guarded();
        roles.at_once(|| mutex.lock().up(), || mutex.lock().up());
        assert_eq!(mutex.lock().get(), 2);
    });
}

/// K2 lock, `try_lock`.  Property: the attempt gets in alone or not at all, and leaves nothing behind if not.
/// Threads: one locks, one tries.
/// Interleavings that matter: the attempt before, while and after the lock is held, and between the two
/// counters.
/// Bound: none.
/// Fails if: `try_lock` draws a ticket without comparing it with the one that is served.
/// Not covered: counters that wrap between two instructions of the attempt.
#[test]
fn an_attempt_gets_in_alone_or_not() {
    exhaustive(|roles| {
        let mutex = guarded();
        let ((), got) =
            roles.at_once(|| mutex.lock().up(), || mutex.try_lock().map(|data| data.up()).is_some());
        let data = mutex.try_lock().expect("it is free");
        assert_eq!(data.get(), 1 + u32::from(got));
    });
}

/// K3 `try_lock`, `try_lock`.  Property: at most one gets in at a time, at least one does, and the second
/// sees what the first did.
/// Threads: two that try.
/// Interleavings that matter: both read the same ticket; one comes after the other has left.
/// Bound: none.
/// Fails if: `serves` loads with Relaxed, for an attempt after another one; `try_lock` stores the ticket it
/// drew.
/// Not covered: as K2.
#[test]
fn of_two_attempts_one_gets_in() {
    exhaustive(|roles| {
        let mutex = guarded();
        let attempt = || mutex.try_lock().map(|data| data.up()).is_some();
        let (one, other) = roles.at_once(attempt, attempt);
        assert!(one || other, "it was free");
        assert_eq!(mutex.lock().get(), u32::from(one) + u32::from(other));
    });
}

/// K4 lock, `is_locked`.  Property: the holder finds it locked, and once all have left it is not.
/// Threads: one locks and asks, one locks.
/// Interleavings that matter: the other one waits, holds it, or has left.
/// Bound: none.
/// Fails if: `is_locked` compares with the last ticket that was drawn.
/// Not covered: what one that does not hold it is told, which may be stale.
#[test]
fn the_holder_finds_it_locked() {
    exhaustive(|roles| {
        let lock: &TicketLock = leak(TicketLock::new());
        let hold = || {
            lock.lock();
            let locked = RawMutex::is_locked(lock);
            #[expect(unsafe_code, reason = "a raw lock is unlocked by its holder")]
            // SAFETY: it was locked above.
            unsafe {
                lock.unlock();
            }
            locked
        };
        assert_eq!(roles.at_once(hold, hold), (true, true));
        assert!(!RawMutex::is_locked(lock));
    });
}
