//! [`Barrier`] and [`Condvar`] with eight tasks on four threads, under schedules that shuttle draws.
//!
//! Seen to fail with: `Rounds` that end after one; `Condvar`'s `on_cancel`, or its `Notification`, that notifies nobody; a mutex
//! whose dropped wait keeps the lock that it was handed (all a dead-lock).
#![cfg(shuttle)]

extern crate alloc;

use alloc::{boxed::Box, collections::VecDeque, sync::Arc, vec::Vec};

use sync_core::{Barrier, Condvar, Mutex};
use tests::{
    Count, GiveUp, schedules,
    schedules::{Job, TASKS, dice, on_threads},
};

/// All eight meet several times, and each meeting has one leader.
fn everybody_meets() {
    const ROUNDS: usize = 3;
    struct Place {
        barrier: Barrier,
        leaders: Count,
    }
    let place = Arc::new(Place { barrier: Barrier::new(TASKS), leaders: Count::new() });
    let task = |place: Arc<Place>| async move {
        for round in 1..=ROUNDS {
            if place.barrier.wait().await.is_leader() {
                assert_eq!(place.leaders.up() + 1, round, "two lead, or none did");
            }
        }
    };
    on_threads((0..TASKS).map(|_| Box::pin(task(Arc::clone(&place))) as Job).collect());
    assert_eq!((place.leaders.get(), place.barrier.arrived()), (ROUNDS, 0));
}

/// A channel with room for one, made of a mutex and two condition variables: everything that three send, three receive, though
/// two more are told of items that they do not take, or have given up when they are.
fn everything_arrives() {
    const PAIRS: usize = 3;
    const EACH: usize = 3;
    const ROOM: usize = 1;
    struct Channel {
        items: Mutex<VecDeque<usize>>,
        room: Condvar,
        filled: Condvar,
        received: Count,
    }
    let channel = Arc::new(Channel {
        items: Mutex::new(VecDeque::new()),
        room: Condvar::new(),
        filled: Condvar::new(),
        received: Count::new(),
    });
    let sender = |channel: Arc<Channel>| async move {
        for n in 1..=EACH {
            let items = channel.items.lock().await;
            let mut items = channel.room.wait_while(items, |items| items.len() == ROOM).await;
            items.push_back(n);
            drop(items);
            channel.filled.notify_one();
        }
    };
    let receiver = |channel: Arc<Channel>| async move {
        let mut dice = dice();
        let mut left = EACH;
        while left > 0 {
            let receive = async {
                let items = channel.items.lock().await;
                let mut items = channel.filled.wait_while(items, |items| items.is_empty()).await;
                items.pop_front().expect("that is what was waited for")
            };
            if let Some(n) = GiveUp::after(dice.patience(), receive).await {
                channel.room.notify_one();
                channel.received.add(n);
                left -= 1;
            }
        }
    };
    let onlooker = |channel: Arc<Channel>| async move {
        let mut dice = dice();
        for _ in 0..EACH {
            let look = async {
                let items = channel.items.lock().await;
                drop(channel.filled.wait_while(items, |items| items.is_empty()).await);
            };
            // It was told of an item that it does not take.
            if GiveUp::after(Some(1 + dice.roll(3)), look).await.is_some() {
                channel.filled.notify_one();
            }
        }
    };
    let mut jobs: Vec<Job> = Vec::new();
    jobs.extend((0..PAIRS).map(|_| Box::pin(sender(Arc::clone(&channel))) as Job));
    jobs.extend((0..PAIRS).map(|_| Box::pin(receiver(Arc::clone(&channel))) as Job));
    jobs.extend((2 * PAIRS..TASKS).map(|_| Box::pin(onlooker(Arc::clone(&channel))) as Job));
    on_threads(jobs);
    assert_eq!(channel.received.get(), PAIRS * (1..=EACH).sum::<usize>());
}

schedules! { everybody_meets everything_arrives }
