//! Every call that wakes many, and at every edge of a round every other call: pitfalls 21 to 23 for each
//! primitive, with batches as they are. What single sequences of them must do is in `reviewed.rs`; four waits
//! and batches of two, and all sequences up to a length, are for the specification (`cargo xtask rounds`).

#![expect(
    clippy::redundant_closure_for_method_calls,
    clippy::mem_forget,
    reason = "a table of calls that all look alike; a guard that is kept"
)]

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{
    fmt,
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll},
};
use std::panic::catch_unwind;

use sync_core::{
    Event, Latch, RwLock, RwLockWriteGuard, ScopedRawMutex, Semaphore, WaitQueue, WordPolicy,
    wait_map::WakeOutcome,
};
use tests::{
    Count, Hooks, Shared, Task, Tracked, Tracker, leak,
    subjects::{Gate, KEY, Mailboxes},
    watched::{Watched, collect},
    within,
};

use super::MANY;

/// A wait that yields whether it was given what it waited for, or else was told that it is closed.
type Waiting = Pin<Box<dyn Future<Output = bool> + Send>>;

/// At whose wake-up something is called: at both edges of the first rounds of wakers (32) and of clones (8),
/// and of the last.
const PLACES: [usize; 9] = [1, 2, 8, 9, 32, 33, 64, 65, MANY];

/// A call.
struct Call<C: 'static> {
    name: &'static str,
    /// If it lets all go: whether it gives them what they wait for, and does not close.
    gives: bool,
    run: fn(&'static C),
}

impl<C: 'static> Call<C> {
    const fn gives(name: &'static str, run: fn(&'static C)) -> Self {
        Self { name, gives: true, run }
    }

    const fn closes(run: fn(&'static C)) -> Self {
        Self { name: "close", gives: false, run }
    }

    /// One for the middle of another one, which asserts itself what it has to find.
    const fn other(name: &'static str, run: fn(&'static C)) -> Self {
        Self { name, gives: false, run }
    }
}

/// What many can wait on.
trait Crowd: fmt::Debug + Sync + 'static {
    fn make() -> &'static Self;
    fn wait(&'static self) -> Waiting;
    /// Those that let all go that wait.
    fn lets_go() -> Vec<Call<Self>>
    where
        Self: Sized;
    /// What is called meanwhile, beside those.
    fn meanwhile() -> Vec<Call<Self>>
    where
        Self: Sized;
}

/// Many wait; `outer` lets them go; at the wake-up number `at`, `inner` is called. However far the one has
/// come, it is as if it had been over, and no lock is held.
fn check<C: Crowd>(outer: &Call<C>, at: usize, inner: &Call<C>) {
    let crowd = C::make();
    let woken: Arc<Count> = Arc::default();
    let wakers = (0..MANY).map(|_| {
        let (woken, inner) = (Arc::clone(&woken), inner.run);
        Hooks::new().on_wake(move || {
            if woken.up() + 1 == at {
                inner(crowd);
            }
        })
    });
    let mut waits: Vec<_> = wakers
        .map(|waker| {
            let mut wait = crowd.wait();
            let waker = waker.waker();
            assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
            wait
        })
        .collect();
    (outer.run)(crowd);
    assert!(woken.get() >= MANY, "{} are told", woken.get());
    let task = Task::new();
    for (place, wait) in waits.iter_mut().enumerate() {
        assert_eq!(task.poll(wait.as_mut()), Poll::Ready(outer.gives), "number {place}");
    }
}

fn whatever_is_called_meanwhile<C: Crowd>() {
    within(60, || {
        for outer in C::lets_go() {
            for inner in C::lets_go().into_iter().chain(C::meanwhile()) {
                for at in PLACES {
                    let run = || catch_unwind(AssertUnwindSafe(|| check::<C>(&outer, at, &inner)));
                    let (outcome, found) = collect(run);
                    let what = || {
                        let what: Vec<_> = core::any::type_name::<C>().split("::").collect();
                        std::format!(
                            "{}: {}, at wake-up {at} of {}",
                            what[what.len() - 1],
                            inner.name,
                            outer.name
                        )
                    };
                    if let Err(panic) = outcome {
                        std::eprintln!("{}", what());
                        std::panic::resume_unwind(panic);
                    }
                    assert!(found.is_empty(), "{}: {} times under the lock", what(), found.len());
                }
            }
        }
    });
}

impl Crowd for Semaphore<Watched> {
    fn make() -> &'static Self {
        leak(Self::new_with_raw_mutex(0, Watched::new()))
    }
    fn wait(&'static self) -> Waiting {
        let acquire = self.acquire(1);
        Box::pin(async { acquire.await.map(sync_core::semaphore::Permit::forget).is_ok() })
    }
    fn lets_go() -> Vec<Call<Self>> {
        vec![
            Call::gives("add_permits", |semaphore| semaphore.add_permits(MANY)),
            Call::gives("add_permits, five more", |semaphore| semaphore.add_permits(MANY + 5)),
            Call::closes(|semaphore| semaphore.close()),
        ]
    }
    fn meanwhile() -> Vec<Call<Self>> {
        vec![
            // 22: fewer permits let no task in, but in the middle of an `add_permits` there are more of them.
            Call::other("forget_permits", |semaphore| {
                let left = semaphore.available_permits();
                assert_eq!(semaphore.forget_permits(usize::MAX), left, "as many as there are for no task");
                assert!(left <= 5, "{left} of those that are given");
                assert_eq!(semaphore.available_permits(), 0);
            }),
            Call::other("try_acquire", |semaphore| {
                let left = semaphore.available_permits();
                assert_eq!(semaphore.try_acquire(1).is_ok(), left > 0);
            }),
            Call::other("acquire", |semaphore| {
                let left = semaphore.available_permits();
                let polled = Task::new().poll(Box::pin(semaphore.acquire(1)).as_mut());
                assert_eq!(matches!(polled, Poll::Ready(Ok(_))), left > 0);
            }),
            Call::other("waiters", |semaphore| assert_eq!(semaphore.waiters(), 0)),
        ]
    }
}

/// Readers, while a task writes.
#[derive(Debug)]
struct Readers {
    lock: RwLock<(), Watched>,
    writer: Shared<Option<RwLockWriteGuard<'static, (), Watched>>>,
}

impl Crowd for Readers {
    fn make() -> &'static Self {
        let readers: &'static Self =
            leak(Self { lock: RwLock::new_with_raw_mutex((), Watched::new()), writer: Shared::new(None) });
        *readers.writer.lock() = readers.lock.try_write();
        readers
    }
    fn wait(&'static self) -> Waiting {
        let read = self.lock.read();
        Box::pin(async move {
            // Beside each other.
            core::mem::forget(read.await);
            true
        })
    }
    fn lets_go() -> Vec<Call<Self>> {
        vec![
            Call::gives("drop of the writer", |readers| {
                let writer = readers.writer.lock().take();
                drop(writer);
            }),
            Call::gives("downgrade", |readers| {
                let writer = readers.writer.lock().take();
                drop(writer.map(RwLockWriteGuard::downgrade));
            }),
        ]
    }
    fn meanwhile() -> Vec<Call<Self>> {
        vec![
            Call::other("try_write", |readers| assert!(readers.lock.try_write().is_none(), "they read")),
            Call::other("try_read", |readers| assert!(readers.lock.try_read().is_some(), "they read")),
            Call::other("write", |readers| {
                assert!(Task::new().poll(Box::pin(readers.lock.write()).as_mut()).is_pending());
            }),
            Call::other("upgradable_read", |readers| {
                assert!(Task::new().poll(Box::pin(readers.lock.upgradable_read()).as_mut()).is_ready());
            }),
        ]
    }
}

impl Crowd for WaitQueue<Watched> {
    fn make() -> &'static Self {
        leak(Self::default())
    }
    fn wait(&'static self) -> Waiting {
        let wait = WaitQueue::wait(self);
        Box::pin(async { wait.await.is_ok() })
    }
    fn lets_go() -> Vec<Call<Self>> {
        vec![
            Call::gives("wake_all", |queue| queue.wake_all()),
            Call::gives("wake_n", |queue| _ = queue.wake_n(MANY)),
            Call::gives("wake_n, one more", |queue| _ = queue.wake_n(MANY + 1)),
            Call::closes(|queue| queue.close()),
        ]
    }
    fn meanwhile() -> Vec<Call<Self>> {
        vec![
            Call::other("wake", |queue| queue.wake()),
            Call::other("wake_n of two", |queue| assert_eq!(queue.wake_n(2), 0, "all have one")),
            Call::other("try_wait", |queue| _ = queue.try_wait()),
            Call::other("waiters", |queue| assert_eq!(queue.waiters(), 0)),
            Call::other("wait", |queue| _ = Task::new().poll(Box::pin(queue.wait()).as_mut())),
        ]
    }
}

impl Crowd for Gate<Watched> {
    fn make() -> &'static Self {
        leak(Self::new_with_raw_mutex(0, Watched::new()))
    }
    fn wait(&'static self) -> Waiting {
        let pass = self.pass(());
        Box::pin(async { pass.await.is_ok() })
    }
    fn lets_go() -> Vec<Call<Self>> {
        vec![
            Call::gives("a notify for each", |gate| gate.add(MANY)),
            Call::gives("a notify for all", |gate| gate.open()),
            Call::closes(|gate| gate.close()),
        ]
    }
    fn meanwhile() -> Vec<Call<Self>> {
        vec![
            Call::other("a notify for one", |gate| gate.add(1)),
            Call::other("pass", |gate| _ = Task::new().poll(Box::pin(gate.pass(())).as_mut())),
        ]
    }
}

/// Tickets, in a word.
#[sync_core::bitfield(usize)]
struct TicketState {
    waiting: bool,
    closed: bool,
    #[bits(16)]
    left: u16,
}

/// Tickets.
#[sync_core::primitive(method = take, future = Take, waiter = (), word = TicketState)]
struct Tickets;

impl WordPolicy for Tickets {
    type Word = TicketState;
    type Waiter = ();
    type Value = ();

    fn take(word: TicketState, (): &()) -> Option<(TicketState, ())> {
        Some((word.with_left(word.left().checked_sub(1)?), ()))
    }
}

impl<Lock: ScopedRawMutex> Tickets<Lock> {
    fn add(&self, n: u16) {
        self.change(|word| word.with_left(word.left() + n));
    }
}

impl Crowd for Tickets<Watched> {
    fn make() -> &'static Self {
        leak(Self::new_with_raw_mutex(TicketState::new(), Watched::new()))
    }
    fn wait(&'static self) -> Waiting {
        let take = self.take();
        Box::pin(async { take.await.is_ok() })
    }
    fn lets_go() -> Vec<Call<Self>> {
        vec![
            Call::gives("a change of the word", |tickets| {
                tickets.add(u16::try_from(MANY).expect("a few dozen"));
            }),
            Call::closes(|tickets| tickets.close()),
        ]
    }
    fn meanwhile() -> Vec<Call<Self>> {
        vec![
            Call::other("a change for one", |tickets| tickets.add(1)),
            Call::other("an attempt", |tickets| assert!(tickets.try_take(&()).is_none(), "all are given")),
            Call::other("take", |tickets| {
                assert!(!matches!(Task::new().poll(Box::pin(tickets.take()).as_mut()), Poll::Ready(Ok(()))));
            }),
        ]
    }
}

impl Crowd for Event<Watched> {
    fn make() -> &'static Self {
        leak(Self::default())
    }
    fn wait(&'static self) -> Waiting {
        let wait = Event::wait(self);
        Box::pin(async { wait.await.is_ok() })
    }
    fn lets_go() -> Vec<Call<Self>> {
        vec![Call::gives("set", |event| event.set()), Call::closes(|event| event.close())]
    }
    fn meanwhile() -> Vec<Call<Self>> {
        vec![
            Call::other("reset", |event| event.reset()),
            Call::other("wait", |event| {
                assert!(Task::new().poll(Box::pin(event.wait()).as_mut()).is_ready());
            }),
        ]
    }
}

impl Crowd for Latch<Watched> {
    fn make() -> &'static Self {
        leak(Self::new_with_raw_mutex(1, Watched::new()))
    }
    fn wait(&'static self) -> Waiting {
        let wait = Latch::wait(self);
        Box::pin(async { wait.await.is_ok() })
    }
    fn lets_go() -> Vec<Call<Self>> {
        vec![Call::gives("count_down", |latch| latch.count_down(1)), Call::closes(|latch| latch.close())]
    }
    fn meanwhile() -> Vec<Call<Self>> {
        vec![Call::other("wait", |latch| {
            assert!(Task::new().poll(Box::pin(latch.wait()).as_mut()).is_ready());
        })]
    }
}

impl Crowd for Mailboxes<Watched> {
    fn make() -> &'static Self {
        leak(Self::default())
    }
    fn wait(&'static self) -> Waiting {
        let wait = Mailboxes::wait(self, KEY);
        Box::pin(async { wait.await.is_ok() })
    }
    fn lets_go() -> Vec<Call<Self>> {
        vec![
            Call::gives("wake_all by key", |mail| _ = mail.wake_all(&KEY, 1)),
            Call::gives("wake_n by key", |mail| _ = mail.wake_n(&KEY, MANY, 1)),
            Call::closes(|mail| mail.close()),
        ]
    }
    fn meanwhile() -> Vec<Call<Self>> {
        vec![
            Call::other("wake_one", |mail| {
                assert!(!matches!(mail.wake_one(&KEY, 2), WakeOutcome::Woke), "all are given one");
            }),
            Call::other("wake_all of another key", |mail| assert_eq!(mail.wake_all(&0, 2), 0)),
            Call::other("wait", |mail| _ = Task::new().poll(Box::pin(mail.wait(KEY)).as_mut())),
        ]
    }
}

#[sync_core::wait_map(key = u8, match = up_to)]
struct Flushed;

impl Crowd for Flushed<Watched> {
    fn make() -> &'static Self {
        leak(Self::default())
    }
    fn wait(&'static self) -> Waiting {
        let wait = Flushed::wait(self, 1);
        Box::pin(async { wait.await.is_ok() })
    }
    fn lets_go() -> Vec<Call<Self>> {
        vec![
            Call::gives("advance", |flushed| _ = flushed.advance(1)),
            Call::closes(|flushed| flushed.close()),
        ]
    }
    fn meanwhile() -> Vec<Call<Self>> {
        vec![Call::other("advance further", |flushed| assert_eq!(flushed.advance(2), 0))]
    }
}

#[sync_core::wait_map(key = u8, match = mask)]
struct Flags;

impl Crowd for Flags<Watched> {
    fn make() -> &'static Self {
        leak(Self::default())
    }
    fn wait(&'static self) -> Waiting {
        let wait = self.wait_any(1).clear_on_exit();
        Box::pin(async { wait.await.is_ok() })
    }
    fn lets_go() -> Vec<Call<Self>> {
        vec![Call::gives("set", |flags| _ = flags.set(1)), Call::closes(|flags| flags.close())]
    }
    fn meanwhile() -> Vec<Call<Self>> {
        vec![
            Call::other("get", |flags| assert_eq!(flags.get(), 0, "they have cleared it")),
            Call::other("set another", |flags| assert_eq!(flags.set(2), 0)),
            Call::other("clear", |flags| assert_eq!(flags.clear(1), 0)),
        ]
    }
}

#[sync_core::wait_map(key = u8, value = Tracked, event = u8, match = predicate(u8::le))]
struct Told;

/// Those that are told a value.
#[derive(Debug)]
struct ToldAll {
    told: Told<Watched>,
    values: Tracker,
}

impl Crowd for ToldAll {
    fn make() -> &'static Self {
        leak(Self { told: Told::default(), values: Tracker::new() })
    }
    fn wait(&'static self) -> Waiting {
        let wait = self.told.wait(1);
        Box::pin(async { wait.await.is_ok() })
    }
    fn lets_go() -> Vec<Call<Self>> {
        vec![
            Call::gives("notify_with", |all| _ = all.told.notify_with(&1, all.values.value(1))),
            Call::closes(|all| all.told.close()),
        ]
    }
    fn meanwhile() -> Vec<Call<Self>> {
        vec![Call::other("notify_with for others", |all| {
            assert_eq!(all.told.notify_with(&0, all.values.value(2)), 0);
        })]
    }
}

/// 21: no waker is called, and nothing is dropped, while a lock is held. 22: what is counted in the middle of
/// a call counts what that has given away as gone. 23: what one call gives is given, whatever comes between
/// two of its rounds.
///
/// Seen to fail with: the wakers of a round called in the closure of its lock (all of them); `grant_front`
/// that stops after 32 (`semaphore`, `readers`, `a_queue`, `a_word`), and `pass` that does (`a_policy`,
/// `an_event`, `flags`, `positions`, `a_latch`); `close_with` that closes the word last.
macro_rules! whatever_is_called_meanwhile {
    ($($name:ident: $crowd:ty;)*) => {
        mod p21_to_p23_whatever_is_called_between_two_rounds {
            use super::*;
            $(
                #[test]
                fn $name() {
                    whatever_is_called_meanwhile::<$crowd>();
                }
            )*
        }
    };
}

whatever_is_called_meanwhile! {
    semaphore: Semaphore<Watched>;
    readers: Readers;
    a_queue: WaitQueue<Watched>;
    a_policy: Gate<Watched>;
    a_word: Tickets<Watched>;
    an_event: Event<Watched>;
    a_latch: Latch<Watched>;
    values_by_key: Mailboxes<Watched>;
    positions: Flushed<Watched>;
    flags: Flags<Watched>;
    told: ToldAll;
}
