// The first definition of a link counts: `guide`, which is a section in the README, is a page here.
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
mod engine;
mod error;
pub mod event;
#[cfg(feature = "defmt")]
mod format;
pub mod guide;
pub mod latch;
pub mod layout;
mod lock;
pub mod mutex;
mod named;
pub mod once_cell;
mod own;
#[cfg(feature = "std")]
mod park;
pub mod rwlock;
pub mod semaphore;
mod shim;
mod state;
pub mod util;
pub mod wait_cell;
pub mod wait_map;
pub mod wait_queue;
pub mod waiter;
mod waker_slot;

#[doc(inline)]
pub use self::{
    barrier::Barrier,
    blocking::ScopedRawMutex,
    condvar::Condvar,
    error::{Closed, WaitResult},
    event::{AutoEvent, Event},
    latch::Latch,
    lock::spin,
    mutex::{Mutex, MutexGuard},
    once_cell::OnceCell,
    rwlock::{RwLock, RwLockReadGuard, RwLockUpgradableReadGuard, RwLockWriteGuard},
    semaphore::Semaphore,
    state::word::field::UnknownBits,
    wait_cell::WaitCell,
    wait_map::WaitMap,
    wait_queue::WaitQueue,
    waiter::{Flags, Policy, Position, Select, SequenceNumber, StateWord, WordPolicy},
};
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
#[doc(inline)]
pub use self::{
    mutex::OwnedMutexGuard,
    rwlock::{OwnedRwLockReadGuard, OwnedRwLockUpgradableReadGuard, OwnedRwLockWriteGuard},
};
/// A value that can be a field of a [`#[bitfield]`](macro@bitfield): it converts to and from the bits of the
/// state word.
///
/// [`#[derive(FromBits)]`](derive@FromBits) implements it for an enum without data; `bool`, the unsigned
/// integers and the signed ones have it already. `#[bits(n)]` on the field sets its number of bits, and the
/// macro checks at compile time that the type fits.
///
/// # Examples
///
/// ```
/// use core::sync::atomic::Ordering;
/// use sync_core::FromBits;
///
/// #[derive(FromBits, Clone, Copy, Debug, PartialEq, Eq)]
/// #[repr(u8)]
/// pub enum Link { Down = 0, Training = 1, Up = 2 }
///
/// #[sync_core::bitfield(u32, atomic = AtomicPort)]
/// pub struct Port {
///     #[bits(2)]
///     link: Link,
///     #[bits(..)]
///     errors: u32,
/// }
///
/// static PORT: AtomicPort = AtomicPort::new(Port::new());
///
/// let port = Port::new().with_link(Link::Up).with_errors(3);
/// assert_eq!((port.link(), port.errors()), (Link::Up, 3));
/// assert_eq!(PORT.load(Ordering::Relaxed).link(), Link::Down);
/// ```
///
/// # In `mycelium-bitfield`
///
/// The trait is that of the crate `mycelium-bitfield`, which describes it so:
///
#[doc(inline)]
pub use mycelium_bitfield::FromBits;
pub use sync_macros::{FromBits, bitfield, primitive, wait_map};

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
