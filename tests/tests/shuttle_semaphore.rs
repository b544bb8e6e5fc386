//! [`Semaphore`] with eight tasks on four threads, under schedules that shuttle draws.
//!
//! Seen to fail with: `Counted::abandon` that drops the permits it was given (a deadlock, or permits that are
//! missing in the end).
#![cfg(shuttle)]

extern crate alloc;

use alloc::{boxed::Box, sync::Arc};

use sync_core::Semaphore;
use tests::{
    Count, GiveUp, schedules,
    schedules::{Job, TASKS, dice, on_threads},
};

/// How often each task asks for permits.
const ROUNDS: usize = 3;

/// How many permits there are; a task asks for any number of them.
const ALL: usize = 5;

/// Never more permits than there are, and in the end as many; whatever is split, forgotten, added and given
/// up.
fn permits_are_conserved() {
    struct Pool {
        permits: Semaphore,
        used: Count,
    }
    let pool = Arc::new(Pool { permits: Semaphore::new(ALL), used: Count::new() });
    let task = |pool: Arc<Pool>| async move {
        let mut dice = dice();
        for _ in 0..ROUNDS {
            let n = dice.roll(ALL + 1);
            let acquire = GiveUp::after(dice.patience(), pool.permits.acquire(n));
            let Some(permit) = acquire.await else { continue };
            let mut permit = permit.expect("no task closes it");
            assert!(pool.used.add(n) + n <= ALL, "more permits than there are");
            shuttle::thread::yield_now();
            (0..n).for_each(|_| assert!(pool.used.down()));
            match dice.roll(4) {
                0 => {
                    permit.forget();
                    pool.permits.add_permits(n);
                }
                1 => drop(permit.split(n / 2)),
                2 => pool.permits.add_permits(pool.permits.forget_permits(1)),
                _ => {}
            }
        }
    };
    on_threads((0..TASKS).map(|_| Box::pin(task(Arc::clone(&pool))) as Job).collect());
    assert_eq!((pool.permits.available_permits(), pool.permits.waiters()), (ALL, 0));
}

/// Closed while many ask for many: no task sleeps on, and what was given back is there.
fn nobody_waits_for_a_closed_semaphore() {
    struct Pool {
        permits: Semaphore,
        acquired: Count,
    }
    let pool = Arc::new(Pool { permits: Semaphore::new(ALL), acquired: Count::new() });
    let task = |pool: Arc<Pool>| async move {
        let mut dice = dice();
        loop {
            let acquire = pool.permits.acquire(dice.roll(ALL + 1));
            match GiveUp::after(dice.patience(), acquire).await {
                Some(Ok(_permit)) if pool.acquired.up() == TASKS => pool.permits.close(),
                Some(Err(_)) => break,
                Some(Ok(_)) | None => {}
            }
        }
    };
    on_threads((0..TASKS).map(|_| Box::pin(task(Arc::clone(&pool))) as Job).collect());
    // No task gets them any more, but they are there.
    let permits = &pool.permits;
    assert_eq!(
        (permits.available_permits(), permits.waiters(), permits.forget_permits(2 * ALL)),
        (0, 0, ALL)
    );
}

schedules! { permits_are_conserved nobody_waits_for_a_closed_semaphore }
