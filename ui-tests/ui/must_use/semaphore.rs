//! Permits that nothing holds are given back at once.

#![deny(unused_must_use)]

use std::sync::Arc;

use sync_core::Semaphore;

fn main() {
    let semaphore = Arc::new(Semaphore::new(8));

    semaphore.try_acquire(1);
    semaphore.try_acquire_owned(1);

    let mut permit = semaphore.try_acquire(8).unwrap();
    permit.split(3);
}
