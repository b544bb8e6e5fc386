//! A hundred thousand that wait: told at once, closed on, and leaving in every order.
//!
//! Each of them takes a few steps, so all of it takes milliseconds; what looks at every task for each of them
//! takes longer than a test may. Seen to fail with: a node that is looked for from the front before it leaves
//! the list.

use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use sync_core::{
    AutoEvent, Barrier, Event, Latch, Mutex, RwLock, Semaphore, WaitQueue, semaphore::Permit, wait_map,
};
use tests::{Task, leak, subjects::Gate, within};

const CROWD: usize = 100_000;

/// Instead of how many are told by one call: one is, and every task is asked, so that not all of a crowd are
/// told.
const ASKS_ALL: usize = 0;

/// What a crowd waits on.
struct Place<S: 'static, F> {
    make: fn() -> S,
    wait: fn(&'static S, usize) -> F,
    /// Tells the next ones.
    tell: fn(&'static S),
    /// How many that are.
    told: usize,
    close: Option<fn(&'static S)>,
}

type Waits<F> = Vec<Option<Pin<Box<F>>>>;

impl<S, F: Future> Place<S, F> {
    /// So many that wait, each polled once by `task`.
    fn crowd(&self, task: &Task) -> (&'static S, Waits<F>) {
        let place = leak((self.make)());
        let waker = task.waker();
        let wait = |nth| {
            let mut wait = Box::pin((self.wait)(place, nth));
            assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending(), "number {nth}");
            Some(wait)
        };
        (place, (0..CROWD).map(wait).collect())
    }

    /// Every task is told, and through.
    fn is_told(&self) {
        if self.told == ASKS_ALL {
            return;
        }
        let task = Task::new();
        let (place, mut waits) = self.crowd(&task);
        for first in (0..CROWD).step_by(self.told) {
            assert_eq!(task.woken(), first);
            (self.tell)(place);
            for wait in &mut waits[first..(first + self.told).min(CROWD)] {
                let mut wait = wait.take().expect("it was not polled");
                assert!(task.poll(wait.as_mut()).is_ready(), "number {first} or later waits on");
            }
        }
        assert_eq!((task.woken(), task.wakers()), (CROWD, 0));
    }

    fn is_closed_on(&self) {
        let Some(close) = self.close else { return };
        let task = Task::new();
        let (place, waits) = self.crowd(&task);
        close(place);
        assert_eq!(task.woken(), CROWD);
        for mut wait in waits.into_iter().flatten() {
            assert!(task.poll(wait.as_mut()).is_ready());
        }
    }

    /// Every task leaves, and a new task is told.
    fn leaves(&self, order: impl Fn(usize) -> usize) {
        let task = Task::new();
        let (place, mut waits) = self.crowd(&task);
        for nth in 0..CROWD {
            assert!(waits[order(nth)].take().is_some(), "each leaves once");
        }
        assert_eq!((task.woken(), task.wakers()), (0, 0), "no task is told, and no waker is left");
        let mut late = Box::pin((self.wait)(place, 0));
        assert!(task.poll(late.as_mut()).is_pending());
        (self.tell)(place);
        assert_eq!(task.woken(), 1);
        assert!(matches!(task.poll(late.as_mut()), Poll::Ready(_)));
    }

    fn is_crowded(&self) {
        self.is_told();
        self.is_closed_on();
        self.leaves(|nth| nth);
        self.leaves(|nth| CROWD - 1 - nth);
        // A step that has no divisor in common with their number: each once, from everywhere in line.
        self.leaves(|nth| nth * 38_197 % CROWD);
    }
}

#[wait_map(key = usize, value = usize, match = fifo)]
struct Mailboxes;

#[wait_map(key = usize, value = usize, match = unique, buckets = 4096)]
struct Replies;

/// Too large for a thread's stack.
static REPLIES: Replies = Replies::new();

#[wait_map(key = usize, match = up_to)]
struct Reached;

#[wait_map(key = u8, match = mask)]
struct Flags;

#[wait_map(key = u8, match = mask, consume)]
struct Tickets;

#[wait_map(key = u8, event = u8, match = predicate(u8::eq))]
struct Watch;

#[wait_map(key = u8, value = u64, event = u8, match = predicate(u8::eq))]
struct WatchValue;

/// One test per place: how it is made, how one waits, how many are told at once and how, and how it is
/// closed.
macro_rules! crowds {
    ($($name:ident: $make:expr, $wait:expr, $told:expr, $tell:expr, $close:expr;)*) => {$(
        #[test]
        fn $name() {
            within(120, || Place { make: $make, wait: $wait, told: $told, tell: $tell, close: $close }.is_crowded());
        }
    )*};
}

crowds! {
    a_queue_woken_at_once:
        WaitQueue::new, |queue, _| queue.wait(), CROWD, WaitQueue::wake_all, Some(WaitQueue::close);
    a_queue_woken_by_number:
        WaitQueue::new, |queue, _| queue.wait(), CROWD, |queue| _ = queue.wake_n(queue.waiters()), None;
    a_queue_woken_one_by_one:
        WaitQueue::new, |queue, _| queue.wait(), 1, WaitQueue::wake, None;
    a_semaphore:
        || Semaphore::new(0), |permits, _| async { permits.acquire(1).await.map(Permit::forget) }, CROWD,
        |permits| permits.add_permits(permits.waiters()), Some(Semaphore::close);
    a_policy:
        || Gate::new(0), |gate, _| gate.pass(()), CROWD, Gate::open, Some(Gate::close);
    an_event:
        Event::new, |event, _| event.wait(), CROWD, Event::set, Some(Event::close);
    an_event_for_one:
        AutoEvent::new, |event, _| event.wait(), 1, AutoEvent::set, Some(AutoEvent::close);
    a_latch:
        || Latch::new(1), |latch, _| latch.wait(), CROWD, |latch| latch.count_down(1), Some(Latch::close);
    fifo:
        Mailboxes::new, |map, _| map.wait(7), CROWD, |map| _ = map.wake_all(&7, 1), Some(Mailboxes::close);
    fifo_one_by_one:
        Mailboxes::new, |map, _| map.wait(7), 1, |map| _ = map.wake_one(&7, 1), None;
    up_to:
        Reached::new, |map, nth| map.wait(nth + 1), CROWD, |map| _ = map.advance(CROWD), Some(Reached::close);
    mask:
        Flags::new, |map, _| map.wait_any(1), CROWD, |map| _ = map.set(1), Some(Flags::close);
    mask_consume:
        Tickets::new, |map, _| map.wait_any(1), ASKS_ALL, |map| _ = map.set(1), Some(Tickets::close);
    predicate:
        Watch::new, |map, _| map.wait(3), CROWD, |map| _ = map.notify(&3), Some(Watch::close);
    predicate_with_values:
        WatchValue::new, |map, _| map.wait(3), CROWD, |map| _ = map.notify_with(&3, 1), Some(WatchValue::close);
}

/// As many keys as there are waiters: each bucket has a few.
#[test]
fn unique_in_buckets() {
    within(120, || {
        let (task, map) = (Task::new(), &REPLIES);
        let mut waits: Vec<_> = (0..CROWD).map(|key| Box::pin(map.wait(key))).collect();
        assert!(waits.iter_mut().all(|wait| task.poll(wait.as_mut()).is_pending()));
        for key in (0..CROWD).rev() {
            assert_eq!(map.wake(&key, key * 2), wait_map::WakeOutcome::Woke);
        }
        for (key, wait) in waits.iter_mut().enumerate() {
            assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(key * 2)));
        }
    });
}

/// A lock goes from one to the next, each in turn; then all read at once.
#[test]
fn locks() {
    within(120, || {
        let task = Task::new();
        let mutex: &'static Mutex<usize> = leak(Mutex::new(0));
        let guard = mutex.try_lock().expect("it is free");
        let mut waits: Vec<_> = (0..CROWD).map(|_| Box::pin(mutex.lock())).collect();
        assert!(waits.iter_mut().all(|wait| task.poll(wait.as_mut()).is_pending()));
        drop(guard);
        for (nth, wait) in waits.iter_mut().enumerate() {
            let Poll::Ready(mut guard) = task.poll(wait.as_mut()) else { panic!("it is the turn of {nth}") };
            assert_eq!((*guard, task.woken()), (nth, nth + 1));
            *guard += 1;
        }
        assert!(!mutex.is_locked());

        let task = Task::new();
        let lock: &'static RwLock<()> = leak(RwLock::new(()));
        let writer = lock.try_write().expect("it is free");
        let mut waits: Vec<_> = (0..CROWD).map(|_| Box::pin(lock.read())).collect();
        assert!(waits.iter_mut().all(|wait| task.poll(wait.as_mut()).is_pending()));
        drop(writer);
        assert_eq!(task.woken(), CROWD);
        let guards: Vec<_> = waits.iter_mut().map(|wait| task.poll(wait.as_mut())).collect();
        assert!(guards.iter().all(Poll::is_ready) && lock.try_write().is_none());
        drop(guards);
        assert!(lock.try_write().is_some());
    });
}

#[test]
fn a_barrier() {
    within(120, || {
        let (task, barrier): (_, &'static Barrier) = (Task::new(), leak(Barrier::new(CROWD + 1)));
        let mut waits: Vec<_> = (0..CROWD).map(|_| Box::pin(barrier.wait())).collect();
        assert!(waits.iter_mut().all(|wait| task.poll(wait.as_mut()).is_pending()));
        assert_eq!(barrier.arrived(), CROWD);
        let Poll::Ready(last) = task.poll(Box::pin(barrier.wait()).as_mut()) else {
            panic!("it is the last")
        };
        assert!(last.is_leader());
        assert_eq!(task.woken(), CROWD);
        for wait in &mut waits {
            assert!(matches!(task.poll(wait.as_mut()), Poll::Ready(result) if !result.is_leader()));
        }
    });
}
