//! Which library has which of the operations on locks for tasks.

use super::{Library, Operation};
use crate::ops::{Operation as Measured, mutex, rwlock, semaphore};
use crate::peers::{
    BareMutex, EmbassyMutex, EmbassyRwLock, EmbassySemaphore, FairMutex, FairSemaphore, SaaSemaphore,
};
use crate::with_locks;

pub(super) fn on(operation: Operation, library: Library) -> Option<Measured> {
    same(operation, library).or_else(|| peer(operation, library))
}

/// Those that `sync-core` shares with `maitake-sync`.
fn same(operation: Operation, library: Library) -> Option<Measured> {
    macro_rules! same_locks {
        ($library:ident, $variant:ident) => {
            if library == Library::$variant {
                return Some(match operation {
                    Operation::MutexLock => mutex::lock::<$library::Mutex<u64>>,
                    Operation::MutexTryLock => mutex::try_lock::<$library::Mutex<u64>>,
                    Operation::MutexLockOwned => mutex::lock_owned::<$library::Mutex<u64>>,
                    Operation::MutexHandOver => mutex::hand_over::<$library::Mutex<u64>>,
                    Operation::MutexCancel => mutex::cancel::<$library::Mutex<u64>>,
                    Operation::RwLockRead => rwlock::read::<$library::RwLock<u64>>,
                    Operation::RwLockWrite => rwlock::write::<$library::RwLock<u64>>,
                    Operation::SemaphoreAcquire => semaphore::acquire::<$library::Semaphore>,
                    Operation::SemaphoreAcquireEight => semaphore::acquire_eight::<$library::Semaphore>,
                    Operation::SemaphoreRelease => semaphore::release::<$library::Semaphore>,
                    _ => return None,
                });
            }
        };
    }
    with_locks!(same_locks);
    None
}

fn peer(operation: Operation, library: Library) -> Option<Measured> {
    use Library::{AsyncLock, Embassy, Floor, FuturesIntrusive, FuturesUtil, Mea, Saa, Tokio};
    Some(match (operation, library) {
        (Operation::MutexLock, Tokio) => mutex::lock::<tokio::sync::Mutex<u64>>,
        (Operation::MutexLock, FuturesIntrusive) => mutex::lock::<FairMutex>,
        (Operation::MutexLock, AsyncLock) => mutex::lock::<async_lock::Mutex<u64>>,
        (Operation::MutexLock, FuturesUtil) => mutex::lock::<futures_util::lock::Mutex<u64>>,
        (Operation::MutexLock, Embassy) => mutex::lock::<EmbassyMutex>,
        (Operation::MutexLock, Mea) => mutex::lock::<mea::mutex::Mutex<u64>>,
        (Operation::MutexLock, Saa) => mutex::lock::<saa::Mutex<u64>>,
        (Operation::MutexLock, Floor) => mutex::lock::<BareMutex>,

        (Operation::MutexTryLock, Tokio) => mutex::try_lock::<tokio::sync::Mutex<u64>>,
        (Operation::MutexTryLock, FuturesIntrusive) => mutex::try_lock::<FairMutex>,
        (Operation::MutexTryLock, AsyncLock) => mutex::try_lock::<async_lock::Mutex<u64>>,
        (Operation::MutexTryLock, FuturesUtil) => mutex::try_lock::<futures_util::lock::Mutex<u64>>,
        (Operation::MutexTryLock, Embassy) => mutex::try_lock::<EmbassyMutex>,
        (Operation::MutexTryLock, Mea) => mutex::try_lock::<mea::mutex::Mutex<u64>>,
        (Operation::MutexTryLock, Saa) => mutex::try_lock::<saa::Mutex<u64>>,
        (Operation::MutexTryLock, Floor) => mutex::try_lock::<BareMutex>,

        (Operation::MutexLockOwned, Tokio) => mutex::lock_owned::<tokio::sync::Mutex<u64>>,
        (Operation::MutexLockOwned, AsyncLock) => mutex::lock_owned::<async_lock::Mutex<u64>>,
        (Operation::MutexLockOwned, FuturesUtil) => mutex::lock_owned::<futures_util::lock::Mutex<u64>>,
        (Operation::MutexLockOwned, Mea) => mutex::lock_owned::<mea::mutex::Mutex<u64>>,

        (Operation::MutexHandOver, Tokio) => mutex::hand_over::<tokio::sync::Mutex<u64>>,
        (Operation::MutexHandOver, FuturesIntrusive) => mutex::hand_over::<FairMutex>,
        (Operation::MutexHandOver, AsyncLock) => mutex::hand_over::<async_lock::Mutex<u64>>,
        (Operation::MutexHandOver, Mea) => mutex::hand_over::<mea::mutex::Mutex<u64>>,

        (Operation::MutexCancel, Tokio) => mutex::cancel::<tokio::sync::Mutex<u64>>,
        (Operation::MutexCancel, FuturesIntrusive) => mutex::cancel::<FairMutex>,
        (Operation::MutexCancel, AsyncLock) => mutex::cancel::<async_lock::Mutex<u64>>,
        (Operation::MutexCancel, FuturesUtil) => mutex::cancel::<futures_util::lock::Mutex<u64>>,
        (Operation::MutexCancel, Mea) => mutex::cancel::<mea::mutex::Mutex<u64>>,

        (Operation::RwLockRead, Tokio) => rwlock::read::<tokio::sync::RwLock<u64>>,
        (Operation::RwLockRead, AsyncLock) => rwlock::read::<async_lock::RwLock<u64>>,
        (Operation::RwLockRead, Embassy) => rwlock::read::<EmbassyRwLock>,
        (Operation::RwLockRead, Mea) => rwlock::read::<mea::rwlock::RwLock<u64>>,
        (Operation::RwLockRead, Saa) => rwlock::read::<saa::RwLock<u64>>,

        (Operation::RwLockWrite, Tokio) => rwlock::write::<tokio::sync::RwLock<u64>>,
        (Operation::RwLockWrite, AsyncLock) => rwlock::write::<async_lock::RwLock<u64>>,
        (Operation::RwLockWrite, Embassy) => rwlock::write::<EmbassyRwLock>,
        (Operation::RwLockWrite, Mea) => rwlock::write::<mea::rwlock::RwLock<u64>>,
        (Operation::RwLockWrite, Saa) => rwlock::write::<saa::RwLock<u64>>,

        (Operation::SemaphoreAcquire, Tokio) => semaphore::acquire::<tokio::sync::Semaphore>,
        (Operation::SemaphoreAcquire, FuturesIntrusive) => semaphore::acquire::<FairSemaphore>,
        (Operation::SemaphoreAcquire, AsyncLock) => semaphore::acquire::<async_lock::Semaphore>,
        (Operation::SemaphoreAcquire, Embassy) => semaphore::acquire::<EmbassySemaphore>,
        (Operation::SemaphoreAcquire, Mea) => semaphore::acquire::<mea::semaphore::Semaphore>,
        (Operation::SemaphoreAcquire, Saa) => semaphore::acquire::<SaaSemaphore>,

        (Operation::SemaphoreAcquireEight, Tokio) => semaphore::acquire_eight::<tokio::sync::Semaphore>,
        (Operation::SemaphoreAcquireEight, FuturesIntrusive) => semaphore::acquire_eight::<FairSemaphore>,
        (Operation::SemaphoreAcquireEight, Embassy) => semaphore::acquire_eight::<EmbassySemaphore>,
        (Operation::SemaphoreAcquireEight, Mea) => semaphore::acquire_eight::<mea::semaphore::Semaphore>,
        (Operation::SemaphoreAcquireEight, Saa) => semaphore::acquire_eight::<SaaSemaphore>,

        (Operation::SemaphoreRelease, Tokio) => semaphore::release::<tokio::sync::Semaphore>,
        (Operation::SemaphoreRelease, FuturesIntrusive) => semaphore::release::<FairSemaphore>,
        (Operation::SemaphoreRelease, AsyncLock) => semaphore::release::<async_lock::Semaphore>,
        (Operation::SemaphoreRelease, Mea) => semaphore::release::<mea::semaphore::Semaphore>,
        _ => return None,
    })
}
