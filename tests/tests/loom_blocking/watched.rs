//! A broken lock of a user's own is found by the guards, which loom watches.

use sync_core::blocking::{Mutex, RawMutex, RawRwLock, RwLock};

use crate::support::{exhaustive, leak};

/// A lock that keeps no task out.
struct Open;

#[expect(unsafe_code, reason = "a broken lock, to be found")]
// SAFETY: it is not; loom says so.
unsafe impl RawMutex for Open {
    type GuardMarker = ();
    fn lock(&self) {}
    fn try_lock(&self) -> bool {
        true
    }
    unsafe fn unlock(&self) {}
    fn is_locked(&self) -> bool {
        false
    }
}

#[expect(unsafe_code, reason = "a broken lock, to be found")]
// SAFETY: it is not; loom says so.
unsafe impl RawRwLock for Open {
    type GuardMarker = ();
    fn lock_shared(&self) {}
    fn try_lock_shared(&self) -> bool {
        true
    }
    unsafe fn unlock_shared(&self) {}
    fn lock_exclusive(&self) {}
    fn try_lock_exclusive(&self) -> bool {
        true
    }
    unsafe fn unlock_exclusive(&self) {}
    fn is_locked(&self) -> bool {
        false
    }
    fn is_locked_exclusive(&self) -> bool {
        false
    }
}

/// L5 guards are watched.  Property: where a user's raw lock lets two in, its model fails, though its data is
/// a plain number.
/// Threads: two that take a guard and touch the data, writing and writing.
/// Interleavings that matter: any; nothing orders the two.
/// Bound: none.
/// Fails if: the library's cells are `core`'s under loom, so that their accesses are not watched.
/// Not covered: an access by a reference that outlives the guard, which does not compile.
#[test]
#[should_panic = "writ"]
fn two_guards_at_once_are_found() {
    exhaustive(|roles| {
        let mutex = leak(Mutex::new_with_raw_mutex(0, Open));
        roles.at_once(|| *mutex.lock() += 1, || *mutex.lock() += 1);
    });
}

/// L6 guards are watched, for as long as they live.  Property: as L5, for a guard that is held while another
/// comes and goes.
/// Threads: one reads, one writes.
/// Interleavings that matter: any.
/// Bound: none.
/// Fails if: as L5.
/// Not covered: as L5.
#[test]
#[should_panic = "writ"]
fn a_reader_beside_a_writer_is_found() {
    exhaustive(|roles| {
        let lock = leak(RwLock::new_with_raw_mutex(0, Open));
        roles.at_once(|| *lock.read(), || *lock.write() += 1);
    });
}
