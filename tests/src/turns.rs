//! One face for the locks, and for every way to hold one that no two may have at a time.

use alloc::{boxed::Box, sync::Arc};
use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use sync_core::{
    Closed, Mutex, MutexGuard, OwnedMutexGuard, OwnedRwLockUpgradableReadGuard, OwnedRwLockWriteGuard,
    RwLock, RwLockUpgradableReadGuard, RwLockWriteGuard, ScopedRawMutex, Semaphore,
    blocking::DefaultMutex,
    semaphore::{OwnedPermit, Permit},
};

use crate::{Waiter, leak};

/// A raw lock that a test can make.
pub trait Raw: ScopedRawMutex + Default + fmt::Debug + Send + Sync + 'static {}

impl<L: ScopedRawMutex + Default + fmt::Debug + Send + Sync + 'static> Raw for L {}

/// A wait for a turn.
pub type Turn<G> = Pin<Box<dyn Future<Output = G> + Send>>;

/// What one at a time may hold, in turns.
pub trait Turns: fmt::Debug + Send + Sync + Sized + 'static {
    /// What one has whose turn it is.
    type Guard: Send + 'static;

    /// What the panic of a future says that is polled after it was ready.
    const SPENT: &'static str;

    /// Makes one that lives as long as the program.
    fn make() -> &'static Self;
    /// Returns a wait that was not polled.
    fn lock(&'static self) -> Turn<Self::Guard>;
    /// Takes a turn if no task has one or waits for one.
    fn try_lock(&'static self) -> Option<Self::Guard>;

    /// Returns a task that was not polled, where a hook reaches it.
    fn holder(&'static self) -> Arc<Holder<Self>> {
        Arc::new(Waiter::new(self.lock()))
    }

    /// Returns one that was polled once.
    fn polled_holder(&'static self) -> Arc<Holder<Self>> {
        Arc::new(Waiter::polled(1, self.lock()))
    }
}

/// A wait for permits of what is not closed.
struct Open<F>(Pin<Box<F>>);

impl<P, F: Future<Output = Result<P, Closed>>> Future for Open<F> {
    type Output = P;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<P> {
        self.0.as_mut().poll(cx).map(|permit| permit.expect("no task closes it"))
    }
}

fn open<F>(future: F) -> Open<F> {
    Open(Box::pin(future))
}

/// What locks say when they are polled again.
const LOCK: &str = "a lock future was polled again after it was ready";

/// What semaphores say then.
const PERMIT: &str = "an acquire future was polled again after it was ready";

macro_rules! turns {
    ($(
        $(#[$doc:meta])*
        $name:ident($lock:ty): $guard:ty, $spent:ident,
            $make:expr,
            $wait:expr,
            $try:expr;
    )*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name<L: Raw = DefaultMutex>(
            /// The lock.
            pub $lock,
        );

        impl<L: Raw> Turns for $name<L> {
            type Guard = $guard;
            const SPENT: &'static str = $spent;

            fn make() -> &'static Self {
                let make: fn(L) -> $lock = $make;
                leak(Self(make(L::default())))
            }
            fn lock(&'static self) -> Turn<$guard> {
                let wait: fn(&'static $lock) -> _ = $wait;
                Box::pin(wait(&self.0))
            }
            fn try_lock(&'static self) -> Option<$guard> {
                let try_lock: fn(&'static $lock) -> _ = $try;
                try_lock(&self.0)
            }
        }
    )*};
}

turns! {
    /// A mutex.
    Locking(Mutex<u64, L>): MutexGuard<'static, u64, L>, LOCK,
        |raw| Mutex::new_with_raw_mutex(0, raw),
        |lock| lock.lock(),
        |lock| lock.try_lock();
    /// A mutex, by guards that own it.
    LockingOwned(Arc<Mutex<u64, L>>): OwnedMutexGuard<u64, L>, LOCK,
        |raw| Arc::new(Mutex::new_with_raw_mutex(0, raw)),
        |lock| Arc::clone(lock).lock_owned(),
        |lock| Arc::clone(lock).try_lock_owned().ok();
    /// The writers of a readers-writer lock.
    Writing(RwLock<u64, L>): RwLockWriteGuard<'static, u64, L>, LOCK,
        |raw| RwLock::new_with_raw_mutex(0, raw),
        |lock| lock.write(),
        |lock| lock.try_write();
    /// The same, by guards that own it.
    WritingOwned(Arc<RwLock<u64, L>>): OwnedRwLockWriteGuard<u64, L>, LOCK,
        |raw| Arc::new(RwLock::new_with_raw_mutex(0, raw)),
        |lock| lock.write_owned(),
        |lock| lock.try_write_owned();
    /// Those readers that may upgrade, of which there is one at a time.
    Upgrading(RwLock<u64, L>): RwLockUpgradableReadGuard<'static, u64, L>, LOCK,
        |raw| RwLock::new_with_raw_mutex(0, raw),
        |lock| lock.upgradable_read(),
        |lock| lock.try_upgradable_read();
    /// The same, by guards that own it.
    UpgradingOwned(Arc<RwLock<u64, L>>): OwnedRwLockUpgradableReadGuard<u64, L>, LOCK,
        |raw| Arc::new(RwLock::new_with_raw_mutex(0, raw)),
        |lock| lock.upgradable_read_owned(),
        |lock| lock.try_upgradable_read_owned();
    /// The one permit of a semaphore.
    Acquiring(Semaphore<L>): Permit<'static, L>, PERMIT,
        |raw| Semaphore::new_with_raw_mutex(1, raw),
        |lock| open(lock.acquire(1)),
        |lock| lock.try_acquire(1).ok();
    /// The same, by permits that own it.
    AcquiringOwned(Arc<Semaphore<L>>): OwnedPermit<L>, PERMIT,
        |raw| Arc::new(Semaphore::new_with_raw_mutex(1, raw)),
        |lock| open(lock.acquire_owned(1)),
        |lock| lock.try_acquire_owned(1).ok();
}

/// A task that waits for its turn, has it, or had it.
pub type Holder<T> = Waiter<Turn<<T as Turns>::Guard>>;
