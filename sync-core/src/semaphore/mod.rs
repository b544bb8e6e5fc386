//! A limited number of permits, which tasks acquire and give back.
//!
//! See [`Semaphore`].

mod permit;
mod rule;
#[cfg(all(test, not(loom)))]
mod tests;

use core::fmt;

use mutex_traits::ScopedRawMutex;

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use self::permit::OwnedPermit;
pub use self::permit::Permit;
use self::{
    permit::{NamedPermits, YieldsPermit},
    rule::SemaphoreRule,
};
use crate::{
    blocking::DefaultMutex,
    engine::{self, LockHandle, Queue, contains},
    error::Closed,
    named::own_future,
    state::semaphore::{AtomicSemaphoreState, Attempt, SemaphoreState},
    util::Padded,
};

/// A fair counting semaphore: each task asks for a number of permits, and waits in line until that many are
/// available.
///
/// Acquiring and releasing cost one read-modify-write each while no task waits. A waiting task's place in
/// line is inside its own future: nothing allocates, and the number of waiters is not limited.
///
/// # Fairness
///
/// First in, first out, whatever the sizes of the requests. A large request at the front collects what is
/// given back until it has enough, and small ones behind it wait even if they would fit: otherwise they could
/// starve it. When the request at the front is cancelled, those behind it that fit now are let in. Neither a
/// newcomer nor [`try_acquire`](Self::try_acquire) overtakes.
///
/// Permits that were handed to a waiting future belong to it: if its task does not run, they are not used
/// ("futurelock"). Once a future was polled, keep polling it or drop it; dropping it hands the permits on.
///
/// # Memory ordering
///
/// Everything done before permits were given back, or added, is visible to the task that acquires them.
///
/// # Interrupts
///
/// [`try_acquire`](Self::try_acquire), [`add_permits`](Self::add_permits), dropping a permit and
/// [`close`](Self::close) may be called from an interrupt handler if the raw lock allows it: see
/// [`blocking`](crate::blocking). They take the raw lock only if a task waits.
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
    // Word and lock are changed together when a task waits: one line for both.
    queue: Padded<Queue<SemaphoreRule, Lock>>,
}

contains!([Lock: ScopedRawMutex] Semaphore<Lock>: SemaphoreRule, Lock, queue);

/// The two futures, which differ in how they reach the semaphore.
macro_rules! acquire_future {
    ($(#[$meta:meta])* $name:ident [$($borrow:lifetime,)?] $keep:ty => $permit:ty) => {
        own_future! {
            []
            $(#[$meta])*
            pub struct $name
                [$($borrow,)? Lock: ScopedRawMutex = DefaultMutex]
                [$($borrow,)? Lock: ScopedRawMutex]
                [$($borrow,)? Lock]
                []
            engine::Wait<SemaphoreRule, Lock, LockHandle<$keep, YieldsPermit<$permit>>> => Result<$permit, Closed>;
            /// Joins the line, or takes the permits if they are available, before this future is polled for
            /// them.
            ///
            /// Returns a future that is ready when it is first polled. From then on this wait has its place
            /// in line; poll it or drop it, because it may be given its permits at any time.
            ///
            /// # Errors
            ///
            /// The returned future yields [`Closed`] if the semaphore is closed.
            ///
            /// # Cancel safety
            ///
            /// **Strict**: dropping the returned future before it was polled changes nothing.
            ///
            /// # Examples
            ///
            /// ```
            /// use core::pin::pin;
            /// use sync_core::Semaphore;
            ///
            /// # pollster::block_on(async {
            /// let semaphore = Semaphore::new(0);
            /// let mut acquire = pin!(semaphore.acquire(2));
            /// acquire.as_mut().subscribe().await?;
            /// semaphore.add_permits(2);
            /// // They are reserved for the one in line.
            /// assert!(semaphore.try_acquire(1).is_err());
            /// assert_eq!(acquire.await?.permits(), 2);
            /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
            /// ```
            subscribe => Result<(), Closed>;
        }

        impl<$($borrow,)? Lock: ScopedRawMutex> $name<$($borrow,)? Lock> {
            #[inline(always)]
            fn new(keep: $keep, permits: usize) -> Self {
                Self { __sync_wait: engine::Wait::new(LockHandle::new(keep), permits) }
            }
        }
    };
}

acquire_future! {
    /// The future of [`Semaphore::acquire`].
    ///
    /// It yields its permits once: polled again after that, it panics. It is not [`Unpin`], because other
    /// tasks point into it while it waits:
    ///
    /// ```compile_fail
    /// fn unpin<T: Unpin>() {}
    /// unpin::<sync_core::semaphore::Acquire<'static>>();
    /// ```
    Acquire ['sem,] &'sem Semaphore<Lock> => Permit<'sem, Lock>
}

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
acquire_future! {
    /// The future of [`Semaphore::acquire_owned`]: an [`Acquire`] that keeps its semaphore alive.
    AcquireOwned [] alloc::sync::Arc<Semaphore<Lock>> => OwnedPermit<Lock>
}

/// Why [`Semaphore::try_acquire`] yields no permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TryAcquireError {
    /// The semaphore is closed.
    Closed,
    /// There are fewer permits than were asked for, or a task waits already.
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
        /// Returns a semaphore with `permits` permits, with its wait list under the [`DefaultMutex`].
        ///
        /// # Panics
        ///
        /// If `permits` is more than [`MAX_PERMITS`](Self::MAX_PERMITS).
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::Semaphore;
        ///
        /// static BUFFERS: Semaphore = Semaphore::new(4);
        /// assert_eq!(BUFFERS.available_permits(), 4);
        /// ```
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
        /// Returns a semaphore with `permits` permits, with its wait list under the raw lock `lock`.
        ///
        /// # Panics
        ///
        /// If `permits` is more than [`MAX_PERMITS`](Self::MAX_PERMITS).
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::{Semaphore, spin::Spinlock};
        ///
        /// static BUFFERS: Semaphore<Spinlock> = Semaphore::new_with_raw_mutex(4, Spinlock::new());
        /// assert_eq!(BUFFERS.available_permits(), 4);
        /// ```
        #[must_use]
        pub fn new_with_raw_mutex(permits: usize, lock: Lock) -> Self {
            let word = AtomicSemaphoreState::new(SemaphoreState::available(permits));
            Self { queue: Padded::new(Queue::with_word(word, (), lock)) }
        }
    }

    /// Returns the number of available permits, for diagnostics: it may be stale by the time it is read.
    ///
    /// While a task waits, these permits are fewer than the first in line needs, and no other task can
    /// acquire them. A closed semaphore has none available.
    ///
    /// # Memory ordering
    ///
    /// Orders nothing.
    ///
    /// # Interrupts
    ///
    /// One load: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Semaphore;
    ///
    /// let semaphore = Semaphore::new(3);
    /// let permit = semaphore.try_acquire(2);
    /// assert_eq!(semaphore.available_permits(), 1);
    /// # drop(permit);
    /// ```
    #[must_use]
    pub fn available_permits(&self) -> usize {
        self.queue.word().available()
    }

    /// Returns the number of tasks that wait in line, for diagnostics: it may be stale by the time it is
    /// read.
    ///
    /// A task that a call has let in does not wait any more, even while its waker is still to be called. None
    /// waits for the permits of a closed semaphore.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, for at most as many steps as there are waiters.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::pin::pin;
    /// use sync_core::Semaphore;
    ///
    /// # pollster::block_on(async {
    /// let semaphore = Semaphore::new(0);
    /// let mut acquire = pin!(semaphore.acquire(1));
    /// acquire.as_mut().subscribe().await?;
    /// assert_eq!(semaphore.waiters(), 1);
    /// semaphore.add_permits(1);
    /// assert_eq!(semaphore.waiters(), 0);
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn waiters(&self) -> usize {
        // Those that are left in a closed one are waiting for `close` to come to them.
        if self.is_closed() { 0 } else { self.queue.waiters() }
    }

    /// Acquires `permits` permits, after waiting until that many are available and it is this task's turn.
    ///
    /// Returns a future that yields a [`Permit`], which gives them back when it is dropped. The future joins
    /// the line when it is first polled.
    ///
    /// # Errors
    ///
    /// The future yields [`Closed`] if the semaphore is [closed](Self::close) before it got
    /// its permits.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**: a future that is dropped loses its place in line, and those behind it that fit now are
    /// let in; permits that it had been given already go to them.
    ///
    /// # Fairness
    ///
    /// First in, first out; see the [type](Self#fairness).
    ///
    /// # Memory ordering
    ///
    /// Everything done before these permits were given back is visible to the task that gets them.
    ///
    /// # Interrupts
    ///
    /// Polling the future takes no lock if the permits are available and no task waits. Otherwise polling it,
    /// and dropping it while it is in line, takes the raw lock.
    ///
    /// # Panics
    ///
    /// If `permits` is more than [`MAX_PERMITS`](Self::MAX_PERMITS), which can never be available. The future
    /// panics if it is polled after it yielded its permits; [`Closed`] it yields again.
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
        Acquire::new(self, permits)
    }

    /// Acquires `permits` permits if that many are available and no task waits; never waits.
    ///
    /// # Errors
    ///
    /// [`InsufficientPermits`](TryAcquireError::InsufficientPermits) if there are fewer, or if a task waits;
    /// [`Closed`](TryAcquireError::Closed) if the semaphore is closed.
    ///
    /// # Fairness
    ///
    /// It never overtakes a waiting task.
    ///
    /// # Memory ordering
    ///
    /// Everything done before these permits were given back is visible; if it fails with `Closed`, what was
    /// done before the semaphore was closed.
    ///
    /// # Interrupts
    ///
    /// One read-modify-write, without the raw lock: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{Semaphore, semaphore::TryAcquireError};
    ///
    /// static DMA: Semaphore = Semaphore::new(1);
    ///
    /// let channel = DMA.try_acquire(1);
    /// assert!(channel.is_ok());
    /// assert_eq!(DMA.try_acquire(1).unwrap_err(), TryAcquireError::InsufficientPermits);
    /// drop(channel);
    /// DMA.close();
    /// assert_eq!(DMA.try_acquire(1).unwrap_err(), TryAcquireError::Closed);
    /// ```
    #[inline]
    #[must_use = "permits are held only if there is a permit, and given back when that is dropped"]
    pub fn try_acquire(&self, permits: usize) -> Result<Permit<'_, Lock>, TryAcquireError> {
        self.take(permits)?;
        Ok(Permit::new(self, permits))
    }

    /// Acquires `permits` permits, putting this thread to sleep while it waits for its turn.
    ///
    /// For threads without an executor: the thread waits in the same line as the tasks. It must not be called
    /// by a task: that blocks the task's executor, and forever if the holders of the permits are to run
    /// there.
    ///
    /// # Errors
    ///
    /// [`Closed`] if the semaphore is closed before it got its permits.
    ///
    /// # Fairness
    ///
    /// First in, first out, as [`acquire`](Self::acquire).
    ///
    /// # Memory ordering
    ///
    /// Everything done before these permits were given back is visible.
    ///
    /// # Interrupts
    ///
    /// Never from an interrupt handler: it blocks.
    ///
    /// # Panics
    ///
    /// If `permits` is more than [`MAX_PERMITS`](Self::MAX_PERMITS).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "std")] {
    /// use sync_core::Semaphore;
    ///
    /// static JOBS: Semaphore = Semaphore::new(0);
    ///
    /// let worker = std::thread::spawn(|| JOBS.blocking_acquire(1).map(|job| job.permits()));
    /// JOBS.add_permits(1);
    /// assert_eq!(worker.join().unwrap(), Ok(1));
    /// # }
    /// ```
    #[cfg(feature = "std")]
    #[track_caller]
    pub fn blocking_acquire(&self, permits: usize) -> Result<Permit<'_, Lock>, Closed> {
        match self.try_acquire(permits) {
            Ok(permit) => Ok(permit),
            Err(TryAcquireError::Closed) => Err(Closed::new()),
            Err(TryAcquireError::InsufficientPermits) => crate::park::block_on(self.acquire(permits)),
        }
    }

    /// Adds `permits` permits, which go to the first in line as far as they suffice.
    ///
    /// All waiters that they suffice for are let in in one step, and then woken, oldest first. A closed
    /// semaphore takes permits too, but no task gets them any more.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks that acquire the permits.
    ///
    /// # Interrupts
    ///
    /// One read-modify-write if no task waits; otherwise it takes the raw lock, for as many steps as it lets
    /// in waiters, and once per batch of wakers after that. Wakers are called without it.
    ///
    /// # Panics
    ///
    /// If there were more than [`MAX_PERMITS`](Self::MAX_PERMITS) then; nothing has changed in that case.
    /// (For the same reason dropping a permit panics if permits were added up to the maximum in the
    /// meantime.)
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Semaphore;
    ///
    /// static RECEIVED: Semaphore = Semaphore::new(0);
    ///
    /// # pollster::block_on(async {
    /// // In the interrupt handler of the receiver:
    /// RECEIVED.add_permits(3);
    /// // In a task, which takes what has come for good:
    /// RECEIVED.acquire(3).await?.forget();
    /// assert_eq!(RECEIVED.available_permits(), 0);
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    #[inline]
    #[track_caller]
    pub fn add_permits(&self, permits: usize) {
        SemaphoreState::check(permits);
        rule::give_back(&self.queue, permits);
    }

    /// Removes up to `permits` of the available permits for good, and returns the number that it removed.
    ///
    /// Permits that were acquired are not affected; [`Permit::forget`] removes those.
    ///
    /// # Memory ordering
    ///
    /// Orders nothing.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock only if a task waits, for a bounded number of steps.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Semaphore;
    ///
    /// let semaphore = Semaphore::new(3);
    /// let permit = semaphore.try_acquire(1);
    /// assert_eq!(semaphore.forget_permits(8), 2);
    /// drop(permit);
    /// assert_eq!(semaphore.available_permits(), 1);
    /// ```
    pub fn forget_permits(&self, permits: usize) -> usize {
        rule::forget(&self.queue, permits)
    }

    /// Closes the semaphore: every waiting future, and every later one, gets [`Closed`].
    ///
    /// Permits that were acquired stay valid, and may be given back. A waiter that was let in before still
    /// gets its permits. Closing cannot be undone; closing again does nothing.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks that get [`Closed`].
    ///
    /// # Interrupts
    ///
    /// One read-modify-write if no task waits; otherwise it takes the raw lock once per batch of wakers, and
    /// calls them without it.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{Closed, Semaphore};
    ///
    /// static REQUESTS: Semaphore = Semaphore::new(0);
    ///
    /// let server = std::thread::spawn(|| pollster::block_on(REQUESTS.acquire(1)).map(|_| ()));
    /// REQUESTS.close(); // shut down
    /// assert!(matches!(server.join().unwrap(), Err(Closed { .. })));
    /// ```
    pub fn close(&self) {
        rule::close(&self.queue);
    }

    /// Returns whether the semaphore was [closed](Self::close). `true` is final.
    ///
    /// # Memory ordering
    ///
    /// Everything done before the semaphore was closed is visible to the caller that sees `true`.
    ///
    /// # Interrupts
    ///
    /// One load: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Semaphore;
    ///
    /// let semaphore = Semaphore::new(1);
    /// assert!(!semaphore.is_closed());
    /// semaphore.close();
    /// assert!(semaphore.is_closed());
    /// ```
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

    use super::{AcquireOwned, OwnedPermit, Semaphore, TryAcquireError, permit::NamedPermits};
    use crate::state::semaphore::SemaphoreState;

    impl<Lock: ScopedRawMutex> Semaphore<Lock> {
        /// Acquires `permits` permits as [`acquire`](Self::acquire) does, for a permit that borrows nothing.
        ///
        /// Returns a future that yields an [`OwnedPermit`]; both keep the semaphore alive.
        ///
        /// # Errors
        ///
        /// The future yields [`Closed`](crate::Closed) if the semaphore is closed before it got its permits.
        ///
        /// # Cancel safety
        ///
        /// **Hands on**, as [`acquire`](Self::acquire).
        ///
        /// # Fairness
        ///
        /// First in, first out, in the same line as [`acquire`](Self::acquire).
        ///
        /// # Memory ordering
        ///
        /// Everything done before these permits were given back is visible to the task that gets them.
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
            AcquireOwned::new(Arc::clone(self), permits)
        }

        /// Acquires `permits` permits if that many are available and no task waits, for a permit that borrows
        /// nothing; never waits.
        ///
        /// # Errors
        ///
        /// As [`try_acquire`](Self::try_acquire).
        ///
        /// # Fairness
        ///
        /// It never overtakes a waiting task.
        ///
        /// # Memory ordering
        ///
        /// As [`try_acquire`](Self::try_acquire).
        ///
        /// # Interrupts
        ///
        /// Takes no lock. Dropping the last `Arc` frees memory, though, which an interrupt handler must not
        /// do on most systems.
        ///
        /// # Examples
        ///
        /// ```
        /// use std::sync::Arc;
        /// use sync_core::Semaphore;
        ///
        /// let workers = Arc::new(Semaphore::new(4));
        /// let permit = workers.try_acquire_owned(3).expect("three are available");
        /// assert!(workers.try_acquire_owned(2).is_err());
        /// # drop(permit);
        /// ```
        #[inline]
        #[must_use = "permits are held only if there is a permit, and given back when that is dropped"]
        pub fn try_acquire_owned(
            self: &Arc<Self>,
            permits: usize,
        ) -> Result<OwnedPermit<Lock>, TryAcquireError> {
            self.take(permits)?;
            Ok(OwnedPermit::new(Arc::clone(self), permits))
        }
    }
}
