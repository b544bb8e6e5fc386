//! `WaitCell`, every method.

use core::{
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use super::sync::{
    WaitCell,
    wait_cell::{self, PollWaitError},
};
use tests::{poll, ready};

static CELL: WaitCell = WaitCell::new();

#[test]
fn a_cell() {
    let cell = WaitCell::default();
    assert!(!cell.is_closed());
    {
        let wait: wait_cell::Wait<'_> = cell.wait();
        let mut wait = pin!(wait);
        assert!(poll(wait.as_mut()).is_pending());
        assert!(cell.wake());
        assert_eq!(poll(wait.as_mut()), Poll::Ready(Ok(())));
    }
    let subscribe: wait_cell::Subscribe<'_> = cell.subscribe();
    assert!(!format!("{subscribe:?}").is_empty());
    let mut wait = ready(subscribe);
    assert!(!format!("{wait:?} {cell:?}").is_empty());
    cell.wake();
    // Neither future minds being moved.
    assert_eq!(poll(Pin::new(&mut wait)), Poll::Ready(Ok(())));

    let cx = &mut Context::from_waker(Waker::noop());
    let polled: Poll<Result<(), PollWaitError>> = cell.poll_wait(cx);
    assert_eq!(polled, Poll::Pending);
    cell.wake();
    assert_eq!(cell.poll_wait(cx), Poll::Ready(Ok(())));

    assert_eq!(ready(cell.wait_for(|| true)), Ok(()));
    assert_eq!(ready(cell.wait_for_value(|| Some(5))), Ok(5));
    let mut seen = 0;
    let mut counted = pin!(CELL.wait_for(|| {
        seen += 1;
        seen == 2
    }));
    assert!(poll(counted.as_mut()).is_pending());
    CELL.wake();
    assert_eq!(poll(counted), Poll::Ready(Ok(())));

    let _called: bool = cell.close();
    assert!(ready(cell.wait()).is_err());
    match cell.poll_wait(cx) {
        Poll::Ready(Err(error @ PollWaitError::Closed)) => {
            let copy = error;
            assert_eq!(error.clone(), copy);
            assert_ne!(copy, PollWaitError::Busy);
        }
        other => panic!("{other:?}"),
    }
}
