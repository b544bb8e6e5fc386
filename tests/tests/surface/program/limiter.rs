//! A rate limiter: a task that acts pays with tokens, and tokens come with time.

use alloc::{boxed::Box, string::ToString, sync::Arc, vec::Vec};
use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use super::{
    executor::{Executor, log},
    sync::{
        Closed, Semaphore,
        blocking::{ConstInit, RawMutex},
        semaphore::{self, AcquireOwned, TryAcquireError},
        spin::Spinlock,
        util::Backoff,
    },
    waits::watched::Watched,
};

struct Limiter<Lock: RawMutex = Spinlock> {
    tokens: Semaphore<Lock>,
    most: usize,
}

impl Limiter {
    const fn new(most: usize) -> Self {
        Self { tokens: Semaphore::new_with_raw_mutex(most, Spinlock::new()), most }
    }
}

impl<Lock: RawMutex> Limiter<Lock> {
    /// As many as there can be.
    const UNLIMITED: usize = Semaphore::<Lock>::MAX_PERMITS;

    const fn with_lock(most: usize, lock: Lock) -> Self {
        Self { tokens: Semaphore::new_with_raw_mutex(most, lock), most }
    }

    async fn spend(&self, tokens: usize) -> Result<(), Closed> {
        self.tokens.acquire(tokens).await?.forget();
        Ok(())
    }

    fn try_spend(&self, tokens: usize) -> Result<(), TryAcquireError> {
        self.tokens.try_acquire(tokens).map(semaphore::Permit::forget)
    }

    fn refill(&self, tokens: usize) {
        self.tokens.add_permits(tokens.min(self.most - self.tokens.available_permits()));
    }
}

static GLOBAL: Limiter = Limiter::new(3);
static WATCHED: Limiter<Watched> = Limiter::with_lock(1, Watched::INIT);

#[test]
fn tokens_that_were_spent_come_back_with_time() {
    assert_eq!(GLOBAL.try_spend(2), Ok(()));
    assert_eq!(GLOBAL.tokens.available_permits(), 1);
    assert_eq!(GLOBAL.try_spend(2), Err(TryAcquireError::InsufficientPermits));
    GLOBAL.refill(1);
    assert_eq!(GLOBAL.try_spend(2), Ok(()));
    GLOBAL.refill(100);
    assert_eq!(GLOBAL.tokens.available_permits(), 3);
    // What is only borrowed is back at once.
    let borrowed = GLOBAL.tokens.try_acquire(3).expect("all of them are here");
    assert_eq!((borrowed.permits(), GLOBAL.tokens.available_permits()), (3, 0));
    drop(borrowed);
    assert_eq!(GLOBAL.tokens.available_permits(), 3);
    GLOBAL.tokens.close();
    assert_eq!(GLOBAL.try_spend(1), Err(TryAcquireError::Closed));
    assert_eq!(GLOBAL.tokens.available_permits(), 0);

    assert_eq!(WATCHED.try_spend(1), Ok(()));
    assert!(WATCHED.try_spend(1).is_err());
    WATCHED.refill(1);
    assert_eq!(WATCHED.try_spend(1), Ok(()));
    assert!(!format!("{:?} {:?}", GLOBAL.tokens, WATCHED.tokens).is_empty());
}

#[test]
fn there_can_be_as_many_as_fit() {
    let limiter = Limiter::<Spinlock>::new(Limiter::<Spinlock>::UNLIMITED);
    assert_eq!(limiter.tokens.available_permits(), Semaphore::<Spinlock>::MAX_PERMITS);
    assert_eq!(limiter.try_spend(Limiter::<Spinlock>::UNLIMITED), Ok(()));
    assert_eq!(limiter.try_spend(1), Err(TryAcquireError::InsufficientPermits));
    assert_eq!(limiter.try_spend(0), Ok(()));
    limiter.refill(Limiter::<Spinlock>::UNLIMITED);
    assert_eq!(limiter.tokens.available_permits(), Semaphore::<Spinlock>::MAX_PERMITS);
}

/// One action after another, each paid from a bucket that belongs to all.
fn spenders(
    executor: &Executor,
    limiter: &Arc<Limiter>,
    prices: &[usize],
) -> (Vec<super::executor::JoinHandle<bool>>, super::executor::Log<usize>) {
    let log = log();
    let tasks = prices.iter().map(|&price| {
        let (limiter, log) = (Arc::clone(limiter), Arc::clone(&log));
        executor.spawn(async move {
            let paid = limiter.spend(price).await.is_ok();
            if paid {
                log.lock().push(price);
            }
            paid
        })
    });
    (tasks.collect(), log)
}

#[test]
fn limiter_large_request_first_is_not_overtaken() {
    let (executor, limiter) = (Executor::new(), Arc::new(Limiter::new(10)));
    assert_eq!(limiter.try_spend(9), Ok(()));
    let (_, log) = spenders(&executor, &limiter, &[5, 1, 2]);
    let clock = Arc::clone(executor.clock());
    executor.run_ready();
    for expected in [&[][..], &[], &[], &[], &[5], &[5, 1], &[5, 1], &[5, 1, 2]] {
        assert_eq!(*log.lock(), *expected, "after {}", clock.now());
        limiter.tokens.add_permits(1);
        executor.run();
        clock.advance_to(clock.now() + 1);
    }
}

#[test]
fn limiter_large_request_cancelled_small_ones_proceed() {
    let (executor, limiter) = (Executor::new(), Arc::new(Limiter::new(3)));
    let (tasks, log) = spenders(&executor, &limiter, &[5, 1, 2]);
    executor.run();
    assert!(log.lock().is_empty());
    tasks[0].abort();
    executor.run();
    assert_eq!(*log.lock(), [1, 2]);
    assert_eq!(limiter.tokens.available_permits(), 0);
}

#[test]
fn limiter_closed_refuses_all_waiters() {
    let (executor, limiter) = (Executor::new(), Arc::new(Limiter::new(1)));
    let (tasks, log) = spenders(&executor, &limiter, &[1, 1, 1]);
    executor.run();
    limiter.tokens.close();
    let paid = executor.block_on(async move {
        let mut paid = Vec::new();
        for task in tasks {
            paid.push(task.await);
        }
        paid
    });
    assert_eq!(paid, [Ok(true), Ok(false), Ok(false)]);
    assert_eq!(*log.lock(), [1]);
    // What comes back is for no task.
    limiter.refill(1);
    assert_eq!(limiter.try_spend(1), Err(TryAcquireError::Closed));
}

/// Waits until everything that was lent is back, and keeps it.
struct Drain {
    all: Pin<Box<AcquireOwned>>,
}

impl Drain {
    fn new(semaphore: &Arc<Semaphore>, all: usize) -> Self {
        Self { all: Box::pin(semaphore.acquire_owned(all)) }
    }
}

impl Future for Drain {
    type Output = Result<semaphore::OwnedPermit, Closed>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.all.as_mut().poll(cx)
    }
}

#[test]
fn a_drain_waits_for_all_that_was_lent() {
    let executor = Executor::new();
    let semaphore = Arc::new(Semaphore::new(4));
    for ticks in [3, 8] {
        let lent = semaphore.try_acquire_owned(1).expect("there are four");
        let clock = Arc::clone(executor.clock());
        executor.spawn(async move {
            clock.sleep(ticks).await;
            drop(lent);
        });
    }
    let clock = Arc::clone(executor.clock());
    let drain = Drain::new(&semaphore, 4);
    assert!(!format!("{:?}", drain.all).is_empty());
    let (all, then) = executor.block_on(async move { (drain.await, clock.now()) });
    let all = all.expect("not closed");
    assert!(!format!("{all:?}").is_empty());
    assert_eq!((all.permits(), then, semaphore.available_permits()), (4, 8, 0));
    // A permit that is lost leaves the program with less.
    all.forget();
    assert_eq!(semaphore.available_permits(), 0);
    semaphore.add_permits(1);
    let last: semaphore::OwnedPermit = semaphore.try_acquire_owned(1).expect("one is left");
    assert_eq!(semaphore.try_acquire_owned(1).err().map(|error| error.to_string().is_empty()), Some(false),);
    semaphore.close();
    drop(last);
    assert_eq!(semaphore.try_acquire_owned(1).err(), Some(TryAcquireError::Closed));
    assert!(!TryAcquireError::Closed.to_string().is_empty());
}

/// What a thread does that must not wait in line.
#[test]
fn a_thread_tries_until_it_can_pay() {
    let limiter = Limiter::<Spinlock>::new(0);
    let mut backoff = Backoff::with_max_exponent(2);
    let mut tries = 0;
    while limiter.try_spend(1).is_err() {
        backoff.spin();
        tries += 1;
        if tries == 5 {
            limiter.tokens.add_permits(1);
        }
    }
    assert_eq!(tries, 5);
}
