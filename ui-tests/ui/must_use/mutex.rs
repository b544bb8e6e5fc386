//! An attempt to lock says in its result whether it did: dropped, it may look like a critical section.

#![deny(unused_must_use)]

use std::sync::Arc;

use sync_core::{Mutex, MutexGuard, OwnedMutexGuard, mutex::MappedMutexGuard};

fn main() {
    let mutex = Arc::new(Mutex::new((1, 2)));

    mutex.try_lock();
    Arc::clone(&mutex).try_lock_owned();

    let guard = mutex.try_lock().unwrap();
    MutexGuard::try_map(guard, |pair| Some(&mut pair.0));
    let mapped = MutexGuard::map(mutex.try_lock().unwrap(), |pair| &mut pair.0);
    MappedMutexGuard::try_map(mapped, |number| Some(number));
    let owned = Arc::clone(&mutex).try_lock_owned().unwrap();
    OwnedMutexGuard::try_map(owned, |pair| Some(&mut pair.0));
}
