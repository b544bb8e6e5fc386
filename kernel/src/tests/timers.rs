//! Sleeping and time-outs, as a line of deadlines.

use core::{future::pending, pin::pin, time::Duration};

use embassy_futures::{join::join_array, poll_once};
use kernel::time::{CLOCK, Elapsed, sleep, timeout};

fn milliseconds(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// Each tick wakes the tasks that are due, and no others, in whatever order they got in line.
pub(super) async fn each_at_its_tick() {
    let start = CLOCK.current();
    join_array([90, 70, 50, 50, 30, 80, 60, 40].map(|due| async move {
        let until = start + 50 + due;
        assert_eq!(CLOCK.wait(until).await, Ok(until), "the time when it was woken, and when it was due");
    }))
    .await;
    assert!(CLOCK.current() >= start + 140);
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
