//! The locks of `sync-core`, and of `maitake-sync`, whose interface it has.

use alloc::sync::Arc;

use super::{
    AcquireMany, AsyncMutex, AsyncRwLock, AsyncSemaphore, BlockingMutex, BlockingRwLock, LazyValue,
    OwnedMutex,
};

/// Calls `$each!(CRATE, VARIANT)` for each of the two: the name of the crate, and that of its `Library`.
#[macro_export]
macro_rules! with_locks {
    ($each:ident) => {
        $each!(maitake_sync, Maitake);
        $each!(sync_core, SyncCore);
    };
}

macro_rules! same_locks {
    ($library:ident, $_variant:ident) => {
        impl AsyncMutex for $library::Mutex<u64> {
            type Guard = $library::MutexGuard<'static, u64>;

            #[inline]
            fn lock(&'static self) -> impl Future<Output = Self::Guard> {
                $library::Mutex::lock(self)
            }

            #[inline]
            fn try_lock(&'static self) -> Option<Self::Guard> {
                $library::Mutex::try_lock(self)
            }
        }

        impl OwnedMutex for $library::Mutex<u64> {
            type Guard = $library::OwnedMutexGuard<u64, $library::blocking::DefaultMutex>;

            #[inline]
            fn lock_owned(this: &Arc<Self>) -> impl Future<Output = Self::Guard> {
                Arc::clone(this).lock_owned()
            }
        }

        impl AsyncRwLock for $library::RwLock<u64> {
            type Read = $library::RwLockReadGuard<'static, u64>;
            type Write = $library::RwLockWriteGuard<'static, u64>;

            #[inline]
            fn read(&'static self) -> impl Future<Output = Self::Read> {
                $library::RwLock::read(self)
            }

            #[inline]
            fn write(&'static self) -> impl Future<Output = Self::Write> {
                $library::RwLock::write(self)
            }
        }

        impl AsyncSemaphore for $library::Semaphore {
            type Permit = Result<$library::semaphore::Permit<'static>, $library::Closed>;

            fn with_permits(permits: usize) -> Self {
                Self::new(permits)
            }

            #[inline]
            fn acquire(&'static self) -> impl Future<Output = Self::Permit> {
                $library::Semaphore::acquire(self, 1)
            }

            #[inline]
            fn release(&'static self) {
                self.add_permits(1);
            }

            #[inline]
            fn forget(permit: Self::Permit) {
                permit.expect("it is never closed").forget();
            }
        }

        impl AcquireMany for $library::Semaphore {
            #[inline]
            fn acquire_many(&'static self, permits: usize) -> impl Future<Output = Self::Permit> {
                $library::Semaphore::acquire(self, permits)
            }
        }

        impl BlockingMutex for $library::blocking::Mutex<u64, $library::spin::Spinlock> {
            type Guard = $library::blocking::MutexGuard<'static, u64, $library::spin::Spinlock>;

            #[inline]
            fn lock(&'static self) -> Self::Guard {
                $library::blocking::Mutex::lock(self)
            }
        }

        impl BlockingRwLock for $library::blocking::RwLock<u64> {
            type Read = $library::blocking::RwLockReadGuard<'static, u64>;
            type Write = $library::blocking::RwLockWriteGuard<'static, u64>;

            #[inline]
            fn read(&'static self) -> Self::Read {
                $library::blocking::RwLock::read(self)
            }

            #[inline]
            fn write(&'static self) -> Self::Write {
                $library::blocking::RwLock::write(self)
            }
        }

        impl LazyValue for $library::spin::Lazy<u64> {
            fn new(compute: fn() -> u64) -> Self {
                $library::spin::Lazy::new(compute)
            }

            #[inline]
            fn get(&'static self) -> &'static u64 {
                $library::spin::Lazy::get(self)
            }
        }
    };
}

with_locks!(same_locks);
