//! Models of the blocking locks, and of the cells that are filled once.
//!
//! The data under test is a cell of loom's, which fails the model if two threads are at it at once, or if what one did
//! is not ordered before what the next does; and the guards' own cell does the same.
#![cfg(loom)]
#![expect(
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a model runs on a host, and ends where it fails"
)]

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use loom::{cell::UnsafeCell, sync::atomic::AtomicUsize, sync::atomic::Ordering::Relaxed, thread};
use support::{Work, exhaustive, leak, model};
use sync_core::{
    blocking::{DefaultMutex, Mutex, RawMutex, RawRwLock, RwLock},
    spin::{InitOnce, Lazy, RwSpinlock, Spinlock, once::TryInitError},
};

/// A number that loom watches.
struct Data(UnsafeCell<u32>);

#[expect(unsafe_code, reason = "the lock under test is to make it so, and loom watches")]
// SAFETY: loom runs one thread at a time, and fails the model where this is not so.
unsafe impl Sync for Data {}

impl Data {
    fn new() -> Self {
        Self(UnsafeCell::new(0))
    }

    fn get(&self) -> u32 {
        #[expect(unsafe_code, reason = "that is how loom's cell is read")]
        // SAFETY: loom fails the model before the pointer is used where somebody writes.
        self.0.with(|n| unsafe { *n })
    }

    /// Adds one; by `&self`, so that it is the lock that makes it exclusive and not the borrow checker.
    fn up(&self) {
        #[expect(unsafe_code, reason = "that is how loom's cell is written")]
        // SAFETY: loom fails the model before the pointer is used where somebody else is at it.
        self.0.with_mut(|n| unsafe { *n += 1 });
    }
}

type Guarded = Mutex<Data, Spinlock>;

fn guarded() -> &'static Guarded {
    leak(Mutex::new_with_raw_mutex(Data::new(), Spinlock::new()))
}

fn shared() -> &'static RwLock<Data> {
    leak(RwLock::new(Data::new()))
}

/// L1 lock, lock.  Property: one at a time, and the second sees what the first did.
/// Threads: two that lock and add one.
/// Interleavings that matter: the second comes while the first holds the lock, and as it releases it.
/// Bound: none.
/// Fails if: `Spinlock::try_lock` exchanges with Relaxed, or `unlock` stores with Relaxed.
/// Not covered: that nobody starves.
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

/// L3 lock, `try_lock`.  Property: who tries gets in or not, and if so, alone; and once nobody is in, one who tries
/// gets in.
/// Threads: one locks, one tries.
/// Interleavings that matter: the try before, while and after the lock is held.
/// Bound: none.
/// Fails if: `try_lock` of `LockedCell` does not look at what the raw lock says.
/// Not covered: `try_with_lock`, which is the raw lock's.
#[test]
fn who_tries_gets_in_alone_or_not() {
    exhaustive(|roles| {
        let mutex = guarded();
        let ((), got) =
            roles.at_once(|| mutex.lock().up(), || mutex.try_lock().map(|data| data.up()).is_some());
        let data = mutex.try_lock().expect("nobody is in");
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

/// A lock that keeps nobody out.
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

/// L5 guards are watched.  Property: where a user's raw lock lets two in, his model fails, though his data is a plain
/// number.
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

/// L6 guards are watched, for as long as they live.  Property: as L5, for a guard that is held while another comes and
/// goes.
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

/// R2 write, write.  Property: one at a time, and the second sees what the first did; nobody who waited is left in the
/// word, which would keep those who try out for ever.
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
        assert_eq!(lock.try_write().expect("nobody is in, and nobody waits").get(), 2);
    });
}

/// R3 read, read, write.  Property: as R1, with two readers, of which one may be in when the other goes.
/// Threads: three; the main thread reads.
/// Interleavings that matter: the writer is let in by the last reader only, whichever that is, and sees both as gone.
/// Bound: two preemptions.
/// Fails if: `unshare` is Relaxed, so that what the reader did that went first is not before the write.
/// Not covered: three readers.
#[test]
fn a_writer_waits_for_all_readers() {
    model(|_| {
        let lock = shared();
        let writer = thread::spawn(move || lock.write().up());
        let reader = thread::spawn(move || lock.read().get());
        let seen = lock.read().get();
        assert!(seen <= 1 && reader.join().unwrap() <= 1);
        writer.join().unwrap();
        assert_eq!(lock.try_write().expect("nobody is in, and nobody waits").get(), 1);
    });
}

/// R4 write, `try_write`, `try_read`.  Property: as R1, with two writers, of which one may wait as the other goes.
/// Threads: three; the main thread tries to read.
/// Interleavings that matter: the reader comes while one writer holds the lock and the other waits, or between the two.
/// Bound: two preemptions.
/// Fails if: `try_exclude` or `exclude_or_ask` is Relaxed.
/// Not covered: two that wait for a third: loom lets them take turns for ever while the third holds the lock.
#[test]
fn a_reader_may_come_between_two_writers() {
    model(|_| {
        let lock = shared();
        let waits = thread::spawn(move || lock.write().up());
        let tries = thread::spawn(move || lock.try_write().map(|data| data.up()).is_some());
        let seen = lock.try_read().map(|data| data.get());
        waits.join().unwrap();
        let written = 1 + u32::from(tries.join().unwrap());
        assert!(seen.is_none_or(|seen| seen <= written));
        assert_eq!(lock.try_write().expect("nobody is in, and nobody waits").get(), written);
    });
}

/// R5 `try_read`, `try_read`.  Property: both get in: that another reader comes or goes is no reason to refuse.
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

/// R6 `try_read`, write.  Property: who tries gets in, and sees nothing of the write or all of it, or is refused.
/// Threads: one tries to read, one writes.
/// Interleavings that matter: as R1.
/// Bound: none.
/// Fails if: `admits` is always true.
/// Not covered: that it is not refused for no reason; R7 does.
#[test]
fn who_tries_to_read_is_not_beside_a_writer() {
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
        assert_eq!(lock.try_read().expect("nobody is in, and nobody waits").get(), 2);
    });
}

/// R7 a refusal leaves nothing.  Property: a reader that is refused never keeps a writer out, not even for a moment.
/// Threads: one lets a write guard go and tries to take it again, one tries to read meanwhile.
/// Interleavings that matter: the reader is refused because of the first guard, and the second is asked for at once.
/// Bound: none.
/// Fails if: `try_lock_shared` counts itself first and takes that back, as maitake-sync does.
/// Not covered: weak exchanges that fail for no reason; `try_exclude` is a strong one, and loom's do not.
#[test]
fn a_refused_reader_keeps_nobody_out() {
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
        assert!(again || !refused, "nobody was in, and the writer was refused");
    });
}

/// R8 `try_write`, read.  Property: who tries to write gets in alone or not; the reader gets in, after it or before.
/// Threads: one tries to write, one reads.
/// Interleavings that matter: the try while the reader is in, and while it waits.
/// Bound: none.
/// Fails if: `try_exclude` is Relaxed.
/// Not covered: as R6.
#[test]
fn who_tries_to_write_is_not_beside_a_reader() {
    exhaustive(|roles| {
        let lock = shared();
        let (got, seen) =
            roles.at_once(|| lock.try_write().map(|data| data.up()).is_some(), || lock.read().get());
        assert!(seen <= u32::from(got));
        assert_eq!(lock.try_write().expect("nobody is in").get(), u32::from(got));
    });
}

/// R9 `try_write`, `try_write`.  Property: one at a time; and one of them gets in.
/// Threads: two that try to write.
/// Interleavings that matter: as L3.
/// Bound: none.
/// Fails if: `RwCell::try_write` makes a guard whatever the raw lock says.
/// Not covered: as R7.
#[test]
fn one_of_two_who_try_to_write_gets_in() {
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

/// R10 reading while reading.  Property: who reads may read again although a writer waits for the first read to end.
/// Threads: one reads under two guards, one writes.
/// Interleavings that matter: the writer says that it waits between the two.
/// Bound: none.
/// Fails if: `lock_shared_contended` is polite for ever: both spin, and loom stops at its limit of branches.
/// Not covered: how long the second read is delayed.
#[test]
fn who_reads_may_read_again() {
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
        assert_eq!(lock.try_write().expect("nobody is in, and nobody waits").get(), 1);
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

/// O1 `try_init`, `try_init`.  Property: one of them fills the cell, and the other has its value back.
/// Threads: two that try to fill.
/// Interleavings that matter: the second comes while the first writes.
/// Bound: none.
/// Fails if: `begin` claims a cell that is running.
/// Not covered: `init`, which is this and a panic.
#[test]
fn one_of_two_fills_the_cell() {
    exhaustive(|roles| {
        let cell = leak(InitOnce::uninitialized());
        let (one, two) = roles.at_once(
            || cell.try_init(1).map_err(TryInitError::into_inner),
            || cell.try_init(2).map_err(TryInitError::into_inner),
        );
        match (one, two) {
            (Ok(()), Err(2)) => assert_eq!(cell.get(), &1),
            (Err(1), Ok(())) => assert_eq!(cell.get(), &2),
            both => panic!("{both:?}"),
        }
    });
}

/// O2 `init`, `try_get`.  Property: a reader finds no value, or all of it.
/// Threads: one fills, one looks, and looks for what was done before the filling, which is Relaxed.
/// Interleavings that matter: the look while the value is written, and just after.
/// Bound: none.
/// Fails if: `is_ready` or `finish` is Relaxed; or `finish` comes before the value is written.
/// Not covered: `get_unchecked`, whose caller synchronises.
#[test]
fn a_value_is_seen_whole_or_not() {
    exhaustive(|roles| {
        let (cell, work) = (leak(InitOnce::uninitialized()), leak(Work::new()));
        roles.at_once(
            || {
                work.done();
                let data = Data::new();
                data.up();
                assert_eq!(cell.init(data).get(), 1);
            },
            || {
                if let Some(data) = cell.try_get() {
                    assert!(data.get() == 1 && work.seen());
                }
            },
        );
        assert_eq!(cell.get().get(), 1);
    });
}

/// O3 `get_or_else`, `get_or_else`.  Property: one initializer runs, and both see its value.
/// Threads: two that ask.
/// Interleavings that matter: the second comes while the first runs its initializer, and waits.
/// Bound: none.
/// Fails if: `begin` finds the value with Relaxed; or `begin` claims a cell that is running.
/// Not covered: initializers that wait for each other.
#[test]
fn one_initializer_runs() {
    exhaustive(|roles| {
        let (cell, runs) = (leak(InitOnce::uninitialized()), leak(AtomicUsize::new(0)));
        let ask = || {
            cell.get_or_else(|| {
                runs.fetch_add(1, Relaxed);
                let data = Data::new();
                data.up();
                data
            })
            .get()
        };
        assert_eq!(roles.at_once(ask, ask), (1, 1));
        assert_eq!(runs.load(Relaxed), 1);
    });
}

/// A panic that prints nothing.
fn give_up() -> ! {
    resume_unwind(Box::new("given up"))
}

/// O4 an initializer that panics.  Property: the panic goes to the one who ran it; the other, who may have been waiting,
/// fills the cell itself, or has filled it before; and it sees what was done before the panic.
/// Threads: one whose initializer panics, one whose does not.
/// Interleavings that matter: the second comes before, while and after the first runs.
/// Bound: none.
/// Fails if: `Claim` does nothing when it is dropped unwritten: the other spins for ever; or `give_up` is Relaxed, or
/// `begin` is as it claims the cell.
/// Not covered: two that panic at the same time, which loom's threads cannot.
#[test]
fn who_waits_goes_on_after_a_panic() {
    exhaustive(|roles| {
        let (cell, data) = (leak(InitOnce::uninitialized()), leak(Data::new()));
        let (first, seen) = roles.at_once(
            || {
                let ask = || {
                    *cell.get_or_else(|| {
                        data.up();
                        give_up()
                    })
                };
                catch_unwind(AssertUnwindSafe(ask)).ok()
            },
            || {
                *cell.get_or_else(|| {
                    data.up();
                    data.get()
                })
            },
        );
        match first {
            // It found the value of the other, who was first.
            Some(value) => assert_eq!((value, seen), (1, 1)),
            // The other has tried again, and saw what was done before.
            None => assert_eq!(seen, 2),
        }
        assert_eq!(cell.try_get(), Some(&seen));
    });
}

/// O5 `try_init`, `get_or_else`.  Property: one of the two values is there, and who asks gets it.
/// Threads: one tries to fill, one asks.
/// Interleavings that matter: each comes while the other writes.
/// Bound: none.
/// Fails if: `begin` says that a running cell is ready.
/// Not covered: as O1.
#[test]
fn who_asks_gets_what_is_there() {
    exhaustive(|roles| {
        let cell = leak(InitOnce::uninitialized());
        let (filled, seen) = roles.at_once(|| cell.try_init(1_u32).is_ok(), || *cell.get_or_else(|| 2));
        assert_eq!(seen, if filled { 1 } else { 2 });
        assert_eq!(cell.get(), &seen);
    });
}

/// O6 Lazy, Lazy.  Property: its initializer runs once, and both see its value.
/// Threads: two that read.
/// Interleavings that matter: as O3.
/// Bound: none.
/// Fails if: `finish` is Relaxed.
/// Not covered: `get_mut`, for which there is one thread.
#[test]
fn a_lazy_value_is_made_once() {
    exhaustive(|roles| {
        let runs = leak(AtomicUsize::new(0));
        let lazy = leak(Lazy::new(|| {
            runs.fetch_add(1, Relaxed);
            let data = Data::new();
            data.up();
            data
        }));
        let seen = roles.at_once(|| lazy.get().get(), || lazy.get().get());
        assert_eq!(seen, (1, 1));
        assert_eq!(runs.load(Relaxed), 1);
        assert_eq!(lazy.get_if_present().map(Data::get), Some(1));
    });
}

/// O7 a Lazy whose initializer panics the first time.  Property: the panic goes to one, the other gets the value.
/// Threads: two that read.
/// Interleavings that matter: the second waits while the first panics.
/// Bound: none.
/// Fails if: as O4.
/// Not covered: as O4.
#[test]
fn a_lazy_value_is_made_after_a_panic() {
    exhaustive(|roles| {
        let runs = leak(Data::new());
        let lazy = leak(Lazy::new(|| {
            runs.up();
            if runs.get() == 1 {
                give_up();
            }
            7
        }));
        let ask = || catch_unwind(AssertUnwindSafe(|| *lazy.get())).ok();
        let seen = roles.at_once(ask, ask);
        assert!(matches!(seen, (Some(7), None) | (None, Some(7))), "{seen:?}");
        assert_eq!((lazy.get(), runs.get()), (&7, 2));
    });
}
