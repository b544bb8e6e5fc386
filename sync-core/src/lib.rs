// The first definition of a link counts: what is a section of the README, for those who read that, is a page here.
#![doc = "[guide]: crate::guide\n"]
#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(docsrs, doc(auto_cfg(hide(loom, shuttle))))]
// An example does not drop what a caller must look at.
#![doc(test(attr(deny(unused_must_use))))]

#[cfg(any(test, all(feature = "alloc", target_has_atomic = "ptr")))]
extern crate alloc;
// The same under a name that generated paths do not shadow.
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
extern crate alloc as alloc_crate;
// The macros' output names this crate as its users do.
extern crate self as sync_core;
#[cfg(any(test, loom, shuttle, feature = "std"))]
extern crate std;

#[macro_use]
mod macros;

pub mod barrier;
pub mod blocking;
pub mod condvar;
mod error;
pub mod event;
pub mod guard;
pub mod guide;
pub mod latch;
pub mod layout;
pub mod mutex;
pub mod once_cell;
#[cfg(feature = "std")]
mod park;
mod raw;
pub mod rwlock;
pub mod semaphore;
mod shim;
pub mod spin;
mod state;
pub mod util;
pub mod wait_cell;
pub mod wait_map;
pub mod wait_queue;
pub mod waiter;

pub use self::{
    barrier::Barrier,
    blocking::ScopedRawMutex,
    condvar::Condvar,
    error::{Closed, WaitResult},
    event::{AutoEvent, Event},
    latch::Latch,
    mutex::{Mutex, MutexGuard},
    once_cell::OnceCell,
    rwlock::{RwLock, RwLockReadGuard, RwLockUpgradableReadGuard, RwLockWriteGuard},
    semaphore::Semaphore,
    state::field::UnknownBits,
    wait_cell::WaitCell,
    wait_map::WaitMap,
    wait_queue::WaitQueue,
    waiter::{Flags, Policy, Position, Select, SequenceNumber, StateWord, WordPolicy},
};
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use self::{
    mutex::OwnedMutexGuard,
    rwlock::{OwnedRwLockReadGuard, OwnedRwLockUpgradableReadGuard, OwnedRwLockWriteGuard},
};
pub use mycelium_bitfield::FromBits;
pub use sync_macros::{FromBits, bitfield, primitive, wait_map};

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
