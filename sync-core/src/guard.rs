//! Guards: access to the value of a lock, until they are dropped.
//!
//! There is one type of guard, [`Guard`], for all asynchronous locks of this crate, and one for a part of a
//! value, [`MappedGuard`]. Both have a parameter for how they reach the lock, which is [`Ref`] for guards
//! that borrow and an `Arc` for guards that own, and one for how they hold it. The names to use are the
//! aliases:
//!
//! | | borrows | owns | a part, borrows | a part, owns |
//! | --- | --- | --- | --- | --- |
//! | [`Mutex`](crate::Mutex) | [`MutexGuard`](crate::MutexGuard) | `OwnedMutexGuard` | [`MappedMutexGuard`](crate::mutex::MappedMutexGuard) | `OwnedMappedMutexGuard` |
//! | [`RwLock`](crate::RwLock), read | [`RwLockReadGuard`](crate::RwLockReadGuard) | `OwnedRwLockReadGuard` | [`MappedRwLockReadGuard`](crate::rwlock::MappedRwLockReadGuard) | `OwnedMappedRwLockReadGuard` |
//! | upgradable | [`RwLockUpgradableReadGuard`](crate::RwLockUpgradableReadGuard) | `OwnedRwLockUpgradableReadGuard` | | |
//! | write | [`RwLockWriteGuard`](crate::RwLockWriteGuard) | `OwnedRwLockWriteGuard` | [`MappedRwLockWriteGuard`](crate::rwlock::MappedRwLockWriteGuard) | `OwnedMappedRwLockWriteGuard` |

pub use crate::raw::{Guard, MappedGuard, Ref};
