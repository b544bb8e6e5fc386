//! What only the word shows; the black-box tests are in the `tests` crate.

use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use super::Semaphore;
use crate::{
    blocking::DefaultMutex,
    shim::atomic::Ordering::Relaxed,
    state::semaphore::{Attempt, Returned, SemaphoreState},
};

const MAX: usize = Semaphore::<DefaultMutex>::MAX_PERMITS;

fn word(semaphore: &Semaphore) -> SemaphoreState {
    semaphore.queue.word().load(Relaxed)
}

/// Both states of the table, open and closed, and what each query says of them.
#[test]
fn the_queries_in_each_state() {
    for closed in [false, true] {
        let semaphore = Semaphore::new(2);
        let cx = &mut Context::from_waker(Waker::noop());
        let idle = SemaphoreState::available(2);
        assert_eq!(word(&semaphore), idle);
        assert_eq!(
            (semaphore.available_permits(), semaphore.waiters(), semaphore.is_closed()),
            (2, 0, false)
        );

        let mut large = pin!(semaphore.acquire(5));
        assert!(large.as_mut().poll(cx).is_pending());
        assert_eq!(word(&semaphore), idle.with_waiting(true));
        assert_eq!(
            (semaphore.available_permits(), semaphore.waiters(), semaphore.is_closed()),
            (2, 1, false)
        );
        assert!(large.__sync_wait.state().is_queued());

        if closed {
            semaphore.close();
            // The line is empty, and the permits are what they were.
            assert_eq!(word(&semaphore), idle.with_closed(true));
            assert!(large.__sync_wait.state().closed() && !large.__sync_wait.state().needs_release());
            assert!(matches!(large.as_mut().poll(cx), Poll::Ready(Err(_))));
        } else {
            semaphore.add_permits(3);
            assert_eq!(word(&semaphore), SemaphoreState::available(0));
            assert!(large.__sync_wait.state().is_woken());
            let Poll::Ready(Ok(permit)) = large.as_mut().poll(cx) else { panic!("it was given five") };
            assert!(large.__sync_wait.state().spent());
            permit.forget();
            semaphore.add_permits(2);
            assert_eq!(word(&semaphore), idle);
            semaphore.close();
        }
        assert_eq!((semaphore.available_permits(), semaphore.waiters(), semaphore.is_closed()), (0, 0, true));
        semaphore.close();
        semaphore.add_permits(1);
        assert_eq!(word(&semaphore), SemaphoreState::available(3).with_closed(true));
        assert_eq!(semaphore.queue.word().try_acquire(0), Attempt::Closed);
        assert_eq!(semaphore.forget_permits(1), 1);
        assert_eq!(word(&semaphore), idle.with_closed(true));
    }
}

/// The permits are the topmost field: sums and differences beyond it must not come out at the other end. (S1)
#[test]
fn the_edges_of_the_count() {
    for below in [0, 1, 2, 3] {
        let state = SemaphoreState::new().with_waiting(below & 1 != 0).with_closed(below & 2 != 0);
        for (there, n, sum) in [
            (0, MAX, Some(MAX)),
            (MAX, 0, Some(MAX)),
            (MAX - 1, 1, Some(MAX)),
            (MAX, 1, None),
            (1, MAX, None),
            (MAX, MAX, None),
        ] {
            let there = state.with_permits(there);
            assert_eq!(there.plus(n), sum.map(|sum| state.with_permits(sum)));
        }
        assert_eq!(state.with_permits(MAX).minus(MAX), Some(state));
        assert_eq!(state.with_permits(MAX - 1).minus(MAX), None);
        assert_eq!(state.minus(1), None);
        assert_eq!(state.minus(0), Some(state));
    }
    assert_eq!(MAX, usize::MAX >> 2);
    let all = Semaphore::new(MAX);
    assert_eq!(word(&all), SemaphoreState::available(MAX));
    assert_eq!(all.forget_permits(usize::MAX), MAX);
    assert_eq!(word(&all), SemaphoreState::available(0));
}

/// What follows an attempt with which another call interfered: the same, as often as it takes.
#[test]
fn a_release_adds_unless_somebody_waits() {
    let semaphore = Semaphore::new(0);
    let release = |n| semaphore.queue.word().release(n).map_err(drop);
    assert_eq!(release(2), Ok(Returned::Added));
    assert_eq!(word(&semaphore), SemaphoreState::available(2));
    assert_eq!(release(MAX), Err(()));
    assert_eq!(word(&semaphore), SemaphoreState::available(2));

    let mut large = pin!(semaphore.acquire(5));
    assert!(large.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    let waiting = word(&semaphore);
    for n in [0, 3, MAX] {
        assert_eq!(release(n), Ok(Returned::Waiting));
        assert_eq!(word(&semaphore), waiting);
    }
}
