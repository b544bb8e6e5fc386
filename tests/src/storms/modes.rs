//! Maps by what is reached, set or recognised.
#![expect(
    clippy::trivially_copy_pass_by_ref,
    clippy::needless_pass_by_value,
    reason = "keys and events are passed by reference, undelivered values by value"
)]

use alloc::sync::Arc;

use sync_core::{WaitQueue, wait_map};

use super::{Jobs, StormConfig, give_way, storms};
use crate::{Count, GiveUp, Tracked, Tracker};

storms! {
    every_position_is_reached
    every_flag_is_taken_once
    every_round_of_flags_is_seen
    every_event_finds_its_own
}

#[wait_map(key = u16, match = up_to, wrapping)]
struct Reached;

/// One advances, round and round, by as much as there are others that wait for something ahead; each of them
/// gets there. Seen to fail with: an `advance` that wakes every task.
fn every_position_is_reached(config: StormConfig) -> usize {
    let left = Count::new();
    left.set(config.workers);
    let mut jobs = Jobs::new(config, (Reached::new(), Count::new(), left));
    jobs.spawn(config.workers, |place, mut dice| async move {
        let (reached, arrived, left) = &*place;
        for _ in 0..config.items / 4 {
            let ahead = u16::try_from(1 + dice.roll(100)).expect("small");
            let until = reached.current().wrapping_add(ahead);
            match GiveUp::after(dice.patience(), reached.wait(until)).await {
                Some(Ok(position)) => {
                    assert!(position.wrapping_sub(until) < 1 << 15, "woken at {position}, before {until}");
                    arrived.up();
                }
                Some(Err(closed)) => panic!("{closed}"),
                None => {}
            }
        }
        left.down();
    });
    jobs.spawn(1, |place, mut dice| async move {
        let (reached, _, left) = &*place;
        while left.get() > 0 {
            let by = u16::try_from(1 + dice.roll(20)).expect("small");
            reached.advance(reached.current().wrapping_add(by));
            if dice.roll(4) == 0 {
                give_way().await;
            }
        }
    });
    jobs.run().1.get()
}

#[wait_map(key = u8, match = mask, consume)]
struct Tickets;

/// Each of eight flags is set once it was taken, and taken once it was set, by one of those that wait for any
/// and those that wait for it and another one. Seen to fail with: a `consume` whose wait is dropped with its
/// flags.
fn every_flag_is_taken_once(config: StormConfig) -> usize {
    struct Counter {
        tickets: Tickets,
        taken: WaitQueue,
        taken_of: [Count; 8],
    }
    let counter =
        Counter { tickets: Tickets::new(), taken: WaitQueue::new(), taken_of: [const { Count::new() }; 8] };
    let mut jobs = Jobs::new(config, counter);
    jobs.spawn(config.workers, |counter, mut dice| async move {
        loop {
            let mask = 1_u8 << dice.roll(8);
            let wait = if dice.roll(2) == 0 {
                counter.tickets.wait_any(u8::MAX)
            } else {
                counter.tickets.wait_all(mask)
            };
            match GiveUp::after(dice.patience(), wait).await {
                Some(Ok(flags)) => {
                    for (bit, taken) in counter.taken_of.iter().enumerate() {
                        if flags >> bit & 1 == 1 {
                            taken.up();
                        }
                    }
                    counter.taken.wake_all();
                }
                Some(Err(_)) => break,
                None => {}
            }
        }
    });
    // One that takes whatever no other task waits for.
    jobs.spawn(1, |counter, _| async move {
        while let Ok(flags) = counter.tickets.wait_any(u8::MAX).await {
            for (bit, taken) in counter.taken_of.iter().enumerate() {
                if flags >> bit & 1 == 1 {
                    taken.up();
                }
            }
            counter.taken.wake_all();
        }
    });
    jobs.spawn(1, |counter, mut dice| async move {
        let mut set_of = [0; 8];
        for _ in 0..config.items / 2 {
            let bit = dice.roll(8);
            let taken = counter.taken.wait_for(|| counter.taken_of[bit].get() == set_of[bit]).await;
            taken.expect("no task closes that one");
            set_of[bit] += 1;
            counter.tickets.set(1 << bit);
        }
        for (bit, set) in set_of.iter().enumerate() {
            let taken = counter.taken.wait_for(|| counter.taken_of[bit].get() == *set).await;
            taken.expect("no task closes that one");
        }
        counter.tickets.close();
    });
    let counter = jobs.run();
    assert_eq!(counter.tickets.get(), 0);
    counter.taken_of.iter().map(Count::get).sum()
}

#[wait_map(key = u8, match = mask)]
struct Flags;

/// Every task sees each round's flag, which stays until all have; the next round is another flag.
/// Seen to fail with: a `set` that stops at the first that it wakes.
fn every_round_of_flags_is_seen(config: StormConfig) -> usize {
    struct Board {
        flags: Flags,
        seen: Count,
        all_seen: WaitQueue,
    }
    let board = Board { flags: Flags::new(), seen: Count::new(), all_seen: WaitQueue::new() };
    let mut jobs = Jobs::new(config, board);
    let rounds = config.items / 8;
    jobs.spawn(config.workers, |board, mut dice| async move {
        for round in 0..rounds {
            let flag = 1 << (round % 8);
            while GiveUp::after(dice.patience(), board.flags.wait_all(flag)).await.is_none() {}
            board.seen.up();
            board.all_seen.wake();
        }
    });
    jobs.spawn(1, |board, _| async move {
        for round in 0..rounds {
            let flag = 1 << (round % 8);
            board.flags.set(flag);
            let all = board.all_seen.wait_for(|| board.seen.get() == (round + 1) * config.workers).await;
            all.expect("no task closes that one");
            assert_eq!(board.flags.clear(flag), flag);
        }
    });
    jobs.run().seen.get()
}

fn is_for(key: &usize, event: &usize) -> bool {
    event.is_multiple_of(*key)
}

fn event_comes_back(_: &usize, letter: Note) {
    letter.back.up();
}

#[derive(Clone)]
struct Note {
    tracked: Tracked,
    back: Arc<Count>,
}

#[wait_map(key = usize, value = Note, event = usize, match = predicate(is_for), undelivered = event_comes_back)]
struct Multiples;

/// A task that waits for multiples of a number is told of those, and of nothing else, and each is received or
/// comes back.
/// Seen to fail with: a `notify_with` that claims every task.
fn every_event_finds_its_own(config: StormConfig) -> usize {
    struct Post {
        multiples: Multiples,
        tracker: Tracker,
        received: Count,
        back: Arc<Count>,
        sent: Count,
    }
    let post = Post {
        multiples: Multiples::new(),
        tracker: Tracker::new(),
        received: Count::new(),
        back: Arc::default(),
        sent: Count::new(),
    };
    let mut jobs = Jobs::new(config, post);
    jobs.spawn(config.workers, |post, mut dice| async move {
        loop {
            let key = 1 + dice.roll(5);
            match GiveUp::after(dice.patience(), post.multiples.wait(key)).await {
                Some(Ok(note)) => {
                    assert_eq!(note.tracked.number % key, 0, "an event for another task");
                    post.received.up();
                }
                Some(Err(_)) => break,
                None => {}
            }
        }
    });
    jobs.spawn(1, |post, mut dice| async move {
        for _ in 0..config.items / 2 {
            let event = 1 + dice.roll(60);
            let note = Note { tracked: post.tracker.value(event), back: Arc::clone(&post.back) };
            post.sent.add(post.multiples.notify_with(&event, note));
            if dice.roll(4) == 0 {
                give_way().await;
            }
        }
        post.multiples.close();
    });
    let post = jobs.run();
    assert_eq!(post.received.get() + post.back.get(), post.sent.get(), "received or back, and sent");
    assert_eq!(post.tracker.alive(), 0, "a value is forgotten");
    post.sent.get()
}
