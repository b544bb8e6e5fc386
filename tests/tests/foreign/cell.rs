//! The cell: one waker, which a second task takes the place of.

use alloc::boxed::Box;
use core::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll},
};

use sync_core::{Closed, WaitCell};
use tests::{
    Task,
    fuse::{Run, act, task},
};

use crate::scene::Sum;

type Wait<'c> = Pin<Box<dyn Future<Output = Result<(), Closed>> + 'c>>;

fn wait(cell: &WaitCell) -> Wait<'_> {
    Box::pin(cell.wait())
}

/// Polls `wait` once as `task`, with the panic of `run` if there is one.
fn poll(run: Option<&Run>, wait: &mut Wait<'_>, task: &Task) -> Option<Poll<Result<(), Closed>>> {
    act(run, || task.poll(wait.as_mut()))
}

/// A new task waits and is woken, and no waker is left when it is.
fn works(cell: &WaitCell) {
    while let Some(Poll::Ready(Ok(()))) = poll(None, &mut wait(cell), &task()) {}
    let (task, mut late) = (task(), wait(cell));
    assert!(matches!(poll(None, &mut late, &task), Some(Poll::Pending)));
    assert!(cell.wake());
    assert_eq!((task.woken(), task.wakers()), (1, 0));
    assert!(matches!(poll(None, &mut late, &task), Some(Poll::Ready(Ok(())))));
}

#[test]
fn a_cell() {
    let mut sum = Sum::default();

    sum.inject("poll", |run| {
        let (cell, task) = (WaitCell::new(), task());
        let mut waits = wait(&cell);
        poll(Some(run), &mut waits, &task);
        // A task that panicked is not registered; that a wake-up came is kept for it.
        cell.wake();
        assert_eq!(task.woken(), usize::from(run.panicked().is_none()));
        assert!(matches!(poll(None, &mut waits, &task), Some(Poll::Ready(Ok(())))));
        works(&cell);
    });
    sum.inject("poll as another task", |run| {
        let (cell, task, other) = (WaitCell::new(), task(), task());
        let mut waits = wait(&cell);
        poll(None, &mut waits, &task);
        poll(Some(run), &mut waits, &other);
        cell.wake();
        if run.panicked().is_none() {
            assert_eq!((task.woken(), other.woken()), (0, 1));
        }
        assert!(matches!(poll(None, &mut waits, &other), Some(Poll::Ready(Ok(())))));
        works(&cell);
    });
    sum.inject("take the place of another wait, or leave", |run| {
        let (cell, task, other) = (WaitCell::new(), task(), task());
        let (mut waits, mut comes) = (wait(&cell), wait(&cell));
        poll(None, &mut waits, &task);
        poll(Some(run), &mut comes, &other);
        drop(comes);
        assert_eq!(other.wakers(), 0, "who has left is registered");
        // Whose place was taken looks again.
        if task.woken() > 0 {
            poll(None, &mut waits, &task);
        }
        assert!(cell.wake());
        assert!(matches!(poll(None, &mut waits, &task), Some(Poll::Ready(Ok(())))));
        works(&cell);
    });
    sum.inject("take the place of another wait", |run| {
        let (cell, task, other) = (WaitCell::new(), task(), task());
        let (mut waits, mut comes) = (wait(&cell), wait(&cell));
        poll(None, &mut waits, &task);
        poll(Some(run), &mut comes, &other);
        // Whose place was taken looks again; whose was not is woken, or finds the wake-up.
        cell.wake();
        assert!(task.woken() + other.woken() > 0, "no task looks again");
        let mut through = 0;
        for (wait, task) in [(&mut waits, &task), (&mut comes, &other)] {
            if let Some(Poll::Ready(Ok(()))) = poll(None, wait, task) {
                through += 1;
            }
        }
        assert_eq!(through, 1, "one wake-up is for one");
        drop((waits, comes));
        works(&cell);
    });
    sum.inject("leave", |run| {
        let (cell, task) = (WaitCell::new(), task());
        let mut waits = wait(&cell);
        poll(None, &mut waits, &task);
        run.act(|| drop(waits));
        assert_eq!((task.woken(), task.wakers()), (0, 0));
        works(&cell);
    });
    for wakes in [WaitCell::wake, WaitCell::close] {
        sum.inject("wake or close", |run| {
            let (cell, task) = (WaitCell::new(), task());
            let mut waits = wait(&cell);
            poll(None, &mut waits, &task);
            run.act(|| wakes(&cell));
            assert_eq!((task.woken(), task.wakers()), (1, 0));
            assert!(matches!(poll(None, &mut waits, &task), Some(Poll::Ready(_))));
            if cell.is_closed() {
                assert!(matches!(poll(None, &mut wait(&cell), &task), Some(Poll::Ready(Err(_)))));
            } else {
                works(&cell);
            }
        });
    }
    sum.inject("register without a wait", |run| {
        let (cell, task) = (WaitCell::new(), task());
        let waker = task.waker();
        run.act(|| assert!(cell.poll_wait(&mut Context::from_waker(&waker)).is_pending()));
        drop(waker);
        assert_eq!(cell.wake(), run.panicked().is_none());
        works(&cell);
    });
    sum.inject("drop the cell that a task is registered in", |run| {
        let (cell, task) = (WaitCell::new(), task());
        let waker = task.waker();
        assert!(cell.poll_wait(&mut Context::from_waker(&waker)).is_pending());
        drop(waker);
        run.act(|| drop(cell));
        assert_eq!((task.woken(), task.wakers()), (1, 0));
    });
    sum.inject("subscribe, and leave", |run| {
        let (cell, task) = (WaitCell::new(), task());
        let waker = task.waker();
        run.act(|| {
            let subscribed = pin!(cell.subscribe()).poll(&mut Context::from_waker(&waker));
            drop(subscribed);
        });
        drop(waker);
        assert_eq!(task.wakers(), 0);
        works(&cell);
    });
    sum.at_least(12);
}
