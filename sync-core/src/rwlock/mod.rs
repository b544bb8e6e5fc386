//! A value that many may read, or one may write.
//!
//! See [`RwLock`].

mod guard;
mod rule;
#[cfg(all(test, not(loom)))]
mod tests;

use core::fmt;

use mutex_traits::ScopedRawMutex;

pub use self::{
    guard::{
        MappedRwLockReadGuard, MappedRwLockWriteGuard, RwLockReadGuard, RwLockUpgradableReadGuard,
        RwLockWriteGuard, Upgrade,
    },
    rule::{Read, Shared, Upgradable, Upgrading, Write},
};
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use self::{
    guard::{
        OwnedMappedRwLockReadGuard, OwnedMappedRwLockWriteGuard, OwnedRwLockReadGuard,
        OwnedRwLockUpgradableReadGuard, OwnedRwLockWriteGuard, UpgradeOwned,
    },
    owned::{ReadOwned, UpgradableOwned, WriteOwned},
};
use crate::{
    blocking::DefaultMutex,
    raw::{self, Guard, Guarded, Lending, Queue, Ref, Via, lockable},
    state::rwlock::{Access, AtomicRwLockState, RwLockState},
    util::Padded,
};

/// A fair asynchronous lock around a value that many tasks may read at a time, or one may write.
///
/// Acquiring and releasing cost one read-modify-write each while nobody waits. Who waits does so inside his own
/// future: nothing allocates, and there is no limit to how many wait.
///
/// # Three ways to hold it
///
/// | | beside readers | beside an upgradable one | beside a writer |
/// | --- | --- | --- | --- |
/// | [`read`](Self::read) | yes | yes | no |
/// | [`upgradable_read`](Self::upgradable_read): reads, and may become the writer | yes | no | no |
/// | [`write`](Self::write) | no | no | no |
///
/// # Fairness
///
/// First in, first out. A lock that is released while somebody waits goes to the oldest that waits: to a writer,
/// or to the run of readers (and one upgradable one) at the front. Neither newcomers nor the `try_` methods
/// overtake: readers that come while a writer waits queue behind it, so neither kind starves. An
/// [upgrade](RwLockUpgradableReadGuard) goes first, since all others wait for it anyway.
///
/// A task that reads already must therefore not wait to read again: a writer that came in between waits for the
/// first, and the second waits for the writer.
///
/// A future that was handed the lock has it, also if its task does not run ("futurelock"): do not leave a polled
/// future lying about. Dropping it hands the lock on.
///
/// # Limits
///
/// Beyond `usize::MAX >> 3` readers at a time, the next ones wait.
///
/// # Panics of the holder
///
/// There is no poisoning: a guard that is dropped by a panic releases the lock like any other.
///
/// # Interrupts
///
/// The `try_` methods, and the release of a guard, may be called from an interrupt handler if the raw lock allows
/// it: see [`blocking`](crate::blocking). They take the raw lock only if somebody waits.
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
    inner: Padded<Guarded<Shared, Lock, T>>,
}

lockable!([T: ?Sized, Lock: ScopedRawMutex] RwLock<T, Lock>: Shared, Lock, T, inner);

/// A wait for a lock that `K` leads to, in mode `M`.
type Wait<K, M> = raw::Wait<Shared, <K as raw::Keeps>::Lock, Via<K, Lending<M>>>;

/// The future of [`RwLock::read`].
pub type ReadFuture<'a, T, Lock = DefaultMutex> = Wait<Ref<'a, RwLock<T, Lock>>, Read>;

/// The future of [`RwLock::upgradable_read`].
pub type UpgradableFuture<'a, T, Lock = DefaultMutex> = Wait<Ref<'a, RwLock<T, Lock>>, Upgradable>;

/// The future of [`RwLock::write`].
///
/// It yields one guard: polled again after that, it panics. It is not [`Unpin`], because other tasks point into
/// it while it waits:
///
/// ```compile_fail
/// fn unpin<T: Unpin>() {}
/// unpin::<sync_core::rwlock::WriteFuture<'static, ()>>();
/// ```
pub type WriteFuture<'a, T, Lock = DefaultMutex> = Wait<Ref<'a, RwLock<T, Lock>>, Write>;

impl<T> RwLock<T> {
    const_fn! {
        /// Returns an unlocked lock with `value` in it, whose line is under the [`DefaultMutex`].
        #[must_use]
        pub fn new(value: T) -> Self {
            Self::new_with_raw_mutex(value, DefaultMutex::new())
        }
    }
}

impl<T, Lock: ScopedRawMutex> RwLock<T, Lock> {
    const_fn! {
        /// Returns an unlocked lock with `value` in it, whose line is under the raw lock `lock`.
        #[must_use]
        pub fn new_with_raw_mutex(value: T, lock: Lock) -> Self {
            let queue = Queue::with_word(AtomicRwLockState::new(RwLockState::new()), (), lock);
            Self { inner: Padded::new(Guarded::new(queue, value)) }
        }
    }

    /// Returns the value; the lock is gone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.inner.into_inner().into_inner()
    }
}

impl<T: ?Sized, Lock: ScopedRawMutex> RwLock<T, Lock> {
    /// Locks for reading, after waiting for its turn if somebody writes or waits.
    ///
    /// Returns a future that yields a [guard](RwLockReadGuard); the access ends when that is dropped. The future
    /// gets in line when it is first polled.
    ///
    /// Everything done by those who wrote before is visible.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**: a future that is dropped loses its place in line; if it had been let in already, that is
    /// given back.
    ///
    /// # Fairness
    ///
    /// First in, first out; see the [type](Self#fairness), also for why a task that reads must not wait to read
    /// again.
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after it was ready.
    #[inline]
    pub fn read(&self) -> ReadFuture<'_, T, Lock> {
        raw::Wait::new(Via::new(Ref::new(self)), Access::Read)
    }

    /// Locks for reading, with the right to become the writer, after waiting for its turn.
    ///
    /// Returns a future that yields a [guard](RwLockUpgradableReadGuard). Other readers may come in beside it, but
    /// no other that may upgrade: so what it reads before it upgrades is still so afterwards.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**, as [`read`](Self::read).
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after it was ready.
    #[inline]
    pub fn upgradable_read(&self) -> UpgradableFuture<'_, T, Lock> {
        raw::Wait::new(Via::new(Ref::new(self)), Access::Upgradable)
    }

    /// Locks for writing, after waiting for its turn until nobody else reads or writes.
    ///
    /// Returns a future that yields a [guard](RwLockWriteGuard); the access ends when that is dropped. The future
    /// gets in line when it is first polled.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**: a future that is dropped loses its place in line, and those behind it are looked at again;
    /// if it had been let in already, that is given back.
    ///
    /// # Fairness
    ///
    /// First in, first out; see the [type](Self#fairness).
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after it was ready.
    #[inline]
    pub fn write(&self) -> WriteFuture<'_, T, Lock> {
        raw::Wait::new(Via::new(Ref::new(self)), Access::Write)
    }

    /// Locks for reading if nobody writes or waits; returns `None` at once otherwise.
    #[inline]
    #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
    pub fn try_read(&self) -> Option<RwLockReadGuard<'_, T, Lock>> {
        Guard::try_new(Ref::new(self)).ok()
    }

    /// Locks for reading, with the right to become the writer, if nobody writes, waits, or has that right; returns
    /// `None` at once otherwise.
    #[inline]
    #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
    pub fn try_upgradable_read(&self) -> Option<RwLockUpgradableReadGuard<'_, T, Lock>> {
        Guard::try_new(Ref::new(self)).ok()
    }

    /// Locks for writing if nobody holds the lock or waits; returns `None` at once otherwise.
    #[inline]
    #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
    pub fn try_write(&self) -> Option<RwLockWriteGuard<'_, T, Lock>> {
        Guard::try_new(Ref::new(self)).ok()
    }

    /// Locks for reading, putting this thread to sleep while it waits for its turn.
    ///
    /// For threads without an executor: the thread queues as a task does, in the same line. It must not be called
    /// by a task: that blocks its executor, and if those who hold the lock are to run there, for ever.
    #[cfg(feature = "std")]
    pub fn blocking_read(&self) -> RwLockReadGuard<'_, T, Lock> {
        match self.try_read() {
            Some(guard) => guard,
            None => crate::park::block_on(self.read()),
        }
    }

    /// Locks for writing, putting this thread to sleep while it waits for its turn.
    ///
    /// As [`blocking_read`](Self::blocking_read).
    #[cfg(feature = "std")]
    pub fn blocking_write(&self) -> RwLockWriteGuard<'_, T, Lock> {
        match self.try_write() {
            Some(guard) => guard,
            None => crate::park::block_on(self.write()),
        }
    }

    /// Returns the value without locking, which `&mut` makes unnecessary.
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
        OwnedRwLockReadGuard, OwnedRwLockUpgradableReadGuard, OwnedRwLockWriteGuard, Read, RwLock,
        Upgradable, Wait, Write,
    };
    use crate::{
        blocking::DefaultMutex,
        raw::{self, Guard, Via},
        state::rwlock::Access,
    };

    /// The future of [`RwLock::read_owned`].
    pub type ReadOwned<T, Lock = DefaultMutex> = Wait<Arc<RwLock<T, Lock>>, Read>;

    /// The future of [`RwLock::upgradable_read_owned`].
    pub type UpgradableOwned<T, Lock = DefaultMutex> = Wait<Arc<RwLock<T, Lock>>, Upgradable>;

    /// The future of [`RwLock::write_owned`].
    pub type WriteOwned<T, Lock = DefaultMutex> = Wait<Arc<RwLock<T, Lock>>, Write>;

    impl<T: ?Sized, Lock: ScopedRawMutex> RwLock<T, Lock> {
        /// Locks as [`read`](Self::read) does, for a guard that borrows nothing.
        #[inline]
        pub fn read_owned(self: &Arc<Self>) -> ReadOwned<T, Lock> {
            raw::Wait::new(Via::new(Arc::clone(self)), Access::Read)
        }

        /// Locks as [`upgradable_read`](Self::upgradable_read) does, for a guard that borrows nothing.
        #[inline]
        pub fn upgradable_read_owned(self: &Arc<Self>) -> UpgradableOwned<T, Lock> {
            raw::Wait::new(Via::new(Arc::clone(self)), Access::Upgradable)
        }

        /// Locks as [`write`](Self::write) does, for a guard that borrows nothing.
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
            raw::Wait::new(Via::new(Arc::clone(self)), Access::Write)
        }

        /// Locks as [`try_read`](Self::try_read) does, for a guard that borrows nothing.
        #[inline]
        #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
        pub fn try_read_owned(self: &Arc<Self>) -> Option<OwnedRwLockReadGuard<T, Lock>> {
            Guard::try_new(Arc::clone(self)).ok()
        }

        /// Locks as [`try_upgradable_read`](Self::try_upgradable_read) does, for a guard that borrows nothing.
        #[inline]
        #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
        pub fn try_upgradable_read_owned(
            self: &Arc<Self>,
        ) -> Option<OwnedRwLockUpgradableReadGuard<T, Lock>> {
            Guard::try_new(Arc::clone(self)).ok()
        }

        /// Locks as [`try_write`](Self::try_write) does, for a guard that borrows nothing.
        #[inline]
        #[must_use = "the lock is held only if there is a guard, and released when that is dropped"]
        pub fn try_write_owned(self: &Arc<Self>) -> Option<OwnedRwLockWriteGuard<T, Lock>> {
            Guard::try_new(Arc::clone(self)).ok()
        }
    }
}
