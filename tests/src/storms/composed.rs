//! What consists of several steps: barriers, condition variables, and values that are made once.

use alloc::vec::Vec;
use core::iter::repeat_with;

use sync_core::{Barrier, Condvar, Mutex, OnceCell};

use super::{Bare, Jobs, StormConfig, give_way, storms};
use crate::{Count, GiveUp, Tracked, Tracker};

storms! {
    everybody_meets_in_each_round
    every_notification_is_used
    one_value_is_made
}

/// No task is a round ahead of another one, one leads in each round, and what they did before they met is
/// seen after it.
fn everybody_meets_in_each_round(config: StormConfig) -> usize {
    struct Meeting {
        barrier: Barrier,
        arrived: Count,
        leaders: Count,
        bare: Vec<Bare>,
    }
    let meeting = Meeting {
        barrier: Barrier::new(config.workers),
        arrived: Count::new(),
        leaders: Count::new(),
        bare: repeat_with(Bare::default).take(config.workers).collect(),
    };
    let rounds = config.items / 8;
    let mut jobs = Jobs::new(config, meeting);
    let next = Count::new();
    jobs.spawn(config.workers, |meeting, mut dice| {
        let me = next.up();
        async move {
            for round in 0..rounds {
                meeting.arrived.up();
                meeting.bare[me].up(dice.roll(32) == 0);
                if meeting.barrier.wait().await.is_leader() {
                    meeting.leaders.up();
                }
                let arrived = meeting.arrived.get();
                assert!(arrived >= (round + 1) * config.workers, "{arrived} in round {round}");
                // Every task's, whose they are again after the next time.
                assert!(meeting.bare.iter().all(|bare| bare.get() == round + 1));
                meeting.barrier.wait().await;
            }
        }
    });
    let meeting = jobs.run();
    assert_eq!(meeting.leaders.get(), rounds);
    rounds * config.workers
}

/// Items in a buffer of one place. In the same line as those that take them are others that give up, or pass
/// on what they get. Fails if a notification that was given to a task that gives up is lost: then the item
/// stays where it is, and every task sleeps. Seen to fail with: a `Condvar` whose `on_cancel` passes nothing
/// on.
fn every_notification_is_used(config: StormConfig) -> usize {
    struct Buffer {
        /// Whether there is one, and whether there will be no other.
        item: Mutex<(bool, bool)>,
        filled: Condvar,
        emptied: Condvar,
        taken: Count,
    }
    let buffer = Buffer {
        item: Mutex::new((false, false)),
        filled: Condvar::new(),
        emptied: Condvar::new(),
        taken: Count::new(),
    };
    let mut jobs = Jobs::new(config, buffer);
    jobs.spawn(config.workers, |buffer, mut dice| async move {
        'again: loop {
            let mut item = buffer.item.lock().await;
            while !item.0 {
                if item.1 {
                    return;
                }
                match GiveUp::after(dice.patience(), buffer.filled.wait(item)).await {
                    Some(locked) => item = locked,
                    None => continue 'again,
                }
            }
            item.0 = false;
            drop(item);
            buffer.taken.up();
            buffer.emptied.notify_one();
        }
    });
    jobs.spawn(2, |buffer, _| async move {
        loop {
            let item = buffer.item.lock().await;
            if item.1 {
                return;
            }
            if GiveUp::after(Some(1), buffer.filled.wait(item)).await.is_some() {
                buffer.filled.notify_one();
            }
            give_way().await;
        }
    });
    jobs.spawn(1, |buffer, _| async move {
        for _ in 0..config.items / 2 {
            let mut item = buffer.emptied.wait_while(buffer.item.lock().await, |item| item.0).await;
            item.0 = true;
            drop(item);
            buffer.filled.notify_one();
        }
        let mut item = buffer.emptied.wait_while(buffer.item.lock().await, |item| item.0).await;
        item.1 = true;
        drop(item);
        buffer.filled.notify_all();
    });
    let buffer = jobs.run();
    assert_eq!((buffer.taken.get(), buffer.item.into_inner().0), (config.items / 2, false));
    buffer.taken.get()
}

/// In each round one value is made, by one of those that do not fail or give up, and all see that one.
/// Seen to fail with: a turn to make the value that goes with the one that gives up.
fn one_value_is_made(config: StormConfig) -> usize {
    struct Round {
        cell: OnceCell<Tracked>,
        making: Bare,
        made: Count,
    }
    let tracker = Tracker::new();
    let rounds: Vec<_> =
        repeat_with(|| Round { cell: OnceCell::new(), making: Bare::default(), made: Count::new() })
            .take(config.items / 16)
            .collect();
    let mut jobs = Jobs::new(config, (rounds, tracker));
    jobs.spawn(config.workers, |shared, mut dice| async move {
        let (rounds, tracker) = &*shared;
        for (n, round) in rounds.iter().enumerate() {
            loop {
                let (fails, slowly) = (dice.roll(4) == 0, dice.roll(2) == 0);
                let value = round.cell.get_or_try_init(|| async move {
                    round.making.up(slowly);
                    if slowly {
                        // Another one may make it if this one gives up here.
                        GiveUp::after(Some(1), core::future::pending::<()>()).await;
                    }
                    if fails {
                        return Err(());
                    }
                    round.made.up();
                    Ok(tracker.value(n))
                });
                if let Some(Ok(value)) = GiveUp::after(dice.patience(), value).await {
                    assert_eq!(value.number, n);
                    break;
                }
            }
        }
    });
    let (rounds, tracker) = jobs.run();
    assert!(rounds.iter().all(|round| round.made.get() == 1 && round.cell.get().is_some()));
    assert_eq!(tracker.alive(), rounds.len());
    let n = rounds.len();
    drop(rounds);
    assert_eq!(tracker.alive(), 0, "a value is forgotten");
    n * config.workers
}
