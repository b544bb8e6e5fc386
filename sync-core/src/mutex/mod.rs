//! A value that one task may use at a time.
//!
//! See [`Mutex`].

mod guard;
mod rule;
#[cfg(all(test, not(loom)))]
mod tests;

use core::fmt;

use mutex_traits::ScopedRawMutex;

pub use self::guard::{AnyMutexGuard, MappedMutexGuard, MutexGuard};
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use self::guard::{OwnedMappedMutexGuard, OwnedMutexGuard};
use self::rule::MutexRule;
use crate::{
    blocking::DefaultMutex,
    engine::{self, Guarded, LockHandle, Named, Queue, Ref, YieldsGuard, lockable},
    named::own_future,
    state::mutex::{AtomicMutexState, MutexState},
    util::Padded,
};

/// A fair asynchronous lock around a value: [`lock`](Self::lock) yields a guard, and a task that finds it
/// locked waits in line.
///
/// Locking and unlocking cost one read-modify-write each while no task waits. A waiting task's place in line
/// is inside its own future: nothing allocates, and the number of waiters is not limited.
///
/// # Choosing
///
/// The guard of an asynchronous lock may be held across an `.await`. Where that is not needed, and the lock
/// is held for a few instructions, a [blocking](crate::blocking) lock is smaller and cheaper. For many
/// readers there is [`RwLock`](crate::RwLock).
///
/// # Fairness
///
/// First in, first out. A lock that is released while a task waits is *handed over* to the oldest waiter and
/// is never free in between: neither a newcomer nor [`try_lock`](Self::try_lock) overtakes.
///
/// The price: from then on the lock belongs to that task, even if it does not run. A future that was handed
/// the lock and is neither polled nor dropped keeps all others waiting ("futurelock"). Once a lock future was
/// polled, keep polling it or drop it, for instance where a `select!` goes on with another branch. Dropping
/// it hands the lock on.
///
/// # Memory ordering
///
/// Everything done under the lock before it was released is visible to the task that gets it next.
///
/// # Panics of the holder
///
/// There is no poisoning: a guard that is dropped by a panic releases the lock like any other.
///
/// # Interrupts
///
/// [`try_lock`](Self::try_lock), and the release of a guard, may be called from an interrupt handler if the
/// raw lock allows it: see [`blocking`](crate::blocking). A release takes the raw lock only if a task waits.
///
/// # Size
///
/// The value shares the cache line (or two) that the lock is padded to, because a task that locks the mutex
/// needs both; see [`CachePadded`](crate::util::CachePadded) and the feature `no-cache-pad`.
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
/// The algorithm is a state word in front of a locked list, with direct hand-off, as in the fair mode of
/// futures-intrusive's mutex; the word and its transitions are this crate's own.
pub struct Mutex<T: ?Sized, L: ScopedRawMutex = DefaultMutex> {
    inner: Padded<Guarded<MutexRule, L, T>>,
}

lockable!([T: ?Sized, L: ScopedRawMutex] Mutex<T, L>: MutexRule, L, T, inner);

/// The two futures, which differ in how they reach the mutex.
macro_rules! lock_future {
    ($(#[$meta:meta])* $name:ident [$($borrow:lifetime,)?] $keep:ty => $guard:ty) => {
        own_future! {
            []
            $(#[$meta])*
            pub struct $name
                [$($borrow,)? T: ?Sized, L: ScopedRawMutex = DefaultMutex]
                [$($borrow,)? T: ?Sized, L: ScopedRawMutex]
                [$($borrow,)? T, L]
                []
            engine::Wait<MutexRule, L, LockHandle<$keep, YieldsGuard<$guard>>> => $guard;
            /// Joins the line, or takes the lock if it is free, before this future is polled for its guard.
            ///
            /// Returns a future that is ready when it is first polled. From then on this wait has its place
            /// in line; poll it or drop it, because it may be handed the lock at any time.
            ///
            /// # Cancel safety
            ///
            /// **Strict**: dropping the returned future before it was polled changes nothing.
            ///
            /// # Examples
            ///
            /// ```
            /// use core::pin::pin;
            /// use sync_core::Mutex;
            ///
            /// # pollster::block_on(async {
            /// let mutex = Mutex::new(1);
            /// let (mut first, mut second) = (pin!(mutex.lock()), pin!(mutex.lock()));
            /// first.as_mut().subscribe().await;
            /// second.as_mut().subscribe().await;
            /// *first.await += 1; // and releases it, to the second
            /// assert_eq!(*second.await, 2);
            /// # });
            /// ```
            subscribe => ();
        }

        impl<$($borrow,)? T: ?Sized, L: ScopedRawMutex> $name<$($borrow,)? T, L> {
            #[inline(always)]
            fn new(keep: $keep) -> Self {
                Self { __sync_wait: engine::Wait::new(LockHandle::new(keep), ()) }
            }
        }
    };
}

lock_future! {
    /// The future of [`Mutex::lock`].
    ///
    /// It yields one guard: polled again after that, it panics. It is not [`Unpin`], because other tasks
    /// point into it while it waits:
    ///
    /// ```compile_fail
    /// fn unpin<T: Unpin>() {}
    /// unpin::<sync_core::mutex::Lock<'static, ()>>();
    /// ```
    Lock ['a,] Ref<'a, Mutex<T, L>> => MutexGuard<'a, T, L>
}

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
lock_future! {
    /// The future of [`Mutex::lock_owned`]: a [`Lock`] that keeps its mutex alive.
    LockOwned [] alloc::sync::Arc<Mutex<T, L>> => OwnedMutexGuard<T, L>
}

impl<T> Mutex<T> {
    const_fn! {
        /// Returns an unlocked mutex that contains `value`, with its wait list under the [`DefaultMutex`].
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::Mutex;
        ///
        /// static COUNTER: Mutex<u32> = Mutex::new(3);
        /// assert_eq!(COUNTER.try_lock().as_deref(), Some(&3));
        /// ```
        #[must_use]
        pub fn new(value: T) -> Self {
            Self::new_with_raw_mutex(value, DefaultMutex::new())
        }
    }
}

impl<T, L: ScopedRawMutex> Mutex<T, L> {
    const_fn! {
        /// Returns an unlocked mutex that contains `value`, with its wait list under the raw lock `lock`.
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::{Mutex, spin::Spinlock};
        ///
        /// static COUNTER: Mutex<u32, Spinlock> = Mutex::new_with_raw_mutex(3, Spinlock::new());
        /// assert_eq!(COUNTER.try_lock().as_deref(), Some(&3));
        /// ```
        #[must_use]
        pub fn new_with_raw_mutex(value: T, lock: L) -> Self {
            let queue = Queue::with_word(AtomicMutexState::new(MutexState::new()), (), lock);
            Self { inner: Padded::new(Guarded::new(queue, value)) }
        }
    }

    /// Consumes the mutex and returns the value.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Mutex;
    ///
    /// let mutex = Mutex::new(String::from("boot"));
    /// mutex.try_lock().unwrap().push_str("ed");
    /// assert_eq!(mutex.into_inner(), "booted");
    /// ```
    #[must_use]
    pub fn into_inner(self) -> T {
        self.inner.into_inner().into_inner()
    }
}

impl<T: ?Sized, L: ScopedRawMutex> Mutex<T, L> {
    /// Locks the mutex, after waiting for its turn if it is locked.
    ///
    /// Returns a future that yields a [guard](MutexGuard); the lock is released when that is dropped. The
    /// future joins the line when it is first polled.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**: a future that is dropped loses its place in line; if it had been handed the lock
    /// already, the next in line gets it.
    ///
    /// # Fairness
    ///
    /// First in, first out; see the [type](Self#fairness), also for what happens to a future that is handed
    /// the lock and not polled.
    ///
    /// # Memory ordering
    ///
    /// Everything done by earlier holders is visible through the guard.
    ///
    /// # Interrupts
    ///
    /// Polling the future takes no lock if the mutex is free. Otherwise polling it, and dropping it while it
    /// is in line, takes the raw lock for a bounded number of steps.
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
        Lock::new(Ref::new(self))
    }

    /// Locks the mutex if it is free; returns `None` at once if it is locked.
    ///
    /// # Fairness
    ///
    /// It never overtakes: while a task waits, the mutex is locked.
    ///
    /// # Memory ordering
    ///
    /// Everything done by earlier holders is visible through the guard. `None` orders nothing.
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
    /// let guard = mutex.try_lock().expect("the mutex is free");
    /// assert!(mutex.try_lock().is_none());
    /// drop(guard);
    /// assert!(mutex.try_lock().is_some());
    /// ```
    #[inline]
    #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T, L>> {
        MutexGuard::try_new(Ref::new(self)).ok()
    }

    /// Locks the mutex, putting this thread to sleep while it waits for its turn.
    ///
    /// For threads without an executor: the thread waits in the same line as the tasks. It must not be called
    /// by a task: that blocks the task's executor, and forever if the holder of the lock is to run there.
    ///
    /// # Fairness
    ///
    /// First in, first out, as [`lock`](Self::lock).
    ///
    /// # Memory ordering
    ///
    /// Everything done by earlier holders is visible through the guard.
    ///
    /// # Interrupts
    ///
    /// Never from an interrupt handler: it blocks.
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

    /// Returns a mutable reference to the value, without locking: `&mut self` proves that no other task has
    /// access.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Mutex;
    ///
    /// let mut mutex = Mutex::new(1);
    /// *mutex.get_mut() = 2;
    /// assert_eq!(mutex.into_inner(), 2);
    /// ```
    pub fn get_mut(&mut self) -> &mut T {
        self.inner.get_mut()
    }

    /// Returns the number of tasks that wait in line, for diagnostics: it may be stale by the time it is
    /// read.
    ///
    /// A task that was handed the lock does not wait any more, even while its waker is still to be called.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, for at most as many steps as there are waiters.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::pin::pin;
    /// use sync_core::Mutex;
    ///
    /// # pollster::block_on(async {
    /// let mutex = Mutex::new(1);
    /// let guard = mutex.lock().await;
    /// let mut lock = pin!(mutex.lock());
    /// lock.as_mut().subscribe().await;
    /// assert_eq!(mutex.waiters(), 1);
    /// drop(guard);
    /// assert_eq!(mutex.waiters(), 0);
    /// # });
    /// ```
    #[must_use]
    pub fn waiters(&self) -> usize {
        self.inner.queue().waiters()
    }

    /// Returns whether the mutex is locked, for diagnostics: it may be stale by the time it is read.
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
    /// use sync_core::Mutex;
    ///
    /// let mutex = Mutex::new(1);
    /// let guard = mutex.try_lock();
    /// assert!(mutex.is_locked());
    /// drop(guard);
    /// assert!(!mutex.is_locked());
    /// ```
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

    use super::{LockOwned, Mutex, OwnedMutexGuard};
    use crate::engine::Named;

    impl<T: ?Sized, L: ScopedRawMutex> Mutex<T, L> {
        /// Locks the mutex as [`lock`](Self::lock) does, for a guard that borrows nothing.
        ///
        /// Returns a future that yields an [owned guard](OwnedMutexGuard). The future takes the `Arc` and
        /// passes it on to the guard.
        ///
        /// # Cancel safety
        ///
        /// **Hands on**, as [`lock`](Self::lock).
        ///
        /// # Fairness
        ///
        /// First in, first out, in the same line as [`lock`](Self::lock).
        ///
        /// # Memory ordering
        ///
        /// Everything done by earlier holders is visible through the guard.
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
        /// // The guard may outlive this function, in another task or thread.
        /// std::thread::spawn(move || *guard += 1).join().unwrap();
        /// assert_eq!(*mutex.lock().await, 2);
        /// # });
        /// ```
        #[inline]
        pub fn lock_owned(self: Arc<Self>) -> LockOwned<T, L> {
            LockOwned::new(self)
        }

        /// Locks the mutex if it is free, for a guard that borrows nothing.
        ///
        /// # Errors
        ///
        /// Gives the `Arc` back if the mutex is locked.
        ///
        /// # Fairness
        ///
        /// It never overtakes: while a task waits, the mutex is locked.
        ///
        /// # Memory ordering
        ///
        /// Everything done by earlier holders is visible through the guard.
        ///
        /// # Interrupts
        ///
        /// One read-modify-write, without the raw lock. Dropping the last `Arc` frees memory, though, which
        /// an interrupt handler must not do on most systems.
        ///
        /// # Examples
        ///
        /// ```
        /// use std::sync::Arc;
        /// use sync_core::Mutex;
        ///
        /// let mutex = Arc::new(Mutex::new(1));
        /// let Ok(guard) = Arc::clone(&mutex).try_lock_owned() else { panic!("it is free") };
        /// let mutex = mutex.try_lock_owned().expect_err("it is locked");
        /// drop(guard);
        /// assert!(mutex.try_lock_owned().is_ok());
        /// ```
        #[inline]
        #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
        pub fn try_lock_owned(self: Arc<Self>) -> Result<OwnedMutexGuard<T, L>, Arc<Self>> {
            OwnedMutexGuard::try_new(self)
        }
    }
}
