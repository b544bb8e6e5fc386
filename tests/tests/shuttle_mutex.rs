//! [`Mutex`] with eight tasks on four threads, under schedules that shuttle draws.
//!
//! Seen to fail with: `Exclusive::abandon` that drops the lock it was handed (a deadlock, replayed from its
//! schedule step by step); waits that are put in front of the line (the order).
#![cfg(shuttle)]

extern crate alloc;

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{
    future::{Future, poll_fn},
    pin::pin,
};

use sync_core::Mutex;
use tests::{
    Count, GiveUp, Shared, schedules,
    schedules::{Job, TASKS, dice, on_threads},
};

/// How often each task locks.
const ROUNDS: usize = 3;

/// One that had the lock, and when it asked, by a clock that each event moves.
struct Turn {
    asked: usize,
    /// When its first poll was over; a task that asks later is behind it.
    in_line: usize,
}

/// Yields what `future` does, with the times.
async fn timed<F: Future>(clock: &Count, future: F) -> (F::Output, Turn) {
    let mut future = pin!(future);
    let mut turn = Turn { asked: clock.up(), in_line: usize::MAX };
    let output = poll_fn(|cx| {
        let polled = future.as_mut().poll(cx);
        turn.in_line = turn.in_line.min(clock.up());
        polled
    })
    .await;
    (output, turn)
}

/// Each has the lock alone, and a task that was in line before another one asked has it before it, though
/// others give up or try to overtake.
fn one_after_the_other() {
    struct Ring {
        lock: Mutex<Vec<Turn>>,
        clock: Count,
        turns: Count,
        inside: Shared<bool>,
    }
    let ring = Arc::new(Ring {
        lock: Mutex::new(Vec::new()),
        clock: Count::new(),
        turns: Count::new(),
        inside: Shared::new(false),
    });
    let task = |ring: Arc<Ring>| async move {
        let mut dice = dice();
        for _ in 0..ROUNDS {
            let asked = ring.clock.up();
            let (guard, turn) = if dice.roll(8) == 0 {
                let guard = ring.lock.try_lock();
                (guard, Turn { asked, in_line: ring.clock.up() })
            } else {
                timed(&ring.clock, GiveUp::after(dice.patience(), ring.lock.lock())).await
            };
            if let Some(mut guard) = guard {
                assert!(!core::mem::replace(&mut *ring.inside.lock(), true), "two hold it");
                ring.turns.up();
                guard.push(turn);
                shuttle::thread::yield_now();
                *ring.inside.lock() = false;
                drop(guard);
            }
        }
    };
    on_threads((0..TASKS).map(|_| Box::pin(task(Arc::clone(&ring))) as Job).collect());

    let turns = ring.lock.try_lock().expect("no task has it any more");
    assert_eq!(turns.len(), ring.turns.get());
    for (at, turn) in turns.iter().enumerate() {
        let overtaken = turns[at..].iter().any(|later| later.in_line < turn.asked);
        assert!(!overtaken, "a task was in line before this one asked, and had the lock after it");
    }
}

schedules! { one_after_the_other }
