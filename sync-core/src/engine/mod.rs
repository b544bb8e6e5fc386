//! What every wait is made of: a queue, a future, the list that holds its node, and the loop that wakes.
//!
//! | module | what it is | what it lets safe code do |
//! | --- | --- | --- |
//! | `list` | the oldest-first list of nodes, and the wakers taken from it | give nodes values and take their wakers, under the lock |
//! | `queue` | a state word and a locked wait list; the rule that says which task waits | |
//! | `handle` | `&Queue`, or an `Arc` of what contains one | reach the same queue forever |
//! | `wait` | a handle and a node: the future's storage | join and leave *that* queue |
//! | `wake_loop` | wakers to call once the lock is free | collect some in rounds, call all, also when one panics |
//! | `guarded` | a value beside the queue of those that wait for it, and its guards | reach the value while the lock is held |
//!
//! No code outside this folder is `unsafe` for the sake of a wait; `lock` and `waker_slot` are the other two
//! places.
//!
//! # Invariants of nodes
//!
//! SAFETY comments in this folder cite these. They hold whenever the lock of the node's queue is free; its
//! holder restores them before it lets go, also when user code panics.
//!
//! - **N1** A node whose phase is *linked* (queued, claimed, granted; see
//!   [`state::node`](crate::state::node)) is in exactly one list: that of the queue its future's handle leads
//!   to. In any other phase it is in none.
//! - **N2** The phase is written by the node's future while the node is not linked, and by the holder of the
//!   lock of the node's queue while it is. A holder that unlinks the node of another task's future does so by
//!   one store, with Release, and that is the last it has to do with it: from the store on, it neither reads
//!   nor writes the node, and has no reference to it or to a part of it. For the future may see the phase,
//!   complete and be freed before the next instruction of the one that wrote it. A future reads the phase
//!   with Acquire, or under the lock, before it uses or frees a node that was linked.
//!   ([`Node::unlink`](list::Node::unlink) says why the reference that the store itself takes does no harm.)
//! - **N3** Everything else in the node belongs to the one that may write the phase (N2).
//! - **N4** `value` is initialised exactly in the phases granted, reserved and woken.
//! - **N5** A node that was ever linked stays where it is until it is unlinked: its future is pinned and
//!   `!Unpin`, and unlinks it when it is dropped. One that is never dropped, but leaked, is never freed
//!   either, which is what pinning promises: its node stays in the list and stays valid, and what the list is
//!   used with, `W` and `V`, lives as long as the queue, whose type names them.
//! - **N6** Every poll of a linked wait makes a `Pin<&mut Wait>`, and its drop a `&mut Wait`, which cover the
//!   node, while others hold pointers to it and, under the lock, use references into it. Two things make that
//!   sound. (a) A `&mut` to a type that is not `Unpin` does not claim to be the only way to its target: rustc
//!   emits no `noalias` for it, and both of Miri's models exempt it. That is the rule for all futures that
//!   others point into, for now; [RFC 3467](https://rust-lang.github.io/rfcs/3467-unsafe-pinned.html) will
//!   replace it by a type, `UnsafePinned`, into which `Node` then goes. `Node` is `!Unpin` by its
//!   `PhantomPinned`, `Wait` is by its `Node`, and tests in `ui-tests` say so. (b) From such a `&mut` a
//!   shared reference is made at once ([`Wait::lend`](wait::Wait)), lists hold pointers made from a `&Node`,
//!   and all that changes while the node is linked is in an atomic or an `UnsafeCell`.
//! - **N7** A handle leads to the same queue as long as it exists, and keeps that queue in place and shared:
//!   it is neither moved nor dropped, and there is no `&mut` to it.
//! - **N8** `waker` and the links mean something while the node is linked. The one that unlinks the node
//!   moves the waker out and leaves the bytes; the one that links it writes over them.
//! - **N9** A future's handle is there until the future has yielded. Where it is taken out then (by
//!   [`LockHandle`]), the node is spent forever.
//!
//! # A wait list never leaves its cell
//!
//! **L1** From when it is made until it is dropped, a [`WaitList`](list::WaitList) is the value of the one
//! [`LockedCell`](crate::lock::LockedCell) that its queue made it for; its nodes are never exchanged for
//! those of another. So the list that a node joined under the lock of its queue is the list that the queue
//! has under its lock when the node leaves it, whichever code ran meanwhile.
//!
//! Proof. Lists are made in [`Queue::with_word`](queue::Queue) alone, right into the cell of a new queue.
//!
//! 1. *Through the lock.* The field with the cell is private to `queue`, which takes from it nothing but what
//!    `with_lock` and `try_with_lock` lend to a closure, and passes that on as a [`ListOf`], a `WaitList`
//!    without a size. What `mem::swap`, `mem::replace`, `mem::take`, an assignment, or a crate like
//!    `take_mut` move has a size. So no safe code, in this crate or in another, can put a list elsewhere or
//!    another one in its place, and the only code that could by its parts is `wait_list`'s and `wait`'s,
//!    which see the field `nodes`. They push, pop and remove single nodes. `claim`, `unclaim` and `Parts` of
//!    `wait_list` have some in a list of their own meanwhile, and put them back before the lock is free: the
//!    first two while no code of users runs, the last one also when that panics.
//! 2. *With the queue.* The one that has a queue to itself, by value or by `&mut`, can move it and drop it,
//!    and the list with it. By N7 there is no handle then, so no future that joined the list can be polled or
//!    dropped any more. There may be nodes of futures that were leaked: links lead from node to node and not
//!    to the list, so that they come along, and they stay valid (N5).
//!
//! # What safe code can reach
//!
//! Nothing outside this crate can get hold of a [`WaitList`](list::WaitList), a node or a
//! [`Held`](crate::state::Held), or of a `&mut` to one:
//!
//! - [`Rule`], whose functions are lent a list, [`Yields`], [`QueueRef`], `Given` and
//!   [`QueueWord`](crate::state::QueueWord) have no name outside the crate: they are `pub` because public types
//!   have them in their bounds, but no public module exports them. So they can neither be implemented outside
//!   nor be called. (A bound by a trait with a name would let its supertraits be called: none of these is
//!   one, and `AsQueue` bounds only an associated type.) Of those that must not lie, the unsafe ones say what
//!   they must do.
//! - [`HasQueue`], [`LockPtr`], `EraseData`, [`Yield`], [`Named`], `Lockable`, [`LockMode`] and
//!   [`ExclusiveMode`], and the generic guards, are the crate's own: public futures and guards are types
//!   around them.
//! - What can be implemented outside is what users or the macros' output implement, and nothing is taken for
//!   granted of it. The table is in `private.rs`.
//!
//! `ui-tests/ui/hidden` has a test for each of them.

#![expect(unsafe_code, reason = "this is the module for it")]

mod guarded;
mod handle;
pub(crate) mod list;
mod queue;
#[cfg(all(test, not(any(loom, shuttle))))]
mod tests;
mod wait;
mod wake_loop;

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use self::handle::{AsQueue, Owned};
pub(crate) use self::{
    guarded::{
        ByRef, ExclusiveMode, Guard, Guarded, LockMode, Lockable, MappedGuard, Named, Shares, YieldsGuard,
        lockable,
    },
    handle::{HasQueue, LockHandle, LockPtr, QueueRef, Ref, Yield, contains},
    queue::{Admission, Failure, ListOf, Rule, Yields},
    wait::{LentWait, LockedNode, Phase},
    wake_loop::{WakeLoop, WakesGranted, in_one_step},
};
pub use self::{
    queue::{Queue, WaiterOf},
    wait::Wait,
};
