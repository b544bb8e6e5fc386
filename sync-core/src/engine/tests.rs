//! Letting go of a node: nothing of it is used afterwards, and no reference to it is claimed.
//!
//! One test for each way to `give` and `settle`. They show something under Miri only. All of them were seen
//! to fail there, with Stacked and with Tree Borrows, on 64 and on 32 bits, with `Node::unlink` taking
//! `&self`.

use alloc::{boxed::Box, sync::Arc, task::Wake, vec::Vec};
use core::{
    future::Future,
    pin::Pin,
    task::{Context, Waker},
};
use std::thread;

use super::{Queue, Yields, list::WakeBatch};
use crate::{
    StateWord,
    blocking::DefaultMutex,
    engine::list::Select,
    error::WakeOutcome,
    shim::atomic::{
        AtomicBool, AtomicUsize,
        Ordering::{Acquire, Release},
    },
    waiter::{Fifo, Policy, PolicyWord, Unique, Wait, WordPolicy, WordPolicyRule},
};

/// More aligned than any part of a node of the library's own, so that a node with one of these has padding,
/// which is in no `UnsafeCell`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(32))]
struct Wide(u8);

type Waiting<'q, R> = Pin<Box<Wait<R, DefaultMutex, &'q Queue<R, DefaultMutex>>>>;

/// Has one wait for each of `waiters`, calls `act` on another thread, and meanwhile completes and frees each
/// wait as soon as its node says that it was let go of.
///
/// Miri is asked whether anything of the node is still claimed then by the thread that let go of it.
fn let_go<R>(
    queue: &Queue<R, DefaultMutex>,
    waiters: impl IntoIterator<Item = R::Waiter>,
    wakers: &[Waker],
    act: impl FnOnce() + Send,
) where
    R: Yields,
    Queue<R, DefaultMutex>: Sync,
{
    let mut wakers = wakers.iter();
    let mut waits: Vec<Waiting<'_, R>> =
        waiters.into_iter().map(|waiter| Box::pin(queue.wait(waiter))).collect();
    for wait in &mut waits {
        let waker = wakers.next().unwrap_or(Waker::noop());
        assert!(wait.as_mut().poll(&mut Context::from_waker(waker)).is_pending());
    }
    let all_wait = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !all_wait.load(Acquire) {
                thread::yield_now();
            }
            act();
        });
        all_wait.store(true, Release);
        let cx = &mut Context::from_waker(Waker::noop());
        while !waits.is_empty() {
            // It looks without the lock, which the other thread has while it lets go of a node.
            waits.retain_mut(|wait| wait.state().linked() || wait.as_mut().poll(cx).is_pending());
            thread::yield_now();
        }
    });
}

#[test]
fn a_node_is_let_go_of_by_key() {
    let queue = Queue::<Unique<Wide, Wide>>::new((), DefaultMutex::new());
    let_go(&queue, [Wide(1)], &[], || assert_eq!(queue.wake(&Wide(1), Wide(2)), WakeOutcome::Woke));
}

#[test]
fn a_node_is_let_go_of_by_close() {
    let queue = Queue::<Unique<Wide, Wide>>::new((), DefaultMutex::new());
    let_go(&queue, [Wide(1), Wide(2)], &[], || queue.close());
}

/// A waker that closes the map.
struct Closes(Arc<Queue<Fifo<Wide, Wide>>>);

impl Wake for Closes {
    fn wake(self: Arc<Self>) {
        self.0.close();
    }
}

/// Between two rounds of a `wake_all`, whose next ones are passed over.
#[test]
fn a_node_is_let_go_of_by_close_behind_claims() {
    let queue = Arc::new(Queue::<Fifo<Wide, Wide>>::new((), DefaultMutex::new()));
    let closes = Waker::from(Arc::new(Closes(Arc::clone(&queue))));
    let waiters = [Wide(1); 10].into_iter().chain([Wide(2), Wide(3)]);
    let_go(&queue, waiters, &[closes], || assert_eq!(queue.wake_all(&Wide(1), Wide(2)), 10));
}

/// Every waiter is given what happened.
enum Hears {}

impl Policy for Hears {
    type State = ();
    type Waiter = Wide;
    type Value = Wide;
    type Event<'e> = Wide;

    fn try_ready((): &mut (), _: &Wide) -> Option<Wide> {
        None
    }

    fn select((): &mut (), _: &mut Wide, event: &mut Wide) -> Select<Wide> {
        Select::Wake(*event)
    }
}

/// Those that fit the batch at once, and the others in a later round.
#[test]
fn a_node_is_let_go_of_by_a_policy() {
    const WAITERS: usize = WakeBatch::CAPACITY + 2;
    let queue = Queue::<Hears>::new((), DefaultMutex::new());
    let_go(&queue, [Wide(1); WAITERS], &[], || assert_eq!(queue.notify(Wide(2), |()| ()), WAITERS));
}

#[sync_macros::bitfield(usize)]
struct GateState {
    waiting: bool,
    closed: bool,
    open: bool,
}

impl StateWord for GateState {
    fn is_waiting(self) -> bool {
        self.waiting()
    }

    fn and_waiting(self, waiting: bool) -> Self {
        self.with_waiting(waiting)
    }

    fn is_closed(self) -> bool {
        self.closed()
    }

    fn and_closed(self, closed: bool) -> Self {
        self.with_closed(closed)
    }
}

/// Open or not.
enum Opens {}

impl WordPolicy for Opens {
    type Word = GateState;
    type Waiter = Wide;
    type Value = Wide;

    fn take(word: GateState, waiter: &Wide) -> Option<(GateState, Wide)> {
        word.open().then_some((word, *waiter))
    }
}

/// One is let in without a batch.
#[test]
fn a_node_is_let_go_of_by_a_word() {
    for waiters in 1..=2 {
        let queue = Queue::<WordPolicyRule<Opens>>::with_atomic(
            PolicyWord::new(AtomicUsize::new(0)),
            DefaultMutex::new(),
        );
        let_go(&queue, [Wide(1), Wide(2)].into_iter().take(waiters), &[], || {
            queue.change(|word| word.with_open(true));
        });
    }
}
