//! Queues, cells, semaphores, and a policy.

use core::iter::repeat_with;

use sync_core::{Closed, Semaphore, WaitCell, WaitQueue};

use super::{Jobs, StormConfig, give_way, storms};
use crate::{Count, GiveUp, subjects::Gate};

storms! {
    every_item_is_taken
    nobody_is_forgotten
    every_count_is_seen
    every_pass_is_used
    permits_are_conserved
    nobody_waits_for_a_closed_semaphore
}

/// Items are put in one at a time, with one wake-up each, and the next one once it was taken. In the same
/// line are others that come, give up and come again, and who pass on what they get. Fails if a wake-up that
/// was given to a task that gives up is lost: then no task takes the item, and no task puts in another.
/// Seen to fail with: `Signal::abandon` without `wake_one`.
fn every_item_is_taken(config: StormConfig) -> usize {
    #[derive(Default)]
    struct Buffer {
        full: WaitQueue,
        empty: WaitQueue,
        items: Count,
        taken: Count,
    }
    let mut jobs = Jobs::new(config, Buffer::default());
    jobs.spawn(config.workers, |buffer, mut dice| async move {
        loop {
            let take = buffer.full.wait_for_value(|| buffer.items.down().then_some(()));
            match GiveUp::after(dice.patience(), take).await {
                Some(Ok(())) => {
                    buffer.taken.up();
                    buffer.empty.wake();
                }
                Some(Err(Closed { .. })) => break,
                None => {}
            }
        }
    });
    jobs.spawn(2, |buffer, _| async move {
        while !buffer.full.is_closed() {
            if let Some(Ok(())) = GiveUp::after(Some(1), buffer.full.wait()).await {
                buffer.full.wake();
            }
            give_way().await;
        }
    });
    jobs.spawn(1, |buffer, _| async move {
        for n in 1..=config.items {
            buffer.items.up();
            buffer.full.wake();
            let taken = buffer.empty.wait_for(|| buffer.taken.get() == n).await;
            taken.expect("no task closes that one");
        }
        buffer.full.close();
    });
    let buffer = jobs.run();
    assert_eq!((buffer.taken.get(), buffer.items.get()), (config.items, 0));
    assert_eq!(buffer.full.waiters() + buffer.empty.waiters(), 0);
    config.items
}

/// Everything at once, with no order to it: no task may be forgotten when it is closed at the end.
fn nobody_is_forgotten(config: StormConfig) -> usize {
    #[derive(Default)]
    struct Crowd {
        queue: WaitQueue,
        ended: Count,
        woken: Count,
    }
    let mut jobs = Jobs::new(config, Crowd::default());
    jobs.spawn(config.workers, |crowd, mut dice| async move {
        while GiveUp::after(dice.patience(), crowd.queue.wait()).await.is_none_or(|woken| woken.is_ok()) {
            crowd.woken.up();
            // Another one may wait for that.
            if dice.roll(3) == 0 {
                crowd.queue.wake();
            }
        }
        crowd.ended.up();
    });
    jobs.spawn(1, |crowd, mut dice| async move {
        for _ in 0..config.items {
            match dice.roll(4) {
                0 => crowd.queue.wake_all(),
                1 => _ = crowd.queue.wake_n(dice.roll(4)),
                _ => crowd.queue.wake(),
            }
            if dice.roll(4) == 0 {
                give_way().await;
            }
        }
        crowd.queue.close();
    });
    let crowd = jobs.run();
    assert_eq!((crowd.ended.get(), crowd.queue.waiters()), (config.workers, 0));
    crowd.woken.get()
}

/// One task waits in a cell for what several others count up.
fn every_count_is_seen(config: StormConfig) -> usize {
    struct Device {
        ready: WaitCell,
        count: Count,
    }
    let mut jobs = Jobs::new(config, Device { ready: WaitCell::new(), count: Count::new() });
    jobs.spawn(1, |device, mut dice| async move {
        let mut seen = 0;
        while seen < config.workers * config.items {
            let next = device.ready.wait_for_value(|| Some(device.count.get()).filter(|count| *count > seen));
            match GiveUp::after(dice.patience(), next).await {
                Some(Ok(count)) => seen = count,
                Some(Err(closed)) => panic!("{closed}"),
                None => {}
            }
        }
    });
    jobs.spawn(config.workers, |device, _| async move {
        for _ in 0..config.items {
            device.count.up();
            device.ready.wake();
        }
    });
    jobs.run().count.get()
}

/// As many passes are given out as are used, though many are given to waits that are dropped.
fn every_pass_is_used(config: StormConfig) -> usize {
    struct Entrance {
        gate: Gate,
        used: Count,
    }
    let mut jobs = Jobs::new(config, Entrance { gate: Gate::new(0), used: Count::new() });
    jobs.spawn(config.workers, |entrance, mut dice| async move {
        loop {
            match GiveUp::after(dice.patience(), entrance.gate.pass(())).await {
                Some(Ok(_)) if entrance.used.up() + 1 == 2 * config.items => entrance.gate.close(),
                Some(Err(_)) => break,
                Some(Ok(_)) | None => {}
            }
        }
    });
    jobs.spawn(2, |entrance, mut dice| async move {
        let mut left = config.items;
        while left > 0 {
            let n = left.min(1 + dice.roll(5));
            entrance.gate.add(n);
            left -= n;
            if dice.roll(8) == 0 {
                give_way().await;
            }
        }
    });
    let entrance = jobs.run();
    assert_eq!(entrance.used.get(), 2 * config.items);
    assert!(entrance.gate.is_closed());
    entrance.used.get()
}

/// Never more permits than there are, and in the end as many; whatever is split, merged, forgotten, added and
/// given up.
fn permits_are_conserved(config: StormConfig) -> usize {
    const ALL: usize = 10;
    struct Pool {
        permits: Semaphore,
        used: Count,
        acquired: Count,
    }
    let pool = Pool { permits: Semaphore::new(ALL), used: Count::new(), acquired: Count::new() };
    let mut jobs = Jobs::new(config, pool);
    jobs.spawn(config.workers, |pool, mut dice| async move {
        for _ in 0..config.items / 2 {
            let n = dice.roll(ALL + 1);
            let Some(permit) = GiveUp::after(dice.patience(), pool.permits.acquire(n)).await else {
                continue;
            };
            let mut permit = permit.expect("no task closes it");
            pool.acquired.up();
            assert!(pool.used.add(n) + n <= ALL, "more permits than there are");
            repeat_with(|| assert!(pool.used.down())).take(n).for_each(drop);
            match dice.roll(8) {
                0 => {
                    permit.forget();
                    pool.permits.add_permits(n);
                }
                1 => {
                    let part = permit.split(n / 2).expect("it has them");
                    permit.merge(part);
                }
                2 => drop(permit.split(n / 3)),
                3 => pool.permits.add_permits(pool.permits.forget_permits(1)),
                _ => {}
            }
        }
    });
    let pool = jobs.run();
    assert_eq!((pool.permits.available_permits(), pool.permits.waiters()), (ALL, 0));
    pool.acquired.get()
}

/// Closed while many ask for many: no task sleeps on, and what was given back is there.
fn nobody_waits_for_a_closed_semaphore(config: StormConfig) -> usize {
    const ALL: usize = 5;
    let mut jobs = Jobs::new(config, (Semaphore::new(ALL), Count::new()));
    jobs.spawn(config.workers, |pool, mut dice| async move {
        let (permits, acquired) = &*pool;
        loop {
            let n = dice.roll(ALL + 1);
            match GiveUp::after(dice.patience(), permits.acquire(n)).await {
                Some(Ok(_permit)) if acquired.up() == config.items => permits.close(),
                Some(Err(_)) => break,
                Some(Ok(_)) | None => {}
            }
        }
    });
    let (permits, acquired) = jobs.run();
    assert!(permits.is_closed());
    // No task gets them any more, but they are there.
    assert_eq!(
        (permits.available_permits(), permits.waiters(), permits.forget_permits(2 * ALL)),
        (0, 0, ALL)
    );
    acquired.get()
}
