//! One face for the types that have to behave alike where wakers are concerned.

use alloc::{boxed::Box, sync::Arc};
use core::fmt;

use sync_core::{
    Policy, ScopedRawMutex, Select, Semaphore, WaitCell, WaitMap, WaitQueue, wait_map,
    wait_map::{WaitError, WakeOutcome},
};

use crate::{Count, Waiter, Waiting, leak};

/// What one can wait on, however it is called there.
pub trait Subject: fmt::Debug + Sync + 'static {
    /// Whether more than one may wait at a time.
    const MANY: bool = true;
    /// Whether a wake-up that finds no waiter is kept.
    const STORES: bool = true;
    /// Whether waking several is an operation of its own, not several of waking one.
    const BATCHES: bool = true;

    /// Makes one that lives as long as the program.
    fn make() -> &'static Self;
    /// Returns a wait that was not polled.
    fn wait(&'static self) -> Waiting;
    /// Wakes one, the oldest.
    fn wake(&self);
    /// Wakes `n`, oldest first.
    fn wake_n(&self, n: usize);
    /// Wakes all that wait, oldest first.
    fn wake_all(&self);
    /// Closes it.
    fn close(&self);

    /// Returns a waiter that was not polled, where a hook reaches it.
    fn waiter(&'static self) -> Arc<Waiter> {
        Arc::new(Waiter::new(self.wait()))
    }
}

impl Subject for WaitQueue {
    fn make() -> &'static Self {
        leak(Self::new())
    }
    fn wait(&'static self) -> Waiting {
        let wait = WaitQueue::wait(self);
        Box::pin(async { wait.await.is_ok() })
    }
    fn wake(&self) {
        WaitQueue::wake(self);
    }
    fn wake_n(&self, n: usize) {
        WaitQueue::wake_n(self, n);
    }
    fn wake_all(&self) {
        WaitQueue::wake_all(self);
    }
    fn close(&self) {
        WaitQueue::close(self);
    }
}

impl Subject for WaitCell {
    const MANY: bool = false;
    const BATCHES: bool = false;

    fn make() -> &'static Self {
        leak(Self::new())
    }
    fn wait(&'static self) -> Waiting {
        let wait = WaitCell::wait(self);
        Box::pin(async { wait.await.is_ok() })
    }
    fn wake(&self) {
        WaitCell::wake(self);
    }
    fn wake_n(&self, n: usize) {
        for _ in 0..n {
            WaitCell::wake(self);
        }
    }
    fn wake_all(&self) {
        WaitCell::wake(self);
    }
    fn close(&self) {
        WaitCell::close(self);
    }
}

/// A [`WaitMap`] in which each wait has a key of its own, counting up.
#[derive(Debug)]
pub struct Keyed {
    map: WaitMap<usize, usize>,
    next: Count,
}

impl Subject for Keyed {
    const STORES: bool = false;
    const BATCHES: bool = false;

    fn make() -> &'static Self {
        leak(Self { map: WaitMap::new(), next: Count::new() })
    }
    fn wait(&'static self) -> Waiting {
        Box::pin(async {
            // In the order in which they join the queue.
            let key = self.next.up();
            match self.map.wait(key).await {
                Ok(value) => {
                    assert_eq!(value, key, "the value of another key");
                    true
                }
                Err(error) => {
                    assert_eq!(error, WaitError::Closed);
                    false
                }
            }
        })
    }
    fn wake(&self) {
        self.wake_n(1);
    }
    fn wake_n(&self, n: usize) {
        let mut left = n;
        // Those that came before this call; some may be gone.
        for key in 0..self.next.get() {
            if left == 0 {
                break;
            }
            if self.map.wake(&key, key) == WakeOutcome::Woke {
                left -= 1;
            }
        }
    }
    fn wake_all(&self) {
        self.wake_n(usize::MAX);
    }
    fn close(&self) {
        self.map.close();
    }
}

/// Many waiters of a few keys.
#[wait_map(key = u8, value = usize, match = fifo)]
pub struct Mailboxes;

/// The one key that [`Mailboxes`] is used with as a subject.
pub const KEY: u8 = 7;

impl Subject for Mailboxes {
    const STORES: bool = false;

    fn make() -> &'static Self {
        leak(Self::new())
    }
    fn wait(&'static self) -> Waiting {
        let wait = Mailboxes::wait(self, KEY);
        Box::pin(async { wait.await.is_ok() })
    }
    fn wake(&self) {
        let _ = self.wake_one(&KEY, 1);
    }
    fn wake_n(&self, n: usize) {
        Mailboxes::wake_n(self, &KEY, n, 2);
    }
    fn wake_all(&self) {
        Mailboxes::wake_all(self, &KEY, 3);
    }
    fn close(&self) {
        Mailboxes::close(self);
    }
}

/// A counter of passes that can also be opened for all that wait.
#[sync_core::primitive(method = pass, future = Pass)]
pub struct Gate;

/// What a [`Pass`] was let through by.
#[derive(Debug, PartialEq, Eq)]
pub enum By {
    /// A pass, of which there are so many.
    One,
    /// `open`, which lets every task through.
    All,
}

impl Policy for Gate {
    type State = usize;
    type Waiter = ();
    type Value = By;
    type Event<'e> = By;

    fn try_ready(passes: &mut usize, (): &()) -> Option<By> {
        (*passes > 0).then(|| {
            *passes -= 1;
            By::One
        })
    }

    fn select(passes: &mut usize, waiter: &mut (), by: &mut By) -> Select<By> {
        match by {
            By::All => Select::Wake(By::All),
            By::One => Self::try_ready(passes, waiter).map_or(Select::Stop, Select::Wake),
        }
    }

    fn on_cancel(passes: &mut usize, (): &mut (), given: &mut Option<By>) -> Option<By> {
        given.take_if(|by| *by == By::One).inspect(|_| *passes += 1)
    }
}

impl<Lock: ScopedRawMutex> Gate<Lock> {
    /// Adds passes.
    pub fn add(&self, n: usize) {
        self.notify(By::One, |passes| *passes += n);
    }

    /// Lets every task through that waits now.
    pub fn open(&self) {
        self.notify(By::All, |_| ());
    }
}

impl Subject for Gate {
    fn make() -> &'static Self {
        leak(Self::new(0))
    }
    fn wait(&'static self) -> Waiting {
        let pass = self.pass(());
        Box::pin(async { pass.await.is_ok() })
    }
    fn wake(&self) {
        self.add(1);
    }
    fn wake_n(&self, n: usize) {
        self.add(n);
    }
    fn wake_all(&self) {
        self.open();
    }
    fn close(&self) {
        Gate::close(self);
    }
}

/// A semaphore without permits, whose waits forget the one that they get.
impl Subject for Semaphore {
    fn make() -> &'static Self {
        leak(Self::new(0))
    }
    fn wait(&'static self) -> Waiting {
        let acquire = self.acquire(1);
        Box::pin(async { acquire.await.map(sync_core::semaphore::Permit::forget).is_ok() })
    }
    fn wake(&self) {
        self.add_permits(1);
    }
    fn wake_n(&self, n: usize) {
        self.add_permits(n);
    }
    fn wake_all(&self) {
        self.add_permits(self.waiters());
    }
    fn close(&self) {
        Semaphore::close(self);
    }
}
