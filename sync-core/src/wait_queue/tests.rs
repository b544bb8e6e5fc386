//! White-box tests; the black-box ones are in the `tests` crate.

use core::future::Future;
use core::{
    mem::size_of,
    pin::pin,
    task::{Context, Poll, Waker},
};

use super::*;

#[test]
fn smoke() {
    let q = WaitQueue::new();
    let cx = &mut Context::from_waker(Waker::noop());
    let mut a = pin!(q.wait());
    assert!(a.as_mut().poll(cx).is_pending());
    let mut b = pin!(q.wait());
    assert!(b.as_mut().poll(cx).is_pending());
    q.wake();
    assert!(b.as_mut().poll(cx).is_pending());
    assert_eq!(a.as_mut().poll(cx), Poll::Ready(Ok(())));
    q.wake_all();
    assert_eq!(b.as_mut().poll(cx), Poll::Ready(Ok(())));
    q.wake();
    assert_eq!(q.try_wait(), Poll::Ready(Ok(())));
    assert_eq!(q.try_wait(), Poll::Pending);
    q.close();
    assert_eq!(q.try_wait(), Poll::Ready(Err(Closed::new())));
}

#[test]
fn sizes() {
    std::println!(
        "q {} cell {} wait {}",
        size_of::<WaitQueue>(),
        size_of::<crate::WaitCell>(),
        size_of::<Wait<'_>>()
    );
}
