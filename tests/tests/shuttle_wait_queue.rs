//! [`WaitQueue`] and [`WaitCell`] with eight tasks on four threads, under schedules that shuttle draws.
//!
//! Seen to fail with: `Signal::abandon` that hands nothing on; `wake_all` that ends after one batch; waits
//! that are put in front of the line; `AtomicCellState::leave` that leaves nothing while a task registers
//! (all a deadlock).
#![cfg(shuttle)]

extern crate alloc;

use alloc::{boxed::Box, sync::Arc, vec::Vec};

use sync_core::{Closed, WaitCell, WaitQueue};
use tests::{
    Count, GiveUp, schedules,
    schedules::{Job, TASKS, dice, on_threads},
};

/// Items are put in one at a time, with one wake-up each, and the next one once it was taken. In the same
/// line are others who come and give up, and who pass on what they get. A wake-up that is lost leaves every
/// task asleep.
fn every_item_is_taken() {
    const ITEMS: usize = 4;
    struct Buffer {
        full: WaitQueue,
        empty: WaitQueue,
        items: Count,
        taken: Count,
    }
    let buffer = Arc::new(Buffer {
        full: WaitQueue::new(),
        empty: WaitQueue::new(),
        items: Count::new(),
        taken: Count::new(),
    });
    let taker = |buffer: Arc<Buffer>| async move {
        let mut dice = dice();
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
    };
    let passer = |buffer: Arc<Buffer>| async move {
        for _ in 0..ITEMS {
            if let Some(Ok(())) = GiveUp::after(Some(1), buffer.full.wait()).await {
                buffer.full.wake();
            }
        }
    };
    let giver = |buffer: Arc<Buffer>| async move {
        for n in 1..=ITEMS {
            buffer.items.up();
            buffer.full.wake();
            let gone = buffer.empty.wait_for(|| buffer.taken.get() == n).await;
            gone.expect("no task closes that one");
        }
        buffer.full.close();
    };
    let mut jobs: Vec<Job> = Vec::new();
    jobs.push(Box::pin(giver(Arc::clone(&buffer))));
    jobs.extend((0..4).map(|_| Box::pin(taker(Arc::clone(&buffer))) as Job));
    jobs.extend((5..TASKS).map(|_| Box::pin(passer(Arc::clone(&buffer))) as Job));
    on_threads(jobs);
    assert_eq!((buffer.taken.get(), buffer.items.get()), (ITEMS, 0));
    assert_eq!(buffer.full.waiters() + buffer.empty.waiters(), 0);
}

/// A `wake_all` wakes every task that was in line when it was called, though others come and go meanwhile.
fn wake_all_forgets_nobody() {
    const ROUNDS: usize = 2;
    const CROWD: usize = TASKS - 2;
    struct Gate {
        queue: WaitQueue,
        /// How many have been in line: all of a round when that is opened.
        in_line: Count,
        through: Count,
        opener: WaitQueue,
    }
    let gate = Arc::new(Gate {
        queue: WaitQueue::new(),
        in_line: Count::new(),
        through: Count::new(),
        opener: WaitQueue::new(),
    });
    let waiter = |gate: Arc<Gate>| async move {
        for _ in 0..ROUNDS {
            let mut wait = Box::pin(gate.queue.wait());
            assert!(wait.as_mut().subscribe().is_pending(), "no task opens it before all are there");
            gate.in_line.up();
            gate.opener.wake();
            wait.await.expect("no task closes it");
            gate.through.up();
        }
    };
    let opener = |gate: Arc<Gate>| async move {
        for round in 1..=ROUNDS {
            let all = gate.opener.wait_for(|| gate.in_line.get() == round * CROWD).await;
            all.expect("no task closes it");
            gate.queue.wake_all();
        }
    };
    let passer = |gate: Arc<Gate>| async move {
        for _ in 0..ROUNDS {
            GiveUp::after(Some(1), gate.queue.wait()).await;
        }
    };
    let mut jobs: Vec<Job> = Vec::new();
    jobs.push(Box::pin(opener(Arc::clone(&gate))));
    jobs.push(Box::pin(passer(Arc::clone(&gate))));
    jobs.extend((0..CROWD).map(|_| Box::pin(waiter(Arc::clone(&gate))) as Job));
    on_threads(jobs);
    assert_eq!(gate.through.get(), ROUNDS * CROWD);
    assert_eq!(gate.queue.waiters(), 0);
}

/// One task waits in a cell for what seven others count up, and gives up at times.
fn every_count_is_seen() {
    const EACH: usize = 2;
    struct Device {
        ready: WaitCell,
        count: Count,
    }
    let device = Arc::new(Device { ready: WaitCell::new(), count: Count::new() });
    let source = |device: Arc<Device>| async move {
        for _ in 0..EACH {
            device.count.up();
            device.ready.wake();
        }
    };
    let sink = |device: Arc<Device>| async move {
        let mut dice = dice();
        let mut seen = 0;
        while seen < (TASKS - 1) * EACH {
            let next = device.ready.wait_for_value(|| Some(device.count.get()).filter(|count| *count > seen));
            match GiveUp::after(dice.patience(), next).await {
                Some(Ok(count)) => seen = count,
                Some(Err(closed)) => panic!("{closed}"),
                None => {}
            }
        }
    };
    let mut jobs: Vec<Job> = Vec::new();
    jobs.push(Box::pin(sink(Arc::clone(&device))));
    jobs.extend((1..TASKS).map(|_| Box::pin(source(Arc::clone(&device))) as Job));
    on_threads(jobs);
}

schedules! { every_item_is_taken wake_all_forgets_nobody every_count_is_seen }
