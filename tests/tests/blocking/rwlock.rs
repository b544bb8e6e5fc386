//! The readers-writer lock, with raw locks of ours and of a user's own.

use std::{sync::Barrier, thread};

use sync_core::{
    blocking::{ConstInit, RawRwLock, RwLock},
    spin::RwSpinlock,
};
use tests::{Count, scaled, within};

use super::{caught, give_up};

/// A raw lock of a user's own, that counts what is done with it.
#[derive(Default)]
struct Counted {
    inner: RwSpinlock,
    calls: Count,
}

#[expect(unsafe_code, reason = "raw locks are unsafe to implement")]
// SAFETY: each method is that of the one inner lock.
unsafe impl RawRwLock for Counted {
    type GuardMarker = ();
    fn lock_shared(&self) {
        self.calls.up();
        self.inner.lock_shared();
    }
    fn try_lock_shared(&self) -> bool {
        self.calls.up();
        self.inner.try_lock_shared()
    }
    unsafe fn unlock_shared(&self) {
        self.calls.up();
        // SAFETY: as the caller promises.
        unsafe { self.inner.unlock_shared() };
    }
    fn lock_exclusive(&self) {
        self.calls.up();
        self.inner.lock_exclusive();
    }
    fn try_lock_exclusive(&self) -> bool {
        self.calls.up();
        self.inner.try_lock_exclusive()
    }
    unsafe fn unlock_exclusive(&self) {
        self.calls.up();
        // SAFETY: as the caller promises.
        unsafe { self.inner.unlock_exclusive() };
    }
    fn is_locked(&self) -> bool {
        self.inner.is_locked()
    }
    fn is_locked_exclusive(&self) -> bool {
        self.inner.is_locked_exclusive()
    }
}

#[test]
fn a_lock_of_ones_own_has_everything_too() {
    let calls = |lock: &RwLock<u8, Counted>| format!("{lock:?}");
    let mut lock = RwLock::new_with_raw_mutex(1, Counted::default());
    *lock.write() += 1;
    assert_eq!(*lock.read(), 2);
    assert!(lock.try_write().is_some() && lock.try_read().is_some());
    let writer = lock.try_write();
    assert!(lock.has_writer());
    assert!(lock.try_read().is_none());
    assert_eq!(calls(&lock), "RwLock { data: <locked> }");
    drop(writer);
    *lock.get_mut() += 1;
    assert_eq!(lock.into_inner(), 3);
    let default = RwLock::<u8, Counted>::default();
    assert_eq!(calls(&default), "RwLock { data: 0 }");
}

#[test]
fn each_lock_is_released_once() {
    static CALLS: Count = Count::new();
    struct Logging;
    #[expect(unsafe_code, reason = "raw locks are unsafe to implement")]
    // SAFETY: it is used by one thread, for one guard at a time.
    unsafe impl RawRwLock for Logging {
        type GuardMarker = ();
        fn lock_shared(&self) {
            CALLS.add(1);
        }
        fn try_lock_shared(&self) -> bool {
            CALLS.add(10);
            true
        }
        unsafe fn unlock_shared(&self) {
            CALLS.add(100);
        }
        fn lock_exclusive(&self) {
            CALLS.add(1_000);
        }
        fn try_lock_exclusive(&self) -> bool {
            CALLS.add(10_000);
            true
        }
        unsafe fn unlock_exclusive(&self) {
            CALLS.add(100_000);
        }
        fn is_locked(&self) -> bool {
            false
        }
        fn is_locked_exclusive(&self) -> bool {
            false
        }
    }
    let lock = RwLock::new_with_raw_mutex((), Logging);
    drop(lock.read());
    drop(lock.try_read());
    drop(lock.write());
    drop(lock.try_write());
    assert_eq!(CALLS.get(), 211_211);
}

/// What each thread does.
const ROUNDS: usize = scaled(2_000, 8);

#[test]
fn a_lock_lets_readers_in_or_one_writer() {
    within(60, || {
        let lock = RwLock::new((0_usize, 0_usize));
        let inside = Count::new();
        thread::scope(|scope| {
            for n in 0..4 {
                let (lock, inside) = (&lock, &inside);
                scope.spawn(move || {
                    for round in 0..ROUNDS {
                        match (n + round) % 4 {
                            0 => {
                                let mut both = lock.write();
                                assert_eq!(inside.up(), 0, "another task is in");
                                both.0 += 1;
                                assert_eq!(both.0, both.1 + 1);
                                both.1 += 1;
                                inside.down();
                            }
                            1 => {
                                if let Some(mut both) = lock.try_write() {
                                    assert_eq!(inside.up(), 0, "another task is in");
                                    both.0 += 1;
                                    both.1 += 1;
                                    inside.down();
                                }
                            }
                            2 => {
                                let both = lock.read();
                                inside.add(1_000);
                                assert_eq!(both.0, both.1);
                                assert_eq!(inside.get() % 1_000, 0, "a writer is in");
                                inside.add(1_000_usize.wrapping_neg());
                            }
                            _ => {
                                if let Some(both) = lock.try_read() {
                                    assert_eq!(both.0, both.1);
                                }
                            }
                        }
                    }
                });
            }
        });
        let (one, two) = lock.into_inner();
        assert!(one == two && one >= ROUNDS, "{one} {two}");
    });
}

#[test]
fn a_waiter_that_is_in_is_counted() {
    let lock = RwLock::new(0);
    assert_eq!((lock.reader_count(), lock.has_writer()), (0, false));
    let readers = [lock.read(), lock.read(), lock.try_read().unwrap()];
    assert_eq!((lock.reader_count(), lock.has_writer()), (3, false));
    assert!(lock.try_write().is_none());
    drop(readers);
    let writer = lock.write();
    assert_eq!((lock.reader_count(), lock.has_writer()), (0, true));
    assert!(lock.try_write().is_none());
    assert!(lock.try_read().is_none());
    drop(writer);
    assert_eq!((lock.reader_count(), lock.has_writer()), (0, false));
}

#[test]
fn a_panic_under_the_lock_unlocks_it() {
    let lock = RwLock::new(1);
    caught(|| {
        let _reader = lock.read();
        give_up::<()>();
    });
    caught(|| {
        let mut writer = lock.try_write().expect("the panic unlocked it");
        *writer = 2;
        give_up::<()>();
    });
    assert_eq!(*lock.try_write().expect("the panics unlocked it"), 2);
}

#[test]
fn a_lock_is_made_in_many_ways() {
    static CONST: RwLock<u8> = RwLock::new_with_raw_mutex(1, RwSpinlock::INIT);
    assert_eq!(*CONST.read(), 1);
    // Nothing here says which lock; it compiles with maitake-sync.
    let from = RwLock::from(2);
    let into: RwLock<u8> = 3.into();
    let default = RwLock::<u8>::default();
    assert_eq!((from.into_inner(), into.into_inner(), default.into_inner()), (2, 3, 0));
    assert_eq!(
        format!("{:?}", RwSpinlock::default()),
        "RwSpinlock { readers: 0, writer: false, waiting: false }"
    );
}

/// Readers that overlap, so that the lock is never free of them, do not keep a writer out.
#[test]
fn a_stream_of_readers_does_not_starve_a_writer() {
    within(60, || {
        let lock = RwLock::new(false);
        let start = Barrier::new(3);
        thread::scope(|scope| {
            // Hand over hand: each takes its next guard before it lets the last one go. With two of them the
            // lock would be free by chance only, and with one alone never.
            for _ in 0..2 {
                scope.spawn(|| {
                    let mut guard = lock.read();
                    start.wait();
                    while !*guard {
                        if let Some(next) = lock.try_read() {
                            guard = next;
                        } else {
                            // A writer waits: what was taken is given back, as by a reader that finishes.
                            drop(guard);
                            guard = lock.read();
                        }
                    }
                });
            }
            start.wait();
            *lock.write() = true;
        });
        assert!(lock.into_inner());
    });
}

/// A writer that waits for a reader does not keep that reader from reading again, and gets in afterwards.
#[test]
fn a_reader_may_read_again_though_a_writer_waits() {
    within(60, || {
        let lock = RwLock::new(0);
        thread::scope(|scope| {
            let first = lock.read();
            let writer = scope.spawn(|| *lock.write() = 1);
            // It is refused as soon as the writer says that it waits.
            while lock.try_read().is_some() {
                thread::yield_now();
            }
            let second = lock.read();
            assert_eq!((*first, *second), (0, 0));
            drop((first, second));
            writer.join().unwrap();
        });
        assert_eq!(*lock.try_read().expect("no task waits any more"), 1);
    });
}
