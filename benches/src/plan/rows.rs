//! The rows of the tables of instructions.

use super::Operation;

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

/// The rows, in the order of the tables.
pub const ROWS: &[Row] = &[
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

const MANY: [usize; 2] = [1_000, 3_000];
const SOME: [usize; 2] = [160, 480];
const FEW: [usize; 2] = [16, 48];
