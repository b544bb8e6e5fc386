//! `match = up_to`: level-triggered, in order of position.

use alloc::{boxed::Box, sync::Arc, vec, vec::Vec};
use core::{
    cell::Cell,
    panic::AssertUnwindSafe,
    pin::pin,
    task::{Context, Poll},
};
use std::panic::catch_unwind;

use sync_core::{Position, spin::Spinlock, wait_map};
use tests::{Count, Hooks, SILENT, Shared, Task, leak, quiet, watched};

use super::{Waiter, closed, ready};

/// Up to where the log is on disk.
#[wait_map(key = u64, match = up_to)]
struct Flushed;

/// What the other side has acknowledged.
#[wait_map(key = u8, match = up_to, wrapping)]
struct Acked;

/// A map of any position.
#[wait_map(key = N, match = up_to, future = Until)]
struct Reached<N>;

#[test]
fn what_is_reached_is_ready_at_once() {
    let flushed = Flushed::starting_at(10);
    assert_eq!(ready(flushed.wait(10)), Ok(10));
    assert_eq!(ready(flushed.wait(3)), Ok(10));
    assert_eq!(ready(Flushed::new().wait(0)), Ok(0));
}

#[test]
fn a_position_that_is_reached_is_reached_after_close_too() {
    let flushed = Flushed::starting_at(5);
    let waiting = Waiter::queued(flushed.wait(6));
    flushed.close();
    assert!(flushed.is_closed());
    assert_eq!(waiting.yields_once(), Err(closed()));
    assert_eq!(ready(flushed.wait(5)), Ok(5));
    assert_eq!(ready(flushed.wait(6)), Err(closed()));
    // It goes on moving, for those that ask.
    assert_eq!((flushed.advance(6), flushed.current()), (0, 6));
    assert_eq!(ready(flushed.wait(6)), Ok(6));
}

#[test]
fn going_back_changes_nothing() {
    let flushed = Flushed::starting_at(5);
    let waiting = Waiter::queued(flushed.wait(6));
    assert_eq!((flushed.advance(4), flushed.advance(5), flushed.current()), (0, 0, 5));
    waiting.waits();
    assert_eq!((flushed.advance(6), flushed.advance(0), flushed.current()), (1, 0, 6));
    assert_eq!(waiting.yields_once(), Ok(6));
}

#[test]
fn waiters_that_are_reached_are_woken_and_see_the_position() {
    let flushed = Flushed::new();
    let mut waiting: Vec<_> =
        [3, 1, 4, 1, 5, 9, 2, 6].map(|until| Waiter::queued(flushed.wait(until))).into();
    assert_eq!(flushed.advance(4), 5);
    let woken: Vec<_> = waiting.iter().map(Waiter::is_told).collect();
    assert_eq!(woken, [true, true, true, true, false, false, true, false]);
    waiting.remove(5).waits();
    assert_eq!(flushed.advance(100), 2);
    let yielded: Vec<_> = waiting.into_iter().map(Waiter::yields_once).collect();
    assert_eq!(yielded, [4, 4, 4, 4, 100, 4, 100].map(Ok));
}

/// Wakers that note in which order they are called.
#[test]
fn the_waiter_reached_first_is_woken_first() {
    let flushed = Flushed::new();
    let order: &'static Shared<Vec<usize>> = leak(Shared::new(Vec::new()));
    let untils = [7, 3, 9, 3, 1, 7, 2, 8];
    let mut waits: Vec<_> = untils.iter().map(|until| Box::pin(flushed.wait(*until))).collect();
    for (at, wait) in waits.iter_mut().enumerate() {
        let waker = Hooks::new().on_wake(move || order.lock().push(at)).waker();
        assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    assert_eq!(flushed.advance(8), 7);
    // Equal ones in the order in which they came.
    assert_eq!(*order.lock(), [4, 6, 1, 3, 0, 5, 7]);
}

#[test]
fn more_than_fit_in_a_batch_are_woken() {
    let flushed = Flushed::new();
    let waiting: Vec<_> = (1..=100).rev().map(|until| Waiter::queued(flushed.wait(until))).collect();
    assert_eq!(flushed.advance(70), 70);
    for (until, waiting) in (1..=100).rev().zip(waiting) {
        if until > 70 {
            waiting.waits();
        } else {
            assert_eq!(waiting.yields_once(), Ok(70));
        }
    }
}

#[test]
fn sequence_numbers_wrap_across_the_end() {
    let acked = Acked::starting_at(250);
    assert_eq!(ready(acked.wait(200)), Ok(250));
    assert_eq!(ready(acked.wait(123)), Ok(250), "less than half the range behind");
    let (over, before) = (Waiter::queued(acked.wait(3)), Waiter::queued(acked.wait(255)));
    let far = Waiter::queued(acked.wait(121));
    assert_eq!(acked.advance(254), 0);
    assert_eq!(acked.advance(0), 1, "0 comes after 255");
    assert_eq!(before.yields_once(), Ok(0));
    assert_eq!((acked.advance(255), acked.current()), (0, 0), "which is behind now");
    assert_eq!(acked.advance(3), 1);
    assert_eq!(over.yields_once(), Ok(3));
    far.waits();
    assert_eq!(acked.advance(121), 1);
    assert_eq!(far.yields_once(), Ok(121));
    assert_eq!(ready(acked.wait(121)), Ok(121));
    assert_eq!(Acked::new().current(), 0);
    assert_eq!(Acked::<Spinlock>::default().current(), 0);
}

/// A task that waits for less than half the range ahead is in line in that order, wherever zero is.
#[test]
fn waiters_across_the_end_are_in_order() {
    let acked = Acked::starting_at(200);
    let untils = [10, 201, 255, 60, 0, 230];
    let mut waiting: Vec<_> =
        untils.iter().map(|&until| (until, Waiter::queued(acked.wait(until)))).collect();
    for (to, expected) in [(220, vec![201]), (240, vec![230]), (5, vec![255, 0]), (60, vec![10, 60])] {
        assert_eq!(acked.advance(to), expected.len());
        for until in expected {
            let at = waiting.iter().position(|(other, _)| *other == until).unwrap();
            assert_eq!(waiting.swap_remove(at).1.yields_once(), Ok(to));
        }
    }
}

/// A task that comes between two batches of wakers is behind those that are let go, also where the order says
/// otherwise: 200 is before 0, and 0 is reached.
#[test]
fn a_newcomer_between_two_batches_delays_no_waiter() {
    let acked: &'static Acked = leak(Acked::starting_at(255));
    let newcomer = leak(Shared::new(None));
    let mut waits: Vec<_> = (0..100).map(|_| Box::pin(acked.wait(0))).collect();
    let woken = leak(Count::new());
    for wait in &mut waits {
        let hooks = Hooks::new().on_wake(|| {
            if woken.up() == 0 {
                *newcomer.lock() = Some(Waiter::queued(acked.wait(200)));
            }
        });
        assert!(wait.as_mut().poll(&mut Context::from_waker(&hooks.waker())).is_pending());
    }
    assert_eq!((acked.advance(100), woken.get()), (100, 100));
    assert!(waits.into_iter().all(|wait| ready(wait) == Ok(100)));
    newcomer.lock().as_mut().unwrap().waits();
    assert_eq!(acked.advance(200), 1);
    assert_eq!(newcomer.lock().take().unwrap().yields_once(), Ok(200));
}

#[test]
fn a_wait_that_is_dropped_is_not_counted() {
    let flushed = Flushed::new();
    let (first, second, third) =
        (Waiter::queued(flushed.wait(1)), Waiter::queued(flushed.wait(1)), Waiter::queued(flushed.wait(2)));
    drop(first);
    assert_eq!(flushed.advance(1), 1);
    // Woken and dropped: the position is there for all.
    drop(second);
    assert_eq!(ready(flushed.wait(1)), Ok(1));
    drop(third);
    assert_eq!(flushed.advance(2), 0);
}

#[test]
fn subscribing_takes_a_place_or_the_position() {
    let flushed = Flushed::new();
    let mut wait = pin!(flushed.wait(1));
    assert_eq!(ready(wait.as_mut().subscribe()), Ok(()));
    assert_eq!(flushed.advance(1), 1);
    assert_eq!(ready(wait.as_mut()), Ok(1));

    let mut wait = pin!(flushed.wait(1));
    assert_eq!(ready(wait.as_mut().subscribe()), Ok(()), "reached");
    assert_eq!(flushed.advance(2), 0);
    assert_eq!(ready(wait.as_mut()), Ok(1), "the position by which it was reached");

    flushed.close();
    let mut wait = pin!(flushed.wait(3));
    assert_eq!(ready(wait.as_mut().subscribe()), Err(closed()));
}

#[test]
fn an_owned_wait_keeps_the_map() {
    let flushed = Arc::new(Flushed::new_with_raw_mutex(Spinlock::new()));
    let waiting: Waiter<FlushedWaitOwned<Spinlock>> = Waiter::queued(flushed.wait_owned(2));
    assert_eq!(Arc::strong_count(&flushed), 2);
    assert_eq!(flushed.advance(2), 1);
    assert_eq!(waiting.yields_once(), Ok(2));
    assert_eq!(Arc::strong_count(&flushed), 1);
}

/// A position that starts at one, and is not an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Page(u32);

impl Position for Page {
    const START: Self = Self(1);
}

#[test]
fn positions_of_ones_own() {
    static START: Reached<Page> = Reached::new();
    assert_eq!(START.current(), Page(1));
    let reached: Reached<Page, Spinlock> = Reached::default();
    let waiting: Waiter<Until<'_, Page, Spinlock>> = Waiter::queued(reached.wait(Page(2)));
    assert_eq!(reached.advance(Page(2)), 1);
    assert_eq!(waiting.yields_once(), Ok(Page(2)));
    let pairs = Reached::starting_at((1, 'b'));
    assert_eq!(ready(pairs.wait((1, 'a'))), Ok((1, 'b')));
    assert_eq!(Reached::starting_at_with_raw_mutex("b", Spinlock::new()).current(), "b");
}

#[test]
fn debug_says_what_can_be_said() {
    let flushed = Flushed::new();
    let waiting = Waiter::queued(flushed.wait(1));
    assert_eq!(std::format!("{flushed:?}"), "Flushed { closed: false, waiters: 1, .. }");
    drop(waiting);
}

thread_local! {
    /// How many comparisons go well.
    static PATIENCE: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// A position whose comparison panics when the thread's patience is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Touchy(u8);

impl PartialOrd for Touchy {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Touchy {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        let left = PATIENCE.get().checked_sub(1).unwrap_or_else(|| std::panic::panic_any(SILENT));
        PATIENCE.set(left);
        self.0.cmp(&other.0)
    }
}

#[test]
fn a_comparison_that_panics_loses_no_waiter() {
    quiet();
    // Whatever comparison it is that panics, the next `advance` wakes those that this one did not.
    for patience in 0..12 {
        let reached = Reached::starting_at(Touchy(0));
        let waiting: Vec<_> = [2, 3, 1].map(|until| Waiter::queued(reached.wait(Touchy(until)))).into();
        PATIENCE.set(patience);
        let panicked = catch_unwind(AssertUnwindSafe(|| reached.advance(Touchy(3))));
        PATIENCE.set(usize::MAX);
        let woken = waiting.iter().filter(|waiting| waiting.is_told()).count();
        assert_eq!(panicked.unwrap_or(woken), woken);
        assert_eq!(reached.advance(Touchy(9)), 3 - woken);
        for waiting in waiting {
            assert!(waiting.yields_once().unwrap() >= Touchy(3));
        }
    }
}

#[test]
fn a_comparison_that_panics_while_taking_a_place_leaves_the_line_as_it_was() {
    quiet();
    let mut panics = 0;
    for patience in 0..8 {
        let reached = Reached::starting_at(Touchy(0));
        let waiting: Vec<_> = [1, 3, 5].map(|until| Waiter::queued(reached.wait(Touchy(until)))).into();
        let (task, mut joining) = (Task::new(), Box::pin(reached.wait(Touchy(2))));
        PATIENCE.set(patience);
        let polled = catch_unwind(AssertUnwindSafe(|| task.poll(joining.as_mut())));
        PATIENCE.set(usize::MAX);
        let joined = polled.is_ok();
        panics += usize::from(!joined);
        assert_eq!(reached.advance(Touchy(9)), 3 + usize::from(joined));
        assert_eq!(task.woken(), usize::from(joined));
        assert_eq!(task.poll(joining.as_mut()), Poll::Ready(Ok(Touchy(9))), "also if it panicked");
        for waiting in waiting {
            assert_eq!(waiting.yields_once(), Ok(Touchy(9)));
        }
    }
    assert_eq!(panics, 4, "one with the position, and three with those in line");
}

/// Rule 1 on the way of a panic. Seen to fail with: a waker that goes into the search for its place by value.
#[test]
fn a_comparison_that_panics_while_taking_a_place_drops_the_waker_without_the_lock() {
    quiet();
    for patience in 0..5 {
        let reached = Reached::starting_at_with_raw_mutex(Touchy(0), watched::Watched::default());
        let _waiting = [1, 3, 5].map(|until| Waiter::queued(reached.wait(Touchy(until))));
        let (looking, mut joining) = (watched::looking(), pin!(reached.wait(Touchy(2))));
        PATIENCE.set(patience);
        let polled =
            catch_unwind(AssertUnwindSafe(|| joining.as_mut().poll(&mut Context::from_waker(&looking))));
        PATIENCE.set(usize::MAX);
        assert_eq!(polled.is_err(), patience < 4);
    }
}
