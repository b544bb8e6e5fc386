//! An attempt to lock says in its result whether it did, also where it calls a closure.

#![deny(unused_must_use)]

use sync_core::{
    blocking::{Mutex, RawRwLock, RwLock},
    spin::{RwSpinlock, Spinlock},
};

fn main() {
    let mutex = Mutex::new_with_raw_mutex(1, Spinlock::new());
    mutex.try_lock();
    mutex.try_with_lock(|number| *number += 1);

    let lock = RwLock::new(1);
    lock.try_read();
    lock.try_write();

    let raw = RwSpinlock::new();
    raw.try_lock_shared();
    raw.try_lock_exclusive();
}
