//! What stands for a lock that blocks its thread, and for a value that is computed late.

use std::sync::LazyLock;

use super::{BlockingMutex, BlockingRwLock, LazyValue};

impl BlockingMutex for std::sync::Mutex<u64> {
    type Guard = std::sync::MutexGuard<'static, u64>;

    #[inline]
    fn lock(&'static self) -> Self::Guard {
        self.lock().expect("no holder panics")
    }
}

impl BlockingRwLock for std::sync::RwLock<u64> {
    type Read = std::sync::RwLockReadGuard<'static, u64>;
    type Write = std::sync::RwLockWriteGuard<'static, u64>;

    #[inline]
    fn read(&'static self) -> Self::Read {
        self.read().expect("no holder panics")
    }

    #[inline]
    fn write(&'static self) -> Self::Write {
        self.write().expect("no holder panics")
    }
}

impl LazyValue for LazyLock<u64> {
    fn new(compute: fn() -> u64) -> Self {
        LazyLock::new(compute)
    }

    #[inline]
    fn get(&'static self) -> &'static u64 {
        self
    }
}

impl BlockingMutex for parking_lot::Mutex<u64> {
    type Guard = parking_lot::MutexGuard<'static, u64>;

    #[inline]
    fn lock(&'static self) -> Self::Guard {
        self.lock()
    }
}

impl BlockingRwLock for parking_lot::RwLock<u64> {
    type Read = parking_lot::RwLockReadGuard<'static, u64>;
    type Write = parking_lot::RwLockWriteGuard<'static, u64>;

    #[inline]
    fn read(&'static self) -> Self::Read {
        self.read()
    }

    #[inline]
    fn write(&'static self) -> Self::Write {
        self.write()
    }
}

impl BlockingMutex for spin::Mutex<u64> {
    type Guard = spin::MutexGuard<'static, u64>;

    #[inline]
    fn lock(&'static self) -> Self::Guard {
        self.lock()
    }
}

impl BlockingRwLock for spin::RwLock<u64> {
    type Read = spin::RwLockReadGuard<'static, u64>;
    type Write = spin::RwLockWriteGuard<'static, u64>;

    #[inline]
    fn read(&'static self) -> Self::Read {
        self.read()
    }

    #[inline]
    fn write(&'static self) -> Self::Write {
        self.write()
    }
}

impl LazyValue for spin::LazyLock<u64> {
    fn new(compute: fn() -> u64) -> Self {
        spin::LazyLock::new(compute)
    }

    #[inline]
    fn get(&'static self) -> &'static u64 {
        self
    }
}

impl BlockingMutex for spinning_top::Spinlock<u64> {
    type Guard = spinning_top::guard::SpinlockGuard<'static, u64>;

    #[inline]
    fn lock(&'static self) -> Self::Guard {
        self.lock()
    }
}

impl BlockingRwLock for spinning_top::RwSpinlock<u64> {
    type Read = spinning_top::guard::RwSpinlockReadGuard<'static, u64>;
    type Write = spinning_top::guard::RwSpinlockWriteGuard<'static, u64>;

    #[inline]
    fn read(&'static self) -> Self::Read {
        self.read()
    }

    #[inline]
    fn write(&'static self) -> Self::Write {
        self.write()
    }
}

impl LazyValue for embassy_sync::lazy_lock::LazyLock<u64> {
    fn new(compute: fn() -> u64) -> Self {
        Self::new(compute)
    }

    #[inline]
    fn get(&'static self) -> &'static u64 {
        self.get()
    }
}
