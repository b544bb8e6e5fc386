//! The guards of a [`RwLock`]: names for the one generic guard, and the operations that a readers-writer lock
//! adds to it.

use super::{
    RwLock,
    rule::{self, Read, Shared, Upgradable, Upgrading, Write},
};
use crate::{
    blocking::DefaultMutex,
    raw::{self, DataOf, Guard, Keeps, Lockable, MappedGuard, Narrow, Queue, Ref, Via},
    state::rwlock::Access,
};

/// Shared access to the value of a [`RwLock`]; dropping it releases the lock.
///
/// Made by [`RwLock::read`], [`RwLock::try_read`], and from the other guards by downgrading.
pub type RwLockReadGuard<'a, T, Lock = DefaultMutex> = Guard<Ref<'a, RwLock<T, Lock>>, Read>;

/// Shared access to the value of a [`RwLock`], with the right to become the writer; dropping it releases the
/// lock.
///
/// Made by [`RwLock::upgradable_read`] and [`RwLock::try_upgradable_read`].
pub type RwLockUpgradableReadGuard<'a, T, Lock = DefaultMutex> = Guard<Ref<'a, RwLock<T, Lock>>, Upgradable>;

/// Exclusive access to the value of a [`RwLock`]; dropping it releases the lock.
///
/// Made by [`RwLock::write`] and [`RwLock::try_write`], and by upgrading.
pub type RwLockWriteGuard<'a, T, Lock = DefaultMutex> = Guard<Ref<'a, RwLock<T, Lock>>, Write>;

/// Shared access to a part of the value of a [`RwLock`].
///
/// Made by [`RwLockReadGuard::map`](Guard::map).
pub type MappedRwLockReadGuard<'a, U, Lock = DefaultMutex> =
    MappedGuard<Ref<'a, Queue<Shared, Lock>>, Read, U>;

/// Exclusive access to a part of the value of a [`RwLock`]; the whole stays locked.
///
/// Made by [`RwLockWriteGuard::map`](Guard::map).
pub type MappedRwLockWriteGuard<'a, U, Lock = DefaultMutex> =
    MappedGuard<Ref<'a, Queue<Shared, Lock>>, Write, U>;

/// The future of [`RwLockUpgradableReadGuard::upgrade`](Guard::upgrade).
///
/// It holds the guard that it upgrades until it is ready; dropped before that, it releases the lock.
pub type Upgrade<'a, T, Lock = DefaultMutex> = UpgradeOf<Ref<'a, RwLock<T, Lock>>>;

/// An [`Upgrade`] of any guard.
pub(super) type UpgradeOf<K> = raw::Wait<Shared, <K as Keeps>::Lock, Via<Guard<K, Upgradable>, Upgrading>>;

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
mod owned {
    use alloc::sync::Arc;

    use super::{
        super::{Read, RwLock, Upgradable, Write},
        Guard, MappedGuard, UpgradeOf,
    };
    use crate::blocking::DefaultMutex;

    /// A [`RwLockReadGuard`](super::RwLockReadGuard) that keeps its lock alive.
    pub type OwnedRwLockReadGuard<T, Lock = DefaultMutex> = Guard<Arc<RwLock<T, Lock>>, Read>;

    /// A [`RwLockUpgradableReadGuard`](super::RwLockUpgradableReadGuard) that keeps its lock alive.
    pub type OwnedRwLockUpgradableReadGuard<T, Lock = DefaultMutex> = Guard<Arc<RwLock<T, Lock>>, Upgradable>;

    /// A [`RwLockWriteGuard`](super::RwLockWriteGuard) that keeps its lock alive.
    pub type OwnedRwLockWriteGuard<T, Lock = DefaultMutex> = Guard<Arc<RwLock<T, Lock>>, Write>;

    /// A [`MappedRwLockReadGuard`](super::MappedRwLockReadGuard) that keeps its lock alive.
    pub type OwnedMappedRwLockReadGuard<T, U, Lock = DefaultMutex> =
        MappedGuard<Arc<RwLock<T, Lock>>, Read, U>;

    /// A [`MappedRwLockWriteGuard`](super::MappedRwLockWriteGuard) that keeps its lock alive.
    pub type OwnedMappedRwLockWriteGuard<T, U, Lock = DefaultMutex> =
        MappedGuard<Arc<RwLock<T, Lock>>, Write, U>;

    /// An [`Upgrade`](super::Upgrade) that keeps its lock alive.
    pub type UpgradeOwned<T, Lock = DefaultMutex> = UpgradeOf<Arc<RwLock<T, Lock>>>;
}
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use self::owned::{
    OwnedMappedRwLockReadGuard, OwnedMappedRwLockWriteGuard, OwnedRwLockReadGuard,
    OwnedRwLockUpgradableReadGuard, OwnedRwLockWriteGuard, UpgradeOwned,
};

/// `map` and `try_map`, which differ in the references that their closures take.
macro_rules! mapping {
    ($mode:ident, $map:ident, $try_map:ident $(, $mut:tt)?) => {
        impl<K: Keeps<Rule = Shared, Target: Lockable> + Narrow> Guard<K, $mode> {
            /// Narrows a guard to the part of the value that `f` returns.
            ///
            /// Returns a guard of that part, which holds the same lock; it cannot be upgraded or downgraded.
            /// An associated function, so as not to hide a method `map` of the value.
            ///
            /// # Panics
            ///
            /// If `f` does; the lock is then released.
            ///
            /// # Examples
            ///
            /// ```
            /// use sync_core::{RwLock, RwLockReadGuard, RwLockWriteGuard};
            ///
            /// let lock = RwLock::new((1, "one"));
            /// *RwLockWriteGuard::map(lock.try_write().unwrap(), |pair| &mut pair.0) += 1;
            /// let number = RwLockReadGuard::map(lock.try_read().unwrap(), |pair| &pair.0);
            /// assert_eq!(*number, 2);
            /// assert!(lock.try_write().is_none());
            /// ```
            pub fn map<U: ?Sized>(
                guard: Self,
                f: impl FnOnce(&$($mut)? DataOf<K>) -> &$($mut)? U,
            ) -> MappedGuard<K::Narrow, $mode, U> {
                guard.$map(f)
            }

            /// Narrows a guard to the part of the value that `f` returns, if it returns one.
            ///
            /// An associated function, so as not to hide a method `try_map` of the value.
            ///
            /// # Errors
            ///
            /// Gives the guard back if `f` returns `None`.
            ///
            /// # Panics
            ///
            /// If `f` does; the lock is then released.
            ///
            /// # Examples
            ///
            /// ```
            /// use sync_core::{RwLock, RwLockReadGuard};
            ///
            /// let lock = RwLock::new([Some(7), None]);
            /// let guard = lock.try_read().unwrap();
            /// let guard = RwLockReadGuard::try_map(guard, |slots| slots[1].as_ref()).unwrap_err();
            /// let first = RwLockReadGuard::try_map(guard, |slots| slots[0].as_ref());
            /// assert_eq!(first.as_deref().ok(), Some(&7));
            /// ```
            #[must_use = "the lock is released when the guard is dropped, whether narrowed or given back"]
            pub fn try_map<U: ?Sized>(
                guard: Self,
                f: impl FnOnce(&$($mut)? DataOf<K>) -> Option<&$($mut)? U>,
            ) -> Result<MappedGuard<K::Narrow, $mode, U>, Self> {
                guard.$try_map(f)
            }
        }

        impl<K: Keeps<Rule = Shared>, U: ?Sized> MappedGuard<K, $mode, U> {
            /// Narrows a guard of a part to a part of that part.
            ///
            /// An associated function, so as not to hide a method `map` of the value.
            ///
            /// # Panics
            ///
            /// If `f` does; the lock is then released.
            ///
            /// # Examples
            ///
            /// ```
            /// use sync_core::{RwLock, RwLockReadGuard, rwlock::MappedRwLockReadGuard};
            ///
            /// let lock = RwLock::new((1, ("two", 3)));
            /// let pair = RwLockReadGuard::map(lock.try_read().unwrap(), |all| &all.1);
            /// let number = MappedRwLockReadGuard::map(pair, |pair| &pair.1);
            /// assert_eq!(*number, 3);
            /// ```
            pub fn map<V: ?Sized>(
                guard: Self,
                f: impl FnOnce(&$($mut)? U) -> &$($mut)? V,
            ) -> MappedGuard<K, $mode, V> {
                guard.$map(f)
            }

            /// Narrows a guard of a part to a part of that part, if `f` returns one.
            ///
            /// An associated function, so as not to hide a method `try_map` of the value.
            ///
            /// # Errors
            ///
            /// Gives the guard back if `f` returns `None`.
            ///
            /// # Panics
            ///
            /// If `f` does; the lock is then released.
            ///
            /// # Examples
            ///
            /// ```
            /// use sync_core::{RwLock, RwLockReadGuard, rwlock::MappedRwLockReadGuard};
            ///
            /// let lock = RwLock::new((1, [2, 3]));
            /// let array = RwLockReadGuard::map(lock.try_read().unwrap(), |all| &all.1);
            /// let array = MappedRwLockReadGuard::try_map(array, |array| array.get(2)).unwrap_err();
            /// let last = MappedRwLockReadGuard::try_map(array, |array| array.last());
            /// assert_eq!(last.as_deref().ok(), Some(&3));
            /// ```
            #[must_use = "the lock is released when the guard is dropped, whether narrowed or given back"]
            pub fn try_map<V: ?Sized>(
                guard: Self,
                f: impl FnOnce(&$($mut)? U) -> Option<&$($mut)? V>,
            ) -> Result<MappedGuard<K, $mode, V>, Self> {
                guard.$try_map(f)
            }
        }
    };
}

mapping!(Read, map_ref, try_map_ref);
mapping!(Write, map_mut, try_map_mut, mut);

impl<K: Keeps<Rule = Shared, Target: Lockable>> Guard<K, Write> {
    /// Turns the writer's guard into a reader's, and lets in the readers at the front of the line.
    ///
    /// No other task can write in between. An associated function, so as not to hide a method of the value.
    ///
    /// # Memory ordering
    ///
    /// What was written is visible to the readers that are let in.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock only if a task waits; wakers are called without it.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{RwLock, RwLockWriteGuard};
    ///
    /// let lock = RwLock::new(1);
    /// let mut writer = lock.try_write().unwrap();
    /// *writer = 2;
    /// let reader = RwLockWriteGuard::downgrade(writer);
    /// assert_eq!((*reader, *lock.try_read().unwrap()), (2, 2));
    /// ```
    pub fn downgrade(guard: Self) -> Guard<K, Read> {
        rule::exchange(guard)
    }

    /// Turns the writer's guard into an upgradable reader's, and lets in the readers at the front of the
    /// line.
    ///
    /// No other task can write in between. An associated function, so as not to hide a method of the value.
    ///
    /// # Memory ordering
    ///
    /// What was written is visible to the readers that are let in.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock only if a task waits; wakers are called without it.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{RwLock, RwLockUpgradableReadGuard, RwLockWriteGuard};
    ///
    /// # pollster::block_on(async {
    /// let lock = RwLock::new(1);
    /// let upgradable = RwLockWriteGuard::downgrade_to_upgradable(lock.write().await);
    /// assert_eq!(*lock.read().await, 1);
    /// *RwLockUpgradableReadGuard::upgrade(upgradable).await += 1;
    /// assert_eq!(lock.into_inner(), 2);
    /// # });
    /// ```
    pub fn downgrade_to_upgradable(guard: Self) -> Guard<K, Upgradable> {
        rule::exchange(guard)
    }
}

impl<K: Keeps<Rule = Shared, Target: Lockable>> Guard<K, Upgradable> {
    /// Turns the upgradable reader's guard into the writer's, after waiting until the other readers have
    /// left.
    ///
    /// Returns a future, [`Upgrade`], that yields the writer's guard. No other task can write in between, so
    /// what this guard has read is still true. While it waits, no further reader is let in. An associated
    /// function, so as not to hide a method of the value.
    ///
    /// # Cancel safety
    ///
    /// The future owns the guard: dropping it, polled or not, releases the lock.
    ///
    /// # Fairness
    ///
    /// Goes ahead of everything in line, which waits for this guard anyway.
    ///
    /// # Memory ordering
    ///
    /// Everything done by the readers that have left is visible through the writer's guard.
    ///
    /// # Interrupts
    ///
    /// Polling the future takes no lock if there is no other reader; otherwise the raw lock.
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after it was ready.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{RwLock, RwLockUpgradableReadGuard};
    ///
    /// # pollster::block_on(async {
    /// let names = RwLock::new(vec!["a"]);
    /// let upgradable = names.upgradable_read().await;
    /// if !upgradable.contains(&"b") {
    ///     // Only now are other readers kept out.
    ///     RwLockUpgradableReadGuard::upgrade(upgradable).await.push("b");
    /// }
    /// assert_eq!(*names.read().await, ["a", "b"]);
    /// # });
    /// ```
    #[inline]
    pub fn upgrade(guard: Self) -> raw::Wait<Shared, K::Lock, Via<Self, Upgrading>> {
        raw::Wait::new(Via::new(guard), Access::Upgrade)
    }

    /// Turns the upgradable reader's guard into the writer's if there is no other reader.
    ///
    /// An associated function, so as not to hide a method of the value.
    ///
    /// # Errors
    ///
    /// Gives the guard back if there is another reader.
    ///
    /// # Memory ordering
    ///
    /// Everything done by the readers that have left is visible through the writer's guard.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock if there is another reader or a waiter, for a bounded number of steps.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{RwLock, RwLockUpgradableReadGuard};
    ///
    /// let lock = RwLock::new(1);
    /// let upgradable = lock.try_upgradable_read().unwrap();
    /// let reader = lock.try_read();
    /// let upgradable = RwLockUpgradableReadGuard::try_upgrade(upgradable).unwrap_err();
    /// drop(reader);
    /// *RwLockUpgradableReadGuard::try_upgrade(upgradable).unwrap() = 2;
    /// assert_eq!(lock.into_inner(), 2);
    /// ```
    #[must_use = "the lock is released when the guard is dropped, whether upgraded or given back"]
    pub fn try_upgrade(guard: Self) -> Result<Guard<K, Write>, Self> {
        match rule::try_upgrade(guard.queue()) {
            Some(held) => {
                let (keep, _used_up) = guard.into_parts();
                Ok(Guard::new(keep, held))
            }
            None => Err(guard),
        }
    }

    /// Turns the upgradable reader's guard into a plain reader's, so that another task may hold the
    /// upgradable one.
    ///
    /// An associated function, so as not to hide a method of the value.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock only if a task waits; wakers are called without it.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{RwLock, RwLockUpgradableReadGuard};
    ///
    /// let lock = RwLock::new(1);
    /// let upgradable = lock.try_upgradable_read().unwrap();
    /// let reader = RwLockUpgradableReadGuard::downgrade(upgradable);
    /// assert!(lock.try_upgradable_read().is_some());
    /// assert_eq!(*reader, 1);
    /// ```
    pub fn downgrade(guard: Self) -> Guard<K, Read> {
        rule::exchange(guard)
    }
}
