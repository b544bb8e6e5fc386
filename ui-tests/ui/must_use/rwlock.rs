//! An attempt to lock says in its result whether it did, and one to upgrade gives the guard back if it did not.

#![deny(unused_must_use)]

use std::sync::Arc;

use sync_core::{RwLock, RwLockReadGuard, RwLockUpgradableReadGuard, RwLockWriteGuard};

fn main() {
    let lock = Arc::new(RwLock::new((1, 2)));

    lock.try_read();
    lock.try_upgradable_read();
    lock.try_write();
    lock.try_read_owned();
    lock.try_upgradable_read_owned();
    lock.try_write_owned();

    RwLockUpgradableReadGuard::try_upgrade(lock.try_upgradable_read().unwrap());
    RwLockReadGuard::try_map(lock.try_read().unwrap(), |pair| Some(&pair.0));
    RwLockWriteGuard::try_map(lock.try_write().unwrap(), |pair| Some(&mut pair.0));
}
