//! What is measured: the libraries, the operations, and which library has which operation.

use clap::ValueEnum;
use event_listener::Event;
use tokio::sync::Notify;

use crate::ops::{self, Operation as Measured};
use crate::peers::{
    BareAtomicWaker, BareDiatomic, Diatomic, FlaggedAtomicWaker, ManualReset, OneshotMap, Permits, Polled,
    TwoRmws,
};

/// A library, or what stands for the least that is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ValueEnum)]
pub enum Library {
    /// This library.
    SyncCore,
    /// `maitake-sync`.
    Maitake,
    /// `tokio::sync::Notify`.
    Tokio,
    /// `futures-intrusive`: its fair semaphore, and `ManualResetEvent` where all are woken.
    FuturesIntrusive,
    /// `event_listener::Event`.
    EventListener,
    /// `diatomic-waker`.
    Diatomic,
    /// `atomic-waker`.
    AtomicWaker,
    /// A mutex around a `HashMap` of tokio's oneshot senders.
    OneshotMap,
    /// The least that is possible.
    Floor,
}

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
}

impl Library {
    /// Its column in the tables.
    pub fn title(self) -> &'static str {
        match self {
            Self::SyncCore => "sync-core",
            Self::Maitake => "maitake-sync",
            Self::Tokio => "tokio",
            Self::FuturesIntrusive => "futures-intrusive",
            Self::EventListener => "event-listener",
            Self::Diatomic => "diatomic-waker",
            Self::AtomicWaker => "atomic-waker",
            Self::OneshotMap => "oneshot map",
            Self::Floor => "floor",
        }
    }

    /// Its name on the command line.
    pub fn argument(self) -> String {
        argument(&self)
    }
}

impl Operation {
    /// Its name on the command line.
    pub fn argument(self) -> String {
        argument(&self)
    }

    /// How to do it with `library`, if the library can.
    pub fn on(self, library: Library) -> Option<Measured> {
        use Library::{
            AtomicWaker, Diatomic as DiatomicWaker, EventListener, Floor, FuturesIntrusive, Maitake,
            SyncCore, Tokio,
        };
        Some(match (self, library) {
            (Self::Empty, Floor) => ops::empty,

            (Self::StoredWake, SyncCore) => ops::stored_wake::<sync_core::WaitQueue>,
            (Self::StoredWake, Maitake) => ops::stored_wake::<maitake_sync::WaitQueue>,
            (Self::StoredWake, Tokio) => ops::stored_wake::<Notify>,
            (Self::StoredWake, FuturesIntrusive) => ops::stored_wake::<Permits>,
            (Self::StoredWake, Floor) => ops::stored_wake::<TwoRmws>,

            (Self::WaitWake, SyncCore) => ops::wait_wake::<sync_core::WaitQueue>,
            (Self::WaitWake, Maitake) => ops::wait_wake::<maitake_sync::WaitQueue>,
            (Self::WaitWake, Tokio) => ops::wait_wake::<Notify>,
            (Self::WaitWake, FuturesIntrusive) => ops::wait_wake::<Permits>,
            (Self::WaitWake, EventListener) => ops::wait_wake::<Event>,

            (Self::WakeOne, SyncCore) => ops::wake_one::<sync_core::WaitQueue>,
            (Self::WakeOne, Maitake) => ops::wake_one::<maitake_sync::WaitQueue>,
            (Self::WakeOne, Tokio) => ops::wake_one::<Notify>,
            (Self::WakeOne, FuturesIntrusive) => ops::wake_one::<Permits>,
            (Self::WakeOne, EventListener) => ops::wake_one::<Event>,

            (Self::WakeAll, SyncCore) => ops::wake_all::<sync_core::WaitQueue>,
            (Self::WakeAll, Maitake) => ops::wake_all::<maitake_sync::WaitQueue>,
            (Self::WakeAll, Tokio) => ops::wake_all::<Notify>,
            (Self::WakeAll, FuturesIntrusive) => ops::wake_all::<ManualReset>,
            (Self::WakeAll, EventListener) => ops::wake_all::<Event>,
            (Self::WakeAll, Floor) => ops::drain_wakers,

            (Self::Cancel, SyncCore) => ops::cancel::<sync_core::WaitQueue>,
            (Self::Cancel, Maitake) => ops::cancel::<maitake_sync::WaitQueue>,
            (Self::Cancel, Tokio) => ops::cancel::<Notify>,
            (Self::Cancel, FuturesIntrusive) => ops::cancel::<Permits>,
            (Self::Cancel, EventListener) => ops::cancel::<Event>,

            (Self::WaitWakeOpaque, SyncCore) => ops::wait_wake_opaque::<sync_core::WaitQueue>,
            (Self::WaitWakeOpaque, Maitake) => ops::wait_wake_opaque::<maitake_sync::WaitQueue>,
            (Self::WaitWakeOpaque, Tokio) => ops::wait_wake_opaque::<Notify>,
            (Self::WaitWakeOpaque, FuturesIntrusive) => ops::wait_wake_opaque::<Permits>,
            (Self::WaitWakeOpaque, EventListener) => ops::wait_wake_opaque::<Event>,

            (Self::Cell, SyncCore) => ops::wait_wake::<sync_core::WaitCell>,
            (Self::Cell, Maitake) => ops::wait_wake::<maitake_sync::WaitCell>,
            (Self::Cell, DiatomicWaker) => ops::wait_wake::<Diatomic>,
            (Self::Cell, AtomicWaker) => ops::wait_wake::<FlaggedAtomicWaker>,

            (Self::CellOpaque, SyncCore) => ops::wait_wake_opaque::<sync_core::WaitCell>,
            (Self::CellOpaque, Maitake) => ops::wait_wake_opaque::<maitake_sync::WaitCell>,
            (Self::CellOpaque, DiatomicWaker) => ops::wait_wake_opaque::<Diatomic>,
            (Self::CellOpaque, AtomicWaker) => ops::wait_wake_opaque::<FlaggedAtomicWaker>,

            (Self::CellBare, SyncCore) => ops::wait_wake::<Polled<sync_core::WaitCell>>,
            (Self::CellBare, Maitake) => ops::wait_wake::<Polled<maitake_sync::WaitCell>>,
            (Self::CellBare, DiatomicWaker) => ops::wait_wake::<BareDiatomic>,
            (Self::CellBare, AtomicWaker) => ops::wait_wake::<BareAtomicWaker>,

            (Self::WakeKey, SyncCore) => ops::wake_key::<sync_core::WaitMap<u16, u64>>,
            (Self::WakeKey, Maitake) => ops::wake_key::<maitake_sync::WaitMap<u16, u64>>,
            (Self::WakeKey, Library::OneshotMap) => ops::wake_key::<OneshotMap>,

            (Self::KeyWaitWake, SyncCore) => ops::key_wait_wake::<sync_core::WaitMap<u16, u64>>,
            (Self::KeyWaitWake, Maitake) => ops::key_wait_wake::<maitake_sync::WaitMap<u16, u64>>,
            (Self::KeyWaitWake, Library::OneshotMap) => ops::key_wait_wake::<OneshotMap>,
            _ => return None,
        })
    }
}

fn argument(value: &impl ValueEnum) -> String {
    let value = value.to_possible_value().expect("no value is hidden");
    value.get_name().to_owned()
}
