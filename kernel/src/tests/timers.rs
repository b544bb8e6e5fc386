//! Sleeping and time-outs, as a line of deadlines.

use core::{
    future::pending,
    pin::pin,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use embassy_futures::{join::join_array, poll_once};
use kernel::time::{CLOCK, Elapsed, sleep, timeout};

fn milliseconds(n: u64) -> Duration {
    Duration::from_millis(n)
}

pub(super) async fn sleepers_wake_in_order() {
    let last = &AtomicU64::new(0);
    let start = CLOCK.current();
    // Latest first, each due at a moment of its own.
    join_array([90, 70, 50, 30, 10, 80, 60, 40, 20].map(|due| async move {
        sleep(milliseconds(due)).await;
        let slept = CLOCK.current() - start;
        assert!(slept >= due, "slept {slept} ms of {due}");
        assert!(last.swap(due, Relaxed) < due, "woken out of turn");
    }))
    .await;
    assert_eq!(last.load(Relaxed), 90);
}

pub(super) async fn time_is_up() {
    let start = CLOCK.current();
    assert_eq!(timeout(milliseconds(30), pending::<()>()).await, Err(Elapsed));
    assert!(CLOCK.current() - start >= 30);
}

pub(super) async fn in_time() {
    assert_eq!(timeout(milliseconds(1000), async { 7 }).await, Ok(7));
    let slow = async {
        sleep(milliseconds(20)).await;
        8
    };
    assert_eq!(timeout(milliseconds(1000), slow).await, Ok(8));
}

pub(super) async fn a_dropped_sleep_leaves_the_line() {
    for _ in 0..100 {
        let mut dropped = pin!(sleep(milliseconds(5)));
        assert!(poll_once(dropped.as_mut()).is_pending());
    }
    // Had one of them stayed, the clock would now follow it to where it was.
    sleep(milliseconds(10)).await;
}
