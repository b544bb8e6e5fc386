//! A pool of connections: permits say how many may be out, and each connection has a lock, since others look
//! at it too.

use alloc::{
    boxed::Box,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use core::{
    fmt,
    future::Future,
    ops::{Deref, DerefMut},
    pin::{Pin, pin},
    task::{Context, Poll},
};

use super::{
    executor::{Executor, log, yield_now},
    sync::{
        self, Closed, OwnedMutexGuard, Semaphore,
        blocking::{self, ConstInit, DefaultMutex, ScopedRawMutex},
        mutex::{Lock, MutexGuard},
        semaphore::{OwnedPermit, TryAcquireError},
        spin::Spinlock,
    },
    waits::watched::Watched,
};
use tests::{poll, ready};

trait Connection: Send + fmt::Debug {
    fn query(&mut self, text: &str) -> String;
    fn queries(&self) -> usize;
}

#[derive(Debug)]
struct Echo {
    name: &'static str,
    queries: usize,
}

impl Connection for Echo {
    fn query(&mut self, text: &str) -> String {
        self.queries += 1;
        format!("{}: {text}", self.name)
    }

    fn queries(&self) -> usize {
        self.queries
    }
}

/// Not sized, as long as it is shared.
type Shared = Arc<sync::Mutex<dyn Connection>>;

struct Pool {
    room: Arc<Semaphore>,
    idle: blocking::Mutex<Vec<Shared>, Spinlock>,
    /// All of them, for those that only look.
    all: Vec<Shared>,
}

/// A connection that is out. The fields are dropped in this order: a task that gets the permit finds the
/// connection free.
struct Lease {
    guard: OwnedMutexGuard<dyn Connection, DefaultMutex>,
    _home: Home,
    permit: OwnedPermit,
}

struct Home(Arc<Pool>, Shared);

impl Drop for Home {
    fn drop(&mut self) {
        self.0.idle.lock().push(Arc::clone(&self.1));
    }
}

impl Deref for Lease {
    type Target = dyn Connection;

    fn deref(&self) -> &Self::Target {
        &*self.guard
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut *self.guard
    }
}

impl Pool {
    fn new(names: &[&'static str]) -> Arc<Self> {
        let all: Vec<_> = names
            .iter()
            .map(|&name| Arc::new(sync::Mutex::new(Echo { name, queries: 0 })) as Shared)
            .collect();
        let idle =
            blocking::Mutex::new_with_raw_mutex(all.iter().rev().map(Arc::clone).collect(), Spinlock::new());
        Arc::new(Self { room: Arc::new(Semaphore::new(all.len())), idle, all })
    }

    async fn lease(self: &Arc<Self>) -> Result<Lease, Closed> {
        let permit = self.room.acquire_owned(1).await?;
        let home = self.take();
        let guard = Arc::clone(&home.1).lock_owned().await;
        Ok(Lease { guard, _home: home, permit })
    }

    /// `None` if none is free, or a task looks at the one that is.
    fn try_lease(self: &Arc<Self>) -> Result<Option<Lease>, TryAcquireError> {
        let permit = self.room.try_acquire_owned(1)?;
        let home = self.take();
        match Arc::clone(&home.1).try_lock_owned() {
            Ok(guard) => Ok(Some(Lease { guard, _home: home, permit })),
            Err(connection) => {
                assert!(Arc::ptr_eq(&connection, &home.1));
                Ok(None)
            }
        }
    }

    fn take(self: &Arc<Self>) -> Home {
        let connection = self.idle.lock().pop().expect("a permit is a connection");
        Home(Arc::clone(self), connection)
    }

    /// Counts the queries, connection by connection.
    fn count(&self) -> Count<'_> {
        Count { pool: self, next: 0, lock: None, sum: 0 }
    }
}

/// A future with that of a lock in it.
struct Count<'a> {
    pool: &'a Pool,
    next: usize,
    lock: Option<Pin<Box<Lock<'a, dyn Connection>>>>,
    sum: usize,
}

impl Future for Count<'_> {
    type Output = usize;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
        let this = &mut *self;
        while let Some(connection) = this.pool.all.get(this.next) {
            let lock = this.lock.get_or_insert_with(|| Box::pin(connection.lock()));
            let Poll::Ready(connection) = lock.as_mut().poll(cx) else { return Poll::Pending };
            this.sum += connection.queries();
            this.next += 1;
            this.lock = None;
        }
        Poll::Ready(this.sum)
    }
}

#[test]
fn clients_wait_for_a_connection_in_the_order_in_which_they_came() {
    let (executor, log) = (Executor::new(), log());
    let pool = Pool::new(&["a", "b"]);
    for client in 0..5_u64 {
        let (pool, clock, log) = (Arc::clone(&pool), Arc::clone(executor.clock()), Arc::clone(&log));
        executor.spawn(async move {
            let mut lease = pool.lease().await.expect("not closed");
            let answer = lease.query(&client.to_string());
            // The first one is slow.
            clock.sleep(if client == 0 { 10 } else { 2 }).await;
            log.lock().push((answer, clock.now()));
        });
    }
    executor.run();
    let answers = log.lock().iter().map(|(answer, then)| format!("{then} {answer}")).collect::<Vec<_>>();
    assert_eq!(answers, ["2 b: 1", "4 b: 2", "6 b: 3", "8 b: 4", "10 a: 0"]);
    let count = executor.block_on(async move { pool.count().await });
    assert_eq!(count, 5);
}

#[test]
fn a_lease_moves_to_another_task() {
    let executor = Executor::new();
    let pool = Pool::new(&["a"]);
    let (inner, clock, theirs) = (executor.clone(), Arc::clone(executor.clock()), Arc::clone(&pool));
    let answers = executor.block_on(async move {
        let mut lease = theirs.lease().await.expect("not closed");
        let first = lease.query("here");
        let other = inner.spawn(async move {
            clock.sleep(3).await;
            let answer = lease.query("there");
            drop(lease);
            answer
        });
        assert_eq!(theirs.try_lease().err(), Some(TryAcquireError::InsufficientPermits));
        let counting = Box::pin(theirs.count());
        // It is out, and no other task sees it.
        assert!(poll_once(counting).await.is_none());
        let second = other.await.expect("not aborted");
        (first, second, theirs.count().await)
    });
    assert_eq!(answers, ("a: here".to_string(), "a: there".to_string(), 2));
}

#[test]
fn an_idle_reader_keeps_a_client_waiting() {
    let executor = Executor::new();
    let pool = Pool::new(&["a"]);
    let look = pool.all[0].try_lock().expect("no task has it");
    assert!(matches!(pool.try_lease(), Ok(None)));
    let client = {
        let pool = Arc::clone(&pool);
        executor.spawn(async move { pool.lease().await.map(|mut lease| lease.query("!")) })
    };
    executor.run();
    assert!(!client.has_ended());
    assert_eq!(look.queries(), 0);
    drop(look);
    executor.run();
    assert_eq!(executor.block_on(client), Ok(Ok("a: !".to_string())));
    assert!(matches!(pool.try_lease(), Ok(Some(lease)) if lease.queries() == 1));
}

#[test]
fn a_pool_shrinks_and_closes() {
    let executor = Executor::new();
    let pool = Pool::new(&["a", "b"]);
    let Lease { guard, _home, permit } = pool.try_lease().expect("not closed").expect("no task looks");
    assert!(format!("{guard:?}").contains("Echo"));
    assert_eq!(permit.permits(), 1);
    // Broken: its place goes with it.
    permit.forget();
    let kept = pool.try_lease().expect("not closed").expect("no task looks");
    let waiting = {
        let pool = Arc::clone(&pool);
        executor.spawn(async move { pool.lease().await.is_err() })
    };
    executor.run();
    assert_eq!(pool.room.available_permits(), 0);
    pool.room.close();
    assert_eq!(executor.block_on(waiting), Ok(true));
    drop(kept);
    assert_eq!(pool.try_lease().err(), Some(TryAcquireError::Closed));
}

/// Polls once: `None` if it is not ready, and then it is given up.
async fn poll_once<F: Future + Unpin>(mut future: F) -> Option<F::Output> {
    core::future::poll_fn(|cx| match Pin::new(&mut future).poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.guard.fmt(f)
    }
}

/// A counter whose lock is a parameter.
struct Hits<L: ScopedRawMutex = DefaultMutex>(sync::Mutex<usize, L>);

impl<L: ScopedRawMutex + ConstInit> Hits<L> {
    const fn new() -> Self {
        Self(sync::Mutex::new_with_raw_mutex(0, L::INIT))
    }

    async fn hit(&self) -> usize {
        let mut hits: MutexGuard<'_, usize, L> = self.0.lock().await;
        let before = *hits;
        // Another task would get in between, if they could.
        yield_now().await;
        *hits = before + 1;
        *hits
    }
}

static HITS: Hits = Hits::new();
static SPUN_HITS: Hits<Spinlock> = Hits::new();
static WATCHED_HITS: Hits<Watched> = Hits::new();
static LAST: sync::Mutex<String> = sync::Mutex::new(String::new());

#[test]
fn the_lock_is_held_across_other_tasks() {
    let executor = Executor::new();
    for _ in 0..3 {
        for _ in 0..2 {
            executor.spawn(HITS.hit());
            executor.spawn(SPUN_HITS.hit());
            executor.spawn(WATCHED_HITS.hit());
        }
        executor.spawn(async {
            LAST.lock().await.push('x');
        });
    }
    executor.run();
    let hits = (HITS.0.try_lock(), SPUN_HITS.0.try_lock(), WATCHED_HITS.0.try_lock());
    assert_eq!((hits.0.as_deref(), hits.1.as_deref(), hits.2.as_deref()), (Some(&6), Some(&6), Some(&6)));
    assert!(HITS.0.try_lock().is_none());
    assert!(!format!("{:?} {:?}", HITS.0, hits.0).is_empty());
    assert_eq!(*LAST.try_lock().expect("all have ended"), "xxx");
}

#[test]
fn a_lock_that_is_given_up_goes_to_the_next() {
    let mut mutex: sync::Mutex<Vec<u8>> = sync::Mutex::default();
    mutex.get_mut().push(1);
    {
        let first = ready(mutex.lock());
        let mut second = Box::pin(mutex.lock());
        let mut third = pin!(mutex.lock());
        assert!(poll(second.as_mut()).is_pending() && poll(third.as_mut()).is_pending());
        assert!(!format!("{second:?}").is_empty());
        drop(first);
        // It is the second's, which does not take it.
        assert!(poll(third.as_mut()).is_pending());
        drop(second);
        let Poll::Ready(mut third) = poll(third) else { panic!("it is its turn") };
        third.push(3);
    }
    assert_eq!(
        ready(Arc::new(sync::Mutex::new_with_raw_mutex(5, Spinlock::new())).lock_owned()).to_string(),
        "5"
    );
    assert_eq!(mutex.into_inner(), [1, 3]);
}
