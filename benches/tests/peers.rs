//! Every library does what its row in the tables says, so that like is compared with like.

extern crate alloc;

use alloc::sync::Arc;
use alloc::task::Wake;
use core::task::{Context, Poll, Waker};
use std::sync::mpsc::{self, Sender};

use benches::ops::{Run, forever};
use benches::peers::{
    BareAtomicWaker, BareDiatomic, Diatomic, FlaggedAtomicWaker, Keyed, ManualReset, OneshotMap, Permits,
    Polled, TwoRmws, Waits, WakeAll, WakeOne,
};
use benches::plan::{Library, Operation, ROWS};
use benches::slot::Slot;
use clap::ValueEnum as _;
use event_listener::Event;
use tokio::sync::Notify;

/// A waker that reports its number.
struct Numbered(usize, Sender<usize>);

impl Wake for Numbered {
    fn wake(self: Arc<Self>) {
        let _ = self.1.send(self.0);
    }
}

/// So many waiting tasks, and who of them was woken.
struct Crowd<F: 'static> {
    slots: Vec<Option<Slot<F>>>,
    wakers: Vec<Waker>,
    woken: mpsc::Receiver<usize>,
}

impl<F: Future> Crowd<F> {
    fn new(futures: impl Iterator<Item = F>) -> Self {
        let (report, woken) = mpsc::channel();
        let (mut slots, mut wakers) = (Vec::new(), Vec::new());
        for (number, future) in futures.enumerate() {
            let waker = Waker::from(Arc::new(Numbered(number, report.clone())));
            let mut slot = Slot::new(future);
            assert!(slot.poll(&mut Context::from_waker(&waker)).is_pending(), "{number} does not wait");
            slots.push(Some(slot));
            wakers.push(waker);
        }
        Self { slots, wakers, woken }
    }

    fn poll(&mut self, number: usize) -> Poll<F::Output> {
        let slot = self.slots[number].as_mut().expect("not cancelled");
        slot.poll(&mut Context::from_waker(&self.wakers[number]))
    }

    fn cancel(&mut self, number: usize) {
        self.slots[number].take().expect("not cancelled before").cancel();
    }

    fn woken(&self) -> Vec<usize> {
        self.woken.try_iter().collect()
    }
}

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
        let Poll::Ready(output) = crowd.poll(oldest) else { panic!("{oldest} was woken") };
        W::accept(output);
    }
}

fn cancels_one<W: WakeOne>() {
    let primitive = forever(W::default());
    let mut crowd = crowd(primitive, 3);
    crowd.cancel(1);
    for left in [0, 2] {
        primitive.wake();
        assert_eq!(crowd.woken(), [left]);
        let Poll::Ready(output) = crowd.poll(left) else { panic!("{left} was woken") };
        W::accept(output);
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
    assert!(!map.wake(2, 1), "nobody waits for this key any more");
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
}

#[test]
fn every_row_is_measured_on_this_library() {
    for row in ROWS {
        assert!(row.operation.on(Library::SyncCore).is_some(), "{row:?}");
        assert!(row.rounds[0] < row.rounds[1], "{row:?}");
    }
}

/// The checks inside the operations hold: whoever was woken is ready, and nobody else.
#[test]
fn every_operation_runs() {
    let mut pairs = 0;
    for operation in Operation::value_variants() {
        for library in Library::value_variants() {
            if let Some(measured) = operation.on(*library) {
                measured(Run { iterations: 3, waiters: 5, instances: 4 });
                pairs += 1;
            }
        }
    }
    assert!(pairs >= 40, "only {pairs} pairs of an operation and a library");
}
