//! `WaitQueue`, every method.

use alloc::{boxed::Box, string::ToString, sync::Arc};
use core::{
    pin::{Pin, pin},
    task::Poll,
};

use super::sync::{Closed, WaitQueue, WaitResult, spin::Spinlock, wait_queue};
use tests::{poll, ready};

static QUEUE: WaitQueue = WaitQueue::new();
static SPUN_QUEUE: WaitQueue<Spinlock> = WaitQueue::new_with_raw_mutex(Spinlock::new());

#[test]
fn a_queue() {
    let queue: WaitQueue = WaitQueue::default();
    let mut first = pin!(queue.wait());
    let mut second: Pin<&mut wait_queue::Wait<'_>> = pin!(queue.wait());
    assert!(first.waits_on(&queue) && !first.waits_on(&QUEUE) && first.same_queue(&second));
    assert_eq!(first.as_mut().subscribe(), Poll::Pending);
    assert!(poll(second.as_mut()).is_pending());
    queue.wake();
    assert_eq!(first.as_mut().subscribe(), Poll::Ready(Ok(())));
    assert_eq!(poll(first.as_mut()), Poll::Ready(Ok(())));
    assert!(poll(second.as_mut()).is_pending());
    queue.wake_all();
    assert_eq!(poll(second.as_mut()), Poll::Ready(Ok(())));
    assert!(!format!("{first:?} {queue:?}").is_empty());

    let shared = Arc::new(WaitQueue::new_with_raw_mutex(Spinlock::new()));
    let mut first: Pin<Box<wait_queue::WaitOwned<Spinlock>>> = Box::pin(shared.wait_owned());
    let second = Box::pin(shared.wait_owned());
    assert!(first.waits_on(&shared) && first.same_queue(&second));
    assert_eq!(first.as_mut().subscribe(), Poll::Pending);
    assert!(poll(first.as_mut()).is_pending());
    shared.wake();
    assert_eq!(poll(first.as_mut()), Poll::Ready(Ok(())));
    assert!(!format!("{first:?}").is_empty());

    assert_eq!(ready(SPUN_QUEUE.wait_for(|| true)), Ok(()));
    assert_eq!(ready(SPUN_QUEUE.wait_for_value(|| Some("value"))), Ok("value"));
    let mut items = 0;
    let mut item = Box::pin(QUEUE.wait_for_value(|| {
        items += 1;
        (items == 2).then_some(items)
    }));
    assert!(poll(item.as_mut()).is_pending());
    QUEUE.wake();
    assert_eq!(poll(item.as_mut()), Poll::Ready(Ok(2)));

    let mut waiting = pin!(queue.wait());
    assert!(poll(waiting.as_mut()).is_pending());
    queue.close();
    assert!(queue.is_closed());
    let closed: WaitResult<()> = ready(waiting);
    let closed: Closed = closed.unwrap_err();
    assert_eq!(Err(closed), ready(queue.wait()));
    assert_eq!(closed.to_string(), "closed");
}
