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
    Part { title: "#[wait_map]", rows: MODES },
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

/// How two rows of sync-core compare, in instructions and in time.
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    /// What is compared, in words.
    pub title: &'static str,
    /// Operation and number of waiters of the row that may cost more, and of the other.
    pub rows: [(Operation, usize); 2],
    /// What the timed operations are called that are the same two.
    pub times: [&'static str; 2],
    /// How many times as much it may cost.
    pub target: f64,
}

/// The ratios.
pub const RATIOS: &[Ratio] = &[Ratio {
    title: "wake by key, 65,536 in 4,096 buckets / 16 in one bucket",
    rows: [(Operation::WakeKeyBuckets, 65_536), (Operation::WakeKey, 16)],
    times: ["map: wake by key, 65536 in 4096 buckets", "map: wake by key, 16 in one bucket"],
    target: 1.5,
}];

impl Ratio {
    /// Says how one figure compares with the other.
    pub fn of(&self, figures: [f64; 2]) -> String {
        let ratio = figures[0] / figures[1];
        let judgement = if ratio > self.target { ": missed" } else { "" };
        format!("{}: {ratio:.2}, at most {}{judgement}", self.title, self.target)
    }
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
    row("— of 100,000", Operation::WakeAll, 100_000, FEWEST).per_waiter().at_most(24.0),
    row("WaitQueue: cancel a random one of 16 waiting", Operation::Cancel, 16, SOME).at_most(56.0),
    row("— of 256", Operation::Cancel, 256, SOME).at_most(56.0),
    row("— of 4,096", Operation::Cancel, 4096, FEW).at_most(56.0),
    row("WaitCell: register, wake, complete", Operation::Cell, 0, MANY).at_most(42.0),
    row("— with an opaque waker", Operation::CellOpaque, 0, MANY),
    row("— without future or flag", Operation::CellBare, 0, MANY),
    row("WaitMap: wake by key, 16 waiting", Operation::WakeKey, 16, SOME).at_most(100.0),
    row("— 256", Operation::WakeKey, 256, SOME),
    row("— 4,096", Operation::WakeKey, 4096, FEW),
    row("WaitMap: wait, wake by key, complete", Operation::KeyWaitWake, 0, MANY),
];

const MODES: &[Row] = &[
    row("unique, 4,096 buckets: wake by key, 16 waiting", Operation::WakeKeyBuckets, 16, FEW),
    row("— 4,096", Operation::WakeKeyBuckets, 4096, SOME),
    row("— 65,536", Operation::WakeKeyBuckets, 65_536, SOME),
    row("fifo: wake by key, 16 waiting", Operation::WakeKeyFifo, 16, SOME),
    row("— 256", Operation::WakeKeyFifo, 256, SOME),
    row("— 4,096", Operation::WakeKeyFifo, 4096, FEW),
    row("fifo, 4,096 buckets: wake by key, 65,536 waiting", Operation::WakeKeyFifoBuckets, 65_536, SOME),
    row("up_to: wait, in order, per waiter, as one of 16", Operation::UpToWait, 16, SOME).per_waiter(),
    row("— 256", Operation::UpToWait, 256, FEW).per_waiter(),
    row("— 4,096", Operation::UpToWait, 4096, FEWER).per_waiter(),
    row("— 65,536", Operation::UpToWait, 65_536, FEWEST).per_waiter(),
    row("up_to: advance to the first of 16 waiting", Operation::UpToAdvanceOne, 16, SOME),
    row("— 256", Operation::UpToAdvanceOne, 256, FEW),
    row("— 4,096", Operation::UpToAdvanceOne, 4096, FEWER),
    row("— 65,536", Operation::UpToAdvanceOne, 65_536, FEWEST),
    row("— and poll all that this wakes, of 16", Operation::UpToAdvanceLook, 16, SOME),
    row("— 256", Operation::UpToAdvanceLook, 256, FEW),
    row("— 4,096", Operation::UpToAdvanceLook, 4096, FEWER),
    row("— 65,536", Operation::UpToAdvanceLook, 65_536, FEWEST),
    row("up_to: advance to the last, per waiter, of 16", Operation::UpToAdvanceAll, 16, SOME).per_waiter(),
    row("— 256", Operation::UpToAdvanceAll, 256, FEW).per_waiter(),
    row("— 4,096", Operation::UpToAdvanceAll, 4096, FEWER).per_waiter(),
    row("— 65,536", Operation::UpToAdvanceAll, 65_536, FEWEST).per_waiter(),
    row("mask: set for one, per waiter, of 16", Operation::MaskSetOne, 16, SOME).per_waiter(),
    row("— 256", Operation::MaskSetOne, 256, FEW).per_waiter(),
    row("— 4,096", Operation::MaskSetOne, 4096, FEWER).per_waiter(),
    row("— 65,536", Operation::MaskSetOne, 65_536, FEWEST).per_waiter(),
    row("mask: set for all, per waiter, of 16", Operation::MaskSetAll, 16, SOME).per_waiter(),
    row("— 256", Operation::MaskSetAll, 256, FEW).per_waiter(),
    row("— 4,096", Operation::MaskSetAll, 4096, FEWER).per_waiter(),
    row("— 65,536", Operation::MaskSetAll, 65_536, FEWEST).per_waiter(),
    row("mask: wait_any for what is set", Operation::MaskReady, 0, MANY),
    row("predicate: notify for one, per waiter, of 16", Operation::PredicateNotifyOne, 16, SOME).per_waiter(),
    row("— 256", Operation::PredicateNotifyOne, 256, FEW).per_waiter(),
    row("— 4,096", Operation::PredicateNotifyOne, 4096, FEWER).per_waiter(),
    row("— 65,536", Operation::PredicateNotifyOne, 65_536, FEWEST).per_waiter(),
    row("predicate: notify for all, per waiter, of 16", Operation::PredicateNotifyAll, 16, SOME).per_waiter(),
    row("— 256", Operation::PredicateNotifyAll, 256, FEW).per_waiter(),
    row("— 4,096", Operation::PredicateNotifyAll, 4096, FEWER).per_waiter(),
    row("— 65,536", Operation::PredicateNotifyAll, 65_536, FEWEST).per_waiter(),
    row("predicate: notify_with for one, per waiter, of 16", Operation::PredicateNotifyWithOne, 16, SOME)
        .per_waiter(),
    row("— 256", Operation::PredicateNotifyWithOne, 256, FEW).per_waiter(),
    row("— 4,096", Operation::PredicateNotifyWithOne, 4096, FEWER).per_waiter(),
    row("— 65,536", Operation::PredicateNotifyWithOne, 65_536, FEWEST).per_waiter(),
    row("predicate: notify_with for all, per waiter, of 16", Operation::PredicateNotifyWithAll, 16, SOME)
        .per_waiter(),
    row("— 256", Operation::PredicateNotifyWithAll, 256, FEW).per_waiter(),
    row("— 4,096", Operation::PredicateNotifyWithAll, 4096, FEWER).per_waiter(),
    row("— 65,536", Operation::PredicateNotifyWithAll, 65_536, FEWEST).per_waiter(),
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
/// Where it does not depend on chance, and much has to be set up.
const FEWER: [usize; 2] = [2, 6];
const FEWEST: [usize; 2] = [1, 2];
