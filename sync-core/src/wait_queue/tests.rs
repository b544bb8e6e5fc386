//! What only the word shows; the black-box tests are in the `tests` crate.

use alloc::{boxed::Box, vec::Vec};
use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use super::WaitQueue;
use crate::{shim::atomic::Ordering::Relaxed, state::node::NodeState};

/// Every state that one thread can bring about, and what each query says of it.
#[test]
fn the_queries_in_each_state() {
    let queue = WaitQueue::new();
    let word = || queue.queue.word().load(Relaxed);
    let cx = &mut Context::from_waker(Waker::noop());
    assert!(!word().waiting() && !word().woken() && !queue.is_closed());

    queue.wake();
    assert!(word().woken() && !word().waiting() && !queue.is_closed());
    assert_eq!(queue.try_wait(), Poll::Ready(Ok(())));
    assert!(!word().woken());

    let mut wait = pin!(queue.wait());
    assert!(wait.as_mut().poll(cx).is_pending());
    assert!(word().waiting() && !word().woken() && queue.waiters() == 1);
    assert!(wait.state().is_queued() && wait.state().needs_release());

    queue.wake();
    assert!(!word().waiting() && !word().woken() && queue.waiters() == 0);
    assert!(wait.state().is_woken() && wait.state().needs_release());
    assert!(wait.as_mut().poll(cx).is_ready());
    assert!(wait.state().spent() && !wait.state().needs_release());

    queue.close();
    assert!(queue.is_closed());
    queue.wake();
    queue.wake_all();
    assert!(!word().woken() && queue.is_closed(), "a closed queue is left as it is");
}

/// A stored wake-up, then `close`: the close stays whatever the word held. (Pitfalls 1 and 13.)
#[test]
fn close_keeps_its_bit_beside_a_stored_wake_up() {
    let queue = WaitQueue::new();
    queue.wake();
    queue.close();
    queue.wake();
    assert!(queue.is_closed());
    assert!(matches!(queue.try_wait(), Poll::Ready(Err(_))));
}

/// The counts in nodes and queues are compared across the point where they wrap.
#[test]
fn epochs_wrap() {
    let last = NodeState::EPOCH.max_value();
    assert!(NodeState::queued(last).is_before(0));
    assert!(NodeState::queued(last - 1).is_before(last));
    assert!(!NodeState::queued(0).is_before(last));
    assert!(!NodeState::queued(5).is_before(5));
    assert!(NodeState::queued(5).is_before(6));
    assert!(!NodeState::queued(6).is_before(5));
}

/// The values from which a count starts, so that it crosses an edge that no test can count up to: of 16 bits,
/// of 32 bits, and of the field.
fn edges() -> [usize; 4] {
    let last = NodeState::EPOCH.max_value();
    [0xffff, last >> 28, last / 2, last - 1]
}

/// Waits in line and waits that were only made, across each wrap of the epoch: every `wake_all` is for the
/// waits that existed then, and for no others. Seen to fail with: `is_before` that compares the epochs as
/// numbers.
#[test]
fn wake_all_across_the_edges() {
    const MANY: usize = if cfg!(miri) { 4 } else { 40 };
    let cx = &mut Context::from_waker(Waker::noop());
    for start in edges() {
        let queue = WaitQueue::new();
        queue.queue.word().update(Relaxed, Relaxed, |word| word.with_wake_alls(start));
        for round in 0..4 {
            let what = || (start, round);
            let mut made = pin!(queue.wait());
            let mut line: Vec<_> = (0..MANY).map(|_| Box::pin(queue.wait())).collect();
            assert!(line.iter_mut().all(|wait| wait.as_mut().poll(cx).is_pending()), "{:?}", what());
            queue.wake_all();
            let mut late = pin!(queue.wait());
            assert!(late.as_mut().poll(cx).is_pending(), "{:?}", what());
            assert!(line.iter_mut().all(|wait| wait.as_mut().poll(cx).is_ready()), "{:?}", what());
            assert!(made.as_mut().poll(cx).is_ready(), "{:?}", what());
            // Also one that is in line for longer than the others.
            let mut later = pin!(queue.wait());
            assert!(later.as_mut().poll(cx).is_pending());
            queue.wake();
            assert!(
                late.as_mut().poll(cx).is_ready() && later.as_mut().poll(cx).is_pending(),
                "{:?}",
                what()
            );
        }
        assert_eq!(queue.queue.word().load(Relaxed).wake_alls(), start.wrapping_add(4) & (usize::MAX >> 4));
    }
}
