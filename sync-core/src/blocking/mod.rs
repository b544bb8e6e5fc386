//! Blocking locks: for the wait lists of the async primitives, and for code that cannot wait asynchronously.
//!
//! [`Mutex`] admits one holder at a time, [`RwLock`] many readers or one writer. A panic while they are
//! locked unlocks them and does not poison them.
//!
//! # Choosing a raw lock
//!
//! Every primitive of this crate has a type parameter for a [`ScopedRawMutex`], which defaults to
//! [`DefaultMutex`]; `new_with_raw_mutex` takes another. A [`RawMutex`] is a [`ScopedRawMutex`] that can also
//! be locked and unlocked by a guard; [`RwLock`] takes a [`RawRwLock`], by default a
//! [`RwSpinlock`](crate::lock::spin::RwSpinlock).
//!
//! | the primitive is used from | raw lock |
//! | --- | --- |
//! | threads of an operating system | [`DefaultMutex`] with the `std` feature |
//! | several processors, never from an interrupt handler | [`DefaultMutex`], [`Spinlock`](crate::lock::spin::Spinlock), or [`TicketLock`](crate::lock::spin::TicketLock) where they contend all the time |
//! | tasks of one executor | [`LocalLock`], which costs nothing; the compiler keeps the others out |
//! | interrupt handlers too | [`DefaultMutex`] with the `critical-section` feature, or a raw lock of your own that masks interrupts |
//!
//! With the feature `embassy-sync`, `FromEmbassy` makes one of each raw lock of embassy-sync, and
//! `ForEmbassy` the reverse.
//!
//! On a chip without compare-and-swap (Cortex-M0, RISC-V without the A extension) the feature
//! `critical-section` also turns every atomic operation into a critical section. The other choice there, the
//! application's `portable-atomic/unsafe-assume-single-core`, excludes that feature: [`DefaultMutex`] is then
//! a [`Spinlock`](crate::lock::spin::Spinlock), and an interrupt handler needs a raw lock of your own.
//!
//! # Deadlocks
//!
//! With a raw lock that does not mask interrupts, an interrupt handler that uses a primitive while the code
//! it interrupted is inside the same primitive waits for itself. Tests on a desktop do not show that; the
//! right choice of lock prevents it.
//!
//! The closures given to [`Mutex::with_lock`], and the holder of a guard, must not take the same lock again.

#[cfg(feature = "embassy-sync")]
mod embassy;
mod local;
mod mutex;
mod rwlock;

#[cfg(feature = "embassy-sync")]
pub use self::embassy::{ForEmbassy, FromEmbassy};
pub use self::{local::LocalLock, mutex::Mutex, rwlock::RwLock};
pub use crate::lock::{DefaultMutex, MutexGuard, RawRwLock, RwLockReadGuard, RwLockWriteGuard};
pub use mutex_traits::{ConstInit, RawMutex, ScopedRawMutex};
