//! Which library has which of the operations on locks for threads.

use std::sync::LazyLock;

use super::{Library, Operation};
use crate::ops::{Operation as Measured, blocking};
use crate::with_locks;

pub(super) fn on(operation: Operation, library: Library) -> Option<Measured> {
    same(operation, library).or_else(|| peer(operation, library))
}

/// Those that `sync-core` shares with `maitake-sync`.
fn same(operation: Operation, library: Library) -> Option<Measured> {
    macro_rules! same_locks {
        ($library:ident, $variant:ident) => {
            if library == Library::$variant {
                use $library::blocking::{Mutex, RwLock};
                use $library::spin::{Lazy, Spinlock};
                return Some(match operation {
                    Operation::BlockingLock => blocking::lock::<Mutex<u64, Spinlock>>,
                    Operation::BlockingRead => blocking::read::<RwLock<u64>>,
                    Operation::BlockingWrite => blocking::write::<RwLock<u64>>,
                    Operation::LazyGet => blocking::lazy_get::<Lazy<u64>>,
                    _ => return None,
                });
            }
        };
    }
    with_locks!(same_locks);
    None
}

fn peer(operation: Operation, library: Library) -> Option<Measured> {
    use Library::{Embassy, ParkingLot, Spin, SpinningTop, Std};
    Some(match (operation, library) {
        (Operation::BlockingLock, Spin) => blocking::lock::<spin::Mutex<u64>>,
        (Operation::BlockingLock, SpinningTop) => blocking::lock::<spinning_top::Spinlock<u64>>,
        (Operation::BlockingLock, ParkingLot) => blocking::lock::<parking_lot::Mutex<u64>>,
        (Operation::BlockingLock, Std) => blocking::lock::<std::sync::Mutex<u64>>,

        (Operation::BlockingRead, Spin) => blocking::read::<spin::RwLock<u64>>,
        (Operation::BlockingRead, SpinningTop) => blocking::read::<spinning_top::RwSpinlock<u64>>,
        (Operation::BlockingRead, ParkingLot) => blocking::read::<parking_lot::RwLock<u64>>,
        (Operation::BlockingRead, Std) => blocking::read::<std::sync::RwLock<u64>>,

        (Operation::BlockingWrite, Spin) => blocking::write::<spin::RwLock<u64>>,
        (Operation::BlockingWrite, SpinningTop) => blocking::write::<spinning_top::RwSpinlock<u64>>,
        (Operation::BlockingWrite, ParkingLot) => blocking::write::<parking_lot::RwLock<u64>>,
        (Operation::BlockingWrite, Std) => blocking::write::<std::sync::RwLock<u64>>,

        (Operation::LazyGet, Spin) => blocking::lazy_get::<spin::LazyLock<u64>>,
        (Operation::LazyGet, Embassy) => blocking::lazy_get::<embassy_sync::lazy_lock::LazyLock<u64>>,
        (Operation::LazyGet, Std) => blocking::lazy_get::<LazyLock<u64>>,
        _ => return None,
    })
}
