//! One trait per kind of primitive, implemented for this library and for its peers.
//!
//! A primitive is measured as `&'static`, as in a kernel or in firmware, so that no reference count is part
//! of a figure.
use alloc::sync::Arc;

mod blocking;
mod cell;
mod map;
mod modes;
mod mutex;
mod queue;
mod rwlock;
mod same;
mod same_locks;
mod semaphore;

pub use self::{
    cell::{BareAtomicWaker, BareDiatomic, Diatomic, FlaggedAtomicWaker},
    map::OneshotMap,
    modes::{Fifo, FifoInBuckets, Mask, Predicate, PredicateWithValue, UniqueInBuckets, UpTo, Watched},
    mutex::{BareGuard, BareMutex, EmbassyMutex, FairMutex},
    queue::{ManualReset, Permits, TwoRmws},
    rwlock::EmbassyRwLock,
    same::Polled,
    semaphore::{EmbassySemaphore, FairSemaphore, SaaPermit, SaaSemaphore},
};

/// What tasks can wait on.
pub trait Waits: Default + 'static {
    /// What a wait yields.
    type Output;

    /// A future that completes when it is woken.
    fn wait(&'static self) -> impl Future<Output = Self::Output>;

    /// Does with the output of a wait what its user has to.
    #[inline]
    fn accept(_: Self::Output) {}
}

/// What can wake one of those that wait.
pub trait WakeOne: Waits {
    /// Wakes one, or remembers the wake-up where the library does so.
    fn wake(&'static self);
}

/// What can wake all that wait.
pub trait WakeAll: Waits {
    /// Wakes all.
    fn wake_all(&'static self);

    /// Makes new waiters wait again, where that is not so anyhow.
    #[inline]
    fn rearm(&'static self) {}
}

/// What tasks can wait on under a key, for a value.
pub trait Keyed: Default + 'static {
    /// A future that completes when `key` is woken.
    fn wait(&'static self, key: u16) -> impl Future;

    /// Gives `value` to the task that waits under `key`; says whether there was one.
    fn wake(&'static self, key: u16, value: u64) -> bool;
}

/// What tasks can wait on until a position is reached. It begins at 0.
pub trait Positions: Default + 'static {
    /// Whether all that wait are woken when the position moves, to look whether it is far enough.
    const WAKES_ALL: bool;

    /// A future that completes when the position is `until` or more.
    fn wait(&'static self, until: u64) -> impl Future;

    /// Moves the position to `to`.
    fn advance(&'static self, to: u64);
}

/// Flags that tasks can wait for. None is set in the beginning.
pub trait Flags: Default + 'static {
    /// A future that completes when any of the flags of `mask` is set.
    fn wait_any(&'static self, mask: u64) -> impl Future;

    /// Sets flags, and returns how many tasks that wakes.
    fn set(&'static self, bits: u64) -> usize;
}

/// What tells tasks of the events that they wait for.
pub trait Events: Default + 'static {
    /// A future that completes when the event `key` happens.
    fn wait(&'static self, key: u64) -> impl Future;

    /// Says that `event` happens, and returns how many tasks that wakes.
    fn notify(&'static self, event: u64) -> usize;
}

/// A mutex for tasks, around a number.
pub trait AsyncMutex: Default + 'static {
    /// Has the lock for as long as it lives.
    type Guard: 'static;

    /// A future that completes with the lock.
    fn lock(&'static self) -> impl Future<Output = Self::Guard>;

    /// The lock, if it is free.
    fn try_lock(&'static self) -> Option<Self::Guard>;
}

/// A mutex whose guard may own a reference to it.
pub trait OwnedMutex: Default + 'static {
    /// Has the lock, and a share of the mutex.
    type Guard: 'static;

    /// A future that completes with the lock; with whatever clones of `this` the library needs.
    fn lock_owned(this: &Arc<Self>) -> impl Future<Output = Self::Guard>;
}

/// A lock for tasks that one writer or many readers hold, around a number.
pub trait AsyncRwLock: Default + 'static {
    /// Shares the lock.
    type Read: 'static;

    /// Has the lock to itself.
    type Write: 'static;

    /// A future that completes with a share of the lock.
    fn read(&'static self) -> impl Future<Output = Self::Read>;

    /// A future that completes with the lock.
    fn write(&'static self) -> impl Future<Output = Self::Write>;
}

/// Permits that tasks wait for.
pub trait AsyncSemaphore: 'static {
    /// Gives back what it holds when it is dropped.
    type Permit: 'static;

    /// A semaphore with this number of permits.
    fn with_permits(permits: usize) -> Self;

    /// A future that completes with one permit.
    fn acquire(&'static self) -> impl Future<Output = Self::Permit>;

    /// Adds one permit.
    fn release(&'static self);

    /// Keeps what `permit` holds for good.
    fn forget(permit: Self::Permit);
}

/// A semaphore that can be asked for several permits at once.
pub trait AcquireMany: AsyncSemaphore {
    /// A future that completes with this number of permits.
    fn acquire_many(&'static self, permits: usize) -> impl Future<Output = Self::Permit>;
}

/// A mutex for threads, around a number.
pub trait BlockingMutex: Default + 'static {
    /// Has the lock for as long as it lives.
    type Guard: 'static;

    /// Waits for the lock.
    fn lock(&'static self) -> Self::Guard;
}

/// A lock for threads that one writer or many readers hold, around a number.
pub trait BlockingRwLock: From<u64> + 'static {
    /// Shares the lock.
    type Read: 'static;

    /// Has the lock to itself.
    type Write: 'static;

    /// Waits for a share of the lock.
    fn read(&'static self) -> Self::Read;

    /// Waits for the lock.
    fn write(&'static self) -> Self::Write;
}

/// A number that is computed when it is first asked for.
pub trait LazyValue: 'static {
    /// One that `compute` will give.
    fn new(compute: fn() -> u64) -> Self;

    /// The number.
    fn get(&'static self) -> &'static u64;
}
