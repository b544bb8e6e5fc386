//! A value that threads and interrupt handlers read, behind a lock that spins.

use alloc::{string::String, sync::Arc, vec::Vec};
use core::fmt::{Debug, Display};
use std::thread;

use super::sync::{
    self,
    blocking::{ConstInit, RawRwLock, RwLock, RwLockReadGuard, RwLockWriteGuard},
    spin::{RwSpinlock, Spinlock},
};

static TEXT: RwLock<String> = RwLock::new(String::new());
static RAW: RwSpinlock = RwSpinlock::INIT;

#[test]
fn readers_share_and_a_writer_is_alone() {
    {
        let first: RwLockReadGuard<'_, String> = TEXT.read();
        let second = TEXT.try_read().expect("readers share");
        assert_eq!((TEXT.reader_count(), TEXT.has_writer()), (2, false));
        assert!(TEXT.try_write().is_none());
        assert_eq!((first.len(), second.as_str()), (0, ""));
    }
    {
        let mut write: RwLockWriteGuard<'_, String> = TEXT.write();
        write.push_str("new");
        assert!(TEXT.has_writer());
        assert!(TEXT.try_read().is_none() && TEXT.try_write().is_none());
        assert!(!format!("{TEXT:?}").contains("new"));
        let bytes: &[u8] = write.as_ref();
        assert_eq!((bytes, format!("{write} {write:?}").as_str()), (&b"new"[..], "new \"new\""));
    }
    {
        let read = TEXT.read();
        let bytes: &[u8] = read.as_ref();
        assert_eq!((bytes, format!("{read} {read:?}").as_str()), (&b"new"[..], "new \"new\""));
        assert!(format!("{TEXT:?}").contains("new"));
    }
    TEXT.try_write().expect("no task reads").clear();
    assert!(TEXT.read().is_empty());
}

#[test]
fn it_belongs_to_its_owner() {
    let mut lock: RwLock<u8> = RwLock::from(1);
    *lock.get_mut() += 1;
    assert_eq!(lock.into_inner(), 2);
    // Not sized, when it is shared.
    let shared: Arc<RwLock<[u8]>> = Arc::new(RwLock::new([3, 1, 2]));
    shared.write().sort_unstable();
    assert_eq!(*shared.read(), [1, 2, 3]);
    let displays: &RwLock<dyn Display> = &RwLock::new(5);
    assert_eq!(displays.read().to_string(), "5");
    assert!(displays.try_read().is_some_and(|read| read.to_string() == "5"));
    assert!(displays.try_write().is_some_and(|write| write.to_string() == "5"));
    assert_eq!((displays.has_writer(), format!("{}", displays.write()).as_str()), (false, "5"));
}

#[test]
fn threads_read_what_is_whole() {
    let pair = RwLock::new((0, 0));
    thread::scope(|scope| {
        scope.spawn(|| {
            for n in 1..=100 {
                let mut pair = pair.write();
                pair.0 = n;
                pair.1 = n;
            }
        });
        scope.spawn(|| {
            while pair.read().0 < 100 {
                let (left, right) = *pair.read();
                assert_eq!(left, right);
                thread::yield_now();
            }
        });
    });
    assert_eq!(pair.into_inner(), (100, 100));
}

/// What an implementation of the trait has to do.
#[expect(unsafe_code, reason = "a raw lock is unlocked by hand")]
fn check_raw(lock: &impl RawRwLock) {
    let state = || (lock.is_locked(), lock.is_locked_exclusive());
    assert_eq!(state(), (false, false));
    lock.lock_shared();
    assert_eq!(state(), (true, false));
    assert!(lock.try_lock_shared() && !lock.try_lock_exclusive());
    // SAFETY: locked above.
    unsafe {
        lock.unlock_shared();
    }
    assert_eq!(state(), (true, false));
    // SAFETY: locked above, twice.
    unsafe {
        lock.unlock_shared();
    }
    lock.lock_exclusive();
    assert!(!lock.try_lock_shared() && !lock.try_lock_exclusive());
    assert_eq!(state(), (true, true));
    // SAFETY: locked above.
    unsafe {
        lock.unlock_exclusive();
    }
    assert!(lock.try_lock_exclusive());
    // SAFETY: locked above.
    unsafe {
        lock.unlock_exclusive();
    }
    assert_eq!(state(), (false, false));
}

/// A lock of the user's: the number of readers, or less than none for a writer.
#[derive(Debug, Default)]
struct Counted(sync::blocking::Mutex<isize, Spinlock>);

impl Counted {
    fn change(&self, from: impl Fn(isize) -> bool, by: isize) -> bool {
        let mut count = self.0.lock();
        let is_free = from(*count);
        if is_free {
            *count += by;
        }
        is_free
    }
}

#[expect(unsafe_code, reason = "a raw lock of the program's own")]
// SAFETY: the count is `-1` while a writer has it, which needs `0`, and readers need it not to be negative.
unsafe impl RawRwLock for Counted {
    type GuardMarker = <RwSpinlock as RawRwLock>::GuardMarker;

    fn lock_shared(&self) {
        while !self.try_lock_shared() {
            thread::yield_now();
        }
    }

    fn try_lock_shared(&self) -> bool {
        self.change(|count| count >= 0, 1)
    }

    unsafe fn unlock_shared(&self) {
        self.change(|_| true, -1);
    }

    fn lock_exclusive(&self) {
        while !self.try_lock_exclusive() {
            thread::yield_now();
        }
    }

    fn try_lock_exclusive(&self) -> bool {
        self.change(|count| count == 0, -1)
    }

    unsafe fn unlock_exclusive(&self) {
        self.change(|_| true, 1);
    }

    fn is_locked(&self) -> bool {
        *self.0.lock() != 0
    }

    fn is_locked_exclusive(&self) -> bool {
        *self.0.lock() < 0
    }
}

#[test]
fn raw_locks_do_what_the_trait_says() {
    check_raw(&RAW);
    check_raw(&Counted::default());
    assert!(!format!("{RAW:?}").is_empty());
}

#[test]
fn the_raw_lock_is_the_users() {
    fn first<Lock: RawRwLock>(lock: &RwLock<Vec<u8>, Lock>) -> Option<u8> {
        let read: RwLockReadGuard<'_, Vec<u8>, Lock> = lock.read();
        read.first().copied()
    }

    let mut lock = RwLock::<Vec<u8>, Counted>::default();
    lock.get_mut().push(1);
    assert_eq!(first(&lock), Some(1));
    {
        let mut write: RwLockWriteGuard<'_, Vec<u8>, Counted> = lock.write();
        write.push(2);
        assert!(lock.has_writer() && lock.try_read().is_none());
    }
    assert!(format!("{lock:?}").contains("[1, 2]"));
    assert_eq!(lock.into_inner(), [1, 2]);
}
