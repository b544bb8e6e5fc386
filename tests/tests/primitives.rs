//! The primitives that are instances of `#[primitive]`: what each of them does, what is left when a wait is dropped at
//! each point, and wakers that come back or panic.
//!
//! Seen to fail with: a wait that is dropped stays in its barrier's count. What else was tried is in the headers of the
//! loom models of the same name.

#![cfg(not(loom))]
#![expect(clippy::unwrap_used, reason = "a test ends where it fails")]

extern crate alloc;

use alloc::sync::Arc;
use core::{
    future::{Future, pending},
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll, Waker},
};
use std::{panic::catch_unwind, thread};

use sync_core::{
    AutoEvent, Barrier, Condvar, Event, Latch, Mutex, OnceCell, ScopedRawMutex, WordPolicy, spin::Spinlock,
};
use tests::{Count, Hooks, SILENT, Task, block_on, leak, quiet, within};

/// A wait and its task.
struct Waiting<F: Future> {
    task: Task,
    wait: Pin<Box<F>>,
}

impl<F: Future> Waiting<F> {
    /// One that was not polled.
    fn new(wait: F) -> Self {
        Self { task: Task::new(), wait: Box::pin(wait) }
    }

    /// One that was polled and waits.
    #[track_caller]
    fn queued(wait: F) -> Self {
        let mut this = Self::new(wait);
        assert!(this.poll().is_pending(), "it was to wait");
        this
    }

    fn poll(&mut self) -> Poll<F::Output> {
        self.task.poll(self.wait.as_mut())
    }

    /// What it yields, for which its task was woken.
    #[track_caller]
    fn yields(mut self) -> F::Output {
        assert!(self.task.woken() > 0, "its task was not woken");
        match self.poll() {
            Poll::Ready(output) => output,
            Poll::Pending => panic!("it was woken for nothing"),
        }
    }

    /// Asserts that it goes on waiting, undisturbed.
    #[track_caller]
    fn waits(&mut self) {
        assert_eq!(self.task.woken(), 0, "its task was woken");
        assert!(self.poll().is_pending(), "it was to wait");
    }
}

/// Polls `wait` once with `waker`; whether that panicked.
fn panics(wait: Pin<&mut impl Future>, waker: &Waker) -> bool {
    catch_unwind(AssertUnwindSafe(|| drop(wait.poll(&mut Context::from_waker(waker))))).is_err()
}

/// A waker that panics when it is called.
fn panicking() -> Waker {
    quiet();
    Hooks::new().on_wake(|| std::panic::panic_any(SILENT)).waker()
}

/// More than one batch of wakers.
const CROWD: usize = 100;

mod event {
    use super::*;

    #[test]
    fn it_lets_everybody_through_until_it_is_reset() {
        let event = Event::new();
        let crowd: Vec<_> = (0..CROWD).map(|_| Waiting::queued(event.wait())).collect();
        event.set();
        event.set();
        assert!(event.is_set());
        assert_eq!(Waiting::new(event.wait()).poll(), Poll::Ready(Ok(())));
        event.reset();
        event.reset();
        assert!(!event.is_set());
        for waiting in crowd {
            assert_eq!(waiting.yields(), Ok(()));
        }
        Waiting::queued(event.wait()).waits();
    }

    /// The reset comes from a waker of the first batch: the others, who wait for a later one, are let through too.
    #[test]
    fn a_reset_by_the_first_one_woken_keeps_nobody() {
        let event: &'static Event = leak(Event::new());
        let mut first = Box::pin(event.wait());
        let waker = Hooks::new().on_wake(|| event.reset()).waker();
        assert!(first.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        let crowd: Vec<_> = (0..CROWD).map(|_| Waiting::queued(event.wait())).collect();
        event.set();
        assert!(!event.is_set());
        for waiting in crowd {
            assert_eq!(waiting.yields(), Ok(()));
        }
    }

    #[test]
    fn those_who_come_while_it_wakes_pass_at_once() {
        within(20, || {
            let event: &'static Event = leak(Event::new());
            let passed: &'static Count = leak(Count::new());
            let mut waits = Vec::new();
            for _ in 0..CROWD {
                // Each of them waits again as soon as it is woken, and as long as that works.
                let waker = Hooks::new()
                    .on_wake(|| {
                        for _ in 0..10 {
                            passed.add(usize::from(Waiting::new(event.wait()).poll().is_ready()));
                        }
                    })
                    .waker();
                let mut wait = Box::pin(event.wait());
                assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
                waits.push(wait);
            }
            event.set();
            assert_eq!(passed.get(), CROWD * 10);
        });
    }

    #[test]
    fn closed() {
        let event = Event::new();
        let waiting = Waiting::queued(event.wait());
        event.close();
        assert!(event.is_closed());
        assert!(waiting.yields().is_err());
        event.set();
        assert!(event.is_set());
        assert!(matches!(Waiting::new(event.wait()).poll(), Poll::Ready(Err(_))));
    }

    #[test]
    fn what_was_given_before_it_was_closed_stays() {
        let event: &'static Event = leak(Event::new());
        let mut first = Box::pin(event.wait());
        let waker = Hooks::new().on_wake(|| event.close()).waker();
        assert!(first.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        let crowd: Vec<_> = (0..CROWD).map(|_| Waiting::queued(event.wait())).collect();
        event.set();
        for waiting in crowd {
            assert_eq!(waiting.yields(), Ok(()));
        }
    }

    #[test]
    fn a_waker_that_panics_keeps_nobody() {
        let event = Event::new();
        let mut first = Box::pin(event.wait());
        let waker = panicking();
        assert!(first.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        let crowd: Vec<_> = (0..CROWD).map(|_| Waiting::queued(event.wait())).collect();
        assert!(catch_unwind(AssertUnwindSafe(|| event.set())).is_err());
        for waiting in crowd {
            assert_eq!(waiting.yields(), Ok(()));
        }
        assert_eq!(Waiting::new(event.wait()).poll(), Poll::Ready(Ok(())));
    }

    #[test]
    fn owned_and_with_another_lock() {
        let event = Arc::new(Event::new_with_raw_mutex(Spinlock::new()));
        let waiting = Waiting::queued(event.wait_owned());
        Arc::clone(&event).set();
        assert_eq!(waiting.yields(), Ok(()));
        assert_eq!(format!("{:?}", Event::<Spinlock>::default()).split(' ').next(), Some("Event"));
    }
}

mod auto_event {
    use super::*;

    #[test]
    fn it_lets_one_through_and_remembers_one() {
        let event = AutoEvent::new();
        assert!(!event.try_wait());
        event.set();
        event.set();
        assert!(event.is_set() && event.try_wait() && !event.try_wait());
        let (first, mut second) = (Waiting::queued(event.wait()), Waiting::queued(event.wait()));
        event.set();
        assert!(!event.is_set(), "the first has it");
        second.waits();
        assert_eq!(first.yields(), Ok(()));
        event.set();
        assert_eq!(second.yields(), Ok(()));
        event.set();
        event.reset();
        assert!(!event.try_wait());
    }

    #[test]
    fn a_wait_that_is_dropped_hands_it_on() {
        let event = AutoEvent::new();
        // Not polled; queued.
        drop(Waiting::new(event.wait()));
        drop(Waiting::queued(event.wait()));
        assert!(!format!("{event:?}").contains("waiting: true"), "{event:?}");
        // Given, with somebody behind it, and with nobody.
        let (first, second) = (Waiting::queued(event.wait()), Waiting::queued(event.wait()));
        event.set();
        drop(first);
        assert!(!event.is_set());
        assert!(second.task.woken() == 1);
        drop(second);
        assert!(event.try_wait());
    }

    #[test]
    fn closed() {
        let event = AutoEvent::new();
        event.set();
        event.close();
        assert!(!event.try_wait());
        assert!(matches!(Waiting::new(event.wait()).poll(), Poll::Ready(Err(_))));
    }
}

mod latch {
    use super::*;

    #[test]
    fn it_opens_at_zero_and_stays_open() {
        let latch = Latch::new(3);
        let crowd: Vec<_> = (0..CROWD).map(|_| Waiting::queued(latch.wait())).collect();
        latch.count_down(2);
        assert_eq!(latch.count(), 1);
        for waiting in &crowd {
            assert_eq!(waiting.task.woken(), 0);
        }
        latch.count_down(2);
        latch.count_down(1);
        assert_eq!(latch.count(), 0);
        for waiting in crowd {
            assert_eq!(waiting.yields(), Ok(()));
        }
        assert_eq!(Waiting::new(latch.wait()).poll(), Poll::Ready(Ok(())));
        assert_eq!(Waiting::new(Latch::new(0).wait()).poll(), Poll::Ready(Ok(())));
    }

    #[test]
    fn the_largest_count() {
        let latch = Latch::new(Latch::MAX_COUNT);
        assert_eq!(latch.count(), Latch::MAX_COUNT);
        latch.count_down(usize::MAX);
        assert_eq!(latch.count(), 0);
        assert!(catch_unwind(|| Latch::new(Latch::MAX_COUNT + 1)).is_err());
    }

    #[test]
    fn closed() {
        let latch = Latch::new(1);
        let waiting = Waiting::queued(latch.wait());
        latch.close();
        assert!(waiting.yields().is_err());
        latch.count_down(1);
        assert!(matches!(Waiting::new(latch.wait()).poll(), Poll::Ready(Err(_))));
    }

    #[test]
    fn a_wait_polled_again_panics() {
        let mut waiting = Waiting::new(Box::leak(Box::new(Latch::new(0))).wait());
        assert!(waiting.poll().is_ready());
        assert!(catch_unwind(AssertUnwindSafe(|| waiting.poll())).is_err());
    }
}

mod barrier {
    use super::*;

    #[test]
    fn rounds() {
        let barrier = Barrier::new(3);
        for _ in 0..3 {
            let (a, b) = (Waiting::queued(barrier.wait()), Waiting::queued(barrier.wait()));
            assert_eq!(barrier.arrived(), 2);
            let Poll::Ready(last) = Waiting::new(barrier.wait()).poll() else { panic!("all are there") };
            assert_eq!(barrier.arrived(), 0);
            // One of the next round waits already.
            let next = Waiting::queued(barrier.wait());
            assert!(last.is_leader());
            assert!(!a.yields().is_leader() && !b.yields().is_leader());
            drop(next);
        }
    }

    #[test]
    fn of_one_or_none_nobody_waits() {
        for parties in [0, 1] {
            let barrier = Barrier::new(parties);
            for _ in 0..2 {
                assert!(block_on(barrier.wait()).is_leader());
            }
        }
    }

    #[test]
    fn who_leaves_is_not_counted() {
        let barrier = Barrier::new(2);
        drop(Waiting::new(barrier.wait()));
        assert_eq!(barrier.arrived(), 0);
        drop(Waiting::queued(barrier.wait()));
        assert_eq!(barrier.arrived(), 0);
        // Its round is over: it has taken part, and the next one begins at nobody.
        let gone = Waiting::queued(barrier.wait());
        assert!(Waiting::new(barrier.wait()).poll().is_ready());
        let next = Waiting::queued(barrier.wait());
        drop(gone);
        assert_eq!(barrier.arrived(), 1);
        assert!(Waiting::new(barrier.wait()).poll().is_ready());
        assert!(!next.yields().is_leader());
    }

    /// It is counted before its waker is cloned.
    #[test]
    fn who_panics_while_it_comes_is_not_counted() {
        quiet();
        let barrier = Barrier::new(2);
        let waker = Hooks::new().on_clone(|| std::panic::panic_any(SILENT)).waker();
        let mut wait = Box::pin(barrier.wait());
        assert!(panics(wait.as_mut(), &waker));
        drop(wait);
        assert_eq!(barrier.arrived(), 0);
    }

    #[test]
    fn a_waker_that_panics_keeps_nobody() {
        let barrier = Barrier::new(CROWD + 2);
        let mut first = Box::pin(barrier.wait());
        assert!(first.as_mut().poll(&mut Context::from_waker(&panicking())).is_pending());
        let crowd: Vec<_> = (0..CROWD).map(|_| Waiting::queued(barrier.wait())).collect();
        assert!(panics(Box::pin(barrier.wait()).as_mut(), Waker::noop()));
        for waiting in crowd {
            assert!(!waiting.yields().is_leader());
        }
        assert_eq!(barrier.arrived(), 0);
    }

    #[test]
    fn threads_meet() {
        within(60, || {
            let (barrier, met) = (leak(Barrier::new(4)), leak(Count::new()));
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    thread::spawn(|| {
                        (0..200).for_each(|round| {
                            met.up();
                            block_on(barrier.wait());
                            assert!(met.get() >= (round + 1) * 4);
                            // Nobody counts for the next round before all have looked.
                            block_on(barrier.wait());
                        });
                    })
                })
                .collect();
            for thread in threads {
                thread.join().unwrap();
            }
            assert_eq!(met.get(), 800);
        });
    }
}

mod condvar {
    use super::*;

    /// Waits that are in line, each with the mutex free.
    fn crowd<'a>(
        n: usize,
        mutex: &'a Mutex<u32>,
        changed: &'a Condvar,
    ) -> Vec<Waiting<impl Future<Output: core::ops::DerefMut<Target = u32>> + 'a>> {
        (0..n).map(|_| Waiting::queued(changed.wait(mutex.try_lock().unwrap()))).collect()
    }

    #[test]
    fn one_some_or_all() {
        let (mutex, changed) = (Mutex::new(7), Condvar::new());
        assert_eq!((changed.notify_one(), changed.notify_all()), (0, 0));
        let mut waits = crowd(6, &mutex, &changed);
        assert!(mutex.try_lock().is_some(), "it is unlocked meanwhile");
        assert_eq!(changed.notify_one(), 1);
        assert_eq!(*waits.remove(0).yields(), 7);
        assert_eq!(changed.notify_n(2), 2);
        for _ in 0..2 {
            assert_eq!(*waits.remove(0).yields(), 7);
        }
        waits[0].waits();
        assert_eq!(changed.notify_all(), 3);
        for waiting in waits {
            assert_eq!(*waiting.yields(), 7);
        }
    }

    #[test]
    fn the_mutex_is_locked_again_in_turn() {
        let (mutex, changed) = (Mutex::new(7), Condvar::new());
        let mut waits = crowd(2, &mutex, &changed);
        let guard = mutex.try_lock().unwrap();
        changed.notify_all();
        assert!(waits.iter_mut().all(|waiting| waiting.poll().is_pending()));
        drop(guard);
        let first = waits.remove(0).yields();
        assert!(waits[0].poll().is_pending() && mutex.try_lock().is_none());
        drop(first);
        assert_eq!(*waits.remove(0).yields(), 7);
    }

    /// Dropped before it is polled, in line, notified, in line for the mutex, with the mutex.
    #[test]
    fn dropped_at_each_point() {
        let (mutex, changed) = (Mutex::new(7), Condvar::new());
        drop(changed.wait(mutex.try_lock().unwrap()));
        assert!(mutex.try_lock().is_some(), "the guard went with it");

        let mut waits = crowd(5, &mutex, &changed);
        drop(waits.remove(0));
        changed.notify_one();
        // Notified: the next one is.
        drop(waits.remove(0));
        assert_eq!(waits[0].task.woken(), 1);
        // In line for the mutex: the next one is.
        let guard = mutex.try_lock().unwrap();
        assert!(waits[0].poll().is_pending());
        drop(waits.remove(0));
        assert_eq!(waits[0].task.woken(), 1);
        // Handed the mutex: the next one is notified, and the mutex is free.
        assert!(waits[0].poll().is_pending());
        drop(guard);
        assert!(mutex.try_lock().is_none());
        drop(waits.remove(0));
        assert_eq!(*waits.remove(0).yields(), 7);
        assert!(mutex.try_lock().is_some());
    }

    #[test]
    fn of_a_notification_for_all_nothing_is_handed_on() {
        let (mutex, changed) = (Mutex::new(7), Condvar::new());
        let mut waits = crowd(1, &mutex, &changed);
        changed.notify_all();
        let mut later = crowd(1, &mutex, &changed);
        drop(waits.remove(0));
        later[0].waits();
    }

    #[test]
    fn wait_while_looks_first_and_again() {
        let (mutex, changed) = (Mutex::new(0), Condvar::new());
        let looks = Count::new();
        let mut waiting = Waiting::queued(changed.wait_while(mutex.try_lock().unwrap(), |value| {
            looks.up();
            *value < 2
        }));
        for value in 1..3 {
            assert!(waiting.poll().is_pending());
            *mutex.try_lock().unwrap() = value;
            changed.notify_one();
        }
        assert_eq!(*waiting.yields(), 2);
        assert_eq!(looks.get(), 3, "before it waits, and after each notification");
    }

    #[test]
    fn owned_guards_may_wait() {
        let (mutex, changed) = (Arc::new(Mutex::new(7)), Condvar::new());
        let guard = Arc::clone(&mutex).try_lock_owned().unwrap();
        let waiting = Waiting::queued(changed.wait(guard));
        changed.notify_one();
        assert_eq!(*waiting.yields(), 7);
    }

    #[test]
    fn a_waker_that_panics_keeps_nobody() {
        let (mutex, changed) = (Mutex::new(7), Condvar::new());
        let mut first = Box::pin(changed.wait(mutex.try_lock().unwrap()));
        assert!(first.as_mut().poll(&mut Context::from_waker(&panicking())).is_pending());
        let waits = crowd(CROWD, &mutex, &changed);
        assert!(catch_unwind(AssertUnwindSafe(|| changed.notify_all())).is_err());
        drop(first);
        for waiting in waits {
            assert_eq!(*waiting.yields(), 7);
        }
    }
}

mod once_cell {
    use super::*;

    #[test]
    fn it_is_made_once() {
        let cell = OnceCell::new();
        assert_eq!((cell.get(), format!("{cell:?}")), (None, "OnceCell(<empty>)".to_owned()));
        assert_eq!(*block_on(cell.get_or_init(async || 1)), 1);
        assert_eq!(*block_on(cell.get_or_init(async || unreachable!("it is there"))), 1);
        assert_eq!(
            (cell.get(), cell.set(2), format!("{cell:?}")),
            (Some(&1), Err(2), "OnceCell(1)".to_owned())
        );
        let mut cell: OnceCell<_> = OnceCell::from(3);
        *cell.get_mut().unwrap() += 1;
        assert_eq!(cell.into_inner(), Some(4));
    }

    #[test]
    fn those_who_wait_get_the_one_value() {
        let (cell, ready) = (OnceCell::new(), Event::new());
        let mut first = Waiting::queued(cell.get_or_init(async || {
            ready.wait().await.unwrap();
            1
        }));
        let crowd: Vec<_> =
            (0..CROWD).map(|_| Waiting::queued(cell.get_or_init(async || unreachable!()))).collect();
        assert_eq!(cell.set(2), Err(2), "somebody makes it");
        ready.set();
        assert_eq!(first.poll(), Poll::Ready(&1));
        for waiting in crowd {
            assert_eq!(waiting.yields(), &1);
        }
    }

    /// In line; making; given the turn; with nobody behind.
    #[test]
    fn dropped_at_each_point() {
        let cell = OnceCell::new();
        let make = || Waiting::queued(cell.get_or_init(pending::<u32>));
        drop(Waiting::new(cell.get_or_init(pending::<u32>)));
        let (first, second, third, mut fourth) = (make(), make(), make(), make());
        drop(second);
        fourth.waits();
        // Making: the next one has the turn; given that and dropped: the one behind it has.
        drop(first);
        assert_eq!((third.task.woken(), fourth.task.woken()), (1, 0));
        drop(third);
        assert_eq!(fourth.task.woken(), 1);
        assert!(fourth.poll().is_pending(), "it is making");
        drop(fourth);
        assert_eq!(cell.set(5), Ok(()));
        assert_eq!(cell.get(), Some(&5));
    }

    #[test]
    fn an_error_or_a_panic_hands_the_turn_on() {
        quiet();
        let (cell, ready) = (OnceCell::new(), Event::new());
        let mut failing = Waiting::queued(cell.get_or_try_init(async || {
            ready.wait().await.unwrap();
            Err("no carrier")
        }));
        let mut panicking = Waiting::queued(cell.get_or_init(async || std::panic::panic_any(SILENT)));
        let good = Waiting::queued(cell.get_or_init(async || 3));
        ready.set();
        assert_eq!(failing.poll(), Poll::Ready(Err("no carrier")));
        assert_eq!(panicking.task.woken(), 1);
        assert!(panics(panicking.wait.as_mut(), Waker::noop()));
        assert_eq!(good.yields(), &3);
    }

    #[test]
    fn values_are_dropped_once() {
        let value = Arc::new(());
        let cell: OnceCell<_> = OnceCell::new();
        assert_eq!(cell.set(Arc::clone(&value)), Ok(()));
        assert!(cell.set(Arc::clone(&value)).is_err());
        assert_eq!(Arc::strong_count(&value), 2);
        drop(cell);
        assert_eq!(Arc::strong_count(&value), 1);
    }
}

mod word {
    use super::*;

    #[sync_core::bitfield(u32)]
    pub(super) struct TokensState {
        waiting: bool,
        closed: bool,
        #[bits(..)]
        count: u32,
    }

    /// Tokens, of which each task takes as many as it asks for.
    #[sync_core::primitive(
        method = take, future = Take,
        new(count: u32) = TokensState::new().with_count(count),
        word = TokensState,
    )]
    pub(super) struct Tokens;

    impl WordPolicy for Tokens {
        type Word = TokensState;
        type Waiter = u32;
        type Value = u32;

        fn take(word: TokensState, need: &u32) -> Option<(TokensState, u32)> {
            word.count().checked_sub(*need).map(|rest| (word.with_count(rest), *need))
        }

        fn put_back(word: TokensState, _: &u32, given: u32) -> TokensState {
            word.with_count(word.count() + given)
        }
    }

    impl<Lock: ScopedRawMutex> Tokens<Lock> {
        fn add(&self, n: u32) {
            self.change(|word| word.with_count(word.count() + n));
        }
    }

    /// Each of them is let in by the one change, whatever the wakers of the first batch do.
    #[test]
    fn one_change_lets_in_more_than_a_batch_at_once() {
        let tokens: &'static Tokens = leak(Tokens::new(0));
        let left = leak(Count::new());
        let waker = Hooks::new()
            .on_wake(|| {
                left.set(tokens.word().count() as usize);
                assert!(!tokens.word().waiting());
                // Between two batches: nobody is in line but those who have something.
                assert_eq!(tokens.try_take(&1), Some(1));
                tokens.add(1);
                tokens.close();
            })
            .waker();
        let mut first = Box::pin(tokens.take(1));
        assert!(first.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        let crowd: Vec<_> = (0..CROWD).map(|_| Waiting::queued(tokens.take(1))).collect();
        tokens.add(u32::try_from(CROWD).unwrap() + 2);
        assert_eq!(left.get(), 1);
        for waiting in crowd {
            assert_eq!(waiting.yields(), Ok(1));
        }
        assert!(tokens.is_closed());
    }

    #[test]
    fn a_large_one_at_the_front_lets_nobody_past_and_when_it_leaves_they_go_on() {
        let tokens = Tokens::new(2);
        let large = Waiting::queued(tokens.take(3));
        let (small, mut smaller) = (Waiting::queued(tokens.take(2)), Waiting::queued(tokens.take(1)));
        assert_eq!(tokens.try_take(&1), None, "nobody overtakes");
        drop(large);
        assert_eq!(small.yields(), Ok(2));
        smaller.waits();
        tokens.add(1);
        assert_eq!(smaller.yields(), Ok(1));
    }

    #[test]
    fn what_was_given_is_handed_on() {
        let tokens = Tokens::new(0);
        let (first, second) = (Waiting::queued(tokens.take(2)), Waiting::queued(tokens.take(1)));
        tokens.add(2);
        assert_eq!(second.task.woken(), 0);
        drop(first);
        assert_eq!(second.yields(), Ok(1));
        assert_eq!((tokens.word().count(), tokens.word().waiting()), (1, false));
    }
}
