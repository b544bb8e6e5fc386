//! Time that another task moves on, and tasks that wait for it.

use alloc::{boxed::Box, collections::BTreeMap, sync::Arc};
use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use super::{
    executor::{Executor, log},
    sync::{
        WaitCell, WaitQueue, WaitResult,
        blocking::{ConstInit, Mutex},
        spin::Spinlock,
    },
};

pub(crate) type Ticks = u64;

#[derive(Debug)]
pub(crate) struct Clock {
    now: Mutex<Ticks, Spinlock>,
    /// By the time, and those of the same time in the order in which they came.
    sleepers: Mutex<Sleepers, Spinlock>,
    moved: WaitQueue<Spinlock>,
}

#[derive(Debug, Default)]
struct Sleepers {
    by_time: BTreeMap<(Ticks, u64), Arc<WaitCell>>,
    came: u64,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            now: Mutex::new_with_raw_mutex(0, Spinlock::INIT),
            sleepers: Mutex::default(),
            moved: WaitQueue::default(),
        }
    }
}

impl Clock {
    pub(crate) fn now(&self) -> Ticks {
        *self.now.lock()
    }

    /// Moves on to when the next sleeper wakes up; returns whether a task sleeps at all.
    pub(crate) fn advance_to_next(&self) -> bool {
        let next = self.sleepers.with_lock(|sleepers| sleepers.by_time.keys().next().copied());
        let Some((next, _)) = next else { return false };
        self.advance_to(next);
        true
    }

    pub(crate) fn advance_to(&self, then: Ticks) {
        self.now.with_lock(|now| *now = then.max(*now));
        loop {
            let due = self.sleepers.with_lock(|sleepers| {
                let first = sleepers.by_time.first_entry()?;
                (first.key().0 <= then).then(|| first.remove())
            });
            let Some(sleeper) = due else { break };
            sleeper.wake();
        }
        self.moved.wake_all();
    }

    pub(crate) fn sleep(self: &Arc<Self>, ticks: Ticks) -> Sleep {
        let time = self.now() + ticks;
        let cell = Arc::new(WaitCell::new());
        let place = self.sleepers.with_lock(|sleepers| {
            sleepers.came += 1;
            let place = (time, sleepers.came);
            sleepers.by_time.insert(place, Arc::clone(&cell));
            place
        });
        Sleep { clock: Arc::clone(self), place, cell }
    }

    /// Waits without a place of its own, among all those that look at the clock whenever it moves.
    pub(crate) async fn reaches(&self, then: Ticks) -> WaitResult<Ticks> {
        self.moved
            .wait_for_value(|| {
                let now = self.now();
                (now >= then).then_some(now)
            })
            .await
    }

    /// Gives `future` so much time, and then drops it.
    pub(crate) async fn timeout<F: Future>(self: &Arc<Self>, ticks: Ticks, future: F) -> Option<F::Output> {
        let (mut future, mut sleep) = (Box::pin(future), self.sleep(ticks));
        core::future::poll_fn(move |cx| {
            if let Poll::Ready(output) = future.as_mut().poll(cx) {
                return Poll::Ready(Some(output));
            }
            Pin::new(&mut sleep).poll(cx).map(|()| None)
        })
        .await
    }

    pub(crate) fn stop(&self) {
        self.moved.close();
    }
}

/// A future that can be moved, like the cell's own.
pub(crate) struct Sleep {
    clock: Arc<Clock>,
    place: (Ticks, u64),
    cell: Arc<WaitCell>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        while self.clock.now() < self.place.0 {
            if self.cell.poll_wait(cx).is_pending() {
                return Poll::Pending;
            }
        }
        Poll::Ready(())
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.clock.sleepers.with_lock(|sleepers| sleepers.by_time.remove(&self.place));
    }
}

#[test]
fn sleepers_wake_up_in_the_order_of_time() {
    let (executor, log) = (Executor::new(), log());
    for ticks in [5, 3, 9, 3, 0] {
        let (clock, log) = (Arc::clone(executor.clock()), Arc::clone(&log));
        executor.spawn(async move {
            clock.sleep(ticks).await;
            log.lock().push((ticks, clock.now()));
        });
    }
    executor.run();
    assert_eq!(*log.lock(), [(0, 0), (3, 3), (3, 3), (5, 5), (9, 9)]);
}

#[test]
fn a_future_that_takes_too_long_is_dropped() {
    let executor = Executor::new();
    let clock = Arc::clone(executor.clock());
    let kept = Arc::new(());
    let seen = Arc::downgrade(&kept);
    let outputs = executor.block_on(async move {
        let slow = {
            let clock = Arc::clone(&clock);
            async move {
                clock.sleep(100).await;
                drop(kept);
            }
        };
        let slow = clock.timeout(10, slow).await;
        let fast = clock.timeout(10, clock.sleep(7)).await;
        (slow, fast, clock.now())
    });
    assert_eq!(outputs, (None, Some(()), 17));
    assert_eq!(seen.strong_count(), 0);
    assert!(!executor.clock().advance_to_next(), "the sleeps have left the clock");
}

#[test]
fn all_tasks_see_the_clock_move() {
    let executor = Executor::new();
    let handles = [4, 2, 6, 20].map(|then| {
        let clock = Arc::clone(executor.clock());
        executor.spawn(async move { clock.reaches(then).await })
    });
    let clock = Arc::clone(executor.clock());
    let seen = executor.block_on(async move {
        for _ in 0..3 {
            clock.sleep(3).await;
        }
        // No task will move it to 20.
        clock.stop();
        let mut seen = alloc::vec::Vec::new();
        for handle in handles {
            seen.push(handle.await.expect("not aborted").ok());
        }
        seen
    });
    assert_eq!(seen, [Some(6), Some(3), Some(6), None]);
    assert!(format!("{:?}", executor.clock()).contains("moved"));
}
