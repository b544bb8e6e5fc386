//! What only the word shows; the black-box tests are in the `tests` crate.

use alloc::{sync::Arc, task::Wake};
use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use super::WaitCell;
use crate::{
    shim::atomic::{
        AtomicUsize,
        Ordering::{Relaxed, SeqCst},
    },
    state::cell::CellState,
};

#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

fn counted() -> (Arc<Count>, Waker) {
    let count = Arc::new(Count::default());
    (Arc::clone(&count), Waker::from(count))
}

/// Every state that one thread can bring about, and what each query says of it.
#[test]
fn the_queries_in_each_state() {
    let cell = WaitCell::new();
    let word = || cell.slot.word().load(Relaxed);
    assert!(word().is_vacant() && !cell.is_closed());

    let mut wait = pin!(cell.wait());
    assert!(wait.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert!(word().occupied() && !word().is_vacant() && !cell.is_closed());

    assert!(cell.wake());
    assert!(word().woken() && !word().occupied() && !word().held() && !word().is_vacant());

    assert!(!cell.close());
    assert!(word().woken() && word().closed() && cell.is_closed());

    assert_eq!(wait.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(Ok(())));
    assert!(!word().woken() && cell.is_closed());
    assert!(!cell.wake(), "a closed cell is left as it is");
    assert!(!word().woken());
}

/// Fails if a wait that finds its own waker wakes it: an executor whose wakers never compare equal would
/// poll for ever. (Found by a model: loom's wakers are such.)
#[test]
fn a_wait_replaces_its_own_waker_without_waking_it() {
    let cell = WaitCell::new();
    let (first, first_waker) = counted();
    let (second, second_waker) = counted();
    let mut wait = pin!(cell.wait());
    assert!(wait.as_mut().poll(&mut Context::from_waker(&first_waker)).is_pending());
    assert!(wait.as_mut().poll(&mut Context::from_waker(&second_waker)).is_pending());
    assert_eq!(first.0.load(SeqCst), 0);
    assert_eq!(Arc::strong_count(&first), 2, "the replaced clone is gone");
    assert!(cell.wake());
    assert_eq!((first.0.load(SeqCst), second.0.load(SeqCst)), (0, 1));
}

/// Fails if the evicted waker is dropped: its task would sleep on without being registered.
#[test]
fn another_wait_wakes_the_one_it_evicts() {
    let cell = WaitCell::new();
    let (first, first_waker) = counted();
    let (second, second_waker) = counted();
    let mut a = pin!(cell.wait());
    let mut b = pin!(cell.wait());
    assert!(a.as_mut().poll(&mut Context::from_waker(&first_waker)).is_pending());
    assert!(b.as_mut().poll(&mut Context::from_waker(&second_waker)).is_pending());
    assert_eq!((first.0.load(SeqCst), second.0.load(SeqCst)), (1, 0));
}

/// Fails if `deregister` does not compare tickets: the second wait would be deaf.
#[test]
fn a_dropped_wait_takes_back_its_own_waker_only() {
    let cell = WaitCell::new();
    let (first, first_waker) = counted();
    let (second, second_waker) = counted();
    let mut b = pin!(cell.wait());
    {
        let mut a = pin!(cell.wait());
        assert!(a.as_mut().poll(&mut Context::from_waker(&first_waker)).is_pending());
        assert!(b.as_mut().poll(&mut Context::from_waker(&second_waker)).is_pending());
    }
    assert_eq!(Arc::strong_count(&first), 2);
    assert!(cell.wake());
    assert_eq!(second.0.load(SeqCst), 1);
    assert!(b.as_mut().poll(&mut Context::from_waker(&second_waker)).is_ready());
    drop(first_waker);
    assert_eq!(Arc::strong_count(&first), 1, "nothing holds the dropped wait's waker");
}

/// Every registration is told from the one before it where the count of them goes round, and where 16 or 32 bits would.
/// Seen to fail with: a next ticket that stops at the largest.
#[test]
fn tickets_across_the_edges() {
    let last = CellState::TICKETS.max_value();
    for start in [0xffff, last >> 28, last - 2] {
        let cell = WaitCell::new();
        cell.slot.word().update(Relaxed, Relaxed, |word| word.with_tickets(start));
        for round in 0..3 {
            let (first, first_waker) = counted();
            let (second, second_waker) = counted();
            let mut b = pin!(cell.wait());
            {
                let mut a = pin!(cell.wait());
                assert!(a.as_mut().poll(&mut Context::from_waker(&first_waker)).is_pending());
                assert!(b.as_mut().poll(&mut Context::from_waker(&second_waker)).is_pending());
            }
            // The one that was dropped took nothing back but its own.
            assert!(cell.wake(), "from {start}, round {round}");
            assert_eq!((first.0.load(SeqCst), second.0.load(SeqCst)), (1, 1));
            assert!(b.as_mut().poll(&mut Context::from_waker(&second_waker)).is_ready());
        }
    }
}
