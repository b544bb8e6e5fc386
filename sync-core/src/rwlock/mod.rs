//! A value that many tasks may read, or one task may write.
//!
//! See [`RwLock`].

mod guard;
mod rule;
#[cfg(all(test, not(loom)))]
mod tests;

use core::fmt;

use mutex_traits::ScopedRawMutex;

pub use self::guard::{
    MappedRwLockReadGuard, MappedRwLockWriteGuard, RwLockReadGuard, RwLockUpgradableReadGuard,
    RwLockWriteGuard, Upgrade,
};
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use self::guard::{
    OwnedMappedRwLockReadGuard, OwnedMappedRwLockWriteGuard, OwnedRwLockReadGuard,
    OwnedRwLockUpgradableReadGuard, OwnedRwLockWriteGuard, UpgradeOwned,
};
use self::rule::RwLockRule;
use crate::{
    blocking::DefaultMutex,
    engine::{self, Guarded, LockHandle, Named, Queue, Ref, YieldsGuard, lockable},
    named::own_future,
    state::rwlock::{Access, AtomicRwLockState, RwLockState},
    util::Padded,
};

/// A fair asynchronous lock around a value that many tasks may read at a time, or one may write.
///
/// Acquiring and releasing cost one read-modify-write each while no task waits. A waiting task's place in
/// line is inside its own future: nothing allocates, and the number of waiters is not limited.
///
/// # Three ways to hold it
///
/// | | alongside readers | alongside an upgradable reader | alongside a writer |
/// | --- | --- | --- | --- |
/// | [`read`](Self::read) | yes | yes | no |
/// | [`upgradable_read`](Self::upgradable_read): reads, and may become the writer | yes | no | no |
/// | [`write`](Self::write) | no | no | no |
///
/// # Fairness
///
/// First in, first out. A lock that is released while a task waits goes to the oldest waiter: to a writer, or
/// to the run of readers (and at most one upgradable reader) at the front. Neither newcomers nor the `try_`
/// methods overtake: readers that arrive while a writer waits queue behind it, so neither kind starves. An
/// [upgrade](RwLockUpgradableReadGuard) goes first, since all others wait for it anyway.
///
/// A task that already reads must therefore not wait to read again: a writer that arrived in between waits
/// for the first read to end, and the second read waits for the writer.
///
/// A future that was handed the lock holds it, even if its task does not run ("futurelock"): keep polling it
/// or drop it. Dropping it hands the lock on.
///
/// # Memory ordering
///
/// Everything done by earlier writers is visible to each reader and writer; everything done by earlier
/// readers is visible to the next writer.
///
/// # Limits
///
/// At most `usize::MAX >> 3` readers hold the lock at a time; further ones wait.
///
/// # Panics of the holder
///
/// There is no poisoning: a guard that is dropped by a panic releases the lock like any other.
///
/// # Interrupts
///
/// The `try_` methods, and the release of a guard, may be called from an interrupt handler if the raw lock
/// allows it: see [`blocking`](crate::blocking). They take the raw lock only if a task waits.
///
/// # Examples
///
/// ```
/// use sync_core::RwLock;
///
/// static LIMITS: RwLock<[u32; 2]> = RwLock::new([10, 20]);
///
/// # pollster::block_on(async {
/// {
///     let (one, two) = (LIMITS.read().await, LIMITS.read().await);
///     assert_eq!(one[0] + two[1], 30);
/// }
/// LIMITS.write().await[0] = 11;
/// assert_eq!(LIMITS.read().await[0], 11);
/// # });
/// ```
pub struct RwLock<T: ?Sized, Lock: ScopedRawMutex = DefaultMutex> {
    inner: Padded<Guarded<RwLockRule, Lock, T>>,
}

lockable!([T: ?Sized, Lock: ScopedRawMutex] RwLock<T, Lock>: RwLockRule, Lock, T, inner);

/// The futures of one mode, which differ in how they reach the lock.
macro_rules! lock_futures {
    (
        $access:ident, $guard:ident, $owned_guard:ident;
        $(#[$meta:meta])* $name:ident;
        $(#[$owned_meta:meta])* $owned:ident;
    ) => {
        lock_future! {
            $access; $(#[$meta])* $name ['a,] Ref<'a, RwLock<T, Lock>> => $guard<'a, T, Lock>
        }
        #[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
        lock_future! {
            $access; $(#[$owned_meta])* $owned [] alloc::sync::Arc<RwLock<T, Lock>> => $owned_guard<T, Lock>
        }
    };
}

/// One of them.
macro_rules! lock_future {
    ($access:ident; $(#[$meta:meta])* $name:ident [$($borrow:lifetime,)?] $keep:ty => $guard:ty) => {
        own_future! {
            []
            $(#[$meta])*
            pub struct $name
                [$($borrow,)? T: ?Sized, Lock: ScopedRawMutex = DefaultMutex]
                [$($borrow,)? T: ?Sized, Lock: ScopedRawMutex]
                [$($borrow,)? T, Lock]
                []
            engine::Wait<RwLockRule, Lock, LockHandle<$keep, YieldsGuard<$guard>>> => $guard;
            /// Joins the line, or takes the lock if that is possible, before this future is polled for its
            /// guard.
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
            /// use sync_core::RwLock;
            ///
            /// # pollster::block_on(async {
            /// let lock = RwLock::new(1);
            /// let (mut write, mut read) = (pin!(lock.write()), pin!(lock.read()));
            /// write.as_mut().subscribe().await;
            /// read.as_mut().subscribe().await;
            /// *write.await += 1; // and releases it, to the reader
            /// assert_eq!(*read.await, 2);
            /// # });
            /// ```
            subscribe => ();
        }

        impl<$($borrow,)? T: ?Sized, Lock: ScopedRawMutex> $name<$($borrow,)? T, Lock> {
            #[inline(always)]
            fn new(keep: $keep) -> Self {
                Self { __sync_wait: engine::Wait::new(LockHandle::new(keep), Access::$access) }
            }
        }
    };
}

lock_futures! {
    Read, RwLockReadGuard, OwnedRwLockReadGuard;
    /// The future of [`RwLock::read`].
    ///
    /// It yields one guard: polled again after that, it panics.
    Read;
    /// The future of [`RwLock::read_owned`]: a [`Read`] that keeps its lock alive.
    ReadOwned;
}

lock_futures! {
    Upgradable, RwLockUpgradableReadGuard, OwnedRwLockUpgradableReadGuard;
    /// The future of [`RwLock::upgradable_read`].
    ///
    /// It yields one guard: polled again after that, it panics.
    UpgradableRead;
    /// The future of [`RwLock::upgradable_read_owned`]: an [`UpgradableRead`] that keeps its lock alive.
    UpgradableReadOwned;
}

lock_futures! {
    Write, RwLockWriteGuard, OwnedRwLockWriteGuard;
    /// The future of [`RwLock::write`].
    ///
    /// It yields one guard: polled again after that, it panics. It is not [`Unpin`], because other tasks
    /// point into it while it waits:
    ///
    /// ```compile_fail
    /// fn unpin<T: Unpin>() {}
    /// unpin::<sync_core::rwlock::Write<'static, ()>>();
    /// ```
    Write;
    /// The future of [`RwLock::write_owned`]: a [`Write`] that keeps its lock alive.
    WriteOwned;
}

impl<T> RwLock<T> {
    const_fn! {
        /// Returns an unlocked lock that contains `value`, with its wait list under the [`DefaultMutex`].
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::RwLock;
        ///
        /// static BAUD: RwLock<u32> = RwLock::new(9_600);
        /// assert_eq!(BAUD.try_read().as_deref(), Some(&9_600));
        /// ```
        #[must_use]
        pub fn new(value: T) -> Self {
            Self::new_with_raw_mutex(value, DefaultMutex::new())
        }
    }
}

impl<T, Lock: ScopedRawMutex> RwLock<T, Lock> {
    const_fn! {
        /// Returns an unlocked lock that contains `value`, with its wait list under the raw lock `lock`.
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::{RwLock, spin::Spinlock};
        ///
        /// static BAUD: RwLock<u32, Spinlock> = RwLock::new_with_raw_mutex(9_600, Spinlock::new());
        /// assert_eq!(BAUD.try_read().as_deref(), Some(&9_600));
        /// ```
        #[must_use]
        pub fn new_with_raw_mutex(value: T, lock: Lock) -> Self {
            let queue = Queue::with_word(AtomicRwLockState::new(RwLockState::new()), (), lock);
            Self { inner: Padded::new(Guarded::new(queue, value)) }
        }
    }

    /// Consumes the lock and returns the value.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::RwLock;
    ///
    /// assert_eq!(RwLock::new("rev. C").into_inner(), "rev. C");
    /// ```
    #[must_use]
    pub fn into_inner(self) -> T {
        self.inner.into_inner().into_inner()
    }
}

impl<T: ?Sized, Lock: ScopedRawMutex> RwLock<T, Lock> {
    /// Locks for reading, after waiting for its turn if another task writes or waits.
    ///
    /// Returns a future that yields a [guard](RwLockReadGuard); the access ends when that is dropped. The
    /// future joins the line when it is first polled.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**: a future that is dropped loses its place in line; if it had been let in already, its
    /// share of the lock is given back.
    ///
    /// # Fairness
    ///
    /// First in, first out; see the [type](Self#fairness), also for why a task that reads must not wait to
    /// read again.
    ///
    /// # Memory ordering
    ///
    /// Everything done by earlier writers is visible through the guard.
    ///
    /// # Interrupts
    ///
    /// Polling the future takes no lock if there is neither a writer nor a waiter. Otherwise polling it, and
    /// dropping it while it is in line, takes the raw lock.
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after it was ready.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::RwLock;
    ///
    /// static ROUTES: RwLock<[&str; 2]> = RwLock::new(["/", "/status"]);
    ///
    /// # pollster::block_on(async {
    /// let (one, two) = (ROUTES.read().await, ROUTES.read().await);
    /// assert_eq!((one[0], two[1]), ("/", "/status"));
    /// # });
    /// ```
    #[inline]
    pub fn read(&self) -> Read<'_, T, Lock> {
        Read::new(Ref::new(self))
    }

    /// Locks for reading, with the right to become the writer, after waiting for its turn.
    ///
    /// Returns a future that yields a [guard](RwLockUpgradableReadGuard). Other readers may hold the lock at
    /// the same time, but no other upgradable one: what this task reads before it upgrades is therefore still
    /// true afterwards.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**, as [`read`](Self::read).
    ///
    /// # Fairness
    ///
    /// First in, first out; see the [type](Self#fairness).
    ///
    /// # Memory ordering
    ///
    /// Everything done by earlier writers is visible through the guard.
    ///
    /// # Interrupts
    ///
    /// As [`read`](Self::read).
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after it was ready.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::RwLock;
    ///
    /// # pollster::block_on(async {
    /// let lock = RwLock::new(1);
    /// let upgradable = lock.upgradable_read().await;
    /// assert_eq!(*lock.read().await, *upgradable);
    /// assert!(lock.try_upgradable_read().is_none());
    /// # });
    /// ```
    #[inline]
    pub fn upgradable_read(&self) -> UpgradableRead<'_, T, Lock> {
        UpgradableRead::new(Ref::new(self))
    }

    /// Locks for writing, after waiting for its turn until no other task reads or writes.
    ///
    /// Returns a future that yields a [guard](RwLockWriteGuard); the access ends when that is dropped. The
    /// future joins the line when it is first polled.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**: a future that is dropped loses its place in line, and those behind it that fit now are
    /// let in; if it had been let in already, the lock is given back.
    ///
    /// # Fairness
    ///
    /// First in, first out; see the [type](Self#fairness).
    ///
    /// # Memory ordering
    ///
    /// Everything done by earlier readers and writers is visible through the guard.
    ///
    /// # Interrupts
    ///
    /// Polling the future takes no lock if the lock is free. Otherwise polling it, and dropping it while it
    /// is in line, takes the raw lock.
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after it was ready.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::RwLock;
    ///
    /// static BAUD: RwLock<u32> = RwLock::new(9_600);
    ///
    /// # pollster::block_on(async {
    /// *BAUD.write().await = 115_200;
    /// assert_eq!(*BAUD.read().await, 115_200);
    /// # });
    /// ```
    #[inline]
    pub fn write(&self) -> Write<'_, T, Lock> {
        Write::new(Ref::new(self))
    }

    /// Locks for reading if no task writes or waits; returns `None` at once otherwise.
    ///
    /// # Memory ordering
    ///
    /// Everything done by earlier writers is visible through the guard. `None` orders nothing.
    ///
    /// # Interrupts
    ///
    /// Takes no lock: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::RwLock;
    ///
    /// let lock = RwLock::new(1);
    /// let reader = lock.try_read();
    /// assert!(lock.try_read().is_some());
    /// drop(reader);
    /// let writer = lock.try_write();
    /// assert!(lock.try_read().is_none());
    /// # drop(writer);
    /// ```
    #[inline]
    #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
    pub fn try_read(&self) -> Option<RwLockReadGuard<'_, T, Lock>> {
        RwLockReadGuard::try_new(Ref::new(self)).ok()
    }

    /// Locks for reading, with the right to become the writer, if no task writes, waits, or has that right;
    /// returns `None` at once otherwise.
    ///
    /// # Memory ordering
    ///
    /// Everything done by earlier writers is visible through the guard. `None` orders nothing.
    ///
    /// # Interrupts
    ///
    /// Takes no lock: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::RwLock;
    ///
    /// let lock = RwLock::new(1);
    /// let upgradable = lock.try_upgradable_read();
    /// assert!(lock.try_read().is_some());
    /// assert!(lock.try_upgradable_read().is_none());
    /// # drop(upgradable);
    /// ```
    #[inline]
    #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
    pub fn try_upgradable_read(&self) -> Option<RwLockUpgradableReadGuard<'_, T, Lock>> {
        RwLockUpgradableReadGuard::try_new(Ref::new(self)).ok()
    }

    /// Locks for writing if no task holds the lock or waits; returns `None` at once otherwise.
    ///
    /// # Memory ordering
    ///
    /// Everything done by earlier readers and writers is visible through the guard. `None` orders nothing.
    ///
    /// # Interrupts
    ///
    /// Takes no lock: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::RwLock;
    ///
    /// let lock = RwLock::new(1);
    /// let reader = lock.try_read();
    /// assert!(lock.try_write().is_none());
    /// drop(reader);
    /// *lock.try_write().expect("the lock is free") = 2;
    /// ```
    #[inline]
    #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
    pub fn try_write(&self) -> Option<RwLockWriteGuard<'_, T, Lock>> {
        RwLockWriteGuard::try_new(Ref::new(self)).ok()
    }

    /// Locks for reading, putting this thread to sleep while it waits for its turn.
    ///
    /// For threads without an executor: the thread waits in the same line as the tasks. It must not be called
    /// by a task: that blocks the task's executor, and forever if a holder of the lock is to run there.
    ///
    /// # Fairness
    ///
    /// First in, first out, as [`read`](Self::read).
    ///
    /// # Memory ordering
    ///
    /// Everything done by earlier writers is visible through the guard.
    ///
    /// # Interrupts
    ///
    /// Never from an interrupt handler: it blocks.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "std")] {
    /// use sync_core::RwLock;
    ///
    /// let lock = RwLock::new(1);
    /// std::thread::scope(|scope| {
    ///     for _ in 0..2 {
    ///         scope.spawn(|| assert_eq!(*lock.blocking_read(), 1));
    ///     }
    /// });
    /// # }
    /// ```
    #[cfg(feature = "std")]
    pub fn blocking_read(&self) -> RwLockReadGuard<'_, T, Lock> {
        match self.try_read() {
            Some(guard) => guard,
            None => crate::park::block_on(self.read()),
        }
    }

    /// Locks for writing, putting this thread to sleep while it waits for its turn.
    ///
    /// For threads without an executor, under the same condition as [`blocking_read`](Self::blocking_read).
    ///
    /// # Fairness
    ///
    /// First in, first out, as [`write`](Self::write).
    ///
    /// # Memory ordering
    ///
    /// Everything done by earlier readers and writers is visible through the guard.
    ///
    /// # Interrupts
    ///
    /// Never from an interrupt handler: it blocks.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "std")] {
    /// use sync_core::RwLock;
    ///
    /// let lock = RwLock::new(0);
    /// std::thread::scope(|scope| {
    ///     for _ in 0..4 {
    ///         scope.spawn(|| *lock.blocking_write() += 1);
    ///     }
    /// });
    /// assert_eq!(lock.into_inner(), 4);
    /// # }
    /// ```
    #[cfg(feature = "std")]
    pub fn blocking_write(&self) -> RwLockWriteGuard<'_, T, Lock> {
        match self.try_write() {
            Some(guard) => guard,
            None => crate::park::block_on(self.write()),
        }
    }

    /// Returns the number of tasks that wait in line, for diagnostics: it may be stale by the time it is
    /// read.
    ///
    /// A task that was let in does not wait any more, even while its waker is still to be called.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, for at most as many steps as there are waiters.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::pin::pin;
    /// use sync_core::RwLock;
    ///
    /// # pollster::block_on(async {
    /// let lock = RwLock::new(1);
    /// let reader = lock.read().await;
    /// let mut write = pin!(lock.write());
    /// write.as_mut().subscribe().await;
    /// assert_eq!(lock.waiters(), 1);
    /// drop(reader);
    /// assert_eq!(lock.waiters(), 0);
    /// # });
    /// ```
    #[must_use]
    pub fn waiters(&self) -> usize {
        self.inner.queue().waiters()
    }

    /// Returns a mutable reference to the value, without locking: `&mut self` proves that no other task has
    /// access.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::RwLock;
    ///
    /// let mut lock = RwLock::new(1);
    /// *lock.get_mut() = 2;
    /// assert_eq!(lock.into_inner(), 2);
    /// ```
    pub fn get_mut(&mut self) -> &mut T {
        self.inner.get_mut()
    }
}

impl<T: Default, Lock: ScopedRawMutex + Default> Default for RwLock<T, Lock> {
    fn default() -> Self {
        Self::new_with_raw_mutex(T::default(), Lock::default())
    }
}

impl<T, Lock: ScopedRawMutex + Default> From<T> for RwLock<T, Lock> {
    fn from(value: T) -> Self {
        Self::new_with_raw_mutex(value, Lock::default())
    }
}

impl<T: fmt::Debug + ?Sized, Lock: ScopedRawMutex> fmt::Debug for RwLock<T, Lock> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("RwLock");
        match self.try_read() {
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

    use super::{
        OwnedRwLockReadGuard, OwnedRwLockUpgradableReadGuard, OwnedRwLockWriteGuard, ReadOwned, RwLock,
        UpgradableReadOwned, WriteOwned,
    };
    use crate::engine::Named;

    impl<T: ?Sized, Lock: ScopedRawMutex> RwLock<T, Lock> {
        /// Locks for reading as [`read`](Self::read) does, for a guard that borrows nothing.
        ///
        /// Returns a future that yields an [owned guard](OwnedRwLockReadGuard); both keep the lock alive.
        ///
        /// # Cancel safety
        ///
        /// **Hands on**, as [`read`](Self::read).
        ///
        /// # Fairness
        ///
        /// First in, first out, in the same line as [`read`](Self::read).
        ///
        /// # Memory ordering
        ///
        /// Everything done by earlier writers is visible through the guard.
        ///
        /// # Panics
        ///
        /// The future panics if it is polled after it was ready.
        ///
        /// # Examples
        ///
        /// ```
        /// use std::sync::Arc;
        /// use sync_core::RwLock;
        ///
        /// # pollster::block_on(async {
        /// let lock = Arc::new(RwLock::new(1));
        /// let reader = lock.read_owned().await;
        /// assert_eq!(std::thread::spawn(move || *reader).join().unwrap(), 1);
        /// assert!(lock.try_write().is_some());
        /// # });
        /// ```
        #[inline]
        pub fn read_owned(self: &Arc<Self>) -> ReadOwned<T, Lock> {
            ReadOwned::new(Arc::clone(self))
        }

        /// Locks for reading as [`upgradable_read`](Self::upgradable_read) does, for a guard that borrows
        /// nothing.
        ///
        /// Returns a future that yields an [owned guard](OwnedRwLockUpgradableReadGuard); both keep the lock
        /// alive.
        ///
        /// # Cancel safety
        ///
        /// **Hands on**, as [`read`](Self::read).
        ///
        /// # Fairness
        ///
        /// First in, first out, in the same line as [`read`](Self::read).
        ///
        /// # Memory ordering
        ///
        /// Everything done by earlier writers is visible through the guard.
        ///
        /// # Panics
        ///
        /// The future panics if it is polled after it was ready.
        ///
        /// # Examples
        ///
        /// ```
        /// use std::sync::Arc;
        /// use sync_core::{OwnedRwLockUpgradableReadGuard, RwLock};
        ///
        /// # pollster::block_on(async {
        /// let lock = Arc::new(RwLock::new(1));
        /// let upgradable = lock.upgradable_read_owned().await;
        /// *OwnedRwLockUpgradableReadGuard::upgrade(upgradable).await += 1;
        /// assert_eq!(*lock.read().await, 2);
        /// # });
        /// ```
        #[inline]
        pub fn upgradable_read_owned(self: &Arc<Self>) -> UpgradableReadOwned<T, Lock> {
            UpgradableReadOwned::new(Arc::clone(self))
        }

        /// Locks for writing as [`write`](Self::write) does, for a guard that borrows nothing.
        ///
        /// Returns a future that yields an [owned guard](OwnedRwLockWriteGuard); both keep the lock alive.
        ///
        /// # Cancel safety
        ///
        /// **Hands on**, as [`write`](Self::write).
        ///
        /// # Fairness
        ///
        /// First in, first out, in the same line as [`write`](Self::write).
        ///
        /// # Memory ordering
        ///
        /// Everything done by earlier readers and writers is visible through the guard.
        ///
        /// # Panics
        ///
        /// The future panics if it is polled after it was ready.
        ///
        /// # Examples
        ///
        /// ```
        /// use std::sync::Arc;
        /// use sync_core::RwLock;
        ///
        /// # pollster::block_on(async {
        /// let lock = Arc::new(RwLock::new(1));
        /// let mut writer = lock.write_owned().await;
        /// std::thread::spawn(move || *writer += 1).join().unwrap();
        /// assert_eq!(*lock.read().await, 2);
        /// # });
        /// ```
        #[inline]
        pub fn write_owned(self: &Arc<Self>) -> WriteOwned<T, Lock> {
            WriteOwned::new(Arc::clone(self))
        }

        /// Locks for reading if no task writes or waits, for a guard that borrows nothing; returns `None` at
        /// once otherwise.
        ///
        /// # Memory ordering
        ///
        /// Everything done by earlier writers is visible through the guard.
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
        /// use sync_core::RwLock;
        ///
        /// let lock = Arc::new(RwLock::new(1));
        /// let reader = lock.try_read_owned().expect("the lock is free");
        /// assert_eq!(*reader, 1);
        /// ```
        #[inline]
        #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
        pub fn try_read_owned(self: &Arc<Self>) -> Option<OwnedRwLockReadGuard<T, Lock>> {
            OwnedRwLockReadGuard::try_new(Arc::clone(self)).ok()
        }

        /// Locks for reading, with the right to become the writer, as
        /// [`try_upgradable_read`](Self::try_upgradable_read) does, for a guard that borrows nothing.
        ///
        /// Returns `None` at once if a task writes, waits, or has that right.
        ///
        /// # Memory ordering
        ///
        /// Everything done by earlier writers is visible through the guard.
        ///
        /// # Interrupts
        ///
        /// As [`try_read_owned`](Self::try_read_owned).
        ///
        /// # Examples
        ///
        /// ```
        /// use std::sync::Arc;
        /// use sync_core::RwLock;
        ///
        /// let lock = Arc::new(RwLock::new(1));
        /// let upgradable = lock.try_upgradable_read_owned().expect("the lock is free");
        /// assert_eq!(*upgradable, 1);
        /// assert!(lock.try_upgradable_read_owned().is_none());
        /// ```
        #[inline]
        #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
        pub fn try_upgradable_read_owned(
            self: &Arc<Self>,
        ) -> Option<OwnedRwLockUpgradableReadGuard<T, Lock>> {
            OwnedRwLockUpgradableReadGuard::try_new(Arc::clone(self)).ok()
        }

        /// Locks for writing if no task holds the lock or waits, for a guard that borrows nothing; returns
        /// `None` at once otherwise.
        ///
        /// # Memory ordering
        ///
        /// Everything done by earlier readers and writers is visible through the guard.
        ///
        /// # Interrupts
        ///
        /// As [`try_read_owned`](Self::try_read_owned).
        ///
        /// # Examples
        ///
        /// ```
        /// use std::sync::Arc;
        /// use sync_core::RwLock;
        ///
        /// let lock = Arc::new(RwLock::new(1));
        /// *lock.try_write_owned().expect("the lock is free") = 2;
        /// assert_eq!(*lock.try_read_owned().expect("the lock is free"), 2);
        /// ```
        #[inline]
        #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
        pub fn try_write_owned(self: &Arc<Self>) -> Option<OwnedRwLockWriteGuard<T, Lock>> {
            OwnedRwLockWriteGuard::try_new(Arc::clone(self)).ok()
        }
    }
}
