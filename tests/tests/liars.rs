//! Traits that users and the macros' output implement, implemented by liars. Nothing is taken for granted of
//! them: a wait leaves the list that it is in, whatever they answer. Under Miri and the address sanitizer
//! these tests say that no memory is touched that is gone; everywhere, that a task that has left is counted
//! no more.

#![cfg(not(any(loom, shuttle)))]
#![forbid(unsafe_code)]

extern crate alloc;

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{
    cell::Cell,
    cmp::Ordering,
    fmt,
    future::Future,
    hash::{Hash, Hasher},
    mem,
    pin::Pin,
    ptr,
    sync::atomic::{AtomicPtr, Ordering::SeqCst},
    task::{Context, Waker},
};
use std::{sync::OnceLock, thread_local};

use sync_core::{
    __private::{
        AsQueue, DefaultMutex, Fifo, PolicyWord, Queue, WaiterOf, Word, WordPolicyRule, atomic, wait_owned,
    },
    Policy, Select, StateWord, WordPolicy,
};
use tests::Count;

thread_local! {
    static SEED: Cell<u64> = const { Cell::new(1) };
}

/// Numbers that look random and are the same in each run.
fn dice(n: usize) -> usize {
    let next = SEED.get().wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    SEED.set(next);
    usize::try_from(next >> 33).expect("31 bits") % n
}

const ROUNDS: usize = if cfg!(miri) { 60 } else { 20_000 };

/// Joins, polls again, leaves, and does `act`, at random. In the end, all leave.
fn storm<F: Future>(mut wait: impl FnMut() -> F, mut act: impl FnMut()) {
    let cx = &mut Context::from_waker(Waker::noop());
    let mut waits: Vec<Pin<Box<F>>> = Vec::new();
    for _ in 0..ROUNDS {
        match dice(4) {
            0 | 1 => {
                let mut wait = Box::pin(wait());
                if wait.as_mut().poll(cx).is_pending() {
                    waits.push(wait);
                }
            }
            2 if !waits.is_empty() => {
                let at = dice(waits.len());
                let mut wait = waits.swap_remove(at);
                if dice(2) == 0 && wait.as_mut().poll(cx).is_pending() {
                    waits.push(wait);
                }
            }
            _ => act(),
        }
        if waits.len() > 50 {
            waits.clear();
        }
    }
}

/// How many wait, by what a primitive prints.
fn waiting(primitive: &impl fmt::Debug) -> bool {
    !format!("{primitive:?}").contains("waiters: 0")
}

/// A queue that is another one each time it is asked for, one of them behind a pointer.
struct Fickle {
    asked: Count,
    own: [Queue<Fifo<u8, u8>>; 2],
    late: OnceLock<Box<Queue<Fifo<u8, u8>>>>,
}

impl AsQueue for Fickle {
    type Rule = Fifo<u8, u8>;
    type Lock = DefaultMutex;

    fn as_queue(&self, _: &WaiterOf<Fifo<u8, u8>>) -> &Queue<Fifo<u8, u8>> {
        match self.asked.up() % 3 {
            2 => self.late.get_or_init(|| Box::new(Queue::new((), DefaultMutex::new()))),
            other => &self.own[other],
        }
    }
}

/// An owned future asks once, and keeps what it was told. So it leaves the queue that it has joined, and that
/// stays where it is as long as the future owns what it is in, also if nothing else does. Seen to fail with:
/// an `Owned` that asks each time.
#[test]
fn a_queue_that_is_another_each_time() {
    let queue = || Queue::new((), DefaultMutex::new());
    let cx = &mut Context::from_waker(Waker::noop());
    let fickle = Arc::new(Fickle { asked: Count::new(), own: [queue(), queue()], late: OnceLock::new() });
    let mut waits: Vec<_> = (0..9).map(|_| Box::pin(wait_owned(Arc::clone(&fickle), 1))).collect();
    assert_eq!(fickle.asked.get(), 9);
    for wait in &mut waits {
        assert!(wait.as_mut().poll(cx).is_pending());
    }
    let all = || [&fickle.own[0], &fickle.own[1], fickle.late.get().expect("asked for")];
    assert!(all().into_iter().all(|queue| queue.waiters() == 3));
    waits.truncate(3);
    assert!(all().into_iter().all(|queue| queue.waiters() == 1));
    assert_eq!(fickle.own[0].wake_all(&1, 7), 1);
    assert!(waits[0].as_mut().poll(cx).is_ready());
    drop(fickle);
    drop(waits);
}

/// A word that says what it likes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Whim(usize);

impl Word for Whim {
    type Bits = usize;

    fn from_bits(bits: usize) -> Self {
        Self(if dice(4) == 0 { dice(8) } else { bits })
    }

    fn bits(self) -> usize {
        if dice(4) == 0 { dice(8) } else { self.0 }
    }
}

impl StateWord for Whim {
    fn is_waiting(self) -> bool {
        dice(3) == 0
    }

    fn and_waiting(self, _: bool) -> Self {
        Self(dice(8))
    }

    fn is_closed(self) -> bool {
        dice(20) == 0
    }

    fn and_closed(self, _: bool) -> Self {
        Self(dice(8))
    }
}

enum Whimsical {}

impl WordPolicy for Whimsical {
    type Word = Whim;
    type Waiter = u8;
    type Value = usize;

    fn take(word: Whim, _: &u8) -> Option<(Whim, usize)> {
        (dice(3) == 0).then_some((word, word.0))
    }
}

/// What a word says decides which task passes and which is woken. Which nodes are in the list, their own
/// words say.
#[test]
fn a_word_that_says_what_it_likes() {
    let queue = Queue::<WordPolicyRule<Whimsical>>::with_atomic(
        PolicyWord::new(atomic::AtomicUsize::new(0)),
        DefaultMutex::new(),
    );
    storm(
        || queue.wait(1),
        || match dice(30) {
            0 => queue.close_word(),
            _ => queue.change(|word| word),
        },
    );
    assert_eq!(queue.waiters(), 0);
}

/// A key that is equal to itself or to others, in this order or in that one, in one bucket or another, by
/// chance.
#[derive(Clone, Copy, Debug)]
struct Any;

impl PartialEq for Any {
    fn eq(&self, _: &Self) -> bool {
        dice(3) == 0
    }
}

impl Eq for Any {}

impl PartialOrd for Any {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Any {
    fn cmp(&self, _: &Self) -> Ordering {
        [Ordering::Less, Ordering::Equal, Ordering::Greater][dice(3)]
    }
}

impl Hash for Any {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(dice(1000));
    }
}

impl sync_core::Position for Any {
    const START: Self = Self;
}

#[sync_core::wait_map(key = Any, value = u8, match = unique)]
struct Unique;

#[sync_core::wait_map(key = Any, value = u8, match = fifo)]
struct Oldest;

#[sync_core::wait_map(key = Any, value = u8, match = fifo, buckets = 4)]
struct Hashed;

#[sync_core::wait_map(key = Any, match = up_to)]
struct Reached;

/// Too large for clippy to have it passed by value.
struct Large([u64; 4]);

fn holds(_: &Large, event: &Large) -> bool {
    dice(3) == event.0.len() % 4
}

#[sync_core::wait_map(key = Large, event = Large, value = u8, match = predicate(holds))]
struct Held;

/// Comparing and hashing decides which task is woken, which is before which, and in which bucket a wait
/// joins, which it then keeps.
#[test]
fn keys_that_compare_by_chance() {
    let map = Unique::new();
    storm(|| map.wait(Any), || _ = map.wake(&Any, 1));
    assert!(!waiting(&map));

    let map = Oldest::new();
    storm(|| map.wait(Any), || _ = map.wake_n(&Any, 3, 1));
    assert!(!waiting(&map));

    let map = Arc::new(Hashed::new());
    storm(|| map.wait(Any), || _ = map.wake_all(&Any, 1));
    storm(|| map.wait_owned(Any), || _ = map.wake_all(&Any, 1));
    map.close();

    let map = Reached::new();
    storm(|| map.wait(Any), || _ = map.advance(Any));
    assert!(!waiting(&map));

    let map = Held::new();
    storm(|| map.wait(Large([1; 4])), || _ = map.notify_with(&Large([1; 4]), 1));
    assert!(!waiting(&map));
}

/// Decides by chance, and puts another waiter into the place of the one it is asked about.
#[sync_core::primitive(method = wait, future = WhimWait)]
struct Whims;

impl Policy for Whims {
    type State = Box<u8>;
    type Waiter = Box<u8>;
    type Value = Box<u8>;
    type Event<'e> = Box<u8>;

    fn try_ready(state: &mut Box<u8>, waiter: &Box<u8>) -> Option<Box<u8>> {
        (dice(5) == 0).then(|| mem::replace(state, waiter.clone()))
    }

    fn select(state: &mut Box<u8>, waiter: &mut Box<u8>, event: &mut Box<u8>) -> Select<Box<u8>> {
        mem::swap(state, waiter);
        mem::swap(waiter, event);
        match dice(6) {
            0 => Select::Wake(event.clone()),
            1 => Select::WakeAndStop(state.clone()),
            2 => Select::Stop,
            _ => Select::Skip,
        }
    }

    fn on_cancel(state: &mut Box<u8>, waiter: &mut Box<u8>, given: &mut Option<Box<u8>>) -> Option<Box<u8>> {
        mem::swap(state, waiter);
        if dice(2) == 0 { given.take() } else { None }
    }
}

/// A policy is lent the state and what a waiter waits for, and nothing of the list.
#[test]
fn a_policy_that_decides_by_chance() {
    let whims = Whims::new(Box::new(0));
    storm(|| whims.wait(Box::new(1)), || _ = whims.notify_count(Box::new(2), |state| **state = 3));
    assert!(!waiting(&whims));
}

/// A wait that is pinned and forgotten stays in the list, where it harms no task, also when the queue is
/// moved then, used, closed or dropped.
#[test]
fn a_forgotten_wait_does_no_harm() {
    // Where leaks are looked for, this says that these are meant.
    static FORGOTTEN: [AtomicPtr<()>; 2] = [const { AtomicPtr::new(ptr::null_mut()) }; 2];
    let cx = &mut Context::from_waker(Waker::noop());
    for (close, forgotten) in FORGOTTEN.iter().enumerate() {
        let queue = Queue::<Fifo<u8, u8>>::new((), DefaultMutex::new());
        let mut wait = Box::pin(queue.wait(1));
        assert!(wait.as_mut().poll(cx).is_pending());
        forgotten.store(ptr::from_ref(&*wait).cast_mut().cast(), SeqCst);
        #[expect(clippy::mem_forget, reason = "that is the point")]
        mem::forget(wait);

        let mut queue = Box::new(queue);
        for _ in 0..2 {
            let mut waits = [Box::pin(queue.wait(1)), Box::pin(queue.wait(2))];
            assert!(waits.iter_mut().all(|wait| wait.as_mut().poll(cx).is_pending()));
            assert_eq!(queue.waiters(), 3);
        }
        if close == 1 {
            queue.close();
        }
        assert_eq!(queue.waiters(), 1 - close);
        *queue = Queue::new((), DefaultMutex::new());
    }
}
