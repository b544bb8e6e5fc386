//! What stands for a `RwLock`.

use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;

use super::AsyncRwLock;

impl AsyncRwLock for tokio::sync::RwLock<u64> {
    type Read = tokio::sync::RwLockReadGuard<'static, u64>;
    type Write = tokio::sync::RwLockWriteGuard<'static, u64>;

    #[inline]
    fn read(&'static self) -> impl Future<Output = Self::Read> {
        self.read()
    }

    #[inline]
    fn write(&'static self) -> impl Future<Output = Self::Write> {
        self.write()
    }
}

impl AsyncRwLock for async_lock::RwLock<u64> {
    type Read = async_lock::RwLockReadGuard<'static, u64>;
    type Write = async_lock::RwLockWriteGuard<'static, u64>;

    #[inline]
    fn read(&'static self) -> impl Future<Output = Self::Read> {
        self.read()
    }

    #[inline]
    fn write(&'static self) -> impl Future<Output = Self::Write> {
        self.write()
    }
}

/// embassy-sync's lock for what threads and interrupts share.
pub type EmbassyRwLock = embassy_sync::rwlock::RwLock<CriticalSectionRawMutex, u64>;

impl AsyncRwLock for EmbassyRwLock {
    type Read = embassy_sync::rwlock::RwLockReadGuard<'static, CriticalSectionRawMutex, u64>;
    type Write = embassy_sync::rwlock::RwLockWriteGuard<'static, CriticalSectionRawMutex, u64>;

    #[inline]
    fn read(&'static self) -> impl Future<Output = Self::Read> {
        self.read()
    }

    #[inline]
    fn write(&'static self) -> impl Future<Output = Self::Write> {
        self.write()
    }
}

impl AsyncRwLock for mea::rwlock::RwLock<u64> {
    type Read = mea::rwlock::RwLockReadGuard<'static, u64>;
    type Write = mea::rwlock::RwLockWriteGuard<'static, u64>;

    #[inline]
    fn read(&'static self) -> impl Future<Output = Self::Read> {
        self.read()
    }

    #[inline]
    fn write(&'static self) -> impl Future<Output = Self::Write> {
        self.write()
    }
}

impl AsyncRwLock for saa::RwLock<u64> {
    type Read = saa::RwLockReadGuard<'static, u64>;
    type Write = saa::RwLockWriteGuard<'static, u64>;

    #[inline]
    fn read(&'static self) -> impl Future<Output = Self::Read> {
        saa::read_async(self)
    }

    #[inline]
    fn write(&'static self) -> impl Future<Output = Self::Write> {
        saa::write_async(self)
    }
}
