//! The only names that generated code may use. Not part of the public interface: the two crates
//! release together, pinned to the same version.

pub use crate::__sync_alloc as alloc;
pub use crate::__sync_const_fn as const_fn;
pub use crate::blocking::{ConstInit, DefaultMutex, ScopedRawMutex};
pub use crate::error::{Closed, WaitError, WakeOutcome};
pub use crate::shim::atomic;
pub use crate::state::atomic::{AtomicBits, AtomicWord, Bits, Word, assert_atomic};
pub use crate::state::field::{self, UnknownBits};
// Padded where the library's own primitives are.
pub use crate::util::cache_pad::Padded as CachePadded;
pub use crate::waiter::{
    Aged, Ascending, Buckets, ClonedValue, ComparableKey, Consume, Dropped, Fifo, Flags, GateCell, Handle,
    HashedKey, Mask, Matching, Order, Policy, Position, Queue, Rule, Select, SequenceNumber, Sharing,
    Snapshot, StateWord, Subscribe, Undelivered, Unique, UpTo, Wait, Wanted, WordPolicy, Worded, Wrapping,
};
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use crate::waiter::{AsQueue, Owned, WaitOwned, wait_owned};
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use alloc_crate::sync::Arc;
pub use mycelium_bitfield;

// Named by public signatures, for this crate's own use.
pub use crate::raw::{ByRef, Lending, Via, WaitList};
pub use crate::state::{
    Held, QueueWord,
    mutex::{AtomicMutexState, MutexState},
    queue::{AtomicQueueState, QueueState},
    rwlock::{Access, AtomicRwLockState, RwLockState},
    semaphore::{AtomicSemaphoreState, SemaphoreState},
};
pub use crate::wait_queue::{Signal, Wakeup};
