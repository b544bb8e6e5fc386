//! Maps by equality: a queue for each key, in one list and in buckets, and one waiter for each key.
#![expect(
    clippy::trivially_copy_pass_by_ref,
    clippy::needless_pass_by_value,
    reason = "keys are passed by reference, undelivered values by value"
)]

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::iter::repeat_with;

use sync_core::{
    WaitMap, WaitQueue, wait_map,
    wait_map::{WaitError, WakeOutcome},
};

use super::{Jobs, StormConfig, give_way, storms};
use crate::{Count, GiveUp, Tracked, Tracker, block_on};

storms! {
    every_value_ends_up_somewhere
    every_value_is_delivered_or_comes_back
    every_request_is_answered
}

/// Every value is used, or comes back, or is dropped with the last wait of its key; once.
#[wait_map(key = usize, value = Tracked, match = fifo)]
struct Parcels;

fn every_value_ends_up_somewhere(config: StormConfig) -> usize {
    struct Post {
        parcels: Parcels,
        tracker: Tracker,
        received: Count,
        sent: Count,
        senders: Count,
    }
    let post = Post {
        parcels: Parcels::new(),
        tracker: Tracker::new(),
        received: Count::new(),
        sent: Count::new(),
        senders: Count::new(),
    };
    post.senders.set(2);
    let mut jobs = Jobs::new(config, post);
    jobs.spawn(config.workers, |post, mut dice| async move {
        loop {
            let key = dice.roll(2);
            match GiveUp::after(dice.patience(), post.parcels.wait(key)).await {
                Some(Ok(value)) => {
                    assert_eq!(value.number, key, "the value of another key");
                    post.received.up();
                }
                Some(Err(_)) => break,
                None => {}
            }
        }
    });
    jobs.spawn(2, |post, mut dice| async move {
        for _ in 0..config.items / 4 {
            let key = dice.roll(2);
            let value = post.tracker.value(key);
            match dice.roll(3) {
                0 => _ = post.sent.add(post.parcels.wake_n(&key, 2, value)),
                1 => _ = post.sent.add(post.parcels.wake_all(&key, value)),
                _ => {
                    if let WakeOutcome::Woke = post.parcels.wake_one(&key, value) {
                        post.sent.up();
                    }
                }
            }
            if dice.roll(4) == 0 {
                give_way().await;
            }
        }
        post.senders.down();
        if post.senders.get() == 0 {
            post.parcels.close();
        }
    });
    let post = jobs.run();
    assert_eq!(post.tracker.alive(), 0, "a value is forgotten");
    assert!(post.received.get() <= post.sent.get(), "more were received than sent");
    post.received.get()
}

/// A value that is counted when it comes back.
struct Letter {
    _tracked: Tracked,
    back: Arc<Count>,
}

fn comes_back(_: &usize, letter: Letter) {
    letter.back.up();
}

#[wait_map(key = usize, value = Letter, match = fifo, buckets = 4, undelivered = comes_back)]
struct Letters;

/// Of values that are given in many buckets, each is received or comes back, and no third thing happens to
/// it.
/// Seen to fail with: a fifo `abandon` that drops what it has no next for.
fn every_value_is_delivered_or_comes_back(config: StormConfig) -> usize {
    struct Post {
        letters: Letters,
        tracker: Tracker,
        received: Count,
        back: Arc<Count>,
        sent: Count,
        senders: Count,
    }
    let post = Post {
        letters: Letters::new(),
        tracker: Tracker::new(),
        received: Count::new(),
        back: Arc::default(),
        sent: Count::new(),
        senders: Count::new(),
    };
    post.senders.set(2);
    let mut jobs = Jobs::new(config, post);
    jobs.spawn(config.workers, |post, mut dice| async move {
        loop {
            match GiveUp::after(dice.patience(), post.letters.wait(dice.roll(8))).await {
                Some(Ok(_letter)) => _ = post.received.up(),
                Some(Err(_)) => break,
                None => {}
            }
        }
    });
    jobs.spawn(2, |post, mut dice| async move {
        for _ in 0..config.items / 2 {
            let mut letter = Letter { _tracked: post.tracker.value(0), back: Arc::clone(&post.back) };
            // Until a task waits for it.
            while let WakeOutcome::NoMatch(back) = post.letters.wake_one(&dice.roll(8), letter) {
                letter = back;
                give_way().await;
            }
            post.sent.up();
        }
        post.senders.down();
        if post.senders.get() == 0 {
            post.letters.close();
        }
    });
    let post = jobs.run();
    assert_eq!(post.received.get() + post.back.get(), post.sent.get(), "received or back, and sent");
    assert_eq!(post.tracker.alive(), 0, "a value is forgotten");
    post.sent.get()
}

/// Requests are answered by tag; each wait that is not given up gets the answer to its own request.
fn every_request_is_answered(config: StormConfig) -> usize {
    struct Line {
        replies: WaitMap<usize, usize>,
        /// The tag that each client asks for, and one more; zero if it was taken.
        requests: Vec<Count>,
        asked: WaitQueue,
        clients: Count,
        answered: Count,
    }
    let line = Line {
        replies: WaitMap::new(),
        requests: repeat_with(Count::new).take(config.workers).collect(),
        asked: WaitQueue::new(),
        clients: Count::new(),
        answered: Count::new(),
    };
    line.clients.set(config.workers);
    let mut jobs = Jobs::new(config, line);
    let client = Count::new();
    jobs.spawn(config.workers, |line, mut dice| {
        let client = client.up();
        async move {
            for n in 0..config.items / 8 {
                let tag = n * config.workers + client;
                let request = async {
                    let mut reply = Box::pin(line.replies.wait(tag));
                    reply.as_mut().subscribe().await?;
                    line.requests[client].set(tag + 1);
                    line.asked.wake();
                    reply.await
                };
                match GiveUp::after(dice.patience(), request).await {
                    Some(Ok(answer)) => {
                        assert_eq!(answer, tag * 2);
                        line.answered.up();
                    }
                    Some(Err(error)) => panic!("{error}"),
                    None => {}
                }
            }
            line.clients.down();
            if line.clients.get() == 0 {
                line.asked.close();
            }
        }
    });
    jobs.spawn(1, |line, _| async move {
        let next = || line.requests.iter().find_map(|request| request.take().checked_sub(1));
        while let Ok(tag) = line.asked.wait_for_value(next).await {
            // Gone if it was given up.
            let _outcome = line.replies.wake(&tag, tag * 2);
        }
    });
    let line = jobs.run();
    line.replies.close();
    assert_eq!(block_on(line.replies.wait(0)), Err(WaitError::Closed));
    line.answered.get()
}
