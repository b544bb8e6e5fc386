//! What all locks have in common: one at a time, in the order in which they came, whoever gives up meanwhile and whatever
//! their wakers do. Each test runs for every lock, and every way to hold one alone, as a [`Turns`].
//!
//! Seen to fail with: waits that are queued as the oldest (most of them); `Exclusive::abandon` that releases nothing
//! (`whoever_gives_up_hands_on` and five others); the waker cloned under the lock in `keep_waiting` (`a_waker_comes_back`,
//! `with_a_raw_lock_that_is_only_scoped`); `poll_slow` that is pending when it is spent (`a_future_yields_one_guard`).

#![cfg(not(loom))]

extern crate alloc;

use alloc::{collections::VecDeque, sync::Arc, vec::Vec};
use core::{
    future::Future,
    panic::AssertUnwindSafe,
    task::{Context, Poll},
};
use std::panic::catch_unwind;

use tests::{
    Count, Holder, Hooks, SILENT, Shared, Task, Turns, Waiter, leak, quiet, scaled, some, turns,
    watched::{Watched, looking},
    within,
};

/// More than a batch.
const MANY: usize = scaled(40, 5);

fn first<T: Turns>(lock: &'static T) -> T::Guard {
    lock.try_lock().expect("it is free")
}

fn queue<T: Turns>(lock: &'static T, n: usize) -> Vec<Arc<Holder<T>>> {
    let waiting: Vec<_> = (0..n).map(|_| lock.polled_holder()).collect();
    assert!(waiting.iter().all(|holder| holder.is_pending()));
    waiting
}

fn told<F: Future>(holders: &[Arc<Waiter<F>>]) -> Vec<usize> {
    holders.iter().map(|holder| holder.task.woken()).collect()
}

/// Has every waiter that was woken take its turn and end it, until none was; in line order, as far as that can be seen.
#[track_caller]
fn settle<F: Future>(holders: &[Arc<Waiter<F>>]) {
    loop {
        let mut progress = false;
        for holder in holders {
            if holder.is_pending() && holder.task.woken() > 0 {
                holder.poll();
            }
            progress |= holder.take().is_some();
        }
        if !progress {
            break;
        }
    }
}

/// Asserts that it is free, and nobody's waker is left behind.
#[track_caller]
fn is_free<T: Turns>(lock: &'static T, holders: &[Arc<Holder<T>>], what: &str) {
    assert!(lock.try_lock().is_some(), "{what}: somebody still has it");
    // And may be taken by one who waits for it, too.
    let late = lock.polled_holder();
    assert!(late.take().is_some(), "{what}: it is not given to one who waits");
    for holder in holders {
        assert!(!holder.is_pending(), "{what}: one was forgotten");
        assert_eq!(holder.task.wakers(), 0, "{what}: a waker is left behind");
    }
}

fn a_released_lock_goes_to_the_oldest<T: Turns>() {
    let lock = T::make();
    let guard = first(lock);
    let waiting = queue(lock, MANY);
    drop(guard);
    for (n, holder) in waiting.iter().enumerate() {
        let expected: Vec<_> = (0..MANY).map(|other| usize::from(other <= n)).collect();
        assert_eq!(told(&waiting), expected);
        holder.poll();
        assert!(holder.is_ready());
        assert!(holder.take().is_some());
    }
    is_free(lock, &waiting, "in the end");
}

/// Neither `try_lock` nor a newcomer gets it: while it is held, between its release and the poll of the one it was
/// handed to, and while somebody waits.
fn no_waiter_is_overtaken<T: Turns>() {
    let lock = T::make();
    let guard = first(lock);
    assert!(lock.try_lock().is_none());
    let mut line: VecDeque<_> = queue(lock, 3).into();
    drop(guard);
    for round in 0..10 {
        assert!(lock.try_lock().is_none());
        let newcomer = lock.polled_holder();
        assert!(newcomer.is_pending());
        let next = line.pop_front().expect("there were three");
        next.poll();
        assert!(next.is_ready(), "in round {round}");
        assert!(lock.try_lock().is_none());
        line.push_back(newcomer);
        assert!(next.take().is_some());
    }
    settle(line.make_contiguous());
    is_free(lock, line.make_contiguous(), "in the end");
}

/// Not polled, so it never was in line.
fn a_wait_that_was_not_polled_is_nothing<T: Turns>() {
    let lock = T::make();
    let unpolled = lock.holder();
    let guard = first(lock);
    let other = lock.polled_holder();
    unpolled.cancel();
    let unpolled = lock.holder();
    drop(guard);
    // It had no place, so the one that was polled is first.
    other.poll();
    assert!(other.take().is_some());
    assert_eq!(unpolled.task.woken(), 0);
    unpolled.poll();
    assert!(unpolled.take().is_some());
    is_free(lock, &[unpolled, other], "in the end");
}

/// Dropped while they are queued: the first, the last, one in the middle, and all of them.
fn whoever_gives_up_is_passed_over<T: Turns>() {
    for gone in [vec![0], vec![2], vec![4], vec![0, 1], vec![3, 4], vec![4, 2, 0], vec![0, 1, 2, 3, 4]] {
        let lock = T::make();
        let guard = first(lock);
        let waiting = queue(lock, 5);
        for &n in &gone {
            waiting[n].cancel();
            assert_eq!(waiting[n].task.wakers(), 0);
        }
        assert!(lock.try_lock().is_none());
        drop(guard);
        for (n, holder) in waiting.iter().enumerate().filter(|(n, _)| !gone.contains(n)) {
            assert_eq!(holder.task.woken(), 1, "{n} after {gone:?} have gone");
            holder.poll();
            assert!(holder.take().is_some());
        }
        is_free(lock, &waiting, "in the end");
    }
}

/// Dropped after it was handed the lock, and before the poll that would have told it: the next one has it, and if there
/// is none, it is free.
fn whoever_gives_up_hands_on<T: Turns>() {
    let lock = T::make();
    let guard = first(lock);
    let waiting = queue(lock, 4);
    drop(guard);
    for [given, next] in [[0, 1], [1, 2], [2, 3]] {
        assert_eq!((waiting[given].task.woken(), waiting[next].task.woken()), (1, 0));
        waiting[given].cancel();
        assert_eq!(waiting[next].task.woken(), 1);
        assert!(lock.try_lock().is_none());
    }
    waiting[3].cancel();
    is_free(lock, &waiting, "in the end");
}

/// A future that was handed the lock and is not polled has it (pitfall 20); when it is polled, late, it still has.
fn a_lock_that_was_handed_over_waits_for_its_holder<T: Turns>() {
    let lock = T::make();
    drop((first(lock), queue(lock, 1)));
    let guard = first(lock);
    let waiting = queue(lock, 2);
    drop(guard);
    for _ in 0..3 {
        waiting[1].poll();
        assert!(waiting[1].is_pending() && lock.try_lock().is_none());
    }
    waiting[0].poll();
    assert!(waiting[0].take().is_some());
    waiting[1].poll();
    assert!(waiting[1].take().is_some());
    assert_eq!(told(&waiting), [1, 1]);
    is_free(lock, &waiting, "in the end");
}

/// Pitfall 5. Fails if a spent future takes the lock again, or is one of an `async` block that says something else.
fn a_future_yields_one_guard<T: Turns>() {
    let lock = T::make();
    // It never waited; it was handed the lock.
    for handed in [false, true] {
        let task = Task::new();
        let mut wait = lock.lock();
        if handed {
            let guard = first(lock);
            assert!(task.poll(wait.as_mut()).is_pending());
            drop(guard);
        }
        let Poll::Ready(guard) = task.poll(wait.as_mut()) else { panic!("it is its turn") };
        for _ in 0..2 {
            let Err(panic) = catch_unwind(AssertUnwindSafe(|| task.poll(wait.as_mut()).is_ready())) else {
                panic!("it yields again")
            };
            let message = panic.downcast_ref::<&str>().copied().unwrap_or_default();
            assert!(message.contains(T::SPENT), "the message does not say what happened: {message}");
        }
        assert!(lock.try_lock().is_none());
        drop(guard);
        // Nothing is given back twice, or taken, when it is dropped.
        let guard = first(lock);
        drop(wait);
        assert!(lock.try_lock().is_none());
        drop(guard);
        assert_eq!(task.wakers(), 0);
        is_free(lock, &[], "in the end");
    }
}

/// The task that is woken is the one that polled last, and it alone is remembered.
fn a_task_may_change_between_polls<T: Turns>() {
    let lock = T::make();
    let guard = first(lock);
    let holder = lock.polled_holder();
    // The same one again is not kept twice.
    holder.poll();
    assert_eq!(holder.task.wakers(), 1);
    let tasks = [Task::new(), Task::new()];
    for task in &tasks {
        holder.poll_with(&task.waker());
    }
    assert_eq!([holder.task.wakers(), tasks[0].wakers(), tasks[1].wakers()], [0, 0, 1]);
    drop(guard);
    assert_eq!([holder.task.woken(), tasks[0].woken(), tasks[1].woken()], [0, 0, 1]);
    assert_eq!(tasks[1].wakers(), 0);
    // And is not asked when it has been handed the lock.
    holder.poll_with(&tasks[0].waker());
    assert!(holder.take().is_some());
    is_free(lock, &[holder], "in the end");
}

/// Which of a waker's functions does the extraordinary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum In {
    Clone,
    Wake,
    Drop,
}

/// What runs such a function of a waker that is first in line, or about to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum During {
    /// Its first poll.
    Join,
    /// A poll with another waker: the new one is cloned, the old one dropped.
    Repoll,
    /// The holder ends its turn.
    Release,
    /// One that was handed the lock and not polled gives up.
    HandOn,
    /// It gives up itself.
    Cancel,
}

const CASES: [(During, In); 6] = [
    (During::Join, In::Clone),
    (During::Repoll, In::Clone),
    (During::Release, In::Wake),
    (During::HandOn, In::Wake),
    (During::Repoll, In::Drop),
    (During::Cancel, In::Drop),
];

/// What is done from inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    /// `try_lock`, and if that succeeds a release.
    Try,
    /// Somebody new waits.
    Lock,
    /// Whoever has the lock ends its turn.
    Release,
    /// One that is queued gives up.
    Cancel,
    /// One that is queued is polled with another waker.
    Repoll,
    /// Everybody who was woken takes a turn, here and now.
    Run,
}

const THENS: [Then; 6] = [Then::Try, Then::Lock, Then::Release, Then::Cancel, Then::Repoll, Then::Run];

/// One lock, and everybody who has to do with it.
struct Scene<T: Turns> {
    lock: &'static T,
    holders: Shared<Vec<Arc<Holder<T>>>>,
    /// Whom `Cancel` and `Repoll` are done to.
    victim: Arc<Holder<T>>,
    other: Task,
}

impl<T: Turns> Scene<T> {
    fn new() -> &'static Self {
        let lock = T::make();
        leak(Self { lock, holders: Shared::default(), victim: lock.holder(), other: Task::new() })
    }

    fn join(&self, holder: &Arc<Holder<T>>) {
        self.holders.lock().push(Arc::clone(holder));
    }

    fn all(&self) -> Vec<Arc<Holder<T>>> {
        self.holders.lock().clone()
    }

    fn run(&self, then: Then) {
        match then {
            Then::Try => drop(self.lock.try_lock()),
            Then::Lock => self.join(&self.lock.polled_holder()),
            Then::Release => {
                for holder in self.all() {
                    drop(holder.take());
                }
            }
            Then::Cancel => self.victim.cancel(),
            Then::Repoll => self.victim.poll_with(&self.other.waker()),
            Then::Run => settle(&self.all()),
        }
    }
}

/// The line is: `odd`, whose waker calls `act` once during `during`; an ordinary one, the victim, another one. Returns
/// whether that panicked.
fn case<T: Turns>(
    (during, hook): (During, In),
    act: impl Fn(&'static Scene<T>) + Send + Sync + 'static,
) -> (&'static Scene<T>, Arc<Holder<T>>, bool) {
    let scene = Scene::<T>::new();
    let armed: &'static Count = leak(Count::new());
    let act = move || {
        if armed.down() {
            act(scene);
        }
    };
    let waker = match hook {
        In::Clone => Hooks::new().on_clone(act),
        In::Wake => Hooks::new().on_wake(act),
        In::Drop => Hooks::new().on_drop(act),
    }
    .waker();
    let holder = scene.lock.polled_holder();
    assert!(holder.is_ready());
    scene.join(&holder);
    let before = (during == During::HandOn).then(|| scene.lock.polled_holder());
    let odd = scene.lock.holder();
    match (during, hook) {
        (During::Join, _) => {}
        (During::Repoll, In::Clone) => odd.poll(),
        _ => odd.poll_with(&waker),
    }
    if let Some(before) = &before {
        scene.join(before);
        assert!(holder.take().is_some());
        assert_eq!(before.task.woken(), 1);
    }
    scene.join(&scene.lock.polled_holder());
    scene.victim.poll();
    scene.join(&scene.victim);
    scene.join(&scene.lock.polled_holder());
    armed.set(1);
    let outcome = catch_unwind(AssertUnwindSafe(|| match during {
        During::Join => odd.poll_with(&waker),
        During::Repoll if hook == In::Clone => odd.poll_with(&waker),
        During::Repoll => odd.poll_with(&odd.task.waker()),
        During::Release => drop(holder.take()),
        During::HandOn => before.iter().for_each(|before| before.cancel()),
        During::Cancel => odd.cancel(),
    }));
    let left = armed.get();
    armed.set(0);
    assert_eq!(left, 0, "{during:?} does not run the hook in {hook:?}");
    // From here on it is an ordinary task, whose wake-up we do not know.
    odd.task.waker().wake();
    scene.join(&odd);
    (scene, odd, outcome.is_err())
}

/// Whether each one gets its turn now, once, and then it is free.
#[track_caller]
fn all_have_a_turn<T: Turns>(scene: &Scene<T>, gave_up: &[&Arc<Holder<T>>], what: &str) {
    for holder in scene.all() {
        drop(holder.take());
    }
    // Polled with another waker, so its own task does not know.
    if scene.other.woken() > 0 {
        scene.victim.poll();
    }
    settle(&scene.all());
    scene.victim.poll();
    drop(scene.victim.take());
    settle(&scene.all());
    is_free(scene.lock, &scene.all(), what);
    assert_eq!(scene.other.wakers(), 0, "{what}: a waker is left behind");
    for holder in scene.all() {
        let gave_up = gave_up.iter().any(|gone| Arc::ptr_eq(gone, &holder));
        assert!(holder.has_yielded() || gave_up, "{what}: one had no turn");
    }
}

/// Pitfall 7, and its relatives: the waker comes back into the lock that called it, and does whatever it likes.
fn a_waker_comes_back<T: Turns>() {
    for (number, case_) in CASES.into_iter().enumerate() {
        for then in some(THENS, number) {
            let what = format!("{then:?} in {:?} during {:?}", case_.1, case_.0);
            let (scene, odd, panicked) = case::<T>(case_, move |scene| scene.run(then));
            assert!(!panicked, "{what}");
            let mut gave_up = Vec::new();
            if then == Then::Cancel {
                gave_up.push(&scene.victim);
            }
            if case_.0 == During::Cancel {
                gave_up.push(&odd);
            }
            let all = scene.all();
            if case_.0 == During::HandOn {
                gave_up.push(&all[1]);
            }
            all_have_a_turn(scene, &gave_up, &what);
        }
    }
}

/// Pitfall 8: the panic is passed on, and every other gets its turn all the same.
fn a_waker_panics<T: Turns>() {
    quiet();
    for case_ in CASES {
        let what = format!("a panic in {:?} during {:?}", case_.1, case_.0);
        let (scene, odd, panicked) = case::<T>(case_, |_| panic!("{}", SILENT));
        assert!(panicked, "{what} is not passed on");
        // A poll that panics takes the wait of a `Holder` with it.
        let mut gave_up = Vec::new();
        if case_.1 != In::Wake {
            gave_up.push(&odd);
        }
        let all = scene.all();
        if case_.0 == During::HandOn {
            gave_up.push(&all[1]);
        }
        all_have_a_turn(scene, &gave_up, &what);
    }
}

/// The guard goes while its thread panics, and the lock is not poisoned.
fn a_holder_panics<T: Turns>() {
    quiet();
    let lock = T::make();
    let guard = AssertUnwindSafe(first(lock));
    let waiting = queue(lock, 1);
    let panicked = catch_unwind(move || {
        let _guard = guard;
        panic!("{}", SILENT);
    });
    assert!(panicked.is_err());
    assert_eq!(told(&waiting), [1]);
    waiting[0].poll();
    assert!(waiting[0].take().is_some());
    is_free(lock, &waiting, "in the end");
}

/// A guard ends its turn wherever it is dropped, and a wait goes on wherever it is polled.
fn they_go_from_thread_to_thread<T: Turns>() {
    let lock = T::make();
    let guard = first(lock);
    let waiting = lock.polled_holder();
    std::thread::spawn(move || drop(guard)).join().expect("it does not panic");
    assert_eq!(waiting.task.woken(), 1);
    let other = Arc::clone(&waiting);
    std::thread::spawn(move || other.poll()).join().expect("it does not panic");
    assert!(waiting.take().is_some());
    is_free(lock, &[waiting], "in the end");
}

/// What one prints does not wait for the lock, nor take it away from anybody.
fn printing_does_not_block<T: Turns>() {
    let lock = T::make();
    let mut states = vec![format!("{lock:?}")];
    let holder = lock.polled_holder();
    states.push(format!("{lock:?}"));
    let waiting = lock.polled_holder();
    states.push(format!("{lock:?}"));
    drop(holder.take());
    states.push(format!("{lock:?}"));
    waiting.poll();
    assert!(waiting.take().is_some());
    states.push(format!("{lock:?}"));
    assert!(states.iter().all(|state| !state.is_empty()));
    assert_eq!(states[0], states[4]);
    is_free(lock, &[holder, waiting], "in the end");
}

/// Pitfalls 7 and 16: with a raw lock that knows when it is held, and has nothing but `ScopedRawMutex`.
fn no_foreign_code_runs_under_the_lock<T: Turns>() {
    let lock = T::make();
    for end in 0..3 {
        let guard = first(lock);
        let mut waits: Vec<_> = (0..MANY).map(|_| lock.lock()).collect();
        for wait in &mut waits {
            for _ in 0..2 {
                assert!(wait.as_mut().poll(&mut Context::from_waker(&looking())).is_pending());
            }
        }
        match end {
            // Each has a turn.
            0 => {
                drop(guard);
                for wait in &mut waits {
                    assert!(wait.as_mut().poll(&mut Context::from_waker(&looking())).is_ready());
                }
            }
            // Each gives up while it waits.
            1 => {
                waits.clear();
                drop(guard);
            }
            // Each hands on.
            _ => {
                drop(guard);
                waits.clear();
            }
        }
        drop(waits);
        assert!(lock.try_lock().is_some());
    }
}

/// Each test for each lock.
macro_rules! each {
    ($($test:ident)*) => {$(
        mod $test {
            use super::turns;

            #[test]
            fn of_a_mutex() {
                super::within(30, super::$test::<turns::Locking>);
            }
            #[test]
            fn of_a_mutex_by_owners() {
                super::within(30, super::$test::<turns::LockingOwned>);
            }
            #[test]
            fn of_writers() {
                super::within(30, super::$test::<turns::Writing>);
            }
            #[test]
            fn of_writers_by_owners() {
                super::within(30, super::$test::<turns::WritingOwned>);
            }
            #[test]
            fn of_upgradable_readers() {
                super::within(30, super::$test::<turns::Upgrading>);
            }
            #[test]
            fn of_upgradable_readers_by_owners() {
                super::within(30, super::$test::<turns::UpgradingOwned>);
            }
            #[test]
            fn of_a_permit() {
                super::within(30, super::$test::<turns::Acquiring>);
            }
            #[test]
            fn of_a_permit_by_owners() {
                super::within(30, super::$test::<turns::AcquiringOwned>);
            }
        }
    )*};
}

each! {
    a_released_lock_goes_to_the_oldest
    no_waiter_is_overtaken
    a_wait_that_was_not_polled_is_nothing
    whoever_gives_up_is_passed_over
    whoever_gives_up_hands_on
    a_lock_that_was_handed_over_waits_for_its_holder
    a_future_yields_one_guard
    a_task_may_change_between_polls
    a_waker_comes_back
    a_waker_panics
    a_holder_panics
    they_go_from_thread_to_thread
    printing_does_not_block
}

#[test]
fn with_a_raw_lock_that_is_only_scoped() {
    within(30, || {
        no_foreign_code_runs_under_the_lock::<turns::Locking<Watched>>();
        no_foreign_code_runs_under_the_lock::<turns::LockingOwned<Watched>>();
        no_foreign_code_runs_under_the_lock::<turns::Writing<Watched>>();
        no_foreign_code_runs_under_the_lock::<turns::WritingOwned<Watched>>();
        no_foreign_code_runs_under_the_lock::<turns::Upgrading<Watched>>();
        no_foreign_code_runs_under_the_lock::<turns::UpgradingOwned<Watched>>();
        no_foreign_code_runs_under_the_lock::<turns::Acquiring<Watched>>();
        no_foreign_code_runs_under_the_lock::<turns::AcquiringOwned<Watched>>();
        // What one waker does inside another's call takes the lock anew, which fails if it is held.
        a_waker_comes_back::<turns::Locking<Watched>>();
        a_waker_comes_back::<turns::Writing<Watched>>();
        a_waker_comes_back::<turns::Upgrading<Watched>>();
        a_waker_comes_back::<turns::Acquiring<Watched>>();
    });
}
