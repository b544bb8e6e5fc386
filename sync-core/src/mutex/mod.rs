//! A value that one task at a time may use.
//!
//! See [`Mutex`].

mod guard;
mod rule;
#[cfg(all(test, not(loom)))]
mod tests;

use core::fmt;

use mutex_traits::ScopedRawMutex;

pub use self::{
    guard::{MappedMutexGuard, MutexGuard},
    rule::Exclusive,
};
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use self::{
    guard::{OwnedMappedMutexGuard, OwnedMutexGuard},
    owned::LockOwned,
};
use crate::{
    blocking::DefaultMutex,
    raw::{self, Guard, Guarded, Lending, Queue, Ref, Via, lockable},
    state::mutex::{AtomicMutexState, MutexState},
    util::Padded,
};

/// A fair asynchronous lock around a value: [`lock`](Self::lock) yields a guard, and whoever finds it locked
/// waits in line.
///
/// Locking and unlocking cost one read-modify-write each while nobody waits. Who waits does so inside his
/// own future: nothing allocates, and there is no limit to how many wait.
///
/// # Choosing
///
/// The guard of an asynchronous lock may be held across an `.await`. Where that is not needed, and the lock
/// is held for a few instructions, a [blocking](crate::blocking) lock is smaller and cheaper. For many
/// readers there is [`RwLock`](crate::RwLock).
///
/// # Fairness
///
/// First in, first out. A lock that is released while somebody waits is *handed over* to the oldest, never
/// free in between: nobody overtakes, neither a newcomer nor [`try_lock`](Self::try_lock).
///
/// The price of that: from then on the lock belongs to that task, also if it does not run. A future that was
/// handed the lock and is neither polled nor dropped keeps everybody else waiting ("futurelock"): do not
/// leave a polled lock future lying about, in a `select!` that goes on with another branch for instance.
/// Dropping it hands the lock on.
///
/// # Panics of the holder
///
/// There is no poisoning: a guard that is dropped by a panic releases the lock like any other.
///
/// # Interrupts
///
/// [`try_lock`](Self::try_lock), and the release of a guard, may be called from an interrupt handler if the
/// raw lock allows it: see [`blocking`](crate::blocking). A release takes the raw lock only if somebody waits.
///
/// # Size
///
/// The value shares the cache line (or two) that the lock is padded to; see
/// [`CachePadded`](crate::util::CachePadded) and the feature `no-cache-pad`. Whoever locks it needs both.
///
/// # Examples
///
/// ```
/// use sync_core::Mutex;
///
/// static LOG: Mutex<Vec<&str>> = Mutex::new(Vec::new());
///
/// async fn log(line: &'static str) {
///     LOG.lock().await.push(line);
/// }
///
/// # pollster::block_on(async {
/// log("hello").await;
/// assert_eq!(*LOG.lock().await, ["hello"]);
/// # });
/// ```
///
/// The algorithm is a state word in front of a locked list, with direct handover, as in the fair mode of
/// futures-intrusive's mutex; the word and its transitions are this crate's own.
pub struct Mutex<T: ?Sized, L: ScopedRawMutex = DefaultMutex> {
    inner: Padded<Guarded<Exclusive, L, T>>,
}

lockable!([T: ?Sized, L: ScopedRawMutex] Mutex<T, L>: Exclusive, L, T, inner);

/// The future of [`Mutex::lock`].
///
/// It yields one guard: polled again after that, it panics. It is not [`Unpin`], because other tasks point
/// into it while it waits:
///
/// ```compile_fail
/// fn unpin<T: Unpin>() {}
/// unpin::<sync_core::mutex::Lock<'static, ()>>();
/// ```
pub type Lock<'a, T, L = DefaultMutex> =
    raw::Wait<Exclusive, L, Via<Ref<'a, Mutex<T, L>>, Lending<Exclusive>>>;

impl<T> Mutex<T> {
    const_fn! {
        /// Returns an unlocked mutex with `value` in it, whose line is under the [`DefaultMutex`].
        #[must_use]
        pub fn new(value: T) -> Self {
            Self::new_with_raw_mutex(value, DefaultMutex::new())
        }
    }
}

impl<T, L: ScopedRawMutex> Mutex<T, L> {
    const_fn! {
        /// Returns an unlocked mutex with `value` in it, whose line is under the raw lock `lock`.
        #[must_use]
        pub fn new_with_raw_mutex(value: T, lock: L) -> Self {
            let queue = Queue::with_word(AtomicMutexState::new(MutexState::new()), (), lock);
            Self { inner: Padded::new(Guarded::new(queue, value)) }
        }
    }

    /// Returns the value; the mutex is gone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.inner.into_inner().into_inner()
    }
}

impl<T: ?Sized, L: ScopedRawMutex> Mutex<T, L> {
    /// Locks the mutex, after waiting for its turn if it is locked.
    ///
    /// Returns a future that yields a [guard](MutexGuard); the lock is released when that is dropped. The
    /// future gets in line when it is first polled.
    ///
    /// Everything done by those who held the lock before is visible to the one who gets it.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**: a future that is dropped loses its place in line; if it had been handed the lock already,
    /// the next in line gets it.
    ///
    /// # Fairness
    ///
    /// First in, first out; see the [type](Self#fairness), also for what happens to a future that is handed the
    /// lock and not polled.
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after it was ready.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Mutex;
    ///
    /// # pollster::block_on(async {
    /// let mutex = Mutex::new(1);
    /// *mutex.lock().await += 1;
    /// assert_eq!(mutex.into_inner(), 2);
    /// # });
    /// ```
    #[inline]
    pub fn lock(&self) -> Lock<'_, T, L> {
        raw::Wait::new(Via::new(Ref::new(self)), ())
    }

    /// Locks the mutex if it is free; returns `None` at once if it is locked.
    ///
    /// It never overtakes: while somebody waits, the mutex is locked.
    ///
    /// # Interrupts
    ///
    /// One read-modify-write, without the raw lock: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Mutex;
    ///
    /// let mutex = Mutex::new(1);
    /// let guard = mutex.try_lock().expect("nobody holds it");
    /// assert!(mutex.try_lock().is_none());
    /// drop(guard);
    /// assert!(mutex.try_lock().is_some());
    /// ```
    #[inline]
    #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T, L>> {
        Guard::try_new(Ref::new(self)).ok()
    }

    /// Locks the mutex, putting this thread to sleep while it waits for its turn.
    ///
    /// For threads without an executor: the thread queues as a task does, in the same line.
    ///
    /// # Panics
    ///
    /// Never. But it must not be called by a task: that blocks its executor, and if the holder of the lock is
    /// to run there, for ever.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "std")] {
    /// use sync_core::Mutex;
    ///
    /// let mutex = Mutex::new(0);
    /// std::thread::scope(|scope| {
    ///     for _ in 0..4 {
    ///         scope.spawn(|| *mutex.blocking_lock() += 1);
    ///     }
    /// });
    /// assert_eq!(mutex.into_inner(), 4);
    /// # }
    /// ```
    #[cfg(feature = "std")]
    pub fn blocking_lock(&self) -> MutexGuard<'_, T, L> {
        match self.try_lock() {
            Some(guard) => guard,
            None => crate::park::block_on(self.lock()),
        }
    }

    /// Returns the value without locking, which `&mut` makes unnecessary.
    pub fn get_mut(&mut self) -> &mut T {
        self.inner.get_mut()
    }

    /// Returns whether somebody holds the lock, for diagnostics: it is old as soon as it is returned.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.inner.queue().word().is_locked()
    }
}

impl<T: Default, L: ScopedRawMutex + Default> Default for Mutex<T, L> {
    fn default() -> Self {
        Self::new_with_raw_mutex(T::default(), L::default())
    }
}

impl<T, L: ScopedRawMutex + Default> From<T> for Mutex<T, L> {
    fn from(value: T) -> Self {
        Self::new_with_raw_mutex(value, L::default())
    }
}

impl<T: fmt::Debug + ?Sized, L: ScopedRawMutex> fmt::Debug for Mutex<T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Mutex");
        match self.try_lock() {
            Some(guard) => out.field("data", &&*guard),
            None => out.field("data", &format_args!("<locked>")),
        };
        out.finish_non_exhaustive()
    }
}

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
mod owned {
    use alloc::sync::Arc;

    use mutex_traits::ScopedRawMutex;

    use super::{Exclusive, Mutex, OwnedMutexGuard};
    use crate::{
        blocking::DefaultMutex,
        raw::{self, Guard, Lending, Via},
    };

    /// The future of [`Mutex::lock_owned`]: a [`Lock`](super::Lock) that keeps its mutex alive.
    pub type LockOwned<T, L = DefaultMutex> =
        raw::Wait<Exclusive, L, Via<Arc<Mutex<T, L>>, Lending<Exclusive>>>;

    impl<T: ?Sized, L: ScopedRawMutex> Mutex<T, L> {
        /// Locks the mutex as [`lock`](Self::lock) does, for a guard that borrows nothing.
        ///
        /// The future takes the `Arc`, and the guard has it from there.
        ///
        /// # Cancel safety
        ///
        /// **Hands on**, as [`lock`](Self::lock).
        ///
        /// # Panics
        ///
        /// The future panics if it is polled after it was ready.
        ///
        /// # Examples
        ///
        /// ```
        /// use std::sync::Arc;
        /// use sync_core::Mutex;
        ///
        /// # pollster::block_on(async {
        /// let mutex = Arc::new(Mutex::new(1));
        /// let mut guard = Arc::clone(&mutex).lock_owned().await;
        /// // A task that outlives this function may have it.
        /// std::thread::spawn(move || *guard += 1).join().unwrap();
        /// assert_eq!(*mutex.lock().await, 2);
        /// # });
        /// ```
        #[inline]
        pub fn lock_owned(self: Arc<Self>) -> LockOwned<T, L> {
            raw::Wait::new(Via::new(self), ())
        }

        /// Locks the mutex if it is free, for a guard that borrows nothing.
        ///
        /// It never overtakes: while somebody waits, the mutex is locked.
        ///
        /// # Errors
        ///
        /// Gives the `Arc` back if the mutex is locked.
        #[inline]
        #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
        pub fn try_lock_owned(self: Arc<Self>) -> Result<OwnedMutexGuard<T, L>, Arc<Self>> {
            Guard::try_new(self)
        }
    }
}
