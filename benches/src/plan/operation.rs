//! The operations.

use clap::ValueEnum;

use super::{Library, argument, blocking, locks, modes, waiting};
use crate::ops::{self, Operation as Measured};

/// What is done in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ValueEnum)]
pub enum Operation {
    /// Nothing.
    Empty,
    /// `WaitQueue`: a stored wake, then a wait.
    StoredWake,
    /// `WaitQueue`: wait, wake one, complete.
    WaitWake,
    /// `WaitQueue`: wake one of the waiting.
    WakeOne,
    /// `WaitQueue`: wake all the waiting.
    WakeAll,
    /// `WaitQueue`: drop a random one of the waiting.
    Cancel,
    /// `WaitQueue`: wait, wake one, complete, with a waker that the optimiser does not know.
    WaitWakeOpaque,
    /// `WaitCell`: register, wake, complete.
    Cell,
    /// `WaitCell`: register, wake, complete, with a waker that the optimiser does not know.
    CellOpaque,
    /// `WaitCell`: the same without a future or a flag, by the library's smallest interface.
    CellBare,
    /// `WaitMap`: wake by key.
    WakeKey,
    /// `WaitMap`: wait for a key, wake it, complete.
    KeyWaitWake,
    /// `#[wait_map]`, `unique` with buckets: wake by key.
    WakeKeyBuckets,
    /// `#[wait_map]`, `fifo`: wake by key.
    WakeKeyFifo,
    /// `#[wait_map]`, `fifo` with buckets: wake by key.
    WakeKeyFifoBuckets,
    /// `#[wait_map]`, `up_to`: all begin to wait, each for more than the one before.
    UpToWait,
    /// `#[wait_map]`, `up_to`: advance to where one waits.
    UpToAdvanceOne,
    /// `#[wait_map]`, `up_to`: advance to where one waits, and poll all that this wakes.
    UpToAdvanceLook,
    /// `#[wait_map]`, `up_to`: advance to where all have waited.
    UpToAdvanceAll,
    /// `#[wait_map]`, `mask`: set a flag for which one waits.
    MaskSetOne,
    /// `#[wait_map]`, `mask`: set a flag for which all wait.
    MaskSetAll,
    /// `#[wait_map]`, `mask`: wait for a flag that is set.
    MaskReady,
    /// `#[wait_map]`, `predicate`: an event for one of the waiting.
    PredicateNotifyOne,
    /// `#[wait_map]`, `predicate`: an event for all the waiting.
    PredicateNotifyAll,
    /// `#[wait_map]`, `predicate` with a value: an event for one of the waiting.
    PredicateNotifyWithOne,
    /// `#[wait_map]`, `predicate` with a value: an event for all the waiting.
    PredicateNotifyWithAll,
    /// `Mutex`: lock and unlock.
    MutexLock,
    /// `Mutex`: `try_lock` and unlock.
    MutexTryLock,
    /// `Mutex`: `lock_owned` and unlock.
    MutexLockOwned,
    /// `Mutex`: unlock, the oldest waiter locks, the former holder waits.
    MutexHandOver,
    /// `Mutex`: drop a random one of the waiting.
    MutexCancel,
    /// `RwLock`: read and unlock.
    #[value(name = "rwlock-read")]
    RwLockRead,
    /// `RwLock`: write and unlock.
    #[value(name = "rwlock-write")]
    RwLockWrite,
    /// `Semaphore`: acquire a permit and release it.
    SemaphoreAcquire,
    /// `Semaphore`: acquire eight permits and release them.
    SemaphoreAcquireEight,
    /// `Semaphore`: release a permit, the oldest waiter acquires it.
    SemaphoreRelease,
    /// `blocking::Mutex`: lock and unlock.
    BlockingLock,
    /// `blocking::RwLock`: read and unlock.
    BlockingRead,
    /// `blocking::RwLock`: write and unlock.
    BlockingWrite,
    /// `Lazy`: get what was computed before.
    LazyGet,
}

impl Operation {
    /// Its name on the command line.
    pub fn argument(self) -> String {
        argument(&self)
    }

    /// How to do it with `library`, if the library can.
    pub fn on(self, library: Library) -> Option<Measured> {
        if (self, library) == (Self::Empty, Library::Floor) {
            return Some(ops::empty);
        }
        let parts = [waiting::on, modes::on, locks::on, blocking::on];
        parts.iter().find_map(|on| on(self, library))
    }
}
