//! Time-outs around a wait: one that is given up leaves the line.

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use embassy_time::{Duration, with_timeout};
use sync_core::{Semaphore, WaitQueue};

use crate::device;

/// Nothing comes, and nothing of the wait is left.
pub(crate) async fn elapses() {
    static QUEUE: WaitQueue = WaitQueue::new();
    for _ in 0..20 {
        let waits = with_timeout(Duration::from_millis(3), QUEUE.wait());
        waits.await.expect_err("there is no wake-up");
        assert_eq!(QUEUE.waiters(), 0);
    }
}

/// It may come just then: a permit is had, or is there.
pub(crate) async fn comes_in_time() {
    static PERMITS: Semaphore = Semaphore::new(0);
    static ADDED: AtomicU32 = AtomicU32::new(0);
    let on = device::calls(|nth| {
        if nth % 4 == 3 {
            PERMITS.add_permits(1);
            ADDED.store(ADDED.load(Relaxed) + 1, Relaxed);
        }
    });
    let (mut had, mut elapsed) = (0, 0);
    for round in 0..200 {
        let waits = with_timeout(Duration::from_millis(1 + round % 8), PERMITS.acquire(1));
        match waits.await {
            Ok(permit) => {
                permit.expect("it is never closed").forget();
                had += 1;
            }
            Err(_) => elapsed += 1,
        }
    }
    drop(on);
    assert!(had > 20 && elapsed > 20, "{had} came in time, {elapsed} did not");
    assert_eq!(had + PERMITS.available_permits(), ADDED.load(Relaxed) as usize);
    assert_eq!(PERMITS.waiters(), 0);
}
