//! Which of `Send`, `Sync`, `Unpin`, `UnwindSafe` and `RefUnwindSafe` each public type has, checked at
//! compile time.
//!
//! It is what maitake-sync 0.3.0 has, or better; what must not be there is checked as well (pitfall 17).
//! Seen to fail with: guards without an `Unpin` of their own; `Sync for LockedCell` without `Lock: Sync`.

#![cfg(not(loom))]

extern crate alloc;
// For the critical section of the lock that is watched.
extern crate tests as _;

#[path = "auto_traits/asynchronous.rs"]
mod asynchronous;
#[path = "auto_traits/blocking.rs"]
mod blocking;
#[path = "auto_traits/probes.rs"]
mod probes;
