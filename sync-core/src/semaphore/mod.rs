//! Permits, of which there are so many.
//!
//! See [`Semaphore`].

mod permit;
mod rule;
#[cfg(all(test, not(loom)))]
mod tests;

use core::fmt;

use mutex_traits::ScopedRawMutex;

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use self::{owned::AcquireOwned, permit::OwnedPermit};
pub use self::{
    permit::{Granting, Permit, Permits},
    rule::Counted,
};
use crate::{
    blocking::DefaultMutex,
    raw::{self, Queue, Via, contains},
    state::semaphore::{AtomicSemaphoreState, Attempt, SemaphoreState},
    util::Padded,
};

/// A fair counting semaphore: each task asks for a number of permits, and waits in line until there are so
/// many for it.
///
/// Acquiring and releasing cost one read-modify-write each while nobody waits. Who waits does so inside his own
/// future: nothing allocates, and there is no limit to how many wait.
///
/// # Fairness
///
/// First in, first out, whatever the sizes of the requests. A large request at the front collects what is
/// given back until it has enough, and small ones behind it wait, even if they would fit: otherwise they could
/// starve it. When the one at the front gives up, those behind it are looked at again. Neither a newcomer nor
/// [`try_acquire`](Self::try_acquire) overtakes.
///
/// Permits that were handed to a waiting future are its own: if its task does not run, they lie idle
/// ("futurelock"). Do not leave a polled future lying about; dropping it hands the permits on.
///
/// # Interrupts
///
/// [`try_acquire`](Self::try_acquire), [`add_permits`](Self::add_permits), dropping a permit and
/// [`close`](Self::close) may be called from an interrupt handler if the raw lock allows it: see
/// [`blocking`](crate::blocking). They take the raw lock only if somebody waits.
///
/// # Examples
///
/// ```
/// use sync_core::Semaphore;
///
/// // At most two transfers at a time.
/// static CHANNELS: Semaphore = Semaphore::new(2);
///
/// # pollster::block_on(async {
/// let channel = CHANNELS.acquire(1).await?;
/// assert_eq!(CHANNELS.available_permits(), 1);
/// drop(channel);
/// assert_eq!(CHANNELS.available_permits(), 2);
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
pub struct Semaphore<Lock: ScopedRawMutex = DefaultMutex> {
    // Word and lock are changed together when somebody waits: one line for both.
    queue: Padded<Queue<Counted, Lock>>,
}

contains!([Lock: ScopedRawMutex] Semaphore<Lock>: Counted, Lock, queue);

/// The future of [`Semaphore::acquire`].
///
/// It yields its permits once: polled again after that, it panics. It is not [`Unpin`], because other tasks
/// point into it while it waits:
///
/// ```compile_fail
/// fn unpin<T: Unpin>() {}
/// unpin::<sync_core::semaphore::Acquire<'static>>();
/// ```
pub type Acquire<'sem, Lock = DefaultMutex> = raw::Wait<Counted, Lock, Via<&'sem Semaphore<Lock>, Granting>>;

/// Why [`Semaphore::try_acquire`] yields no permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TryAcquireError {
    /// The semaphore is closed.
    Closed,
    /// There are fewer permits than were asked for, or somebody waits already.
    InsufficientPermits,
}

impl fmt::Display for TryAcquireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Closed => "the semaphore is closed",
            Self::InsufficientPermits => "the semaphore has too few permits",
        })
    }
}

impl core::error::Error for TryAcquireError {}

impl Semaphore {
    const_fn! {
        /// Returns a semaphore with so many permits, whose line is under the [`DefaultMutex`].
        ///
        /// # Panics
        ///
        /// If there are more than [`MAX_PERMITS`](Self::MAX_PERMITS).
        #[must_use]
        pub fn new(permits: usize) -> Self {
            Self::new_with_raw_mutex(permits, DefaultMutex::new())
        }
    }
}

impl<Lock: ScopedRawMutex> Semaphore<Lock> {
    /// The largest number of permits that a semaphore may have at a time: `usize::MAX >> 2`.
    pub const MAX_PERMITS: usize = SemaphoreState::MAX_PERMITS;

    const_fn! {
        /// Returns a semaphore with so many permits, whose line is under the raw lock `lock`.
        ///
        /// # Panics
        ///
        /// If there are more than [`MAX_PERMITS`](Self::MAX_PERMITS).
        #[must_use]
        pub fn new_with_raw_mutex(permits: usize, lock: Lock) -> Self {
            let word = AtomicSemaphoreState::new(SemaphoreState::available(permits));
            Self { queue: Padded::new(Queue::with_word(word, (), lock)) }
        }
    }

    /// Returns how many permits there are for whoever comes, for diagnostics: it is old as soon as it is
    /// returned.
    ///
    /// While somebody waits, those are too few for the first in line, and nobody else gets them. Of a closed
    /// semaphore nobody gets any, so there are none.
    #[must_use]
    pub fn available_permits(&self) -> usize {
        self.queue.word().available()
    }

    /// Returns how many tasks wait in line, for diagnostics: it is old as soon as it is returned.
    #[must_use]
    pub fn waiters(&self) -> usize {
        self.queue.waiters()
    }

    /// Acquires `permits` permits, after waiting until there are so many and it is this task's turn.
    ///
    /// Returns a future that yields a [`Permit`], which gives them back when it is dropped. The future gets in
    /// line when it is first polled.
    ///
    /// Everything done by those who gave permits back before is visible to the one who gets them.
    ///
    /// # Errors
    ///
    /// The future yields [`Closed`](crate::Closed) if the semaphore is [closed](Self::close) before there were
    /// enough.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**: a future that is dropped loses its place in line, and those behind it are looked at again;
    /// permits that it had been given already go to them.
    ///
    /// # Panics
    ///
    /// If `permits` is more than [`MAX_PERMITS`](Self::MAX_PERMITS), which there can never be. The future panics
    /// if it is polled after it yielded its permits; [`Closed`](crate::Closed) it yields again.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Semaphore;
    ///
    /// # pollster::block_on(async {
    /// let bytes = Semaphore::new(64);
    /// let large = bytes.acquire(48).await?;
    /// assert_eq!((large.permits(), bytes.available_permits()), (48, 16));
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    #[inline]
    #[track_caller]
    pub fn acquire(&self, permits: usize) -> Acquire<'_, Lock> {
        SemaphoreState::check(permits);
        raw::Wait::new(Via::new(self), permits)
    }

    /// Acquires `permits` permits if there are so many and nobody waits.
    ///
    /// # Errors
    ///
    /// [`InsufficientPermits`](TryAcquireError::InsufficientPermits) if there are fewer, or if somebody waits
    /// (it never overtakes); [`Closed`](TryAcquireError::Closed) if the semaphore is closed.
    #[inline]
    #[must_use = "permits are held only if there is a permit, and given back when that is dropped"]
    pub fn try_acquire(&self, permits: usize) -> Result<Permit<'_, Lock>, TryAcquireError> {
        self.take(permits)?;
        Ok(Permits::new(self, permits))
    }

    /// Acquires `permits` permits, putting this thread to sleep while it waits for its turn.
    ///
    /// For threads without an executor: the thread queues as a task does, in the same line. It must not be
    /// called by a task: that blocks its executor, and if those who are to give the permits back run there, for
    /// ever.
    ///
    /// # Errors
    ///
    /// [`Closed`](crate::Closed) if the semaphore is closed before there were enough.
    ///
    /// # Panics
    ///
    /// If `permits` is more than [`MAX_PERMITS`](Self::MAX_PERMITS).
    #[cfg(feature = "std")]
    #[track_caller]
    pub fn blocking_acquire(&self, permits: usize) -> Result<Permit<'_, Lock>, crate::Closed> {
        match self.try_acquire(permits) {
            Ok(permit) => Ok(permit),
            Err(TryAcquireError::Closed) => Err(crate::Closed::new()),
            Err(TryAcquireError::InsufficientPermits) => crate::park::block_on(self.acquire(permits)),
        }
    }

    /// Adds `permits` permits, which go to the first in line as far as they reach.
    ///
    /// A closed semaphore takes them too; nobody gets them any more.
    ///
    /// # Panics
    ///
    /// If there were more than [`MAX_PERMITS`](Self::MAX_PERMITS) then. Nothing has changed in that case. (Dropping
    /// a permit panics for the same reason if permits were added up to the maximum meanwhile.)
    #[inline]
    #[track_caller]
    pub fn add_permits(&self, permits: usize) {
        SemaphoreState::check(permits);
        rule::give_back(&self.queue, permits);
    }

    /// Takes up to `permits` of the available permits away for good, and returns how many it took.
    ///
    /// Those that are acquired are not affected; [`Permits::forget`] is for them.
    pub fn forget_permits(&self, permits: usize) -> usize {
        rule::forget(&self.queue, permits)
    }

    /// Closes the semaphore: everybody who waits, and everybody who will, gets [`Closed`](crate::Closed).
    ///
    /// Permits that were acquired stay valid, and may be given back. It cannot be undone; closing again does
    /// nothing.
    pub fn close(&self) {
        rule::close(&self.queue);
    }

    /// Returns whether the semaphore was [closed](Self::close).
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.queue.word().is_closed()
    }

    #[inline(always)]
    fn take(&self, permits: usize) -> Result<(), TryAcquireError> {
        if permits > Self::MAX_PERMITS {
            return Err(TryAcquireError::InsufficientPermits);
        }
        match self.queue.word().try_acquire(permits) {
            Attempt::Acquired => Ok(()),
            Attempt::Insufficient => Err(TryAcquireError::InsufficientPermits),
            Attempt::Closed => Err(TryAcquireError::Closed),
        }
    }
}

impl<Lock: ScopedRawMutex> fmt::Debug for Semaphore<Lock> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Semaphore")
            .field("permits", &self.available_permits())
            .field("closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
mod owned {
    use alloc::sync::Arc;

    use mutex_traits::ScopedRawMutex;

    use super::{Counted, Granting, OwnedPermit, Permits, Semaphore, TryAcquireError};
    use crate::{
        blocking::DefaultMutex,
        raw::{self, Via},
        state::semaphore::SemaphoreState,
    };

    /// The future of [`Semaphore::acquire_owned`]: an [`Acquire`](super::Acquire) that keeps its semaphore alive.
    pub type AcquireOwned<Lock = DefaultMutex> =
        raw::Wait<Counted, Lock, Via<Arc<Semaphore<Lock>>, Granting>>;

    impl<Lock: ScopedRawMutex> Semaphore<Lock> {
        /// Acquires `permits` permits as [`acquire`](Self::acquire) does, for a permit that borrows nothing.
        ///
        /// # Errors
        ///
        /// The future yields [`Closed`](crate::Closed) if the semaphore is closed before there were enough.
        ///
        /// # Cancel safety
        ///
        /// **Hands on**, as [`acquire`](Self::acquire).
        ///
        /// # Panics
        ///
        /// As [`acquire`](Self::acquire).
        ///
        /// # Examples
        ///
        /// ```
        /// use std::sync::Arc;
        /// use sync_core::Semaphore;
        ///
        /// # pollster::block_on(async {
        /// let workers = Arc::new(Semaphore::new(4));
        /// let permit = workers.acquire_owned(1).await?;
        /// std::thread::spawn(move || drop(permit)).join().unwrap();
        /// assert_eq!(workers.available_permits(), 4);
        /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
        /// ```
        #[inline]
        #[track_caller]
        pub fn acquire_owned(self: &Arc<Self>, permits: usize) -> AcquireOwned<Lock> {
            SemaphoreState::check(permits);
            raw::Wait::new(Via::new(Arc::clone(self)), permits)
        }

        /// Acquires `permits` permits if there are so many and nobody waits, for a permit that borrows nothing.
        ///
        /// # Errors
        ///
        /// As [`try_acquire`](Self::try_acquire).
        #[inline]
        #[must_use = "permits are held only if there is a permit, and given back when that is dropped"]
        pub fn try_acquire_owned(
            self: &Arc<Self>,
            permits: usize,
        ) -> Result<OwnedPermit<Lock>, TryAcquireError> {
            self.take(permits)?;
            Ok(Permits::new(Arc::clone(self), permits))
        }
    }
}
