//! The cell that is filled once.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::panic::AssertUnwindSafe;
use std::{panic::catch_unwind, sync::Barrier, thread};

use sync_core::spin::{InitOnce, Lazy};
use tests::{Count, Tracker, quiet, scaled, within};

use super::{caught, give_up};

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
fn waiters_go_on_after_a_panic() {
    within(60, || {
        quiet();
        for _ in 0..scaled(50, 2) {
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
fn of_many_callers_one_runs_its_initializer() {
    within(60, || {
        for _ in 0..scaled(50, 2) {
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
#[should_panic = "there is no value"]
#[expect(unsafe_code, reason = "that is what is tested")]
fn unchecked_is_checked_in_debug_builds() {
    let cell = InitOnce::<u8>::uninitialized();
    // SAFETY: it is not; in a debug build that is a panic and not undefined.
    let _ = unsafe { cell.get_unchecked() };
}
