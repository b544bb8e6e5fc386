//! One test per line of the list of defects that were found in published libraries of this kind, and per relative
//! that was thought of. The number is the line's; what only locks and permits can get wrong is in `pitfalls_locks.rs`.
//!
//! Each says which change in the library makes it fail. "Seen to fail with" means that the change was made.

#![cfg(not(loom))]

extern crate alloc;

use alloc::{sync::Arc, vec::Vec};
use core::{
    future::Future,
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    task::{Context, Poll},
};
use std::{panic::catch_unwind, thread};

use sync_core::{
    Closed, Policy, Select, Semaphore, WaitCell, WaitMap, WaitQueue,
    spin::Spinlock,
    wait_map::{WaitError, WakeOutcome},
};
use tests::{
    Count, Dice, Hooks, SILENT, Shared, Task, Tracked, Tracker, Waiter, leak, quiet,
    subjects::{By, Gate, KEY, Keyed, Mailboxes, Subject},
    watched::{Watched, looking, not_held},
    within,
};

/// More than two batches.
const MANY: usize = 70;

/// A counting semaphore in which each task asks for its own number.
#[sync_core::primitive(method = acquire, future = Acquire)]
struct Tokens;

impl Policy for Tokens {
    type State = usize;
    type Waiter = usize;
    type Value = usize;
    type Event<'e> = ();

    fn try_ready(available: &mut usize, need: &usize) -> Option<usize> {
        (*available >= *need).then(|| {
            *available -= *need;
            *need
        })
    }

    fn select(available: &mut usize, need: &mut usize, (): &mut ()) -> Select<usize> {
        Self::try_ready(available, need).map_or(Select::Stop, Select::Wake)
    }

    fn on_cancel(available: &mut usize, _: &mut usize, given: &mut Option<usize>) -> Option<()> {
        given.take().map(|given| *available += given)
    }
}

impl Tokens {
    fn add(&self, n: usize) {
        self.notify((), |available| *available += n);
    }
}

/// Values by key, any number of waiters per key.
#[sync_core::wait_map(key = u8, value = Tracked, match = fifo)]
struct Parcels;

/// Polls a future once that must be ready.
#[track_caller]
fn ready<F: Future>(future: F) -> F::Output {
    match Task::new().poll(pin!(future)) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("not ready"),
    }
}

fn poll_all(waiters: &[Arc<Waiter>]) {
    for waiter in waiters {
        waiter.poll();
    }
}

// 1: a stale load is stored back.

/// Fails if `store_wake` stores what it loaded instead of comparing: the drop of the woken wait, which gives its
/// wake-up back, then also has to ignore `closed`.
/// Seen to fail with: `store_wake` not asking whether the word is closed, and writing a new one with `woken`.
#[test]
fn p01_a_close_survives_the_drop_of_a_woken_wait() {
    fn check<S: Subject>() {
        let subject = S::make();
        let (woken, late) = (Waiter::new(subject), Waiter::new(subject));
        woken.poll();
        subject.wake();
        subject.close();
        woken.cancel();
        late.poll();
        // A cell keeps the wake-up for one wait.
        if late.was_woken() && !S::MANY {
            let late = Waiter::new(subject);
            late.poll();
            assert!(late.was_closed());
        } else {
            assert!(late.was_closed(), "{subject:?}");
        }
    }
    check::<WaitQueue>();
    check::<WaitCell>();
    check::<Keyed>();
    check::<Mailboxes>();
    check::<Gate>();
    check::<Semaphore>();
}

/// Runs `one` and `other` at the same time, many times, each time on what `make` returns, and then `check`.
fn race<T: Sync + 'static>(
    make: impl Fn() -> &'static T + Send + Sync + 'static,
    one: fn(&'static T),
    other: fn(&'static T),
    check: fn(&'static T),
) {
    const ROUNDS: usize = 10_000;
    within(30, move || {
        // Rounds that were started, and that the other side has finished: waited for without sleeping, since
        // two threads that have just been woken hardly ever meet.
        let (started, finished) = (Count::new(), Count::new());
        let current: Shared<Option<&'static T>> = Shared::new(None);
        let until = |count: &Count, round: usize| {
            for spins in 1.. {
                if count.get() >= round {
                    break;
                }
                if spins % 1000 == 0 {
                    thread::yield_now();
                }
                core::hint::spin_loop();
            }
        };
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut dice = Dice::new(1);
                for round in 1..=ROUNDS {
                    until(&started, round);
                    let subject = current.lock().expect("made before the start");
                    for _ in 0..dice.roll(50) {
                        core::hint::spin_loop();
                    }
                    other(subject);
                    finished.up();
                }
            });
            let mut dice = Dice::new(2);
            for round in 1..=ROUNDS {
                let subject = make();
                *current.lock() = Some(subject);
                started.up();
                // The other one has to take its subject out first.
                for _ in 0..dice.roll(100) {
                    core::hint::spin_loop();
                }
                one(subject);
                until(&finished, round);
                check(subject);
            }
        });
    });
}

/// A subject with two who wait.
struct Two<S: Subject> {
    subject: &'static S,
    waiters: [Arc<Waiter>; 2],
}

impl<S: Subject> Two<S> {
    fn make() -> &'static Self {
        let subject = S::make();
        let two = Self { subject, waiters: [Waiter::new(subject), Waiter::new(subject)] };
        poll_all(&two.waiters);
        leak(two)
    }

    fn assert_closed_for_all(&self) {
        let late = Waiter::new(self.subject);
        // What is stored is taken by one.
        for _ in 0..2 {
            late.poll();
        }
        for waiter in &self.waiters {
            waiter.poll();
            assert!(!waiter.is_pending(), "it is closed, and somebody waits");
        }
        assert!(!late.is_pending(), "it is closed, and somebody new waits");
    }
}

/// Fails if any transition of the word is a load and a store, as a close between the two is lost.
#[test]
fn p01_a_close_beside_a_wake_is_not_lost() {
    fn check<S: Subject>() {
        race(Two::<S>::make, |two| two.subject.wake(), |two| two.subject.close(), Two::assert_closed_for_all);
    }
    check::<WaitQueue>();
    check::<Keyed>();
    check::<Mailboxes>();
    check::<Gate>();
    check::<Semaphore>();
}

/// As above, for the transitions in the drop of a wait that was woken.
/// Seen to fail with: `leave` made of a load and a store.
#[test]
fn p01_a_close_beside_the_drop_of_a_woken_wait_is_not_lost() {
    fn check<S: Subject>() {
        let make = || {
            let two = Two::<S>::make();
            two.subject.wake();
            two
        };
        race(make, |two| two.waiters[0].cancel(), |two| two.subject.close(), Two::assert_closed_for_all);
    }
    check::<WaitQueue>();
    check::<Keyed>();
    check::<Mailboxes>();
    check::<Gate>();
    check::<Semaphore>();
}

/// Fails if `wake` of a cell stores what it loaded.
#[test]
fn p01_a_close_of_a_cell_beside_a_wake_is_not_lost() {
    let make = || -> &'static WaitCell { leak(WaitCell::new()) };
    race(
        make,
        |cell| _ = cell.wake(),
        |cell| _ = cell.close(),
        |cell| {
            assert!(cell.is_closed());
            let _stored = ready(cell.wait());
            assert!(ready(cell.wait()).is_err());
        },
    );
}

// 2: an impossible failure that is possible.

/// Fails if `wake_all` or `close` asserts that the word is what it was before it took the lock.
/// Seen to fail with: `leave` made of a load and a store.
#[test]
fn p02_closing_beside_a_wake_all_is_no_surprise() {
    fn check<S: Subject>() {
        race(
            Two::<S>::make,
            |two| two.subject.wake_all(),
            |two| two.subject.close(),
            |two| {
                for waiter in &two.waiters {
                    assert_eq!(waiter.task.woken(), 1, "told by one of the two, once");
                }
                two.assert_closed_for_all();
            },
        );
    }
    check::<WaitQueue>();
    check::<Mailboxes>();
    check::<Gate>();
    check::<Semaphore>();
}

// 3 and 4: `wake_all` while those it woke wait again.

/// How many of [`MANY`] wait again: more than a batch, and none of the last one.
const AGAIN: usize = 40;

/// Has [`MANY`] wait, the first [`AGAIN`] with wakers that wait again at once, and wakes all of them; returns the
/// number of wake-ups, and those who wait now.
fn wake_all_who_wait_again<S: Subject>(subject: &'static S) -> (usize, Vec<Arc<Waiter>>) {
    let woken: &'static Count = leak(Count::new());
    let again: &'static Shared<Vec<Arc<Waiter>>> = leak(Shared::new(Vec::new()));
    let waiters: Vec<_> = (0..MANY).map(|_| Waiter::new(subject)).collect();
    for (n, waiter) in waiters.iter().enumerate() {
        let hooks = Hooks::new().on_wake(move || {
            assert!(woken.up() < 10 * MANY, "those are woken who came since, and again, and again");
            if n < AGAIN {
                let waiter = Waiter::new(subject);
                waiter.poll();
                again.lock().push(waiter);
            }
        });
        waiter.poll_with(&hooks.waker());
    }
    subject.wake_all();
    for waiter in &waiters {
        waiter.poll();
        assert!(waiter.was_woken());
    }
    (woken.get(), again.lock().clone())
}

/// Fails if `wake_all` notes that nobody waits before the list is empty.
/// Seen to fail with: `queue.left(true)` in the rounds of `WaitQueue::wake_all`.
#[test]
fn p03_the_word_says_who_waits_after_a_wake_all_in_batches() {
    fn check<S: Subject>() {
        let subject = S::make();
        let (_, again) = wake_all_who_wait_again(subject);
        // Each of them is found by one wake-up, oldest first, and the next one finds nobody.
        for waiter in &again {
            assert_eq!(waiter.task.woken(), 0);
            subject.wake();
            assert_eq!(waiter.task.woken(), 1);
        }
        assert_eq!(again.len(), AGAIN);
        subject.wake();
        let late = Waiter::new(subject);
        late.poll();
        assert_eq!(late.was_woken(), S::STORES);
    }
    within(20, check::<WaitQueue>);
    within(20, check::<Mailboxes>);
    within(20, check::<Gate>);
    within(20, check::<Semaphore>);
}

/// Fails if `wake_all` goes on until nobody waits.
/// Seen to fail with: `NodeState::is_before` saying that everybody is.
#[test]
fn p04_wake_all_wakes_those_who_waited_when_it_was_called() {
    fn check<S: Subject>() {
        let (woken, again) = wake_all_who_wait_again(S::make());
        assert_eq!(woken, MANY);
        assert!(again.iter().all(|waiter| waiter.task.woken() == 0));
    }
    within(20, check::<WaitQueue>);
    within(20, check::<Mailboxes>);
    within(20, check::<Gate>);
    within(20, check::<Semaphore>);
}

// 5: polled again after completion.

/// Fails if a wait of a policy that has yielded asks the policy again.
/// Seen to fail with: `poll_slow` arming a spent wait anew.
#[test]
fn p05_a_completed_wait_does_not_yield_a_second_value() {
    quiet();
    let tokens = Tokens::new(5);
    let mut acquire = pin!(tokens.acquire(2));
    let task = Task::new();
    assert_eq!(task.poll(acquire.as_mut()), Poll::Ready(Ok(2)));
    let again = catch_unwind(AssertUnwindSafe(|| task.poll(acquire.as_mut())));
    let message = again.expect_err("it must not yield again");
    let message = message.downcast_ref::<&str>().copied().unwrap_or_default();
    assert!(message.contains("polled again"), "the message does not say what happened: {message}");
    // Nothing was taken, nor put back when it is dropped.
    assert_eq!(ready(tokens.acquire(3)), Ok(3));
    assert!(Task::new().poll(pin!(tokens.acquire(1))).is_pending());

    let parcels = Parcels::new();
    let mut wait = pin!(parcels.wait(1));
    assert!(task.poll(wait.as_mut()).is_pending());
    let tracker = Tracker::new();
    assert!(matches!(parcels.wake_one(&1, tracker.value(1)), WakeOutcome::Woke));
    assert!(task.poll(wait.as_mut()).is_ready());
    assert!(catch_unwind(AssertUnwindSafe(|| task.poll(wait.as_mut()).is_ready())).is_err());
}

/// Fails if a completed wait takes a second wake-up, or queues again.
/// Seen to fail with: `poll_slow` arming a spent wait anew.
#[test]
fn p05_a_completed_wait_takes_no_second_wake_up() {
    let queue = WaitQueue::new();
    let task = Task::new();
    let mut wait = pin!(queue.wait());
    queue.wake();
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(())));
    queue.wake();
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(())));
    assert_eq!(wait.as_mut().subscribe(), Poll::Ready(Ok(())));
    assert_eq!(queue.try_wait(), Poll::Ready(Ok(())), "the second wake-up was taken by the first wait");

    let cell = WaitCell::new();
    let mut wait = pin!(cell.wait());
    cell.wake();
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(())));
    cell.wake();
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(())));
    assert_eq!(ready(cell.wait()), Ok(()), "the second wake-up was taken by the first wait");

    let map = WaitMap::<u8, u8>::new();
    let mut wait = pin!(map.wait(1));
    assert!(task.poll(wait.as_mut()).is_pending());
    assert_eq!(map.wake(&1, 2), WakeOutcome::Woke);
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(2)));
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Err(WaitError::AlreadyConsumed)));
    assert_eq!(map.wake(&1, 3), WakeOutcome::NoMatch(3));
}

// 6: completed without being unlinked.

/// Fails if a poll that sees the queue closed yields without taking the lock, while its node is linked: its
/// neighbours then point to what is gone.
#[test]
fn p06_waits_may_be_dropped_in_any_order_after_a_close() {
    fn check<S: Subject>() {
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]] {
            let subject = S::make();
            let waiters = [Waiter::new(subject), Waiter::new(subject), Waiter::new(subject)];
            poll_all(&waiters);
            subject.close();
            for place in order {
                waiters[place].poll();
                assert!(waiters[place].was_closed());
                waiters[place].cancel();
            }
        }
    }
    check::<WaitQueue>();
    check::<Keyed>();
    check::<Mailboxes>();
    check::<Gate>();
    check::<Semaphore>();
}

// 7: foreign code under the lock.

/// A value that looks whether the lock is held when it is cloned or dropped.
struct Looks;

impl Clone for Looks {
    fn clone(&self) -> Self {
        not_held();
        Self
    }
}

impl Drop for Looks {
    fn drop(&mut self) {
        not_held();
    }
}

#[sync_core::wait_map(key = u8, value = Looks, match = fifo)]
struct LooksByKey;

fn poll_looking<F: Future>(wait: Pin<&mut F>) -> Poll<F::Output> {
    wait.poll(&mut Context::from_waker(&looking()))
}

/// Fails if a waker is cloned, woken or dropped, or a value cloned or dropped, under the raw lock.
/// Seen to fail with: the waker cloned inside the closure of `keep_waiting`; what `own.remove()` returns dropped
/// inside the one of `detach`.
#[test]
fn p07_no_foreign_code_runs_under_the_lock() {
    within(20, || {
        let queue = WaitQueue::new_with_raw_mutex(Watched::default());
        for end in 0..5 {
            let mut waits: Vec<_> = (0..MANY).map(|_| Box::pin(queue.wait())).collect();
            for wait in &mut waits {
                assert!(poll_looking(wait.as_mut()).is_pending());
                assert!(poll_looking(wait.as_mut()).is_pending());
            }
            match end {
                0 => queue.wake_all(),
                1 => assert_eq!(queue.wake_n(MANY), MANY),
                2 => (0..MANY).for_each(|_| queue.wake()),
                3 => waits.clear(),
                _ => queue.close(),
            }
            for mut wait in waits {
                assert!(poll_looking(wait.as_mut()).is_ready());
            }
        }

        let map = LooksByKey::new_with_raw_mutex(Watched::default());
        for end in 0..6 {
            let mut waits: Vec<_> = (0..MANY).map(|_| Box::pin(map.wait(1))).collect();
            for wait in &mut waits {
                assert!(poll_looking(wait.as_mut()).is_pending());
                assert!(poll_looking(wait.as_mut()).is_pending());
            }
            match end {
                0 => assert_eq!(map.wake_all(&1, Looks), MANY),
                1 => assert_eq!(map.wake_n(&1, MANY + 1, Looks), MANY),
                2 => assert!((0..MANY).all(|_| matches!(map.wake_one(&1, Looks), WakeOutcome::Woke))),
                3 => waits.clear(),
                // Each value goes from one to the next, and the last one drops it.
                4 => {
                    assert_eq!(map.wake_n(&1, 2, Looks), 2);
                    waits.clear();
                }
                _ => map.close(),
            }
            assert!(matches!(map.wake_one(&2, Looks), WakeOutcome::NoMatch(_) | WakeOutcome::Closed(_)));
            for mut wait in waits {
                assert!(poll_looking(wait.as_mut()).is_ready());
            }
        }

        let map = WaitMap::<u8, Looks, Watched>::default();
        let mut wait = pin!(map.wait(1));
        assert!(poll_looking(wait.as_mut()).is_pending());
        {
            let mut duplicate = pin!(map.wait(1));
            assert!(matches!(poll_looking(duplicate.as_mut()), Poll::Ready(Err(WaitError::Duplicate))));
        }
        assert!(matches!(map.wake(&2, Looks), WakeOutcome::NoMatch(_)));
        assert!(matches!(map.wake(&1, Looks), WakeOutcome::Woke));
        assert!(matches!(poll_looking(wait.as_mut()), Poll::Ready(Ok(_))));
    });
}

// 8: a waker that panics. In every operation: wakers.rs; between batches: batches.rs.

/// Fails if a batch is forgotten when one of its wakers panics, or if the rounds end then.
/// Seen to fail with: `Drop for Calls` doing nothing; `Drop for Rounds` doing nothing.
#[test]
fn p08_a_panic_in_a_waker_takes_nobody_elses_wake_up() {
    quiet();
    for place in [0, 10, MANY - 1] {
        let queue = WaitQueue::new();
        let tasks: Vec<_> = (0..MANY).map(|_| Task::new()).collect();
        let mut waits: Vec<_> = tasks.iter().map(|_| Box::pin(queue.wait())).collect();
        for (n, wait) in waits.iter_mut().enumerate() {
            let waker = if n == place {
                Hooks::new().on_wake(|| panic!("{}", SILENT)).waker()
            } else {
                tasks[n].waker()
            };
            assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        assert!(catch_unwind(AssertUnwindSafe(|| queue.wake_all())).is_err());
        for (n, task) in tasks.iter().enumerate() {
            assert_eq!(task.woken(), usize::from(n != place));
        }
        assert_eq!(queue.waiters(), 0);
        queue.wake();
        assert_eq!(ready(queue.wait()), Ok(()));
    }
}

/// The same where the drop of a wait lets many go on: fails if the batches after the first are forgotten.
/// Seen to fail with: the batch called in `Drop for Rounds`, where a panic ends it.
#[test]
fn p08_a_panic_while_a_large_wait_hands_on_takes_nobody_elses_wake_up() {
    fn check<L: Future, S: Future>(large: L, small: impl Fn() -> S, add: impl FnOnce()) {
        let (tasks, mut large) = ((0..MANY).map(|_| Task::new()).collect::<Vec<_>>(), Box::pin(large));
        assert!(Task::new().poll(large.as_mut()).is_pending());
        let mut waits: Vec<_> = tasks.iter().map(|_| Box::pin(small())).collect();
        for (n, wait) in waits.iter_mut().enumerate() {
            let hooks = if n == 3 { Hooks::new().on_wake(|| panic!("{}", SILENT)) } else { Hooks::new() };
            let waker = if n == 3 { hooks.waker() } else { tasks[n].waker() };
            assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        add();
        assert!(catch_unwind(AssertUnwindSafe(|| drop(large))).is_err());
        for (n, task) in tasks.iter().enumerate() {
            assert_eq!(task.woken(), usize::from(n != 3), "of {MANY}, the one at {n}");
        }
        assert!(waits.iter_mut().all(|wait| Task::new().poll(wait.as_mut()).is_ready()));
    }
    quiet();
    let tokens = Tokens::new(0);
    check(tokens.acquire(MANY), || tokens.acquire(1), || tokens.add(MANY));
    let semaphore = Semaphore::new(0);
    check(semaphore.acquire(MANY), || semaphore.acquire(1), || semaphore.add_permits(MANY));
}

// 9: a batch loop that does not look at `closed` again: `a_wake_during_close_is_for_nobody` in batches.rs.

// 11: cancelled after it was given something.

/// Fails if a wait that is dropped after it was woken keeps the wake-up.
/// Seen to fail with: `Signal::abandon` without `wake_one`.
#[test]
fn p11_a_wake_up_of_a_dropped_wait_goes_to_the_next() {
    fn check<S: Subject>(is_kept: bool) {
        let subject = S::make();
        let waiters: Vec<_> = (0..3).map(|_| Waiter::new(subject)).collect();
        poll_all(&waiters);
        subject.wake();
        for [woken, next] in [[0, 1], [1, 2]] {
            assert_eq!(waiters[woken].task.woken(), 1);
            assert_eq!(waiters[next].task.woken(), 0);
            waiters[woken].cancel();
            assert_eq!(waiters[next].task.woken(), 1);
        }
        waiters[2].cancel();
        let late = Waiter::new(subject);
        late.poll();
        assert_eq!(late.was_woken(), is_kept);
    }
    check::<WaitQueue>(true);
    check::<Gate>(true);
    check::<Semaphore>(true);
    // There is nobody left whom a value could go to.
    check::<Mailboxes>(false);
}

/// Fails if what everybody was given is handed on as well.
/// Seen to fail with: `Wakeup::All` handled as `Wakeup::One` in `Signal::abandon`.
#[test]
fn p11_a_wake_all_of_a_dropped_wait_is_over() {
    fn check<S: Subject>() {
        let subject = S::make();
        let waiters: Vec<_> = (0..3).map(|_| Waiter::new(subject)).collect();
        poll_all(&waiters);
        subject.wake_all();
        let late = Waiter::new(subject);
        late.poll();
        for waiter in &waiters {
            waiter.cancel();
        }
        assert_eq!(late.task.woken(), 0);
        assert!(late.is_pending());
    }
    check::<WaitQueue>();
    check::<Gate>();
}

/// Fails if a value that was given and not taken is forgotten, or dropped twice, or given to another key.
/// Seen to fail with: `Fifo::abandon` dropping it.
#[test]
fn p11_a_value_of_a_dropped_wait_goes_to_the_next_of_its_key() {
    let tracker = Tracker::new();
    let parcels = Parcels::new();
    let tasks = [Task::new(), Task::new(), Task::new()];
    let mut first = Box::pin(parcels.wait(1));
    let mut other_key = pin!(parcels.wait(2));
    let mut second = Box::pin(parcels.wait(1));
    assert!(tasks[0].poll(first.as_mut()).is_pending());
    assert!(tasks[1].poll(other_key.as_mut()).is_pending());
    assert!(tasks[2].poll(second.as_mut()).is_pending());
    assert!(matches!(parcels.wake_one(&1, tracker.value(5)), WakeOutcome::Woke));
    drop(first);
    assert_eq!([tasks[1].woken(), tasks[2].woken()], [0, 1]);
    assert_eq!(tracker.alive(), 1);
    drop(second);
    assert_eq!(tracker.alive(), 0, "the last one drops it");
    assert_eq!(tracker.made(), 1, "nobody cloned it");

    let map = WaitMap::<u8, Tracked>::new();
    let mut wait = Box::pin(map.wait(1));
    assert!(tasks[0].poll(wait.as_mut()).is_pending());
    assert!(matches!(map.wake(&1, tracker.value(6)), WakeOutcome::Woke));
    drop(wait);
    assert_eq!((tracker.made(), tracker.alive()), (2, 0));
    // What comes back is not dropped.
    assert!(matches!(map.wake(&1, tracker.value(7)), WakeOutcome::NoMatch(Tracked { number: 7, .. })));
    map.close();
    assert!(matches!(map.wake(&1, tracker.value(8)), WakeOutcome::Closed(Tracked { number: 8, .. })));
    assert_eq!(tracker.alive(), 0);
}

/// Fails if the wait of a cell takes its wake-up along when it is dropped.
/// Seen to fail with: `WakerSlot::wake` leaving no note when it takes a waker.
#[test]
fn p11_a_cell_keeps_the_wake_up_of_a_dropped_wait() {
    let cell = WaitCell::new();
    let task = Task::new();
    let mut wait = Box::pin(cell.wait());
    assert!(task.poll(wait.as_mut()).is_pending());
    assert!(cell.wake());
    drop(wait);
    assert_eq!(ready(cell.wait()), Ok(()));
    assert!(task.poll(pin!(cell.wait())).is_pending());
}

// 12: a wait that is used again in a loop.

/// Fails if the second round of `wait_for` finds its wait completed, or not queued.
/// Seen to fail with: `rearm` left out of `Queue::<Unique>::wait_for_value`.
#[test]
fn p12_wait_for_takes_as_many_rounds_as_it_needs() {
    let (seen, task) = (Count::new(), Task::new());
    let map = WaitMap::<u8, u8>::new();
    let mut wait = pin!(map.wait_for(1, || seen.up() == 5));
    assert!(task.poll(wait.as_mut()).is_pending());
    for round in 1..=5 {
        assert_eq!(seen.get(), round);
        assert_eq!(map.wake(&1, 0), WakeOutcome::Woke, "round {round}");
        assert_eq!(task.woken(), round);
        let polled = task.poll(wait.as_mut());
        assert_eq!(polled, if round == 5 { Poll::Ready(Ok(())) } else { Poll::Pending });
    }

    let (seen, task, queue) = (Count::new(), Task::new(), WaitQueue::new());
    let mut wait = pin!(queue.wait_for_value(|| (seen.up() == 5).then_some("done")));
    for round in 1..=5 {
        assert!(task.poll(wait.as_mut()).is_pending());
        assert_eq!(seen.get(), round);
        if round % 2 == 0 {
            queue.wake();
        } else {
            queue.wake_all();
        }
        assert_eq!(task.woken(), round);
    }
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok("done")));

    let (seen, task, cell) = (Count::new(), Task::new(), WaitCell::new());
    let mut wait = pin!(cell.wait_for(|| seen.up() == 5));
    for round in 1..=5 {
        assert!(task.poll(wait.as_mut()).is_pending());
        assert_eq!(seen.get(), round);
        assert!(cell.wake());
    }
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(())));
}

/// Fails if `wait_for` goes on after a close.
#[test]
fn p12_wait_for_ends_with_the_primitive() {
    let task = Task::new();
    let (map, queue, cell) = (WaitMap::<u8, u8>::new(), WaitQueue::new(), WaitCell::new());
    let mut on_map = pin!(map.wait_for(1, || false));
    let mut on_queue = pin!(queue.wait_for(|| false));
    let mut on_cell = pin!(cell.wait_for(|| false));
    assert!(task.poll(on_map.as_mut()).is_pending());
    assert!(task.poll(on_queue.as_mut()).is_pending());
    assert!(task.poll(on_cell.as_mut()).is_pending());
    // One is there already.
    assert_eq!(ready(map.wait_for(1, || true)), Err(WaitError::Duplicate));
    map.close();
    queue.close();
    cell.close();
    assert_eq!(task.woken(), 3);
    assert_eq!(task.poll(on_map.as_mut()), Poll::Ready(Err(WaitError::Closed)));
    assert!(matches!(task.poll(on_queue.as_mut()), Poll::Ready(Err(Closed { .. }))));
    assert!(matches!(task.poll(on_cell.as_mut()), Poll::Ready(Err(Closed { .. }))));
}

// 13: equality where a bit test is meant.

/// Fails if `is_closed` compares the whole word.
/// Seen to fail with: `self.load(Acquire) == CellState::new().with_closed(true)`.
#[test]
fn p13_it_is_closed_right_after_close_in_every_state() {
    for state in 0..4 {
        let task = Task::new();
        let (cell, queue, map, gate) = (WaitCell::new(), WaitQueue::new(), Mailboxes::new(), Gate::new(0));
        let mut on_cell = pin!(cell.wait());
        let mut on_queue = pin!(queue.wait());
        let mut on_map = pin!(map.wait(KEY));
        let mut on_gate = pin!(gate.pass(()));
        assert!(!cell.is_closed() && !queue.is_closed() && !map.is_closed() && !gate.is_closed());
        // Somebody waits, a wake-up is stored, somebody was woken; and it had been counted.
        if state == 1 || state == 3 {
            assert!(task.poll(on_cell.as_mut()).is_pending());
            assert!(task.poll(on_queue.as_mut()).is_pending());
            assert!(task.poll(on_map.as_mut()).is_pending());
            assert!(task.poll(on_gate.as_mut()).is_pending());
        }
        if state >= 2 {
            cell.wake();
            queue.wake();
            queue.wake_all();
            map.wake_all(&KEY, 1);
            gate.add(2);
        }
        cell.close();
        queue.close();
        map.close();
        gate.close();
        for _ in 0..2 {
            assert!(cell.is_closed() && queue.is_closed() && map.is_closed() && gate.is_closed(), "{state}");
            cell.wake();
            cell.close();
            queue.wake();
            queue.wake_all();
            queue.close();
        }
    }
}

// 14: a stored waker outlives its future.

/// Fails if a wait that is dropped leaves its waker behind.
/// Seen to fail with: `Drop for wait_cell::Wait` left out.
#[test]
fn p14_a_dropped_wait_takes_its_waker_back() {
    fn check<S: Subject>() {
        let subject = S::make();
        let waiter = Waiter::new(subject);
        waiter.poll();
        assert_eq!(waiter.task.wakers(), 1);
        // The same one again is not kept twice.
        waiter.poll();
        assert_eq!(waiter.task.wakers(), 1);
        let other = Task::new();
        waiter.poll_with(&other.waker());
        assert_eq!((waiter.task.wakers(), other.wakers()), (0, 1));
        waiter.cancel();
        assert_eq!(other.wakers(), 0);
    }
    check::<WaitQueue>();
    check::<WaitCell>();
    check::<Keyed>();
    check::<Mailboxes>();
    check::<Gate>();
    check::<Semaphore>();
}

/// Fails if `subscribe` does not hand the registration to what it yields.
#[test]
fn p14_what_subscribe_registers_goes_with_the_wait() {
    let (cell, task) = (WaitCell::new(), Task::new());
    let Poll::Ready(wait) = task.poll(pin!(cell.subscribe())) else { panic!("not ready") };
    assert_eq!(task.wakers(), 1);
    drop(wait);
    assert_eq!(task.wakers(), 0);
    assert!(!cell.wake(), "nobody waits");

    let map = WaitMap::<u8, u8>::new();
    let mut wait = Box::pin(map.wait(1));
    assert_eq!(task.poll(pin!(wait.as_mut().subscribe())), Poll::Ready(Ok(())));
    assert_eq!(task.wakers(), 1);
    drop(wait);
    assert_eq!(task.wakers(), 0);
}

/// Fails if an old wait takes back the waker of the one that came after it.
/// Seen to fail with: `WakerSlot::deregister` taking whatever registration is there.
#[test]
fn p14_a_wait_takes_nobody_elses_waker_back() {
    let cell = WaitCell::new();
    let (old, new) = (Task::new(), Task::new());
    let mut first = Box::pin(cell.wait());
    let mut second = pin!(cell.wait());
    assert!(old.poll(first.as_mut()).is_pending());
    assert!(new.poll(second.as_mut()).is_pending());
    // Whoever has the cell taken from it is told.
    assert_eq!(old.woken(), 1);
    drop(first);
    assert!(cell.wake());
    assert_eq!(new.woken(), 1);
    assert_eq!(new.poll(second.as_mut()), Poll::Ready(Ok(())));
}

/// Two waits of one task share its waker; fails if the one that registered last takes it back from both.
/// Seen to fail with: `attempt_slow` never noting that a registration is shared.
#[test]
fn p14_a_wait_of_the_same_task_is_not_left_without_a_waker() {
    let (cell, task) = (WaitCell::new(), Task::new());
    let mut stays = pin!(cell.wait());
    let mut goes = Box::pin(cell.wait());
    assert!(task.poll(stays.as_mut()).is_pending());
    assert!(task.poll(goes.as_mut()).is_pending());
    drop(goes);
    cell.wake();
    assert!(task.woken() > 0, "the wait that stays is not woken");
    assert_eq!(task.poll(stays.as_mut()), Poll::Ready(Ok(())));
}

/// Fails if a poll that panics after it registered leaves its waker behind: the wait does not know its ticket.
/// Seen to fail with: `Undo` made without the ticket.
#[test]
fn p14_a_poll_that_panics_leaves_no_waker_behind() {
    quiet();
    let cell: &'static WaitCell = leak(WaitCell::new());
    let task = Task::new();
    // When it is told that the cell was taken from it, somebody waits there whom that makes panic.
    let touchy: &'static Shared<Option<Pin<Box<sync_core::wait_cell::Wait<'static>>>>> =
        leak(Shared::new(None));
    let hooks = Hooks::new().on_wake(move || {
        let mut wait = Box::pin(cell.wait());
        let waker = Hooks::new().on_wake(|| panic!("{}", SILENT)).waker();
        assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        *touchy.lock() = Some(wait);
    });
    let mut first = Box::pin(cell.wait());
    assert!(first.as_mut().poll(&mut Context::from_waker(&hooks.waker())).is_pending());
    let mut wait = Box::pin(cell.wait());
    assert!(catch_unwind(AssertUnwindSafe(|| task.poll(wait.as_mut()))).is_err());
    drop(wait);
    assert_eq!(task.wakers(), 0);
    *touchy.lock() = None;
}

// 15: hand-copied twins.

/// Fails if an owned wait differs from a borrowed one in any way that can be seen.
#[test]
fn p15_owned_waits_are_like_borrowed_ones() {
    let task = Task::new();
    let queue = Arc::new(WaitQueue::<Spinlock>::default());
    let (mut owned, mut borrowed) = (Box::pin(queue.wait_owned()), Box::pin(queue.wait()));
    assert!(owned.same_queue(&borrowed) && borrowed.same_queue(&owned) && owned.waits_on(&queue));
    let other = WaitQueue::default();
    assert!(!owned.waits_on(&other) && !owned.same_queue(&other.wait()) && !other.wait().same_queue(&owned));
    assert_eq!(owned.as_mut().subscribe(), Poll::Pending);
    assert_eq!(borrowed.as_mut().subscribe(), Poll::Pending);
    assert_eq!(queue.waiters(), 2);
    queue.wake();
    // Handed on from one kind to the other.
    drop(owned);
    assert_eq!(task.poll(borrowed.as_mut()), Poll::Ready(Ok(())));
    drop(borrowed);
    assert_eq!(Arc::strong_count(&queue), 1);

    let map = Arc::new(Mailboxes::<Spinlock>::default());
    let (mut owned, mut borrowed) = (Box::pin(map.wait_owned(KEY)), Box::pin(map.wait(KEY)));
    assert!(task.poll(borrowed.as_mut()).is_pending());
    assert!(task.poll(owned.as_mut()).is_pending());
    assert_eq!(map.wake_one(&KEY, 4), WakeOutcome::Woke);
    drop(borrowed);
    assert_eq!(task.poll(owned.as_mut()), Poll::Ready(Ok(4)));

    let gate = Arc::new(Gate::<Spinlock>::default());
    let (mut owned, mut borrowed) = (Box::pin(gate.pass_owned(())), Box::pin(gate.pass(())));
    assert!(task.poll(owned.as_mut()).is_pending());
    assert!(task.poll(borrowed.as_mut()).is_pending());
    gate.add(1);
    drop(owned);
    assert_eq!(task.poll(borrowed.as_mut()), Poll::Ready(Ok(By::One)));

    let map = Arc::new(WaitMap::<u8, u8, Spinlock>::default());
    let (mut owned, mut borrowed) = (Box::pin(map.wait_owned(1)), Box::pin(map.wait(1)));
    assert!(task.poll(owned.as_mut()).is_pending());
    assert_eq!(task.poll(borrowed.as_mut()), Poll::Ready(Err(WaitError::Duplicate)));
    map.close();
    assert_eq!(task.poll(owned.as_mut()), Poll::Ready(Err(WaitError::Closed)));
}

/// The wait keeps what it waits on; fails if `Owned` does not.
#[test]
fn p15_an_owned_wait_keeps_its_queue() {
    let task = Task::new();
    let queue = Arc::new(WaitQueue::new());
    let weak = Arc::downgrade(&queue);
    let mut wait = Box::pin(queue.wait_owned());
    assert!(task.poll(wait.as_mut()).is_pending());
    drop(queue);
    weak.upgrade().expect("the wait holds it").wake();
    assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(())));
    drop(wait);
    assert!(weak.upgrade().is_none());
}

// 17: auto_traits.rs.

// 18: a state that cannot be, and can.

/// Every stage a wait can be in, with everything that can be done to it there; fails if one of them is thought
/// impossible.
#[test]
fn p18_every_stage_bears_every_call() {
    for stage in 0..7 {
        for call in 0..4 {
            let (queue, map) = (WaitQueue::new(), WaitMap::<u8, u8>::new());
            let task = Task::new();
            let mut on_queue = Box::pin(queue.wait());
            let mut on_map = Box::pin(map.wait(1));
            match stage {
                0 => {}
                1 => {
                    assert_eq!(on_queue.as_mut().subscribe(), Poll::Pending);
                    assert_eq!(task.poll(pin!(on_map.as_mut().subscribe())), Poll::Ready(Ok(())));
                }
                _ => {
                    assert!(task.poll(on_queue.as_mut()).is_pending());
                    assert!(task.poll(on_map.as_mut()).is_pending());
                }
            }
            match stage {
                3 => {
                    queue.wake();
                    assert_eq!(map.wake(&1, 2), WakeOutcome::Woke);
                }
                4 => {
                    queue.wake_all();
                    assert_eq!(map.wake(&1, 2), WakeOutcome::Woke);
                    assert!(task.poll(on_queue.as_mut()).is_ready());
                    assert!(task.poll(on_map.as_mut()).is_ready());
                }
                5 => {
                    queue.close();
                    map.close();
                }
                6 => {
                    queue.close();
                    map.close();
                    assert!(task.poll(on_queue.as_mut()).is_ready());
                    assert!(task.poll(on_map.as_mut()).is_ready());
                }
                _ => {}
            }
            let (waits, closed) = (stage < 3, stage >= 5);
            match call {
                0 => {
                    assert_eq!(task.poll(on_queue.as_mut()).is_pending(), waits);
                    assert_eq!(task.poll(on_map.as_mut()).is_pending(), waits);
                }
                1 => {
                    let subscribed = on_queue.as_mut().subscribe();
                    assert_eq!(subscribed.is_pending(), waits);
                    assert_eq!(matches!(subscribed, Poll::Ready(Err(_))), closed);
                    let subscribed = task.poll(pin!(on_map.as_mut().subscribe()));
                    assert_eq!(subscribed, Poll::Ready(if closed { Err(WaitError::Closed) } else { Ok(()) }));
                }
                2 => {
                    assert!(!format!("{on_queue:?} {on_map:?} {queue:?} {map:?}").is_empty());
                }
                _ => {}
            }
            drop(on_queue);
            drop(on_map);
            assert_eq!(queue.waiters(), 0);
            assert_eq!(task.wakers(), 0);
        }
    }
}

// 19: the front of the queue leaves.

/// Fails if those behind somebody who cancels are not asked again.
/// Seen to fail with: the `was_first` branch left out of `Policy`'s `abandon`.
#[test]
fn p19_those_behind_a_large_request_go_on_when_it_leaves() {
    let tokens = Tokens::new(2);
    let tasks = [Task::new(), Task::new(), Task::new(), Task::new()];
    let mut large = Box::pin(tokens.acquire(10));
    let mut small = Box::pin(tokens.acquire(1));
    let mut middle = Box::pin(tokens.acquire(2));
    let mut last = Box::pin(tokens.acquire(1));
    assert!(tasks[0].poll(large.as_mut()).is_pending());
    assert!(tasks[1].poll(small.as_mut()).is_pending());
    assert!(tasks[2].poll(middle.as_mut()).is_pending());
    assert!(tasks[3].poll(last.as_mut()).is_pending());
    let woken = || tasks.each_ref().map(Task::woken);
    drop(large);
    assert_eq!(woken(), [0, 1, 0, 0], "in order, and no further than it goes");
    drop(middle);
    assert_eq!(woken(), [0, 1, 0, 1]);
    // One that was let through and is dropped puts back what it was given.
    drop(small);
    assert_eq!(tasks[3].poll(last.as_mut()), Poll::Ready(Ok(1)));
    assert_eq!(ready(tokens.acquire(1)), Ok(1));
    assert!(Task::new().poll(pin!(tokens.acquire(1))).is_pending());
    tokens.add(1);
    assert_eq!(ready(tokens.acquire(1)), Ok(1));
}

/// Fails if only those behind the very first are asked, when that one was let through and is about to leave.
#[test]
fn p19_somebody_in_the_middle_leaves_and_nothing_changes() {
    let tokens = Tokens::new(1);
    let tasks = [Task::new(), Task::new(), Task::new()];
    let mut large = Box::pin(tokens.acquire(3));
    let mut other = Box::pin(tokens.acquire(3));
    let mut small = Box::pin(tokens.acquire(1));
    assert!(tasks[0].poll(large.as_mut()).is_pending());
    assert!(tasks[1].poll(other.as_mut()).is_pending());
    assert!(tasks[2].poll(small.as_mut()).is_pending());
    drop(other);
    assert_eq!(tasks[2].woken(), 0, "it would overtake the first");
    tokens.add(3);
    assert_eq!([tasks[0].woken(), tasks[2].woken()], [1, 1]);
}

// 20: handed to a future that is not polled.

/// A woken wait has its wake-up whether or not it is polled, and nobody else gets it meanwhile; when it is dropped
/// the next one does. It cannot be otherwise in a fair queue, so the text that users read first has to say so.
/// Fails if that paragraph goes, or if a later wake-up is spent on one that has been woken.
#[test]
fn p20_a_woken_wait_that_is_not_polled_keeps_its_wake_up() {
    fn check<S: Subject>() {
        let subject = S::make();
        let waiters: Vec<_> = (0..3).map(|_| Waiter::new(subject)).collect();
        poll_all(&waiters);
        subject.wake();
        subject.wake();
        let told: Vec<_> = waiters.iter().map(|waiter| waiter.task.woken()).collect();
        assert_eq!(told, [1, 1, 0]);
        waiters[0].cancel();
        waiters[2].poll();
        assert!(waiters[2].was_woken());
    }
    check::<WaitQueue>();
    check::<Mailboxes>();
    check::<Gate>();
    check::<Semaphore>();
    assert!(include_str!("../../README.md").contains("futurelock"));
}
