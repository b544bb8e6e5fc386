//! What stands for a `Mutex`.
#![expect(
    clippy::disallowed_types,
    reason = "the peers' users have core's atomics, and loom is not used here"
)]

use alloc::sync::Arc;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::task::Poll;

use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;

use super::{AsyncMutex, OwnedMutex};

impl AsyncMutex for tokio::sync::Mutex<u64> {
    type Guard = tokio::sync::MutexGuard<'static, u64>;

    #[inline]
    fn lock(&'static self) -> impl Future<Output = Self::Guard> {
        self.lock()
    }

    #[inline]
    fn try_lock(&'static self) -> Option<Self::Guard> {
        self.try_lock().ok()
    }
}

impl OwnedMutex for tokio::sync::Mutex<u64> {
    type Guard = tokio::sync::OwnedMutexGuard<u64>;

    #[inline]
    fn lock_owned(this: &Arc<Self>) -> impl Future<Output = Self::Guard> {
        Arc::clone(this).lock_owned()
    }
}

impl AsyncMutex for async_lock::Mutex<u64> {
    type Guard = async_lock::MutexGuard<'static, u64>;

    #[inline]
    fn lock(&'static self) -> impl Future<Output = Self::Guard> {
        self.lock()
    }

    #[inline]
    fn try_lock(&'static self) -> Option<Self::Guard> {
        self.try_lock()
    }
}

impl OwnedMutex for async_lock::Mutex<u64> {
    type Guard = async_lock::MutexGuardArc<u64>;

    #[inline]
    fn lock_owned(this: &Arc<Self>) -> impl Future<Output = Self::Guard> {
        this.lock_arc()
    }
}

impl AsyncMutex for futures_util::lock::Mutex<u64> {
    type Guard = futures_util::lock::MutexGuard<'static, u64>;

    #[inline]
    fn lock(&'static self) -> impl Future<Output = Self::Guard> {
        self.lock()
    }

    #[inline]
    fn try_lock(&'static self) -> Option<Self::Guard> {
        self.try_lock()
    }
}

impl OwnedMutex for futures_util::lock::Mutex<u64> {
    type Guard = futures_util::lock::OwnedMutexGuard<u64>;

    #[inline]
    fn lock_owned(this: &Arc<Self>) -> impl Future<Output = Self::Guard> {
        Arc::clone(this).lock_owned()
    }
}

/// futures-intrusive's mutex in its fair mode.
#[derive(Debug)]
pub struct FairMutex(futures_intrusive::sync::Mutex<u64>);

impl Default for FairMutex {
    fn default() -> Self {
        Self(futures_intrusive::sync::Mutex::new(0, true))
    }
}

impl AsyncMutex for FairMutex {
    type Guard = futures_intrusive::sync::MutexGuard<'static, u64>;

    #[inline]
    fn lock(&'static self) -> impl Future<Output = Self::Guard> {
        self.0.lock()
    }

    #[inline]
    fn try_lock(&'static self) -> Option<Self::Guard> {
        self.0.try_lock()
    }
}

/// embassy-sync's mutex for what threads and interrupts share.
pub type EmbassyMutex = embassy_sync::mutex::Mutex<CriticalSectionRawMutex, u64>;

impl AsyncMutex for EmbassyMutex {
    type Guard = embassy_sync::mutex::MutexGuard<'static, CriticalSectionRawMutex, u64>;

    #[inline]
    fn lock(&'static self) -> impl Future<Output = Self::Guard> {
        self.lock()
    }

    #[inline]
    fn try_lock(&'static self) -> Option<Self::Guard> {
        self.try_lock().ok()
    }
}

impl AsyncMutex for mea::mutex::Mutex<u64> {
    type Guard = mea::mutex::MutexGuard<'static, u64>;

    #[inline]
    fn lock(&'static self) -> impl Future<Output = Self::Guard> {
        self.lock()
    }

    #[inline]
    fn try_lock(&'static self) -> Option<Self::Guard> {
        self.try_lock()
    }
}

impl OwnedMutex for mea::mutex::Mutex<u64> {
    type Guard = mea::mutex::OwnedMutexGuard<u64>;

    #[inline]
    fn lock_owned(this: &Arc<Self>) -> impl Future<Output = Self::Guard> {
        Arc::clone(this).lock_owned()
    }
}

impl AsyncMutex for saa::Mutex<u64> {
    type Guard = saa::MutexGuard<'static, u64>;

    #[inline]
    fn lock(&'static self) -> impl Future<Output = Self::Guard> {
        saa::lock_async(self)
    }

    #[inline]
    fn try_lock(&'static self) -> Option<Self::Guard> {
        self.try_lock()
    }
}

/// One read-modify-write to lock and one to unlock, for the unlocker has to find out whether a task waits.
///
/// No task can wait: one that does not get the lock is not woken.
#[derive(Debug, Default)]
pub struct BareMutex(AtomicUsize);

/// Unlocks a [`BareMutex`].
#[derive(Debug)]
pub struct BareGuard(&'static BareMutex);

impl Drop for BareGuard {
    #[inline]
    fn drop(&mut self) {
        self.0.0.swap(0, Ordering::Release);
    }
}

impl AsyncMutex for BareMutex {
    type Guard = BareGuard;

    #[inline]
    fn lock(&'static self) -> impl Future<Output = Self::Guard> {
        core::future::poll_fn(|_| self.try_lock().map_or(Poll::Pending, Poll::Ready))
    }

    #[inline]
    fn try_lock(&'static self) -> Option<Self::Guard> {
        let free = self.0.compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed).is_ok();
        free.then(|| BareGuard(self))
    }
}
