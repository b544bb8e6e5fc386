//! The rows of the tables of instructions.

use super::Operation;

/// Rows that make one table, because much the same libraries can do them.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// What they have in common.
    pub title: &'static str,
    /// The rows, in the order of the table. No two parts have the same operation.
    pub rows: &'static [Row],
}

/// The tables.
pub const PARTS: &[Part] = &[
    Part { title: "waiting and waking", rows: WAITING },
    Part { title: "locks for tasks", rows: LOCKS },
    Part { title: "locks for threads", rows: BLOCKING },
];

/// A row of the tables of instructions.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What is measured, in words.
    pub title: &'static str,
    /// What is done.
    pub operation: Operation,
    /// How many wait.
    pub waiters: usize,
    /// The rounds of the two runs whose difference counts. Both set up as many instances as the second needs.
    pub rounds: [usize; 2],
    /// Whether the figure is per waiter, not per round.
    pub per_waiter: bool,
    /// The most instructions that it may cost.
    pub target: Option<f64>,
}

const fn row(title: &'static str, operation: Operation, waiters: usize, rounds: [usize; 2]) -> Row {
    Row { title, operation, waiters, rounds, per_waiter: false, target: None }
}

impl Row {
    const fn at_most(mut self, target: f64) -> Self {
        self.target = Some(target);
        self
    }

    const fn per_waiter(mut self) -> Self {
        self.per_waiter = true;
        self
    }
}

const WAITING: &[Row] = &[
    row("WaitQueue: stored wake, then wait", Operation::StoredWake, 0, MANY).at_most(40.0),
    row("WaitQueue: wait, wake one, complete", Operation::WaitWake, 0, MANY).at_most(200.0),
    row("— with an opaque waker", Operation::WaitWakeOpaque, 0, MANY),
    row("WaitQueue: wake one of 1 waiting", Operation::WakeOne, 1, SOME).at_most(80.0),
    row("— of 16", Operation::WakeOne, 16, SOME).at_most(80.0),
    row("— of 256", Operation::WakeOne, 256, SOME).at_most(80.0),
    row("— of 4,096", Operation::WakeOne, 4096, FEW).at_most(80.0),
    row("WaitQueue: wake_all, per waiter, of 16", Operation::WakeAll, 16, SOME).per_waiter().at_most(24.0),
    row("— of 1,000", Operation::WakeAll, 1000, FEW).per_waiter().at_most(24.0),
    row("— of 100,000", Operation::WakeAll, 100_000, [1, 2]).per_waiter().at_most(24.0),
    row("WaitQueue: cancel a random one of 16 waiting", Operation::Cancel, 16, SOME).at_most(56.0),
    row("— of 256", Operation::Cancel, 256, SOME).at_most(56.0),
    row("— of 4,096", Operation::Cancel, 4096, FEW).at_most(56.0),
    row("WaitCell: register, wake, complete", Operation::Cell, 0, MANY).at_most(42.0),
    row("— with an opaque waker", Operation::CellOpaque, 0, MANY),
    row("— without future or flag", Operation::CellBare, 0, MANY),
    row("WaitMap: wake by key, 16 waiting", Operation::WakeKey, 16, SOME).at_most(100.0),
    row("WaitMap: wait, wake by key, complete", Operation::KeyWaitWake, 0, MANY),
];

const LOCKS: &[Row] = &[
    row("Mutex: lock, unlock", Operation::MutexLock, 0, MANY).at_most(20.0),
    row("Mutex: try_lock, unlock", Operation::MutexTryLock, 0, MANY).at_most(15.0),
    row("Mutex: lock_owned, unlock", Operation::MutexLockOwned, 0, MANY).at_most(45.0),
    row("Mutex: hand over among 2", Operation::MutexHandOver, 2, MANY).at_most(240.0),
    row("— 16", Operation::MutexHandOver, 16, MANY).at_most(240.0),
    row("— 256", Operation::MutexHandOver, 256, MANY).at_most(240.0),
    row("— 4,096", Operation::MutexHandOver, 4096, MANY).at_most(240.0),
    row("Mutex: cancel a random one of 16 waiting", Operation::MutexCancel, 16, SOME).at_most(56.0),
    row("— of 256", Operation::MutexCancel, 256, SOME).at_most(56.0),
    row("— of 4,096", Operation::MutexCancel, 4096, FEW).at_most(56.0),
    row("RwLock: read, unlock", Operation::RwLockRead, 0, MANY).at_most(25.0),
    row("RwLock: write, unlock", Operation::RwLockWrite, 0, MANY).at_most(25.0),
    row("Semaphore: acquire 1, release", Operation::SemaphoreAcquire, 0, MANY).at_most(30.0),
    row("Semaphore: acquire 8, release", Operation::SemaphoreAcquireEight, 0, MANY).at_most(30.0),
    row("Semaphore: release lets 1 waiting acquire", Operation::SemaphoreRelease, 1, SOME).at_most(125.0),
    row("— the oldest of 16", Operation::SemaphoreRelease, 16, SOME).at_most(125.0),
    row("— of 256", Operation::SemaphoreRelease, 256, SOME).at_most(125.0),
    row("— of 4,096", Operation::SemaphoreRelease, 4096, FEW).at_most(125.0),
];

const BLOCKING: &[Row] = &[
    row("blocking Mutex: lock, unlock", Operation::BlockingLock, 0, MANY).at_most(10.0),
    row("blocking RwLock: read, unlock", Operation::BlockingRead, 0, MANY).at_most(16.0),
    row("blocking RwLock: write, unlock", Operation::BlockingWrite, 0, MANY).at_most(10.0),
    row("Lazy: get", Operation::LazyGet, 0, MANY).at_most(9.0),
];

const MANY: [usize; 2] = [1_000, 3_000];
const SOME: [usize; 2] = [160, 480];
const FEW: [usize; 2] = [16, 48];
