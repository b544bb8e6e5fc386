//! The only names that generated code may use. Not part of the public interface: the two crates
//! release together, pinned to the same version.
//!
//! Safe code can use them too, and can lie. What each of them is given, and why no lie breaks an invariant of
//! `engine`:
//!
//! | trait | implemented by | is given | why a lie does no harm |
//! | --- | --- | --- | --- |
//! | `AsQueue` | macros' output | `&self` | An owned future asks once and keeps the answer, beside the `Arc` that keeps what it was asked of: whichever queue it is told, that is the one it joins and leaves, and it is there as long as the future (N7). |
//! | `Policy` | users | `&mut` to the state, and to a waiter at a time, under the lock | Neither the list nor a node can be reached from there. To reach a node in another way takes the lock. |
//! | `WordPolicy`, `StateWord`, `Word` | users; macros' output | snapshots of a word, by value | No invariant speaks of a queue's word. Which nodes are in the list is said by the nodes' own words, which are made here. A lie lets too many pass, or none, and what they are given is the user's, too. |
//! | `ComparableKey`, `Order`, `Position` | users; by `PartialEq`, `Ord` | keys, under the lock | The answers decide which task is woken, and which is before which. |
//! | `HashedKey` | users; by `Hash` | a key | The answer decides in which of the queues a wait joins. It is asked once per wait, as `AsQueue` is. |
//! | `ClonedValue`, `Sharing` | users | nothing | The first is `Clone`, which is called without the lock; the second is a constant that decides which are woken. |
//! | `Subscribable` | macros' output; users | a pinned future of their own, and a context | It is polled, as any future. |
//! | `Undelivered` | macros' output | a key and a value, without the lock | They are the user's. |
//! | `FieldType`, `Field`, `Printable`, `Rows` (in `field`) | macros' output | bits, by value | They make integers of integers; what does not fit panics. |
//! | `Flags`, `SequenceNumber`, `Bits`, `AtomicBits` | integers alone: sealed | | |
//! | `ScopedRawMutex` | users: `unsafe` | | |
//!
//! | type | what safe code can do with it |
//! | --- | --- |
//! | `Queue`, `Buckets` | What the macros' output does with it: wait, wake, close, ask how many wait. The one that has it by `&mut` can move it or exchange it for another; nothing that waits can be polled or dropped then (L1). |
//! | `Wait`, `WaitOwned`, `Subscribe`, `wait_owned` | Poll and drop it. It is pinned, and neither `Unpin` nor to be made so. |
//! | `future!` | Make a future of its own around a wait, as the macros' output does. The one piece of unsafe code in it has its proof in `named`, which rests on what the macro itself writes. |
//! | `Owned` | Nothing: `wait_owned` makes it. |
//! | `PolicyWord`, `AtomicWord`, `AtomicMutexState` and the like | Make one, and then do everything with it. Those that are in a primitive are not lent out. |
//! | `Unique`, `Fifo`, `UpTo`, `Mask`, `Matching`, `WordPolicyRule`, `Wanted` and their parameters | Name it. The functions of the rules are those of a trait without a name. |

pub use crate::__sync_alloc as alloc;
pub use crate::__sync_const_fn as const_fn;
pub use crate::__sync_future as future;
pub use crate::blocking::{ConstInit, DefaultMutex, ScopedRawMutex};
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use crate::engine::AsQueue;
pub use crate::engine::WaiterOf;
pub use crate::error::{Closed, WaitError, WakeOutcome};
pub use crate::shim::atomic;
pub use crate::state::word::atomic::{AtomicBits, AtomicWord, Bits, Word, assert_atomic};
pub use crate::state::word::field::{self, UnknownBits};
// Padded where the library's own primitives are.
pub use crate::util::cache_pad::Padded as CachePadded;
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use crate::waiter::{Owned, WaitOwned, wait_owned};
pub use crate::{
    engine::list::Select,
    waiter::{
        Aged, Ascending, Buckets, ClonedValue, ComparableKey, Consume, Dropped, Fifo, Flags, HashedKey, Mask,
        Matching, Order, Policy, PolicyWord, Position, Queue, SequenceNumber, Sharing, Snapshot, StateWord,
        Subscribable, Subscribe, Undelivered, Unique, UpTo, Wait, Wanted, WordPolicy, WordPolicyRule,
        Wrapping,
    },
};
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use alloc_crate::sync::Arc;
pub use mycelium_bitfield;

// Words of this crate's own primitives. With names, or else rustc proposes them where a `word` is none.
pub use crate::state::{
    mutex::{AtomicMutexState, MutexState},
    queue::{AtomicQueueState, QueueState},
    rwlock::{AtomicRwLockState, RwLockState},
    semaphore::{AtomicSemaphoreState, SemaphoreState},
};
