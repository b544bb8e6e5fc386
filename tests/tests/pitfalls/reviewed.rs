//! One call is one step, and nothing foreign runs under the lock, also where user code panics or calls back
//! between two rounds of wake-ups. (Pitfalls 21 to 23, 25 and 26.)
//!
//! Each of these failed before the defect that it is about was repaired; what would bring that back is named
//! with it.

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{
    cell::{Cell, RefCell},
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll, Waker},
};
use std::{panic::catch_unwind, thread_local};

use sync_core::{Condvar, Mutex, Policy, RwLock, ScopedRawMutex, Select, Semaphore, WaitQueue, WordPolicy};
use tests::{
    Count, Hooks, SILENT, Shared, Task, leak, quiet,
    watched::{Watched, looking, not_held},
    within,
};

/// More than a batch of wakers.
const MANY: usize = 40;

type Waits<F> = Vec<Pin<Box<F>>>;

/// Has `n` waits queue; the first runs `act` when it is woken, and all see to it that no lock is held then.
fn line<F: Future>(n: usize, wait: impl Fn() -> F, act: impl Fn() + Send + Sync + 'static) -> Waits<F> {
    let mut waits: Waits<F> = (0..n).map(|_| Box::pin(wait())).collect();
    let mut first = Some(Hooks::new().on_clone(not_held).on_drop(not_held).on_wake(move || {
        not_held();
        act();
    }));
    for wait in &mut waits {
        let waker = first.take().map_or_else(looking, Hooks::waker);
        assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    waits
}

fn poll<F: Future>(wait: &mut Pin<Box<F>>) -> Poll<F::Output> {
    wait.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

fn panics(f: impl FnOnce()) {
    quiet();
    let panic = catch_unwind(AssertUnwindSafe(f)).expect_err("it was to panic");
    assert_eq!(panic.downcast_ref(), Some(&SILENT), "another panic");
}

fn semaphore() -> &'static Semaphore<Watched> {
    leak(Semaphore::new_with_raw_mutex(0, Watched::default()))
}

/// Seen to fail with: `forget_permits` that wakes those that can go on between two rounds of an
/// `add_permits`, under the lock, from a batch of its own.
#[test]
fn p21_forget_permits_between_two_rounds_of_add_permits_wakes_none_under_the_lock() {
    within(20, || {
        let semaphore = semaphore();
        let forgotten: &'static Count = leak(Count::new());
        let waits = line(MANY, || semaphore.acquire(1), || _ = forgotten.add(semaphore.forget_permits(MANY)));
        semaphore.add_permits(MANY + 2);
        // What was more than those that waited need.
        assert_eq!(forgotten.get(), 2);
        for mut wait in waits {
            let Poll::Ready(Ok(permit)) = poll(&mut wait) else { panic!("its permit came first") };
            permit.forget();
        }
        assert_eq!(semaphore.available_permits(), 0);
    });
}

/// Seen to fail with: a round of `admit` that lets in no more than a batch.
#[test]
fn p23_add_permits_comes_before_a_close_by_the_first_waker() {
    let semaphore = semaphore();
    let waits = line(MANY, || semaphore.acquire(1), || semaphore.close());
    semaphore.add_permits(MANY);
    for (place, mut wait) in waits.into_iter().enumerate() {
        let Poll::Ready(Ok(permit)) = poll(&mut wait) else {
            panic!("number {place}: its permit came first")
        };
        permit.forget();
    }
    assert!(semaphore.is_closed());
}

/// All readers are in before the first of them is told. Seen to fail with: a round of `admit` that lets in no
/// more than a batch.
#[test]
fn p23_a_writer_that_leaves_lets_all_readers_in_before_the_first_waker() {
    let lock: &'static RwLock<(), Watched> = leak(RwLock::new_with_raw_mutex((), Watched::default()));
    let could_write: &'static Count = leak(Count::new());
    let writer = lock.try_write().expect("it is free");
    let first: &'static Shared<Option<Pin<Box<_>>>> = leak(Shared::new(None));
    let mut waits = line(
        MANY,
        || lock.read(),
        move || {
            assert!(lock.try_read().is_some(), "none waits, so a newcomer may pass");
            // The first one comes and goes: the others must keep a writer out.
            drop(first.lock().take());
            could_write.add(usize::from(lock.try_write().is_some()));
        },
    );
    *first.lock() = Some(waits.remove(0));
    drop(writer);
    assert_eq!(could_write.get(), 0, "readers that were let in were not counted yet");
    let guards: Vec<_> = waits.iter_mut().map(poll).collect();
    assert!(guards.iter().all(Poll::is_ready));
    drop(guards);
    assert!(lock.try_write().is_some());
}

type Upgrade = Pin<Box<dyn Future<Output = ()> + Send>>;

/// An upgrade that comes while readers are still to be told gets in line behind them, and before all others.
#[test]
fn p23_an_upgrade_between_two_rounds_waits_for_the_readers_that_are_in() {
    let lock: &'static RwLock<u8, Watched> = leak(RwLock::new_with_raw_mutex(0, Watched::default()));
    let writer = lock.try_write().expect("it is free");
    let upgrade: &'static Shared<Option<Upgrade>> = leak(Shared::new(None));
    let upgraded: &'static Count = leak(Count::new());
    let mut upgradable = Box::pin(lock.upgradable_read());
    let begin = move || {
        let mut upgrading = upgrade.lock();
        if let Some(wait) = upgrading.as_mut() {
            assert!(wait.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
    };
    let hooks = Hooks::new().on_wake(begin).waker();
    assert!(upgradable.as_mut().poll(&mut Context::from_waker(&hooks)).is_pending());
    *upgrade.lock() = Some(Box::pin(async move {
        let guard = upgradable.await;
        *sync_core::RwLockUpgradableReadGuard::upgrade(guard).await += 1;
        upgraded.up();
    }));
    let mut readers: Waits<_> = (0..MANY).map(|_| Box::pin(lock.read())).collect();
    for reader in &mut readers {
        assert!(poll(reader).is_pending());
    }
    drop(writer);
    let guards: Vec<_> = readers.iter_mut().map(poll).collect();
    assert!(guards.iter().all(Poll::is_ready), "they are in beside the one that upgrades");
    assert_eq!(upgraded.get(), 0);
    drop(guards);
    let mut wait = upgrade.lock().take().expect("it was put there");
    assert!(wait.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
    assert_eq!(*lock.try_read().expect("it is free"), 1);
}

/// The `n` oldest are woken, whatever the first of them does. Seen to fail with: `wake_n` that gives wake-ups
/// batch by batch.
#[test]
fn p23_wake_n_comes_before_a_close_by_the_first_waker() {
    let queue: &'static WaitQueue<Watched> = leak(WaitQueue::new_with_raw_mutex(Watched::default()));
    let waits = line(MANY, || queue.wait(), || queue.close());
    assert_eq!(queue.wake_n(MANY - 1), MANY - 1);
    for (place, mut wait) in waits.into_iter().enumerate() {
        assert_eq!(
            poll(&mut wait).map_err(|_| ()),
            Poll::Ready(if place < MANY - 1 { Ok(()) } else { Err(()) })
        );
    }
}

/// A `wake_n` for more than there are stores one wake-up, at once: it is there for a newcomer before all are
/// told. And between two rounds of a `wake_all`, a `wake_n` is not for those that the `wake_all` is for.
/// Seen to fail with: `grant_front` that gives those a wake-up of the `wake_n`.
#[test]
fn p23_wake_n_beside_others() {
    let queue: &'static WaitQueue<Watched> = leak(WaitQueue::new_with_raw_mutex(Watched::default()));
    let passed: &'static Count = leak(Count::new());
    let waits = line(MANY, || queue.wait(), || _ = passed.add(usize::from(queue.try_wait().is_ready())));
    assert_eq!(queue.wake_n(MANY + 5), MANY);
    assert_eq!(passed.get(), 1);
    for mut wait in waits {
        assert!(poll(&mut wait).is_ready());
    }
    assert!(queue.try_wait().is_pending());

    let waits = line(
        MANY,
        || queue.wait(),
        || {
            // All have one coming, so it is stored, and the next one stays.
            assert_eq!(queue.waiters(), 0);
            assert_eq!(queue.wake_n(3), 0);
            assert!(queue.try_wait().is_ready());
            // Taken by one that joins behind them.
            queue.wake();
            let mut late = Box::pin(queue.wait());
            assert!(poll(&mut late).is_ready());
            passed.up();
        },
    );
    queue.wake_all();
    assert_eq!(passed.get(), 2);
    for mut wait in waits {
        assert!(poll(&mut wait).is_ready());
    }
    assert!(queue.try_wait().is_pending());
}

/// Looks whether the lock is held when it is dropped, and remembers that it was.
struct Noted;

thread_local! {
    static DROPPED: Cell<usize> = const { Cell::new(0) };
}

impl Drop for Noted {
    fn drop(&mut self) {
        DROPPED.set(DROPPED.get() + 1);
        not_held();
    }
}

/// A wait that is dropped tells the others, of which the second one's `select` panics.
#[sync_core::primitive(method = pass, future = Pass)]
struct Fragile;

impl Policy for Fragile {
    type State = ();
    type Waiter = bool;
    type Value = ();
    type Event<'e> = Noted;

    fn try_ready((): &mut (), _: &bool) -> Option<()> {
        None
    }
    fn select((): &mut (), panics: &mut bool, _: &mut Noted) -> Select<()> {
        if *panics {
            std::panic::panic_any(SILENT);
        }
        Select::Wake(())
    }
    fn on_cancel((): &mut (), _: &mut bool, _: &mut Option<()>) -> Option<Noted> {
        Some(Noted)
    }
}

/// Seen to fail with: `event` a local of what runs under the lock.
#[test]
fn p25_an_event_of_a_cancellation_is_dropped_without_the_lock_when_select_panics() {
    let fragile = Fragile::new_with_raw_mutex((), Watched::default());
    let task = Task::new();
    let (mut leaves, mut first, mut second) =
        (Box::pin(fragile.pass(false)), Box::pin(fragile.pass(false)), Box::pin(fragile.pass(true)));
    for wait in [&mut leaves, &mut first, &mut second] {
        assert!(task.poll(wait.as_mut()).is_pending());
    }
    DROPPED.set(0);
    panics(|| drop(leaves));
    assert_eq!(DROPPED.get(), 1);
    // What was decided before the panic holds.
    assert_eq!(task.woken(), 1);
    assert!(poll(&mut first).is_ready());
    assert!(poll(&mut second).is_pending());
}

/// Slots of a word; `take` panics where a task says so.
#[sync_core::bitfield(usize)]
struct SlotState {
    waiting: bool,
    closed: bool,
    #[bits(8)]
    free: u8,
}

#[sync_core::primitive(method = acquire, future = AcquireSlot, word = SlotState)]
struct Slots;

impl WordPolicy for Slots {
    type Word = SlotState;
    type Waiter = bool;
    type Value = ();

    fn take(word: SlotState, panics: &bool) -> Option<(SlotState, ())> {
        if *panics {
            std::panic::panic_any(SILENT);
        }
        Some((word.with_free(word.free().checked_sub(1)?), ()))
    }
}

impl<Lock: ScopedRawMutex> Slots<Lock> {
    fn release(&self, n: u8) {
        self.change(|word| word.with_free(word.free() + n));
    }
}

/// Seen to fail with: `Round::drop` that carries out nothing.
#[test]
fn p26_a_waiter_that_was_let_in_before_take_panicked_is_in() {
    for before in 1..4 {
        let slots = Slots::new(SlotState::new());
        let task = Task::new();
        let mut waits: Waits<_> = (0..before).map(|_| Box::pin(slots.acquire(false))).collect();
        for wait in &mut waits {
            assert!(task.poll(wait.as_mut()).is_pending());
        }
        // Not asked when it comes, since others wait.
        let mut panicking = Box::pin(slots.acquire(true));
        assert!(task.poll(panicking.as_mut()).is_pending());
        panics(|| slots.release(7));
        assert_eq!(task.woken(), before, "{before} were let in");
        for wait in &mut waits {
            assert!(poll(wait).is_ready());
        }
        assert_eq!(slots.word().free(), 7 - u8::try_from(before).expect("it is small"));
        // Nothing is done for one that is alone when it leaves.
        drop(panicking);
    }
}

thread_local! {
    static ASKED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static PANIC_AT: Cell<Option<u8>> = const { Cell::new(None) };
}

/// Whether a waiter's number is one of those that the event names; panics at one of them.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "a predicate gets references")]
fn named(number: &u8, event: &[u8]) -> bool {
    ASKED.with_borrow_mut(|asked| asked.push(*number));
    if PANIC_AT.get() == Some(*number) {
        std::panic::panic_any(SILENT);
    }
    event.contains(number)
}

/// A value whose clones panic after the first few.
struct Costly(Arc<Count>);

impl Clone for Costly {
    fn clone(&self) -> Self {
        if !self.0.down() {
            std::panic::panic_any(SILENT);
        }
        Self(Arc::clone(&self.0))
    }
}

#[sync_core::wait_map(key = u8, event = [u8], value = Costly, match = predicate(named))]
struct Named;

/// Which waiters are asked in which order, which is the order of the line.
fn order(map: &Named<Watched>) -> Vec<u8> {
    ASKED.with_borrow_mut(Vec::clear);
    PANIC_AT.set(None);
    assert_eq!(map.notify_with(&[], Costly(Arc::default())), 0);
    ASKED.take()
}

/// Seen to fail with: `claim` that moves nodes while it asks; `unclaim` that leaves them where they are.
#[test]
fn p26_the_line_is_oldest_first_after_a_predicate_or_a_clone_panicked() {
    let map = Named::new_with_raw_mutex(Watched::default());
    let mut waits: Waits<_> = (0..20).map(|number| Box::pin(map.wait(number))).collect();
    for wait in &mut waits {
        assert!(poll(wait).is_pending());
    }
    let all: Vec<u8> = (0..20).collect();
    assert_eq!(order(&map), all);

    PANIC_AT.set(Some(15));
    panics(|| _ = map.notify_with(&[3, 7, 11], Costly(Arc::default())));
    assert_eq!(order(&map), all, "after the predicate");

    panics(|| _ = map.notify_with(&[2, 3, 5, 7, 11, 13, 17, 19], Costly(Arc::default())));
    assert_eq!(order(&map), all, "after the first clone");

    // Eight are cloned at a time: seven clones and the ninth's.
    let clones = Arc::new(Count::new());
    clones.set(8);
    let odd: Vec<u8> = (0..20).filter(|number| number % 2 == 1).collect();
    panics(|| _ = map.notify_with(&odd, Costly(clones)));
    let ready: Vec<bool> = waits.iter_mut().map(|wait| poll(wait).is_ready()).collect();
    let woken = ready.iter().filter(|ready| **ready).count();
    assert!((1..10).contains(&woken), "{woken}");
    let left: Vec<u8> = all.into_iter().filter(|number| !ready[usize::from(*number)]).collect();
    assert_eq!(order(&map), left, "after a later clone");
}

/// Values by key.
#[sync_core::wait_map(key = u8, value = Costly, match = fifo)]
struct Parcels;

/// What a wait was given, and gave up, is kept for those that are promised another one, in case that does not
/// come.
/// Seen to fail with: `pass_on` that reserves nothing.
#[test]
fn p11_a_value_given_up_while_others_are_claimed_is_theirs_if_their_clone_panics() {
    let parcels: &'static Parcels<Watched> = leak(Parcels::new_with_raw_mutex(Watched::default()));
    let first: &'static Shared<Option<Pin<Box<_>>>> = leak(Shared::new(None));
    // The first was given a parcel, which it gives up while the others are promised one each.
    *first.lock() = Some(Box::pin(parcels.wait(1)));
    assert!(poll(first.lock().as_mut().expect("it is there")).is_pending());
    assert!(matches!(parcels.wake_one(&1, Costly(Arc::default())), sync_core::wait_map::WakeOutcome::Woke));
    let mut waits = line(10, || parcels.wait(1), || drop(first.lock().take()));
    // The first batch of clones is made, and no more.
    let clones = Arc::new(Count::new());
    clones.set(8);
    panics(|| _ = parcels.wake_n(&1, 10, Costly(clones)));
    assert!(first.lock().is_none(), "it was dropped by the first waker");
    let woken = waits.iter_mut().filter_map(|wait| poll(wait).is_ready().then_some(())).count();
    assert_eq!(woken, 9, "eight got their clones, and one what was given up");
}

/// The same for more of them than one batch of wakers has room for. Fails if only as many get what was kept
/// for them: the others would wait on for clones that never come. Seen to fail with: `unclaim` saying that
/// there are no more of them; `WakeBatch::is_full` that is never so.
#[test]
fn p11_more_values_than_a_batch_given_up_while_others_are_claimed_are_theirs_if_their_clone_panics() {
    const GIVEN_UP: usize = 40;
    let parcels: &'static Parcels<Watched> = leak(Parcels::new_with_raw_mutex(Watched::default()));
    let given: &'static Shared<Vec<Pin<Box<_>>>> = leak(Shared::new(Vec::new()));
    for _ in 0..GIVEN_UP {
        let mut wait = Box::pin(parcels.wait(1));
        assert!(poll(&mut wait).is_pending());
        assert!(matches!(
            parcels.wake_one(&1, Costly(Arc::default())),
            sync_core::wait_map::WakeOutcome::Woke
        ));
        given.lock().push(wait);
    }
    let mut waits = line(60, || parcels.wait(1), || drop(core::mem::take(&mut *given.lock())));
    let clones = Arc::new(Count::new());
    clones.set(8);
    panics(|| _ = parcels.wake_n(&1, 60, Costly(clones)));
    let woken = waits.iter_mut().filter_map(|wait| poll(wait).is_ready().then_some(())).count();
    assert_eq!(woken, 8 + GIVEN_UP, "eight got their clones, and the others what was given up");
}

/// The same where the clone does come: what was kept in reserve goes on.
#[test]
fn p11_a_value_given_up_while_others_are_claimed_goes_on_when_theirs_comes() {
    let parcels: &'static Parcels<Watched> = leak(Parcels::new_with_raw_mutex(Watched::default()));
    let first: &'static Shared<Option<Pin<Box<_>>>> = leak(Shared::new(None));
    let late: &'static Shared<Option<Pin<Box<_>>>> = leak(Shared::new(None));
    *first.lock() = Some(Box::pin(parcels.wait(1)));
    assert!(poll(first.lock().as_mut().expect("it is there")).is_pending());
    assert!(matches!(parcels.wake_one(&1, Costly(Arc::default())), sync_core::wait_map::WakeOutcome::Woke));
    let mut waits = line(
        10,
        || parcels.wait(1),
        || {
            drop(first.lock().take());
            let mut wait = Box::pin(parcels.wait(1));
            assert!(poll(&mut wait).is_pending());
            *late.lock() = Some(wait);
        },
    );
    let clones = Arc::new(Count::new());
    clones.set(100);
    assert_eq!(parcels.wake_n(&1, 10, Costly(clones)), 10);
    assert!(waits.iter_mut().all(|wait| poll(wait).is_ready()));
    let mut late = late.lock().take().expect("it came");
    assert!(poll(&mut late).is_ready(), "it came too late for the clones, and not for what was given up");
}

/// The same where the wait that it was kept for is dropped before its clone comes. Seen to fail with:
/// `detach` that takes a wait with a value in reserve for one without.
#[test]
fn p11_a_value_in_reserve_goes_on_when_its_wait_is_dropped() {
    let parcels: &'static Parcels<Watched> = leak(Parcels::new_with_raw_mutex(Watched::default()));
    let first: &'static Shared<Option<Pin<Box<_>>>> = leak(Shared::new(None));
    let ninth: &'static Shared<Option<Pin<Box<_>>>> = leak(Shared::new(None));
    let late: &'static Shared<Option<Pin<Box<_>>>> = leak(Shared::new(None));
    let wait = || {
        let mut wait = Box::pin(parcels.wait(1));
        assert!(poll(&mut wait).is_pending());
        wait
    };
    *first.lock() = Some(wait());
    assert!(matches!(parcels.wake_one(&1, Costly(Arc::default())), sync_core::wait_map::WakeOutcome::Woke));
    // The first batch of clones is for these.
    let mut waits = line(
        8,
        || parcels.wait(1),
        move || {
            drop(first.lock().take());
            drop(ninth.lock().take());
            *late.lock() = Some(wait());
        },
    );
    *ninth.lock() = Some(wait());
    waits.push(wait());
    let clones = Arc::new(Count::new());
    clones.set(100);
    assert_eq!(parcels.wake_n(&1, 10, Costly(clones)), 9);
    assert!(waits.iter_mut().all(|wait| poll(wait).is_ready()));
    let mut late = late.lock().take().expect("it came");
    assert!(poll(&mut late).is_ready(), "what was kept for the ninth was lost");
}

/// A wait that is dropped while a value is promised to it leaves that to one that waited when the call began,
/// and to none that came since. Seen to fail with: `go_on` looking for any wait that is not claimed.
#[test]
fn p04_a_wait_that_is_dropped_leaves_its_value_to_none_that_came_since() {
    let parcels: &'static Parcels<Watched> = leak(Parcels::new_with_raw_mutex(Watched::default()));
    let last: &'static Shared<Option<Pin<Box<_>>>> = leak(Shared::new(None));
    let late: &'static Shared<Option<Pin<Box<_>>>> = leak(Shared::new(None));
    let wait = || {
        let mut wait = Box::pin(parcels.wait(1));
        assert!(poll(&mut wait).is_pending());
        wait
    };
    let mut waits = line(
        9,
        || parcels.wait(1),
        move || {
            drop(last.lock().take());
            *late.lock() = Some(wait());
        },
    );
    *last.lock() = Some(wait());
    let clones = Arc::new(Count::new());
    clones.set(100);
    assert_eq!(parcels.wake_n(&1, usize::MAX, Costly(clones)), 9);
    assert!(waits.iter_mut().all(|wait| poll(wait).is_ready()));
    let mut late = late.lock().take().expect("it came");
    assert!(poll(&mut late).is_pending());
}

/// `notify_n` for as many as a number can say is as any other: what a wait that is dropped was told goes to
/// the next.
/// Seen to fail with: `usize::MAX` that means all.
#[test]
fn p11_a_notification_of_any_number_is_handed_on() {
    for n in [2, usize::MAX] {
        let (mutex, changed): (&'static Mutex<()>, Condvar) = (leak(Mutex::new(())), Condvar::new());
        let task = Task::new();
        let wait = || {
            let mut wait = Box::pin(changed.wait(mutex.try_lock().expect("it is free")));
            assert!(task.poll(wait.as_mut()).is_pending());
            wait
        };
        let waits = [wait(), wait()];
        assert_eq!(changed.notify_n(n), 2);
        let mut late = wait();
        drop(waits);
        assert!(task.poll(late.as_mut()).is_ready(), "notify_n({n})");
    }
}

/// A primitive that calls itself from one of its own functions, over a lock that panics when it is taken
/// again.
#[sync_core::primitive(method = pass, future = Knock)]
struct Caller;

thread_local! {
    static CALLER: Cell<Option<&'static Caller<Watched>>> = const { Cell::new(None) };
}

impl Policy for Caller {
    type State = ();
    type Waiter = ();
    type Value = ();
    type Event<'e> = ();

    fn try_ready((): &mut (), (): &()) -> Option<()> {
        None
    }
    fn select((): &mut (), (): &mut (), (): &mut ()) -> Select<()> {
        if let Some(caller) = CALLER.take() {
            caller.notify((), |()| ());
        }
        Select::Wake(())
    }
}

/// Seen to fail with: a step that is to be gone on with before it has begun, which aborts the program.
#[test]
fn p26_a_lock_that_panics_when_it_is_taken_again_panics_once() {
    let caller: &'static Caller<Watched> = leak(Caller::new_with_raw_mutex((), Watched::default()));
    let mut wait = Box::pin(caller.pass(()));
    assert!(poll(&mut wait).is_pending());
    CALLER.set(Some(caller));
    let panic = catch_unwind(AssertUnwindSafe(|| caller.notify((), |()| ()))).expect_err("it is taken again");
    assert!(panic.downcast_ref::<String>().is_some_and(|why| why.contains("foreign code")), "another panic");
    // It waits on, and the primitive works.
    assert!(poll(&mut wait).is_pending());
    assert_eq!(caller.notify_count((), |()| ()), 1);
    assert!(poll(&mut wait).is_ready());
}

/// All buckets are closed before the first waker is called. Seen to fail with: `close` that closes one bucket
/// after another.
#[sync_core::wait_map(key = u8, value = u8, match = unique, buckets = 4)]
struct Pigeonholes;

#[test]
fn p23_close_of_a_map_with_buckets_is_one_step() {
    let holes: &'static Pigeonholes<Watched> =
        leak(Pigeonholes::new_with_raw_mutexes(core::array::from_fn(|_| Watched::default())));
    let wrong: &'static Shared<Vec<u8>> = leak(Shared::new(Vec::new()));
    let key = Count::new();
    let waits = line(
        16,
        || holes.wait(u8::try_from(key.up()).expect("it is small")),
        || {
            for key in 0..32 {
                let outcome = holes.wake(&key, 0);
                let mut wait = Box::pin(holes.wait(key + 100));
                if !matches!(outcome, sync_core::wait_map::WakeOutcome::Closed(_))
                    || poll(&mut wait).is_pending()
                {
                    wrong.lock().push(key);
                }
            }
        },
    );
    holes.close();
    assert_eq!(*wrong.lock(), []);
    for mut wait in waits {
        assert!(matches!(poll(&mut wait), Poll::Ready(Err(_))));
    }
}
