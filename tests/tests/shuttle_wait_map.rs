//! [`WaitMap`] and the modes of `#[wait_map]` with eight tasks on four threads, under schedules that shuttle
//! draws.
//!
//! Seen to fail with: `wake` that takes the oldest wait, whatever its key; `is_reached` that is off by one; a
//! dropped wait of a `consume` map that keeps its flags (the last two a deadlock).
#![cfg(shuttle)]

extern crate alloc;

use alloc::{boxed::Box, sync::Arc, vec::Vec};

use sync_core::{WaitMap, WaitQueue, wait_map::WaitError};
use tests::{
    Count, GiveUp, Shared, schedules,
    schedules::{Job, TASKS, dice, on_threads},
};

/// Requests are answered by tag, by two servers; each wait that is not given up gets the answer to its own
/// request.
fn every_request_is_answered() {
    const CLIENTS: usize = TASKS - 2;
    const EACH: usize = 2;
    struct Line {
        replies: WaitMap<usize, usize>,
        requests: Shared<Vec<usize>>,
        asked: WaitQueue,
        clients: Count,
    }
    let line = Arc::new(Line {
        replies: WaitMap::new(),
        requests: Shared::new(Vec::new()),
        asked: WaitQueue::new(),
        clients: Count::new(),
    });
    line.clients.set(CLIENTS);
    let client = |line: Arc<Line>, client: usize| async move {
        let mut dice = dice();
        for n in 0..EACH {
            let tag = n * CLIENTS + client;
            let request = async {
                let mut reply = Box::pin(line.replies.wait(tag));
                reply.as_mut().subscribe().await?;
                line.requests.lock().push(tag);
                line.asked.wake();
                reply.await
            };
            match GiveUp::after(dice.patience(), request).await {
                Some(Ok(answer)) => assert_eq!(answer, tag * 2),
                Some(Err(error)) => panic!("{error}"),
                None => {}
            }
        }
        line.clients.down();
        if line.clients.get() == 0 {
            line.asked.close();
        }
    };
    let server = |line: Arc<Line>| async move {
        while let Ok(tag) = line.asked.wait_for_value(|| line.requests.lock().pop()).await {
            // Gone if it was given up.
            let _outcome = line.replies.wake(&tag, tag * 2);
        }
    };
    let mut jobs: Vec<Job> = Vec::new();
    jobs.extend((0..CLIENTS).map(|n| Box::pin(client(Arc::clone(&line), n)) as Job));
    jobs.extend((CLIENTS..TASKS).map(|_| Box::pin(server(Arc::clone(&line))) as Job));
    on_threads(jobs);
    line.replies.close();
    assert_eq!(
        tests::Task::new().poll(Box::pin(line.replies.wait(0)).as_mut()),
        core::task::Poll::Ready(Err(WaitError::Closed))
    );
}

/// Up to where a log is on disk.
#[sync_core::wait_map(key = usize, match = up_to)]
struct Flushed;

/// Six tasks wait for positions of their own, some of which give up, while two move on: a task that is
/// through is not ahead of the position, and no task whose position was reached sleeps on.
fn nobody_sleeps_below_the_position() {
    const FAR: usize = 6;
    struct Log {
        flushed: Flushed,
        next: Count,
    }
    let log = Arc::new(Log { flushed: Flushed::new(), next: Count::new() });
    let waiter = |log: Arc<Log>, until: usize| async move {
        let mut dice = dice();
        // A task that gives up asks again.
        loop {
            if let Some(at) = GiveUp::after(dice.patience(), log.flushed.wait(until)).await {
                assert!(at.expect("no task closes it") >= until, "it is not there yet");
                break;
            }
        }
    };
    let flusher = |log: Arc<Log>| async move {
        loop {
            let next = log.next.up() + 1;
            if next > FAR {
                break;
            }
            log.flushed.advance(next);
        }
    };
    let mut jobs: Vec<Job> = Vec::new();
    jobs.extend((1..=FAR).map(|until| Box::pin(waiter(Arc::clone(&log), until)) as Job));
    jobs.extend((FAR..TASKS).map(|_| Box::pin(flusher(Arc::clone(&log))) as Job));
    on_threads(jobs);
    assert_eq!(log.flushed.current(), FAR);
}

/// Flags that go to one.
#[sync_core::wait_map(key = u8, match = mask, consume)]
struct Tickets;

/// Six tasks take flags that two others set, one at a time: each flag that is set is taken once, though some
/// give up.
fn every_flag_is_taken_once() {
    const EACH: usize = 3;
    struct Desk {
        tickets: Tickets,
        taken: Count,
        given: [WaitQueue; 2],
    }
    let desk = Arc::new(Desk {
        tickets: Tickets::new(),
        taken: Count::new(),
        given: [WaitQueue::new(), WaitQueue::new()],
    });
    let taker = |desk: Arc<Desk>| async move {
        let mut dice = dice();
        loop {
            match GiveUp::after(dice.patience(), desk.tickets.wait_any(0b11)).await {
                Some(Ok(flags)) => {
                    assert!(flags == 0b01 || flags == 0b10 || flags == 0b11, "{flags:#b}");
                    for (flag, given) in desk.given.iter().enumerate() {
                        if flags & (1 << flag) != 0 {
                            desk.taken.up();
                            given.wake();
                        }
                    }
                    if desk.taken.get() == 2 * EACH {
                        desk.tickets.close();
                    }
                }
                Some(Err(_)) => break,
                None => {}
            }
        }
    };
    let giver = |desk: Arc<Desk>, flag: usize| async move {
        for _ in 0..EACH {
            desk.tickets.set(1 << flag);
            // The next one when that one was taken.
            desk.given[flag].wait().await.expect("no task closes it");
        }
    };
    let mut jobs: Vec<Job> = Vec::new();
    jobs.extend((0..2).map(|flag| Box::pin(giver(Arc::clone(&desk), flag)) as Job));
    jobs.extend((2..TASKS).map(|_| Box::pin(taker(Arc::clone(&desk))) as Job));
    on_threads(jobs);
    assert_eq!((desk.taken.get(), desk.tickets.get()), (2 * EACH, 0));
}

schedules! { every_request_is_answered nobody_sleeps_below_the_position every_flag_is_taken_once }
