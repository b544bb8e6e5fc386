//! The blocking locks and the cells that are filled once, with real threads.

#![cfg(not(loom))]

extern crate alloc;

use alloc::{boxed::Box, rc::Rc, string::String, sync::Arc, vec::Vec};
use core::{
    cell::Cell,
    fmt,
    marker::PhantomData,
    panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe},
};
use std::{
    panic::{catch_unwind, panic_any},
    sync::Barrier,
    thread,
};

use sync_core::{
    blocking::{
        ConstInit, DefaultMutex, Mutex, MutexGuard, RawMutex, RawRwLock, RwLock, RwLockReadGuard,
        RwLockWriteGuard,
    },
    spin::{InitOnce, Lazy, RwSpinlock, Spinlock, once::TryInitError},
};
use tests::{Count, SILENT, Tracker, quiet, within};

type Guarded<T> = Mutex<T, Spinlock>;

fn guarded<T>(value: T) -> Guarded<T> {
    Mutex::new_with_raw_mutex(value, Spinlock::new())
}

/// Panics as part of a test.
fn give_up<T>() -> T {
    panic_any(SILENT)
}

/// Runs `f`, which is to panic.
fn caught<T>(f: impl FnOnce() -> T) {
    quiet();
    assert!(catch_unwind(AssertUnwindSafe(f)).is_err(), "it was to panic");
}

// ---- Mutex ----

#[test]
fn a_mutex_lets_one_in() {
    within(60, || {
        let mutex = guarded((0_u32, 0_u32));
        thread::scope(|scope| {
            for n in 0..4 {
                let mutex = &mutex;
                scope.spawn(move || {
                    for round in 0..2_000 {
                        match (n + round) % 3 {
                            0 => mutex.with_lock(|both| (both.0, both.1) = (both.0 + 1, both.1 + 1)),
                            1 => {
                                let mut both = mutex.lock();
                                both.0 += 1;
                                assert_eq!(both.0, both.1 + 1, "somebody else is in");
                                both.1 += 1;
                            }
                            _ => loop {
                                let Some(mut both) = mutex.try_lock() else { continue };
                                both.0 += 1;
                                both.1 += 1;
                                break;
                            },
                        }
                    }
                });
            }
        });
        assert_eq!(mutex.into_inner(), (8_000, 8_000));
    });
}

#[test]
fn a_mutex_that_is_held_refuses() {
    let mutex = guarded(1);
    let guard = mutex.lock();
    assert!(mutex.try_lock().is_none());
    assert!(mutex.try_with_lock(|_| ()).is_none());
    drop(guard);
    assert_eq!(mutex.try_with_lock(|n| *n), Some(1));
    mutex.with_lock(|_| assert!(mutex.try_lock().is_none()));
    assert_eq!(mutex.try_lock().map(|n| *n), Some(1));
}

#[test]
fn a_panic_under_the_mutex_unlocks_it() {
    let mutex = guarded(1);
    caught(|| {
        let mut guard = mutex.lock();
        *guard = 2;
        give_up::<()>();
    });
    assert_eq!(*mutex.try_lock().expect("the panic unlocked it"), 2);
    caught(|| mutex.with_lock(|n| *n = give_up()));
    assert_eq!(*mutex.try_lock().expect("the panics unlocked it"), 2);
}

#[test]
#[expect(unsafe_code, clippy::mem_forget, reason = "that is what is tested")]
fn force_unlock_frees_a_forgotten_lock() {
    let mutex = guarded(1);
    core::mem::forget(mutex.lock());
    assert!(mutex.try_lock().is_none());
    // SAFETY: it is locked, and its guard is gone.
    unsafe { mutex.force_unlock() };
    *mutex.try_lock().expect("it is unlocked") += 1;
    assert_eq!(mutex.into_inner(), 2);
}

#[test]
fn a_mutex_is_made_in_many_ways() {
    static CONST: Guarded<u8> = Mutex::new_with_raw_mutex(1, Spinlock::INIT);
    static DEFAULT: Mutex<u8> = Mutex::new(1);
    assert_eq!((*CONST.lock(), DEFAULT.with_lock(|n| *n)), (1, 1));
    let from: Guarded<u8> = 5.into();
    let from_default: Mutex<u8> = Mutex::from(6);
    let default = Guarded::<u8>::default();
    assert_eq!((from.into_inner(), from_default.into_inner(), default.into_inner()), (5, 6, 0));
    let mut changed = guarded(7);
    *changed.get_mut() += 1;
    assert_eq!(changed.into_inner(), 8);
}

#[test]
fn the_value_may_be_unsized() {
    let mutex: &Guarded<[u8]> = &guarded([1, 2, 3]);
    mutex.lock()[0] = 9;
    assert_eq!(mutex.with_lock(|all| all.len()), 3);
    assert_eq!(format!("{mutex:?}"), "Mutex { data: [9, 2, 3] }");
    let lock: Arc<RwLock<dyn fmt::Debug + Send + Sync>> = Arc::new(RwLock::new("x"));
    assert_eq!(format!("{:?}", lock.read()), "\"x\"");
    assert_eq!(lock.reader_count(), 0);
    assert_eq!(format!("{lock:?}"), "RwLock { data: \"x\" }");
}

#[test]
fn guards_stand_for_their_value() {
    fn as_str(text: &impl AsRef<str>) -> usize {
        text.as_ref().len()
    }
    fn push(bytes: &mut impl AsMut<[u8]>) {
        bytes.as_mut()[0] += 1;
    }
    let mutex = guarded(String::from("mutex"));
    let mut guard = mutex.lock();
    guard.push('!');
    assert_eq!((as_str(&guard), format!("{guard} {guard:?}")), (6, String::from("mutex! \"mutex!\"")));

    let lock = RwLock::new(String::from("lock"));
    let mut guard = lock.write();
    guard.push('!');
    assert_eq!((as_str(&guard), format!("{guard} {guard:?}")), (5, String::from("lock! \"lock!\"")));
    drop(guard);
    let guard = lock.read();
    assert_eq!((as_str(&guard), format!("{guard} {guard:?}")), (5, String::from("lock! \"lock!\"")));

    let (mutex, lock) = (guarded([1_u8]), RwLock::new([1_u8]));
    push(&mut mutex.lock());
    push(&mut lock.write());
    assert_eq!((*mutex.lock(), *lock.read()), ([2], [2]));
}

#[test]
fn locks_that_are_held_print_so_and_do_not_wait() {
    let mutex = guarded(1);
    assert_eq!(format!("{mutex:?}"), "Mutex { data: 1 }");
    let _mutex_guard = mutex.lock();
    assert_eq!(format!("{mutex:?}"), "Mutex { data: <locked> }");
    let lock = RwLock::new(1);
    let reader = lock.read();
    assert_eq!(format!("{lock:?}"), "RwLock { data: 1 }");
    drop(reader);
    let _lock_guard = lock.write();
    assert_eq!(format!("{lock:?}"), "RwLock { data: <locked> }");
}

// ---- RwLock ----

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

#[test]
fn a_lock_lets_readers_in_or_one_writer() {
    within(60, || {
        let lock = RwLock::new((0_u32, 0_u32));
        let inside = Count::new();
        thread::scope(|scope| {
            for n in 0..4 {
                let (lock, inside) = (&lock, &inside);
                scope.spawn(move || {
                    for round in 0..2_000 {
                        match (n + round) % 4 {
                            0 => {
                                let mut both = lock.write();
                                assert_eq!(inside.up(), 0, "somebody else is in");
                                both.0 += 1;
                                assert_eq!(both.0, both.1 + 1);
                                both.1 += 1;
                                inside.down();
                            }
                            1 => {
                                if let Some(mut both) = lock.try_write() {
                                    assert_eq!(inside.up(), 0, "somebody else is in");
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
        assert!(one == two && one >= 2_000, "{one} {two}");
    });
}

#[test]
fn who_is_in_is_counted() {
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
            // Hand over hand: each takes its next guard before it lets the last one go. With two of them the lock would
            // be free by chance only, and with one alone never.
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
fn who_reads_may_read_again_though_a_writer_waits() {
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
        assert_eq!(*lock.try_read().expect("nobody waits any more"), 1);
    });
}

// ---- InitOnce ----

#[test]
fn a_cell_is_filled_once() {
    let cell = InitOnce::uninitialized();
    assert_eq!(cell.try_get(), None);
    assert_eq!(cell.init(1), &1);
    assert_eq!(cell.try_init(2).unwrap_err().into_inner(), 2);
    assert_eq!(cell.get_or_else(|| 3), &1);
    assert_eq!((cell.get(), cell.try_get()), (&1, Some(&1)));
    let mut cell = cell;
    *cell.get_mut().unwrap() += 1;
    assert_eq!(cell.into_inner(), Some(2));
    assert_eq!(InitOnce::<u8>::default().into_inner(), None);
    assert_eq!(InitOnce::<u8>::default().get_mut(), None);
    assert_eq!(InitOnce::from(4).get(), &4);
}

#[test]
#[should_panic = "InitOnce<u8> is not initialized"]
fn reading_an_empty_cell_panics() {
    let _ = InitOnce::<u8>::uninitialized().get();
}

#[test]
#[should_panic = "InitOnce<u8> is already initialized"]
fn filling_a_cell_twice_panics() {
    let cell = InitOnce::from(1_u8);
    cell.init(2);
}

#[test]
fn an_error_says_why() {
    fn is_error<E: core::error::Error>(error: &E) -> String {
        format!("{error} / {error:?}")
    }
    let cell = InitOnce::from(1_u8);
    assert_eq!(
        is_error(&cell.try_init(2).unwrap_err()),
        "InitOnce<u8> is already initialized / TryInitError { type: u8, ready: true, .. }",
    );
    let cell = InitOnce::uninitialized();
    let mut inner = None;
    let _ = cell.get_or_else(|| {
        // It refuses and does not wait, though the cell is empty.
        inner = Some(cell.try_init(2_u8).unwrap_err());
        assert_eq!((cell.try_get(), format!("{cell:?}").as_str()), (None, "<initializing>"));
        1
    });
    assert_eq!(
        is_error(&inner.unwrap()),
        "InitOnce<u8> is being initialized / TryInitError { type: u8, ready: false, .. }",
    );
    assert_eq!(cell.get(), &1);
}

#[test]
fn cells_drop_their_value_once() {
    let tracker = Tracker::new();
    let cell = InitOnce::from(tracker.value(1));
    drop(cell.try_init(tracker.value(2)));
    assert_eq!(tracker.alive(), 1);
    drop(cell);
    assert_eq!((tracker.made(), tracker.dropped()), (2, 2));

    let taken = InitOnce::from(tracker.value(3)).into_inner();
    assert_eq!(tracker.alive(), 1);
    drop(taken);
    assert_eq!((tracker.made(), tracker.dropped()), (3, 3));

    let lazy = Lazy::new(|| tracker.value(4));
    assert_eq!(tracker.made(), 3);
    lazy.init();
    assert_eq!(lazy.number, 4);
    drop(lazy);
    assert_eq!((tracker.made(), tracker.dropped()), (4, 4));

    // Neither was filled, so there is nothing to drop.
    drop(InitOnce::<tests::Tracked>::uninitialized());
    drop(Lazy::<tests::Tracked, _>::new(|| tracker.value(5)));
    assert_eq!((tracker.made(), tracker.dropped()), (4, 4));
}

#[test]
fn a_cell_whose_initializer_panics_is_as_before() {
    within(60, || {
        let tracker = Tracker::new();
        let cell = InitOnce::uninitialized();
        for _ in 0..2 {
            caught(|| {
                let _ = cell.get_or_else(|| {
                    let _lost = tracker.value(0);
                    give_up()
                });
            });
            assert!(cell.try_get().is_none());
            assert_eq!(format!("{cell:?}"), "<uninitialized>");
        }
        assert_eq!(cell.init(tracker.value(1)).number, 1);
        drop(cell);
        assert_eq!((tracker.made(), tracker.dropped()), (3, 3));
    });
}

/// The threads that wait for an initializer that panics try again themselves, one after another.
#[test]
fn those_who_wait_go_on_after_a_panic() {
    within(60, || {
        quiet();
        for _ in 0..50 {
            let (runs, start, cell) = (Count::new(), Barrier::new(4), InitOnce::uninitialized());
            let seen: Vec<_> = thread::scope(|scope| {
                let ask = || {
                    start.wait();
                    let ask = || *cell.get_or_else(|| if runs.up() < 2 { give_up() } else { 7 });
                    catch_unwind(AssertUnwindSafe(ask)).ok()
                };
                let threads = [(); 4].map(|()| scope.spawn(ask));
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert_eq!(seen.iter().filter(|seen| seen.is_none()).count(), 2, "{seen:?}");
            assert_eq!(seen.iter().filter(|seen| **seen == Some(7)).count(), 2, "{seen:?}");
            assert_eq!(runs.get(), 3);
        }
    });
}

#[test]
fn of_many_who_ask_one_runs_its_initializer() {
    within(60, || {
        for _ in 0..50 {
            let (runs, start, cell) = (Count::new(), Barrier::new(4), InitOnce::uninitialized());
            thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        start.wait();
                        let value = cell.get_or_else(|| {
                            runs.up();
                            thread::yield_now();
                            Box::new(7)
                        });
                        assert_eq!(**value, 7);
                    });
                }
            });
            assert_eq!(runs.get(), 1);
        }
    });
}

#[test]
#[expect(unsafe_code, reason = "that is what is tested")]
fn unchecked_is_the_same_value() {
    let cell = InitOnce::from(1);
    // SAFETY: it was filled, by this thread.
    let value = unsafe { cell.get_unchecked() };
    assert!(core::ptr::eq(value, cell.get()));
}

#[cfg(debug_assertions)]
#[test]
#[should_panic = "the value is not there"]
#[expect(unsafe_code, reason = "that is what is tested")]
fn unchecked_is_checked_in_debug_builds() {
    let cell = InitOnce::<u8>::uninitialized();
    // SAFETY: it is not; in a debug build that is a panic and not undefined.
    let _ = unsafe { cell.get_unchecked() };
}

// ---- Lazy ----

#[test]
fn a_lazy_value_is_made_when_it_is_read() {
    static RUNS: Count = Count::new();
    static LAZY: Lazy<u32> = Lazy::new(|| {
        RUNS.up();
        7
    });
    assert_eq!((LAZY.get_if_present(), RUNS.get()), (None, 0));
    assert_eq!(format!("{LAZY:?}"), "<uninitialized>");
    assert_eq!((*LAZY, LAZY.get(), LAZY.get_if_present()), (7, &7, Some(&7)));
    assert_eq!(format!("{LAZY:?}"), "7");
    LAZY.init();
    assert_eq!(RUNS.get(), 1);

    let mut lazy = Lazy::new(|| 1);
    *lazy += 1;
    *lazy.get_mut() += 1;
    assert_eq!(*lazy, 3);
    assert_eq!(*Lazy::<u8>::default(), 0);
}

#[test]
fn a_lazy_whose_initializer_panics_tries_again() {
    within(60, || {
        let runs = Count::new();
        let lazy = Lazy::new(|| if runs.up() == 0 { give_up() } else { 7 });
        caught(|| *lazy.get());
        assert_eq!((lazy.get_if_present(), *lazy.get(), runs.get()), (None, 7, 2));

        let mut lazy = Lazy::new(|| if runs.up() == 2 { give_up() } else { 8 });
        caught(AssertUnwindSafe(|| *lazy.get_mut()));
        assert_eq!(*lazy.get_mut(), 8);
    });
}

/// What an interrupt handler does may be done while the initializer runs.
#[test]
fn looking_never_waits() {
    static LAZY: Lazy<bool> =
        Lazy::new(|| LAZY.get_if_present().is_none() && format!("{LAZY:?}") == "<initializing>");
    assert!(*LAZY);
}

// ---- As in maitake-sync ----

/// The same text, compiled and run against either library: all that 0.3.0 has of these types.
macro_rules! program {
    ($name:ident, $library:ident) => {
        #[test]
        #[expect(unsafe_code, clippy::mem_forget, reason = "part of the surface")]
        fn $name() {
            use $library::{
                blocking::{self, ConstInit, DefaultMutex, RawMutex, RawRwLock, ScopedRawMutex},
                spin::{self, InitOnce, Lazy, RwSpinlock, Spinlock, once},
            };

            type Guarded<T> = blocking::Mutex<T, Spinlock>;

            fn raw<L: RawMutex<GuardMarker = ()> + ScopedRawMutex + ConstInit + fmt::Debug>(_: &L) {}
            fn raw_rw<L: RawRwLock<GuardMarker = ()> + ConstInit + fmt::Debug>(_: &L) {}

            static MUTEX: blocking::Mutex<u8> = blocking::Mutex::new(1);
            static LOCK: blocking::RwLock<u8> = blocking::RwLock::new(1);
            static ONCE: InitOnce<u8> = InitOnce::uninitialized();
            static LAZY: Lazy<u8> = Lazy::new(|| 1);
            assert_eq!((MUTEX.with_lock(|n| *n), *LOCK.read(), *ONCE.init(1), *LAZY), (1, 1, 1, 1));

            let (spinlock, rw_spinlock) = (Spinlock::INIT, RwSpinlock::INIT);
            raw(&spinlock);
            raw_rw(&rw_spinlock);
            let _: (DefaultMutex, spin::Spinlock) = Default::default();

            let mut mutex: Guarded<String> = Guarded::new_with_raw_mutex(String::new(), Spinlock::new());
            let mut guard: blocking::MutexGuard<'_, String, Spinlock> = mutex.lock();
            guard.push('a');
            let (_, _): (&str, String) = (guard.as_ref(), format!("{guard} {guard:?}"));
            drop(guard);
            assert!(mutex.try_lock().is_some_and(|text| *text == "a"));
            assert_eq!(mutex.try_with_lock(|text| text.len()), Some(1));
            core::mem::forget(mutex.try_lock());
            // SAFETY: it is locked, and its guard is gone.
            unsafe { mutex.force_unlock() };
            assert!(mutex.try_lock().is_some());
            mutex.get_mut().push('b');
            assert_eq!((format!("{mutex:?}").is_empty(), mutex.into_inner().as_str()), (false, "ab"));
            let _ = Guarded::<u8>::default();

            let mut lock = blocking::RwLock::from(String::new());
            let mut guard: blocking::RwLockWriteGuard<'_, String> = lock.write();
            guard.push('a');
            let (_, _): (&str, String) = (guard.as_ref(), format!("{guard} {guard:?}"));
            assert!(lock.has_writer() && lock.try_read().is_none() && lock.try_write().is_none());
            drop(guard);
            let guard: blocking::RwLockReadGuard<'_, String> = lock.read();
            let (_, _): (&str, String) = (guard.as_ref(), format!("{guard} {guard:?}"));
            assert_eq!((lock.reader_count(), lock.try_read().is_some()), (1, true));
            drop(guard);
            lock.get_mut().push('b');
            assert_eq!((format!("{lock:?}").is_empty(), lock.into_inner().as_str()), (false, "ab"));
            let unsized_lock: &blocking::RwLock<[u8]> = &blocking::RwLock::new([1]);
            assert_eq!(unsized_lock.read().len(), 1);

            let once: InitOnce<String> = InitOnce::uninitialized();
            assert!(once.try_get().is_none());
            assert_eq!(format!("{once:?}"), "<uninitialized>");
            assert_eq!(once.get_or_else(|| String::from("a")), "a");
            let error: once::TryInitError<String> = once.try_init(String::from("b")).unwrap_err();
            assert!(format!("{error}").contains("already initialized"));
            assert_eq!((error.into_inner().as_str(), once.get().as_str()), ("b", "a"));
            // SAFETY: it was filled.
            let unchecked = unsafe { once.get_unchecked() };
            assert_eq!((unchecked.as_str(), format!("{once:?}").as_str()), ("a", "\"a\""));

            let mut lazy: Lazy<u8, _> = Lazy::new(|| 1);
            assert!(lazy.get_if_present().is_none());
            lazy.init();
            *lazy += 1;
            *lazy.get_mut() += 1;
            assert_eq!((*lazy.get(), *lazy, format!("{lazy:?}").as_str()), (3, 3, "3"));
        }
    };
}

program!(a_program_with_maitake_sync, maitake_sync);
program!(the_same_program_with_this_library, sync_core);

// ---- Auto traits ----

macro_rules! probes {
    ($($module:ident: $bound:ident;)*) => {$(
        mod $module {
            use super::*;

            pub(super) struct Check<T: ?Sized>(PhantomData<T>);

            impl<T: ?Sized + $bound> Check<T> {
                pub(super) const HAS: bool = true;
            }

            pub(super) trait Otherwise {
                const HAS: bool = false;
            }

            impl<T: ?Sized> Otherwise for Check<T> {}
        }
    )*};
}

probes! {
    send: Send;
    sync: Sync;
    unpin: Unpin;
    unwind: UnwindSafe;
    ref_unwind: RefUnwindSafe;
}

use self::{
    ref_unwind::Otherwise as _, send::Otherwise as _, sync::Otherwise as _, unpin::Otherwise as _,
    unwind::Otherwise as _,
};

/// A row: the type, then for each of the five traits `+` (it has it), `-` (it must not) or `.` (no promise).
macro_rules! table {
    ($($type:ty: $send:tt $sync:tt $unpin:tt $unwind:tt $ref_unwind:tt;)*) => {$(
        table!(@ $type, send, $send);
        table!(@ $type, sync, $sync);
        table!(@ $type, unpin, $unpin);
        table!(@ $type, unwind, $unwind);
        table!(@ $type, ref_unwind, $ref_unwind);
    )*};
    (@ $type:ty, $probe:ident, +) => {
        const _: () = assert!(
            <$probe::Check<$type>>::HAS,
            concat!(stringify!($type), " is not ", stringify!($probe)),
        );
    };
    (@ $type:ty, $probe:ident, -) => {
        const _: () = assert!(
            !<$probe::Check<$type>>::HAS,
            concat!(stringify!($type), " is ", stringify!($probe)),
        );
    };
    (@ $type:ty, $probe:ident, .) => {};
}

/// May be looked at from other threads, but not go there.
struct NotSend(PhantomData<Rc<()>>);

#[expect(unsafe_code, reason = "a type with exactly one of the two traits")]
// SAFETY: there is nothing in it.
unsafe impl Sync for NotSend {}

/// May go to another thread, but not be shared.
type NotSync = Cell<u8>;

/// Raw locks that are never taken: `Local` is not `Sync`, and `Bound` must be released where it was taken.
#[derive(Default)]
struct Local(PhantomData<Cell<()>>);
struct Bound;

macro_rules! raw {
    ($($lock:ty, $marker:ty;)*) => {$(
        #[expect(unsafe_code, reason = "raw locks are unsafe to implement")]
        // SAFETY: nobody takes it twice, as nobody takes it at all.
        unsafe impl RawMutex for $lock {
            type GuardMarker = $marker;
            fn lock(&self) {
                unreachable!("it is never taken")
            }
            fn try_lock(&self) -> bool {
                false
            }
            unsafe fn unlock(&self) {}
            fn is_locked(&self) -> bool {
                false
            }
        }

        #[expect(unsafe_code, reason = "raw locks are unsafe to implement")]
        // SAFETY: as above.
        unsafe impl RawRwLock for $lock {
            type GuardMarker = $marker;
            fn lock_shared(&self) {
                unreachable!("it is never taken")
            }
            fn try_lock_shared(&self) -> bool {
                false
            }
            unsafe fn unlock_shared(&self) {}
            fn lock_exclusive(&self) {
                unreachable!("it is never taken")
            }
            fn try_lock_exclusive(&self) -> bool {
                false
            }
            unsafe fn unlock_exclusive(&self) {}
            fn is_locked(&self) -> bool {
                false
            }
            fn is_locked_exclusive(&self) -> bool {
                false
            }
        }
    )*};
}

raw! {
    Local, ();
    Bound, PhantomData<*const ()>;
}

table! {
    //                                                Send Sync Unpin Unwind RefUnwind
    RwSpinlock:                                       + + + + +;
    // The table knows what it asks.
    &'static mut u8:                                  + + + - +;
    core::marker::PhantomPinned:                      + + - + +;

    MutexGuard<'static, u8, Spinlock>:                + - + + +;
    MutexGuard<'static, NotSync, Spinlock>:           + - + . .;
    MutexGuard<'static, NotSend, Spinlock>:           - - + . .;
    MutexGuard<'static, u8, Local>:                   - - + . .;
    MutexGuard<'static, u8, Bound>:                   - - + . .;

    RwLock<u8>:                                       + + + + .;
    RwLock<[u8]>:                                     + + . + .;
    RwLock<NotSync>:                                  + - + . .;
    RwLock<NotSend>:                                  - - + . .;
    RwLock<u8, Local>:                                + - + . .;
    RwLock<u8, Bound>:                                + + + . .;

    RwLockReadGuard<'static, u8>:                     + + + + +;
    RwLockReadGuard<'static, NotSync>:                - - + . .;
    RwLockReadGuard<'static, NotSend>:                + + + . .;
    RwLockReadGuard<'static, u8, Local>:              - - + . .;
    RwLockReadGuard<'static, u8, Bound>:              - + + . .;

    RwLockWriteGuard<'static, u8>:                    + + + + +;
    RwLockWriteGuard<'static, NotSync>:               - - + . .;
    RwLockWriteGuard<'static, NotSend>:               - - + . .;
    // maitake-sync has `Send` here, and the lock is then used from two threads.
    RwLockWriteGuard<'static, u8, Local>:             - + + . .;
    RwLockWriteGuard<'static, u8, Bound>:             - + + . .;

    InitOnce<u8>:                                     + + + + +;
    InitOnce<NotSync>:                                + - + . -;
    // maitake-sync has `Sync` here, and a value that one thread puts in is dropped by another.
    InitOnce<NotSend>:                                - - + . .;
    Lazy<u8>:                                         + + + + +;
    Lazy<NotSync>:                                    + - + . -;
    Lazy<NotSend>:                                    - - + . .;
    Lazy<u8, NotSync>:                                + - + . .;
    Lazy<u8, NotSend>:                                - + + . .;
    TryInitError<u8>:                                 + + + + +;
    TryInitError<NotSync>:                            + - + . -;
    TryInitError<NotSend>:                            - + + . .;

    Mutex<[u8], Spinlock>:                            + + . + .;
    Mutex<u8, DefaultMutex>:                          + + + + .;
}
