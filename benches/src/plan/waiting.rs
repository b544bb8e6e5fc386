//! Which library has which of the operations that wait and wake.

use event_listener::Event;
use tokio::sync::Notify;

use super::{Library, Operation};
use crate::ops::{Operation as Measured, map, queue};
use crate::peers::{
    BareAtomicWaker, BareDiatomic, Diatomic, FlaggedAtomicWaker, ManualReset, OneshotMap, Permits, Polled,
    TwoRmws,
};

pub(super) fn on(operation: Operation, library: Library) -> Option<Measured> {
    use Library::{
        AtomicWaker, Diatomic as DiatomicWaker, EventListener, Floor, FuturesIntrusive, Maitake, SyncCore,
        Tokio,
    };
    Some(match (operation, library) {
        (Operation::StoredWake, SyncCore) => queue::stored_wake::<sync_core::WaitQueue>,
        (Operation::StoredWake, Maitake) => queue::stored_wake::<maitake_sync::WaitQueue>,
        (Operation::StoredWake, Tokio) => queue::stored_wake::<Notify>,
        (Operation::StoredWake, FuturesIntrusive) => queue::stored_wake::<Permits>,
        (Operation::StoredWake, Floor) => queue::stored_wake::<TwoRmws>,

        (Operation::WaitWake, SyncCore) => queue::wait_wake::<sync_core::WaitQueue>,
        (Operation::WaitWake, Maitake) => queue::wait_wake::<maitake_sync::WaitQueue>,
        (Operation::WaitWake, Tokio) => queue::wait_wake::<Notify>,
        (Operation::WaitWake, FuturesIntrusive) => queue::wait_wake::<Permits>,
        (Operation::WaitWake, EventListener) => queue::wait_wake::<Event>,

        (Operation::WakeOne, SyncCore) => queue::wake_one::<sync_core::WaitQueue>,
        (Operation::WakeOne, Maitake) => queue::wake_one::<maitake_sync::WaitQueue>,
        (Operation::WakeOne, Tokio) => queue::wake_one::<Notify>,
        (Operation::WakeOne, FuturesIntrusive) => queue::wake_one::<Permits>,
        (Operation::WakeOne, EventListener) => queue::wake_one::<Event>,

        (Operation::WakeAll, SyncCore) => queue::wake_all::<sync_core::WaitQueue>,
        (Operation::WakeAll, Maitake) => queue::wake_all::<maitake_sync::WaitQueue>,
        (Operation::WakeAll, Tokio) => queue::wake_all::<Notify>,
        (Operation::WakeAll, FuturesIntrusive) => queue::wake_all::<ManualReset>,
        (Operation::WakeAll, EventListener) => queue::wake_all::<Event>,
        (Operation::WakeAll, Floor) => queue::drain_wakers,

        (Operation::Cancel, SyncCore) => queue::cancel::<sync_core::WaitQueue>,
        (Operation::Cancel, Maitake) => queue::cancel::<maitake_sync::WaitQueue>,
        (Operation::Cancel, Tokio) => queue::cancel::<Notify>,
        (Operation::Cancel, FuturesIntrusive) => queue::cancel::<Permits>,
        (Operation::Cancel, EventListener) => queue::cancel::<Event>,

        (Operation::WaitWakeOpaque, SyncCore) => queue::wait_wake_opaque::<sync_core::WaitQueue>,
        (Operation::WaitWakeOpaque, Maitake) => queue::wait_wake_opaque::<maitake_sync::WaitQueue>,
        (Operation::WaitWakeOpaque, Tokio) => queue::wait_wake_opaque::<Notify>,
        (Operation::WaitWakeOpaque, FuturesIntrusive) => queue::wait_wake_opaque::<Permits>,
        (Operation::WaitWakeOpaque, EventListener) => queue::wait_wake_opaque::<Event>,

        (Operation::Cell, SyncCore) => queue::wait_wake::<sync_core::WaitCell>,
        (Operation::Cell, Maitake) => queue::wait_wake::<maitake_sync::WaitCell>,
        (Operation::Cell, DiatomicWaker) => queue::wait_wake::<Diatomic>,
        (Operation::Cell, AtomicWaker) => queue::wait_wake::<FlaggedAtomicWaker>,

        (Operation::CellOpaque, SyncCore) => queue::wait_wake_opaque::<sync_core::WaitCell>,
        (Operation::CellOpaque, Maitake) => queue::wait_wake_opaque::<maitake_sync::WaitCell>,
        (Operation::CellOpaque, DiatomicWaker) => queue::wait_wake_opaque::<Diatomic>,
        (Operation::CellOpaque, AtomicWaker) => queue::wait_wake_opaque::<FlaggedAtomicWaker>,

        (Operation::CellBare, SyncCore) => queue::wait_wake::<Polled<sync_core::WaitCell>>,
        (Operation::CellBare, Maitake) => queue::wait_wake::<Polled<maitake_sync::WaitCell>>,
        (Operation::CellBare, DiatomicWaker) => queue::wait_wake::<BareDiatomic>,
        (Operation::CellBare, AtomicWaker) => queue::wait_wake::<BareAtomicWaker>,

        (Operation::WakeKey, SyncCore) => map::wake_key::<sync_core::WaitMap<u16, u64>>,
        (Operation::WakeKey, Maitake) => map::wake_key::<maitake_sync::WaitMap<u16, u64>>,
        (Operation::WakeKey, Library::OneshotMap) => map::wake_key::<OneshotMap>,

        (Operation::KeyWaitWake, SyncCore) => map::key_wait_wake::<sync_core::WaitMap<u16, u64>>,
        (Operation::KeyWaitWake, Maitake) => map::key_wait_wake::<maitake_sync::WaitMap<u16, u64>>,
        (Operation::KeyWaitWake, Library::OneshotMap) => map::key_wait_wake::<OneshotMap>,
        _ => return None,
    })
}
