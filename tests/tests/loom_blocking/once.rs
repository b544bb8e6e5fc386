//! The cells that are filled once.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use loom::{sync::atomic::AtomicUsize, sync::atomic::Ordering::Relaxed};
use sync_core::spin::{InitOnce, Lazy, once::TryInitError};

use super::Data;
use crate::support::{Work, exhaustive, leak};

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

/// O4 an initializer that panics.  Property: the panic goes to the one that ran it; the other, which may have
/// been waiting, fills the cell itself, or has filled it before; and it sees what was done before the panic.
/// Threads: one whose initializer panics, one whose does not.
/// Interleavings that matter: the second comes before, while and after the first runs.
/// Bound: none.
/// Fails if: `Claim` does nothing when it is dropped unwritten: the other spins forever; or `give_up` is
/// Relaxed, or `begin` is as it claims the cell.
/// Not covered: two that panic at the same time, which loom's threads cannot.
#[test]
fn a_waiter_goes_on_after_a_panic() {
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
            // It found the value of the other, which was first.
            Some(value) => assert_eq!((value, seen), (1, 1)),
            // The other has tried again, and saw what was done before.
            None => assert_eq!(seen, 2),
        }
        assert_eq!(cell.try_get(), Some(&seen));
    });
}

/// O5 `try_init`, `get_or_else`.  Property: one of the two values is there, and a task that asks gets it.
/// Threads: one tries to fill, one asks.
/// Interleavings that matter: each comes while the other writes.
/// Bound: none.
/// Fails if: `begin` says that a running cell is ready.
/// Not covered: as O1.
#[test]
fn a_task_that_asks_gets_what_is_there() {
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

/// O7 a Lazy whose initializer panics the first time.  Property: the panic goes to one, the other gets the
/// value.
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
