//! [`Barrier`] and [`Condvar`] with eight tasks on four threads, under schedules that shuttle draws.
//!
//! Seen to fail with: `Rounds` that end after one; `Condvar`'s `Notification` that notifies no waiter (both a
//! deadlock); its `on_cancel` that notifies no waiter, which takes a wait that is the oldest in line, is
//! told, and is dropped before its task runs again (a deadlock, by priority).
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

/// A channel with room for one, made of a mutex and two condition variables: everything that two send, two
/// receive, though four more are told of items that they do not take, or give up on the way to the mutex.
fn everything_arrives() {
    const PAIRS: usize = 2;
    const EACH: usize = 4;
    const ROOM: usize = 1;
    const ALL: usize = PAIRS * EACH;
    struct Channel {
        items: Mutex<Items>,
        room: Condvar,
        filled: Condvar,
    }
    #[derive(Default)]
    struct Items {
        there: VecDeque<usize>,
        /// How many have been received, and what they add up to.
        received: usize,
        sum: usize,
    }
    let channel = Arc::new(Channel {
        items: Mutex::new(Items::default()),
        room: Condvar::new(),
        filled: Condvar::new(),
    });
    let sender = |channel: Arc<Channel>| async move {
        for n in 1..=EACH {
            let items = channel.items.lock().await;
            let mut items = channel.room.wait_while(items, |items| items.there.len() == ROOM).await;
            items.there.push_back(n);
            drop(items);
            channel.filled.notify_one();
        }
    };
    let receiver = |channel: Arc<Channel>| async move {
        for _ in 0..EACH {
            let items = channel.items.lock().await;
            let mut items = channel.filled.wait_while(items, |items| items.there.is_empty()).await;
            items.sum += items.there.pop_front().expect("that is what was waited for");
            items.received += 1;
            let all = items.received == ALL;
            drop(items);
            channel.room.notify_one();
            if all {
                channel.filled.notify_all();
            }
        }
    };
    let onlooker = |channel: Arc<Channel>| async move {
        let mut dice = dice();
        for _ in 0..ALL {
            let look = async {
                let items = channel.items.lock().await;
                let nothing = |items: &mut Items| items.there.is_empty() && items.received < ALL;
                drop(channel.filled.wait_while(items, nothing).await);
            };
            // It was told of an item that it does not take.
            if GiveUp::after(Some(1 + dice.roll(2)), look).await.is_some() {
                channel.filled.notify_one();
            }
        }
    };
    let mut jobs: Vec<Job> = Vec::new();
    jobs.extend((0..PAIRS).map(|_| Box::pin(sender(Arc::clone(&channel))) as Job));
    jobs.extend((0..PAIRS).map(|_| Box::pin(receiver(Arc::clone(&channel))) as Job));
    jobs.extend((2 * PAIRS..TASKS).map(|_| Box::pin(onlooker(Arc::clone(&channel))) as Job));
    on_threads(jobs);
    let items = channel.items.try_lock().expect("no task has it any more");
    assert_eq!((items.received, items.sum), (ALL, PAIRS * (1..=EACH).sum::<usize>()));
}

/// Two hand a ticket to and fro, with one notification each time, which may reach one of six others that want
/// none and leave.
fn every_notification_reaches_somebody_who_stays() {
    const ROUNDS: usize = 6;
    #[derive(Default)]
    struct Table {
        ticket: Mutex<bool>,
        moved: Condvar,
    }
    let table = Arc::new(Table::default());
    let player = |table: Arc<Table>, mine: bool| async move {
        for _ in 0..ROUNDS {
            let ticket = table.ticket.lock().await;
            *table.moved.wait_while(ticket, |ticket| *ticket != mine).await = !mine;
            table.moved.notify_one();
        }
    };
    let leaver = |table: Arc<Table>| async move {
        for _ in 0..ROUNDS {
            let look = async {
                let ticket = table.ticket.lock().await;
                drop(table.moved.wait(ticket).await);
            };
            // It was told before it knew that it waits.
            if GiveUp::after(Some(1), look).await.is_some() {
                table.moved.notify_one();
            }
        }
    };
    let mut jobs: Vec<Job> = Vec::new();
    jobs.extend((2..TASKS).map(|_| Box::pin(leaver(Arc::clone(&table))) as Job));
    jobs.extend([false, true].map(|mine| Box::pin(player(Arc::clone(&table), mine)) as Job));
    on_threads(jobs);
    assert!(!*table.ticket.try_lock().expect("no task has it any more"));
}

schedules! { everybody_meets everything_arrives every_notification_reaches_somebody_who_stays }
