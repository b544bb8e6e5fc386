//! More waiters than fit in one batch of wakers, and a task that comes between two batches: what is left to
//! be told is decided already.
//!
//! Seen to fail with: `NodeState::is_queued` that holds of every task that is linked
//! (`what_is_left_is_there_for_a_newcomer`); `missed` that is never so
//! (`a_close_takes_nothing_from_a_wake_all`); `granted` that counts no task
//! (`an_event_that_is_set_again_wakes_waiters_that_came_since`); `pass` that takes a batch that is full for
//! one with room (`a_waiter_that_is_passed_over_at_the_end_of_a_batch`).

#![cfg(not(loom))]

extern crate alloc;

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{
    future::Future,
    task::{Context, Poll, Waker},
};

use sync_core::{Event, Policy, ScopedRawMutex, Select, Semaphore, WaitQueue};
use tests::{
    Hooks, Shared, Task, Waiter, Waiting, leak, scaled,
    subjects::{Gate, Subject},
};

/// More than a batch of wakers, so that some are still in line when the first is told.
const MANY: usize = scaled(40, 5);

/// Has the first of many run `act` when it is told that it was woken.
fn line<S: Subject>(subject: &'static S, act: impl Fn() + Send + Sync + 'static) -> Vec<Arc<Waiter>> {
    let waiters: Vec<_> = (0..MANY).map(|_| subject.waiter()).collect();
    for waiter in &waiters {
        waiter.poll();
    }
    let task = waiters[0].task.waker();
    let told = Hooks::new().on_wake(move || {
        task.wake_by_ref();
        act();
    });
    waiters[0].poll_with(&told.waker());
    waiters
}

#[track_caller]
fn assert_all_were_woken(waiters: &[Arc<Waiter>]) {
    for (place, waiter) in waiters.iter().enumerate() {
        waiter.poll();
        assert!(waiter.was_woken(), "number {place}");
    }
}

/// One more than there are waiters is set free: that one is for the task that comes next, since no task is
/// before it who still waits for something.
#[test]
fn what_is_left_is_there_for_a_newcomer() {
    let gate = Gate::make();
    let late: &'static Shared<Option<Arc<Waiter>>> = leak(Shared::new(None));
    let waiters = line(gate, || {
        let newcomer = gate.waiter();
        newcomer.poll();
        *late.lock() = Some(newcomer);
    });

    gate.add(MANY + 1);
    let newcomer = late.lock().take().expect("the first was told");
    assert!(newcomer.was_woken(), "it waits behind those that are on their way out");
    assert_all_were_woken(&waiters);
    let next = gate.waiter();
    next.poll();
    assert!(next.is_pending(), "one was set free twice");
}

/// The `wake_all` came first, so all that waited then are woken, also those that are told after the `close`.
#[test]
fn a_close_takes_nothing_from_a_wake_all() {
    let queue = WaitQueue::make();
    let waiters = line(queue, || queue.close());
    queue.wake_all();
    assert_all_were_woken(&waiters);
    let late = queue.waiter();
    late.poll();
    assert!(late.was_closed());
}

/// An event, whose waits are as every other task's.
#[derive(Debug)]
struct Flag(Event);

impl Subject for Flag {
    fn make() -> &'static Self {
        leak(Self(Event::new()))
    }
    fn wait(&'static self) -> Waiting {
        Box::pin(async { self.0.wait().await.is_ok() })
    }
    fn wake(&self) {
        self.0.set();
    }
    fn wake_n(&self, _: usize) {
        self.0.set();
    }
    fn wake_all(&self) {
        self.0.set();
    }
    fn close(&self) {
        self.0.close();
    }
}

/// Those that wait for the first `set` to come to them have it already, and are not asked again.
#[test]
fn an_event_that_is_set_again_wakes_waiters_that_came_since() {
    let flag = Flag::make();
    let late: &'static Shared<Option<Arc<Waiter>>> = leak(Shared::new(None));
    let waiters = line(flag, || {
        flag.0.reset();
        let newcomer = flag.waiter();
        newcomer.poll();
        assert!(newcomer.is_pending(), "it is reset");
        *late.lock() = Some(newcomer);
        flag.0.set();
        flag.0.reset();
    });

    flag.0.set();
    assert_all_were_woken(&waiters);
    assert_all_were_woken(&late.lock().take().into_iter().collect::<Vec<_>>());
    assert!(!flag.0.is_set());
}

/// Lets those through that may.
#[sync_core::primitive(method = pass, future = Pass)]
struct Customs;

impl Policy for Customs {
    type State = ();
    type Waiter = bool;
    type Value = ();
    type Event<'e> = ();

    fn try_ready((): &mut (), _: &bool) -> Option<()> {
        None
    }
    fn select((): &mut (), may: &mut bool, (): &mut ()) -> Select<()> {
        if *may { Select::Wake(()) } else { Select::Skip }
    }
}

impl<Lock: ScopedRawMutex> Customs<Lock> {
    fn open(&self) {
        self.notify((), |()| ());
    }
}

/// Wherever the one is who may not, the others are let through, oldest first.
#[test]
fn a_waiter_that_is_passed_over_at_the_end_of_a_batch() {
    for odd in 0..MANY {
        let customs = Customs::new(());
        let mut waiting: Vec<_> =
            (0..MANY).map(|place| (Task::new(), Box::pin(customs.pass(place != odd)))).collect();
        for (task, wait) in &mut waiting {
            assert!(task.poll(wait.as_mut()).is_pending());
        }
        customs.open();
        for (place, (task, wait)) in waiting.iter_mut().enumerate() {
            assert_eq!(task.woken(), usize::from(place != odd), "number {place}, without {odd}");
            assert_eq!(task.poll(wait.as_mut()).is_ready(), place != odd);
        }
    }
}

/// A permit that comes while many are still to be told is for the task behind them, which has too little with
/// it. Fails if those that have theirs already are asked again: the permit would count as taken by one of
/// them, and the task behind would be let in for it. Seen to fail with: `ask` beginning at the front of the
/// line.
#[test]
fn a_permit_that_comes_between_two_batches_is_for_waiters_that_have_none() {
    let semaphore: &'static Semaphore = leak(Semaphore::new(0));
    let told = Hooks::new().on_wake(|| semaphore.add_permits(1)).waker();
    let mut small: Vec<_> = (0..MANY).map(|_| Box::pin(semaphore.acquire(1))).collect();
    let mut large = Box::pin(semaphore.acquire(3));
    let noop = &mut Context::from_waker(Waker::noop());
    for (place, wait) in small.iter_mut().enumerate() {
        let first = &mut Context::from_waker(&told);
        assert!(wait.as_mut().poll(if place == 0 { first } else { noop }).is_pending());
    }
    assert!(large.as_mut().poll(noop).is_pending());

    semaphore.add_permits(MANY);
    assert!(large.as_mut().poll(noop).is_pending(), "one of three is there");
    // Kept, so that they do not come back.
    let permits: Vec<_> = small.iter_mut().map(|wait| wait.as_mut().poll(noop)).collect();
    assert!(permits.iter().all(Poll::is_ready));
    semaphore.add_permits(2);
    assert!(large.as_mut().poll(noop).is_ready());
}
