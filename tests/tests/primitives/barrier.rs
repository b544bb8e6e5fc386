//! [`Barrier`].

use super::*;

#[test]
fn rounds() {
    let barrier = Barrier::new(3);
    for _ in 0..3 {
        let (a, b) = (Waiter::queued(barrier.wait()), Waiter::queued(barrier.wait()));
        assert_eq!(barrier.arrived(), 2);
        let Poll::Ready(last) = Waiter::new(barrier.wait()).poll_now() else { panic!("all are there") };
        assert_eq!(barrier.arrived(), 0);
        // One of the next round waits already.
        let next = Waiter::queued(barrier.wait());
        assert!(last.is_leader());
        assert!(!a.yields().is_leader() && !b.yields().is_leader());
        drop(next);
    }
}

#[test]
fn of_one_or_none_no_task_waits() {
    for parties in [0, 1] {
        let barrier = Barrier::new(parties);
        for _ in 0..2 {
            assert!(block_on(barrier.wait()).is_leader());
        }
    }
}

#[test]
fn a_waiter_that_leaves_is_not_counted() {
    let barrier = Barrier::new(2);
    drop(Waiter::new(barrier.wait()));
    assert_eq!(barrier.arrived(), 0);
    drop(Waiter::queued(barrier.wait()));
    assert_eq!(barrier.arrived(), 0);
    // Its round is over: it has taken part, and the next one begins at no task.
    let gone = Waiter::queued(barrier.wait());
    assert!(Waiter::new(barrier.wait()).poll_now().is_ready());
    let next = Waiter::queued(barrier.wait());
    drop(gone);
    assert_eq!(barrier.arrived(), 1);
    assert!(Waiter::new(barrier.wait()).poll_now().is_ready());
    assert!(!next.yields().is_leader());
}

/// It is counted before its waker is cloned.
#[test]
fn a_task_that_panics_while_it_comes_is_not_counted() {
    quiet();
    let barrier = Barrier::new(2);
    let waker = Hooks::new().on_clone(|| std::panic::panic_any(SILENT)).waker();
    let mut wait = Box::pin(barrier.wait());
    assert!(panics(wait.as_mut(), &waker));
    drop(wait);
    assert_eq!(barrier.arrived(), 0);
}

#[test]
fn a_waker_that_panics_keeps_no_waiter() {
    let barrier = Barrier::new(CROWD + 2);
    let mut first = Box::pin(barrier.wait());
    assert!(first.as_mut().poll(&mut Context::from_waker(&panicking())).is_pending());
    let crowd: Vec<_> = (0..CROWD).map(|_| Waiter::queued(barrier.wait())).collect();
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
                    (0..scaled(200, 3)).for_each(|round| {
                        met.up();
                        block_on(barrier.wait());
                        assert!(met.get() >= (round + 1) * 4);
                        // No task counts for the next round before all have looked.
                        block_on(barrier.wait());
                    });
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(met.get(), scaled(800, 12));
    });
}
