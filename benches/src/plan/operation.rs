//! The operations, and which library has which of them.

use clap::ValueEnum;
use event_listener::Event;
use tokio::sync::Notify;

use super::{Library, argument};
use crate::ops::{self, Operation as Measured, map, queue};
use crate::peers::{
    BareAtomicWaker, BareDiatomic, Diatomic, FlaggedAtomicWaker, ManualReset, OneshotMap, Permits, Polled,
    TwoRmws,
};

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

            (Self::StoredWake, SyncCore) => queue::stored_wake::<sync_core::WaitQueue>,
            (Self::StoredWake, Maitake) => queue::stored_wake::<maitake_sync::WaitQueue>,
            (Self::StoredWake, Tokio) => queue::stored_wake::<Notify>,
            (Self::StoredWake, FuturesIntrusive) => queue::stored_wake::<Permits>,
            (Self::StoredWake, Floor) => queue::stored_wake::<TwoRmws>,

            (Self::WaitWake, SyncCore) => queue::wait_wake::<sync_core::WaitQueue>,
            (Self::WaitWake, Maitake) => queue::wait_wake::<maitake_sync::WaitQueue>,
            (Self::WaitWake, Tokio) => queue::wait_wake::<Notify>,
            (Self::WaitWake, FuturesIntrusive) => queue::wait_wake::<Permits>,
            (Self::WaitWake, EventListener) => queue::wait_wake::<Event>,

            (Self::WakeOne, SyncCore) => queue::wake_one::<sync_core::WaitQueue>,
            (Self::WakeOne, Maitake) => queue::wake_one::<maitake_sync::WaitQueue>,
            (Self::WakeOne, Tokio) => queue::wake_one::<Notify>,
            (Self::WakeOne, FuturesIntrusive) => queue::wake_one::<Permits>,
            (Self::WakeOne, EventListener) => queue::wake_one::<Event>,

            (Self::WakeAll, SyncCore) => queue::wake_all::<sync_core::WaitQueue>,
            (Self::WakeAll, Maitake) => queue::wake_all::<maitake_sync::WaitQueue>,
            (Self::WakeAll, Tokio) => queue::wake_all::<Notify>,
            (Self::WakeAll, FuturesIntrusive) => queue::wake_all::<ManualReset>,
            (Self::WakeAll, EventListener) => queue::wake_all::<Event>,
            (Self::WakeAll, Floor) => queue::drain_wakers,

            (Self::Cancel, SyncCore) => queue::cancel::<sync_core::WaitQueue>,
            (Self::Cancel, Maitake) => queue::cancel::<maitake_sync::WaitQueue>,
            (Self::Cancel, Tokio) => queue::cancel::<Notify>,
            (Self::Cancel, FuturesIntrusive) => queue::cancel::<Permits>,
            (Self::Cancel, EventListener) => queue::cancel::<Event>,

            (Self::WaitWakeOpaque, SyncCore) => queue::wait_wake_opaque::<sync_core::WaitQueue>,
            (Self::WaitWakeOpaque, Maitake) => queue::wait_wake_opaque::<maitake_sync::WaitQueue>,
            (Self::WaitWakeOpaque, Tokio) => queue::wait_wake_opaque::<Notify>,
            (Self::WaitWakeOpaque, FuturesIntrusive) => queue::wait_wake_opaque::<Permits>,
            (Self::WaitWakeOpaque, EventListener) => queue::wait_wake_opaque::<Event>,

            (Self::Cell, SyncCore) => queue::wait_wake::<sync_core::WaitCell>,
            (Self::Cell, Maitake) => queue::wait_wake::<maitake_sync::WaitCell>,
            (Self::Cell, DiatomicWaker) => queue::wait_wake::<Diatomic>,
            (Self::Cell, AtomicWaker) => queue::wait_wake::<FlaggedAtomicWaker>,

            (Self::CellOpaque, SyncCore) => queue::wait_wake_opaque::<sync_core::WaitCell>,
            (Self::CellOpaque, Maitake) => queue::wait_wake_opaque::<maitake_sync::WaitCell>,
            (Self::CellOpaque, DiatomicWaker) => queue::wait_wake_opaque::<Diatomic>,
            (Self::CellOpaque, AtomicWaker) => queue::wait_wake_opaque::<FlaggedAtomicWaker>,

            (Self::CellBare, SyncCore) => queue::wait_wake::<Polled<sync_core::WaitCell>>,
            (Self::CellBare, Maitake) => queue::wait_wake::<Polled<maitake_sync::WaitCell>>,
            (Self::CellBare, DiatomicWaker) => queue::wait_wake::<BareDiatomic>,
            (Self::CellBare, AtomicWaker) => queue::wait_wake::<BareAtomicWaker>,

            (Self::WakeKey, SyncCore) => map::wake_key::<sync_core::WaitMap<u16, u64>>,
            (Self::WakeKey, Maitake) => map::wake_key::<maitake_sync::WaitMap<u16, u64>>,
            (Self::WakeKey, Library::OneshotMap) => map::wake_key::<OneshotMap>,

            (Self::KeyWaitWake, SyncCore) => map::key_wait_wake::<sync_core::WaitMap<u16, u64>>,
            (Self::KeyWaitWake, Maitake) => map::key_wait_wake::<maitake_sync::WaitMap<u16, u64>>,
            (Self::KeyWaitWake, Library::OneshotMap) => map::key_wait_wake::<OneshotMap>,
            _ => return None,
        })
    }
}
