//! What stands for a `Semaphore`.

use core::mem::ManuallyDrop;

use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::semaphore::{GreedySemaphore, SemaphoreReleaser};

use super::{AcquireMany, AsyncSemaphore};

impl AsyncSemaphore for tokio::sync::Semaphore {
    type Permit = Result<tokio::sync::SemaphorePermit<'static>, tokio::sync::AcquireError>;

    fn with_permits(permits: usize) -> Self {
        Self::new(permits)
    }

    #[inline]
    fn acquire(&'static self) -> impl Future<Output = Self::Permit> {
        self.acquire()
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

impl AcquireMany for tokio::sync::Semaphore {
    #[inline]
    fn acquire_many(&'static self, permits: usize) -> impl Future<Output = Self::Permit> {
        self.acquire_many(u32::try_from(permits).expect("few permits"))
    }
}

/// It gives one permit at a time.
impl AsyncSemaphore for async_lock::Semaphore {
    type Permit = async_lock::SemaphoreGuard<'static>;

    fn with_permits(permits: usize) -> Self {
        Self::new(permits)
    }

    #[inline]
    fn acquire(&'static self) -> impl Future<Output = Self::Permit> {
        self.acquire()
    }

    #[inline]
    fn release(&'static self) {
        self.add_permits(1);
    }

    #[inline]
    fn forget(permit: Self::Permit) {
        permit.forget();
    }
}

/// futures-intrusive's semaphore in its fair mode.
#[derive(Debug)]
pub struct FairSemaphore(futures_intrusive::sync::Semaphore);

impl AsyncSemaphore for FairSemaphore {
    type Permit = futures_intrusive::sync::SemaphoreReleaser<'static>;

    fn with_permits(permits: usize) -> Self {
        Self(futures_intrusive::sync::Semaphore::new(true, permits))
    }

    #[inline]
    fn acquire(&'static self) -> impl Future<Output = Self::Permit> {
        self.0.acquire(1)
    }

    #[inline]
    fn release(&'static self) {
        self.0.release(1);
    }

    #[inline]
    fn forget(mut permit: Self::Permit) {
        permit.disarm();
    }
}

impl AcquireMany for FairSemaphore {
    #[inline]
    fn acquire_many(&'static self, permits: usize) -> impl Future<Output = Self::Permit> {
        self.0.acquire(permits)
    }
}

/// embassy-sync's semaphore for what threads and interrupts share; the one without a queue of a fixed length.
pub type EmbassySemaphore = GreedySemaphore<CriticalSectionRawMutex>;

impl AsyncSemaphore for EmbassySemaphore {
    type Permit = Result<SemaphoreReleaser<'static, Self>, core::convert::Infallible>;

    fn with_permits(permits: usize) -> Self {
        Self::new(permits)
    }

    #[inline]
    fn acquire(&'static self) -> impl Future<Output = Self::Permit> {
        embassy_sync::semaphore::Semaphore::acquire(self, 1)
    }

    #[inline]
    fn release(&'static self) {
        embassy_sync::semaphore::Semaphore::release(self, 1);
    }

    #[inline]
    fn forget(permit: Self::Permit) {
        let Ok(permit) = permit;
        permit.disarm();
    }
}

impl AcquireMany for EmbassySemaphore {
    #[inline]
    fn acquire_many(&'static self, permits: usize) -> impl Future<Output = Self::Permit> {
        embassy_sync::semaphore::Semaphore::acquire(self, permits)
    }
}

impl AsyncSemaphore for mea::semaphore::Semaphore {
    type Permit = mea::semaphore::SemaphorePermit<'static>;

    fn with_permits(permits: usize) -> Self {
        Self::new(permits)
    }

    #[inline]
    fn acquire(&'static self) -> impl Future<Output = Self::Permit> {
        self.acquire(1)
    }

    #[inline]
    fn release(&'static self) {
        self.release(1);
    }

    #[inline]
    fn forget(permit: Self::Permit) {
        permit.forget();
    }
}

impl AcquireMany for mea::semaphore::Semaphore {
    #[inline]
    fn acquire_many(&'static self, permits: usize) -> impl Future<Output = Self::Permit> {
        self.acquire(permits)
    }
}

/// saa's semaphore, and the guard that it leaves to its user.
#[derive(Debug)]
pub struct SaaSemaphore(saa::Semaphore);

/// Gives permits back to a [`SaaSemaphore`].
#[derive(Debug)]
pub struct SaaPermit {
    semaphore: &'static saa::Semaphore,
    permits: usize,
}

impl Drop for SaaPermit {
    #[inline]
    fn drop(&mut self) {
        self.semaphore.release_many(self.permits);
    }
}

impl AsyncSemaphore for SaaSemaphore {
    type Permit = SaaPermit;

    fn with_permits(permits: usize) -> Self {
        Self(saa::Semaphore::with_permits(permits))
    }

    #[inline]
    async fn acquire(&'static self) -> Self::Permit {
        self.0.acquire_async().await;
        SaaPermit { semaphore: &self.0, permits: 1 }
    }

    #[inline]
    fn release(&'static self) {
        self.0.release();
    }

    #[inline]
    fn forget(permit: Self::Permit) {
        let _ = ManuallyDrop::new(permit);
    }
}

impl AcquireMany for SaaSemaphore {
    #[inline]
    async fn acquire_many(&'static self, permits: usize) -> Self::Permit {
        self.0.acquire_many_async(permits).await;
        SaaPermit { semaphore: &self.0, permits }
    }
}
