//! Which library has which of the operations of `#[wait_map]`'s modes.

use super::{Library, Operation};
use crate::ops::{Operation as Measured, map, modes};
use crate::peers::{
    Fifo, FifoInBuckets, Mask, OneshotMap, Predicate, PredicateWithValue, UniqueInBuckets, UpTo, Watched,
};

pub(super) fn on(operation: Operation, library: Library) -> Option<Measured> {
    use Library::{SyncCore, Tokio};
    Some(match (operation, library) {
        (Operation::WakeKeyBuckets, SyncCore) => map::wake_key::<UniqueInBuckets>,
        (Operation::WakeKeyBuckets, Library::OneshotMap) => map::wake_key::<OneshotMap>,
        (Operation::WakeKeyFifo, SyncCore) => map::wake_key::<Fifo>,
        (Operation::WakeKeyFifoBuckets, SyncCore) => map::wake_key::<FifoInBuckets>,

        (Operation::UpToWait, SyncCore) => modes::wait_in_order::<UpTo>,
        (Operation::UpToWait, Tokio) => modes::wait_in_order::<Watched>,
        (Operation::UpToAdvanceOne, SyncCore) => modes::advance_one::<UpTo>,
        (Operation::UpToAdvanceOne, Tokio) => modes::advance_one::<Watched>,
        (Operation::UpToAdvanceLook, SyncCore) => modes::advance_look::<UpTo>,
        (Operation::UpToAdvanceLook, Tokio) => modes::advance_look::<Watched>,
        (Operation::UpToAdvanceAll, SyncCore) => modes::advance_all::<UpTo>,
        (Operation::UpToAdvanceAll, Tokio) => modes::advance_all::<Watched>,

        (Operation::MaskSetOne, SyncCore) => modes::set_one::<Mask>,
        (Operation::MaskSetAll, SyncCore) => modes::set_all::<Mask>,
        (Operation::MaskReady, SyncCore) => modes::flag_is_set::<Mask>,

        (Operation::PredicateNotifyOne, SyncCore) => modes::notify_one::<Predicate>,
        (Operation::PredicateNotifyAll, SyncCore) => modes::notify_all::<Predicate>,
        (Operation::PredicateNotifyWithOne, SyncCore) => modes::notify_one::<PredicateWithValue>,
        (Operation::PredicateNotifyWithAll, SyncCore) => modes::notify_all::<PredicateWithValue>,
        _ => return None,
    })
}
