//! Every library does what its row in the tables says, so that like is compared with like.

extern crate alloc;

mod common;

use core::task::{Context, Poll, Waker};

use benches::ops::{Run, forever};
use benches::peers::{
    BareAtomicWaker, BareDiatomic, Diatomic, Events, Fifo, FifoInBuckets, FlaggedAtomicWaker, Flags, Keyed,
    ManualReset, Mask, OneshotMap, Permits, Polled, Positions, Predicate, PredicateWithValue, TwoRmws,
    UniqueInBuckets, UpTo, Waits, WakeAll, WakeOne, Watched,
};
use benches::plan::{Library, Operation, PARTS, Row};
use benches::slot::Slot;
use benches::with_locks;
use clap::ValueEnum as _;
use common::Crowd;
use event_listener::Event;
use tokio::sync::Notify;

fn crowd<W: Waits>(primitive: &'static W, waiters: usize) -> Crowd<impl Future<Output = W::Output>> {
    Crowd::new((0..waiters).map(|_| primitive.wait()))
}

fn stores_one_wake<W: WakeOne>() {
    let primitive = forever(W::default());
    primitive.wake();
    let mut wait = Slot::new(primitive.wait());
    let mut cx = Context::from_waker(Waker::noop());
    let Poll::Ready(output) = wait.poll(&mut cx) else { panic!("the wake-up was not stored") };
    W::accept(output);
    assert!(Slot::new(primitive.wait()).poll(&mut cx).is_pending(), "one wake-up was stored, not two");
}

fn wakes_the_oldest<W: WakeOne>() {
    let primitive = forever(W::default());
    let mut crowd = crowd(primitive, 3);
    for oldest in 0..3 {
        primitive.wake();
        assert_eq!(crowd.woken(), [oldest]);
        W::accept(crowd.complete(oldest));
    }
}

fn cancels_one<W: WakeOne>() {
    let primitive = forever(W::default());
    let mut crowd = crowd(primitive, 3);
    crowd.cancel(1);
    for left in [0, 2] {
        primitive.wake();
        assert_eq!(crowd.woken(), [left]);
        W::accept(crowd.complete(left));
    }
}

fn wakes_all<W: WakeAll>() {
    let primitive = forever(W::default());
    for _ in 0..2 {
        let mut crowd = crowd(primitive, 100);
        primitive.wake_all();
        assert!(crowd.woken().into_iter().eq(0..100));
        assert!((0..100).all(|number| crowd.poll(number).is_ready()));
        primitive.rearm();
    }
}

fn wakes_its_task<W: WakeOne>() {
    let primitive = forever(W::default());
    for _ in 0..3 {
        let mut crowd = crowd(primitive, 1);
        primitive.wake();
        assert_eq!(crowd.woken(), [0]);
        assert!(crowd.poll(0).is_ready());
    }
}

fn wakes_by_key<M: Keyed>() {
    let map = forever(M::default());
    let mut crowd = Crowd::new((0..4).map(|key| map.wait(key)));
    assert!(map.wake(2, 1));
    assert_eq!(crowd.woken(), [2]);
    assert!(crowd.poll(2).is_ready());
    assert!((0..4).filter(|&key| key != 2).all(|key| crowd.poll(key).is_pending()));
    assert!(!map.wake(2, 1), "no task waits for this key any more");
}

fn wakes_those_reached<P: Positions>() {
    let positions = forever(P::default());
    let mut crowd = Crowd::new((1..5).map(|until| positions.wait(until)));
    positions.advance(2);
    let mut woken = crowd.woken();
    woken.sort_unstable();
    assert!(woken.into_iter().eq(0..if P::WAKES_ALL { 4 } else { 2 }));
    assert!((0..4).all(|waiter| crowd.poll(waiter).is_ready() == (waiter < 2)));
}

fn wakes_those_it_is_for<E: Events>() {
    let events = forever(E::default());
    let mut crowd = Crowd::new([1, 2, 1].into_iter().map(|key| events.wait(key)));
    assert_eq!(events.notify(1), 2);
    assert_eq!(crowd.woken(), [0, 2]);
    assert!(crowd.poll(0).is_ready() && crowd.poll(1).is_pending());
}

#[test]
fn a_stored_wake_is_taken_once() {
    stores_one_wake::<sync_core::WaitQueue>();
    stores_one_wake::<maitake_sync::WaitQueue>();
    stores_one_wake::<Notify>();
    stores_one_wake::<Permits>();
    stores_one_wake::<TwoRmws>();
}

#[test]
fn waking_one_wakes_the_oldest() {
    wakes_the_oldest::<sync_core::WaitQueue>();
    wakes_the_oldest::<maitake_sync::WaitQueue>();
    wakes_the_oldest::<Notify>();
    wakes_the_oldest::<Permits>();
    wakes_the_oldest::<Event>();
}

#[test]
fn a_cancelled_wait_is_not_woken() {
    cancels_one::<sync_core::WaitQueue>();
    cancels_one::<maitake_sync::WaitQueue>();
    cancels_one::<Notify>();
    cancels_one::<Permits>();
    cancels_one::<Event>();
}

#[test]
fn waking_all_wakes_all_in_order() {
    wakes_all::<sync_core::WaitQueue>();
    wakes_all::<maitake_sync::WaitQueue>();
    wakes_all::<Notify>();
    wakes_all::<ManualReset>();
    wakes_all::<Event>();
}

#[test]
fn a_cell_wakes_its_task() {
    wakes_its_task::<sync_core::WaitCell>();
    wakes_its_task::<maitake_sync::WaitCell>();
    wakes_its_task::<Polled<sync_core::WaitCell>>();
    wakes_its_task::<Polled<maitake_sync::WaitCell>>();
    wakes_its_task::<Diatomic>();
    wakes_its_task::<BareDiatomic>();
    wakes_its_task::<FlaggedAtomicWaker>();
    wakes_its_task::<BareAtomicWaker>();
}

#[test]
fn a_key_wakes_its_task() {
    wakes_by_key::<sync_core::WaitMap<u16, u64>>();
    wakes_by_key::<maitake_sync::WaitMap<u16, u64>>();
    wakes_by_key::<OneshotMap>();
    wakes_by_key::<Fifo>();
    with_large_stack(|| {
        wakes_by_key::<UniqueInBuckets>();
        wakes_by_key::<FifoInBuckets>();
    });
}

#[test]
fn a_position_wakes_those_it_reaches() {
    wakes_those_reached::<UpTo>();
    wakes_those_reached::<Watched>();
}

#[test]
fn a_flag_and_an_event_wake_those_they_are_for() {
    let flags = forever(Mask::default());
    let mut crowd = Crowd::new([1, 2, 3].into_iter().map(|mask| Flags::wait_any(flags, mask)));
    assert_eq!(Flags::set(flags, 2), 2);
    assert_eq!(crowd.woken(), [1, 2]);
    assert!(crowd.poll(1).is_ready() && crowd.poll(0).is_pending());

    wakes_those_it_is_for::<Predicate>();
    wakes_those_it_is_for::<PredicateWithValue>();
}

#[test]
fn every_row_is_measured_on_this_library() {
    for row in PARTS[..2].iter().flat_map(|part| part.rows) {
        assert!(row.operation.on(Library::SyncCore).is_some(), "{row:?}");
    }
    for row in PARTS[2..].iter().flat_map(|part| part.rows) {
        macro_rules! measured {
            ($_library:ident, $variant:ident) => {
                assert!(row.operation.on(Library::$variant).is_some(), "{row:?}");
            };
        }
        with_locks!(measured);
    }
}

#[test]
fn a_row_is_known_by_its_operation_and_its_waiters() {
    let rows: Vec<_> = PARTS.iter().flat_map(|part| part.rows).collect();
    for (index, row) in rows.iter().enumerate() {
        assert!(row.rounds[0] < row.rounds[1], "{row:?}");
        let key = |row: &Row| (row.operation, row.waiters);
        assert!(rows[..index].iter().all(|other| key(other) != key(row)), "{row:?} is there twice");
    }
}

/// The checks inside the operations hold: a task that was woken is ready, and no other.
#[test]
fn every_operation_runs() {
    with_large_stack(|| {
        let pairs = run_every_operation();
        assert!(pairs >= 140, "only {pairs} pairs of an operation and a library");
    });
}

/// Runs `test` where 4,096 buckets, which are 512 KiB, can be moved about without optimisation.
fn with_large_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(32 << 20).spawn(test).expect("there can be a thread");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

fn run_every_operation() -> usize {
    let mut pairs = 0;
    for operation in Operation::value_variants() {
        for library in Library::value_variants() {
            if let Some(measured) = operation.on(*library) {
                measured(Run { iterations: 3, waiters: 5, instances: 4 });
                pairs += 1;
            }
        }
    }
    pairs
}
