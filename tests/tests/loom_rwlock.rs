//! Models of [`RwLock`].
//!
//! What is locked is a [`Place`]: a writer visits it, a reader looks at it. It sees a writer beside any task,
//! and one that does not see what the writers before it did; the library's own guards are seen in the same
//! way, all their life.
//!
//! Not covered: `SeqCst` accesses and load buffering, which loom does not model; more waiters than two
//! batches of two. The limit of the number of readers, which is out of reach.
#![cfg(loom)]
#![expect(
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a model runs on a host, and ends where it fails"
)]

#[path = "loom_rwlock/downgrade.rs"]
mod downgrade;
#[path = "loom_rwlock/exclusion.rs"]
mod exclusion;
#[path = "loom_rwlock/held.rs"]
mod held;
#[path = "loom_rwlock/leaving.rs"]
mod leaving;
mod support;
#[path = "loom_rwlock/upgrade.rs"]
mod upgrade;

use std::{future::Future, pin::Pin};

use support::{Place, block_on, leak};
use sync_core::{RwLock, RwLockReadGuard, RwLockUpgradableReadGuard, RwLockWriteGuard};

type Lock = RwLock<Place>;
type Reader = RwLockReadGuard<'static, Place>;
type Upgradable = RwLockUpgradableReadGuard<'static, Place>;
type Writer = RwLockWriteGuard<'static, Place>;

fn fresh() -> &'static Lock {
    leak(RwLock::new(Place::new()))
}

/// Writes.
fn visit(lock: &'static Lock) -> usize {
    block_on(lock.write()).visit()
}

/// Reads.
fn look(lock: &'static Lock) -> usize {
    block_on(lock.read()).look()
}

/// Asks for upgradable, reads, upgrades and writes; no task writes in between.
fn look_and_visit(lock: &'static Lock) {
    let upgradable = block_on(lock.upgradable_read());
    let before = upgradable.look();
    upgrade_and_visit(upgradable, before);
}

/// Upgrades and writes; no task has written since there were `before` writers.
fn upgrade_and_visit(upgradable: Upgradable, before: usize) {
    assert_eq!(block_on(RwLockUpgradableReadGuard::upgrade(upgradable)).visit(), before);
}

/// Asserts that no task holds the lock, and how many have written.
#[track_caller]
fn free_after(lock: &Lock, visits: usize) {
    assert_eq!(lock.try_write().expect("it is free").visit(), visits);
}

type Behind = Pin<Box<dyn Future<Output = usize> + Send>>;
