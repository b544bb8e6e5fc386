//! [`Latch`].

use super::*;

#[test]
fn it_opens_at_zero_and_stays_open() {
    let latch = Latch::new(3);
    let crowd: Vec<_> = (0..CROWD).map(|_| Waiter::queued(latch.wait())).collect();
    latch.count_down(2);
    assert_eq!(latch.count(), 1);
    for waiting in &crowd {
        assert_eq!(waiting.task.woken(), 0);
    }
    latch.count_down(2);
    latch.count_down(1);
    assert_eq!(latch.count(), 0);
    for waiting in crowd {
        assert_eq!(waiting.yields(), Ok(()));
    }
    assert_eq!(Waiter::new(latch.wait()).poll_now(), Poll::Ready(Ok(())));
    assert_eq!(Waiter::new(Latch::new(0).wait()).poll_now(), Poll::Ready(Ok(())));
}

#[test]
fn the_largest_count() {
    let latch = Latch::new(Latch::MAX_COUNT);
    assert_eq!(latch.count(), Latch::MAX_COUNT);
    latch.count_down(usize::MAX);
    assert_eq!(latch.count(), 0);
    assert!(catch_unwind(|| Latch::new(Latch::MAX_COUNT + 1)).is_err());
}

#[test]
fn closed() {
    let latch = Latch::new(1);
    let waiting = Waiter::queued(latch.wait());
    latch.close();
    assert!(waiting.yields().is_err());
    latch.count_down(1);
    assert!(matches!(Waiter::new(latch.wait()).poll_now(), Poll::Ready(Err(_))));
}

#[test]
fn a_wait_polled_again_panics() {
    let mut waiting = Waiter::new(leak(Latch::new(0)).wait());
    assert!(waiting.poll_now().is_ready());
    assert!(catch_unwind(AssertUnwindSafe(|| waiting.poll_now())).is_err());
}
