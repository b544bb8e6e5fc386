//! Where the unsafe code lives: nodes, lists of nodes, the futures that own nodes, and locked cells.
//!
//! | module | what it is | what it lets safe code do |
//! | --- | --- | --- |
//! | `locked_cell` | a value beside a raw lock | reach the value under the lock |
//! | `mutex_guard`, `rw_cell`, `rw_guards` | the same for guards, and for readers and writers | |
//! | `raw_rwlock` | what a lock for readers and writers is | |
//! | `default_mutex` | the raw lock for those who choose none | |
//! | `node` | what a waiting task leaves in a list | (nothing: `wait_list` and `wait` use it) |
//! | `wait_list` | the oldest-first list of nodes | give nodes values and take their wakers, under the lock |
//! | `queue` | a state word and a locked wait list | |
//! | `handle` | `&Queue`, or an `Arc` of what contains one | reach the same queue for ever |
//! | `guarded` | a value beside the queue of those who wait for it, and its guards | reach the value while the lock is held |
//! | `wait` | a handle and a node: the future's storage | join and leave *that* queue |
//! | `wake_loop` | wakers to call once the lock is free | collect some in rounds, call all, also when one panics |
//! | `waker_slot` | one waker owned by whoever holds a state bit | take it, replace it |
//!
//! # Invariants of nodes
//!
//! SAFETY comments below cite these.
//!
//! - **N1** A node whose phase is *linked* (queued, granted; see [`state::node`](crate::state::node)) is in
//!   exactly one list: that of the queue its future's handle leads to. In any other phase it is in none.
//! - **N2** The phase is written by the node's future while the node is not linked, and by whoever holds
//!   the lock of the node's queue while it is. The writer that unlinks writes last, with Release, and
//!   does not touch the node again.
//! - **N3** Everything else in the node belongs to whoever may write the phase (N2).
//! - **N4** `value` is initialised exactly in the phases granted and woken.
//! - **N5** A node that was ever linked stays where it is until it is unlinked: its future is pinned
//!   and `!Unpin`, and unlinks it when it is dropped. Its memory outlives its membership.
//! - **N6** No `&mut` to a node is ever made while it is linked; lists hold pointers made from `&Node`,
//!   and everything that changes is in cells.
//! - **N7** A handle leads to the same queue as long as it exists, and keeps that queue in place.
//! - **N8** `waker` and the links mean something while the node is linked. Whoever unlinks the node moves
//!   the waker out and leaves the bytes; whoever links it writes over them.
//! - **N9** A future's handle is there until the future has yielded. Where it is taken out then (by
//!   [`Via`]), the node is spent for ever.

#![expect(unsafe_code, reason = "this is the module for it")]

mod default_mutex;
mod guarded;
mod guards;
mod handle;
mod locked_cell;
mod mutex_guard;
mod node;
mod queue;
mod raw_rwlock;
mod rw_cell;
mod rw_guards;
#[cfg(all(test, not(any(loom, shuttle))))]
mod tests;
mod wait;
mod wait_list;
mod wake_loop;
mod waker_slot;

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use self::handle::{AsQueue, Owned};
pub use self::{
    default_mutex::DefaultMutex,
    guarded::{ByRef, Guard, Lending, MappedGuard},
    handle::{Handle, Ref, Via},
    mutex_guard::MutexGuard,
    queue::{Entry, Queue, Rule, Yields},
    raw_rwlock::RawRwLock,
    rw_guards::{RwLockReadGuard, RwLockWriteGuard},
    wait::Wait,
    wait_list::WaitList,
};
pub(crate) use self::{
    guarded::{Alone, DataOf, Guarded, Lockable, Mode, Shares, lockable},
    handle::{Contains, Keeps, Narrow, Yield, contains},
    locked_cell::LockedCell,
    queue::ListOf,
    rw_cell::RwCell,
    wait::Stage,
    wait_list::{Admission, Nobody},
    wake_loop::{Step, WakeBatch, WakeLoop, WakesGranted, in_one_step},
    waker_slot::{Slot, WakerSlot},
};
