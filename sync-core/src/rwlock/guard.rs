//! The guards of a [`RwLock`]: names for the one generic guard, and what it can do for a readers-writer lock.

use super::{
    RwLock,
    rule::{self, Read, Shared, Upgradable, Upgrading, Write},
};
use crate::{
    blocking::DefaultMutex,
    raw::{self, DataOf, Guard, Keeps, Lockable, MappedGuard, Narrow, Queue, Ref, Via},
    state::rwlock::Access,
};

/// Access to the value of a [`RwLock`] beside other readers; dropping it releases.
///
/// Made by [`RwLock::read`], [`RwLock::try_read`], and from the other guards by downgrading.
pub type RwLockReadGuard<'a, T, Lock = DefaultMutex> = Guard<Ref<'a, RwLock<T, Lock>>, Read>;

/// Access to the value of a [`RwLock`] beside other readers, with the right to become the writer; dropping it
/// releases.
///
/// Made by [`RwLock::upgradable_read`] and [`RwLock::try_upgradable_read`].
pub type RwLockUpgradableReadGuard<'a, T, Lock = DefaultMutex> = Guard<Ref<'a, RwLock<T, Lock>>, Upgradable>;

/// Access to the value of a [`RwLock`], alone; dropping it releases.
///
/// Made by [`RwLock::write`] and [`RwLock::try_write`], and by upgrading.
pub type RwLockWriteGuard<'a, T, Lock = DefaultMutex> = Guard<Ref<'a, RwLock<T, Lock>>, Write>;

/// Access to a part of the value of a [`RwLock`] beside other readers.
///
/// Made by [`RwLockReadGuard::map`](Guard::map).
pub type MappedRwLockReadGuard<'a, U, Lock = DefaultMutex> =
    MappedGuard<Ref<'a, Queue<Shared, Lock>>, Read, U>;

/// Access to a part of the value of a [`RwLock`], alone with the whole.
///
/// Made by [`RwLockWriteGuard::map`](Guard::map).
pub type MappedRwLockWriteGuard<'a, U, Lock = DefaultMutex> =
    MappedGuard<Ref<'a, Queue<Shared, Lock>>, Write, U>;

/// The future of [`RwLockUpgradableReadGuard::upgrade`](Guard::upgrade).
///
/// It has the guard that it upgrades until it is ready; dropped before that, it releases it.
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

/// `map` and `try_map`, which differ in what the closures get.
macro_rules! mapping {
    ($mode:ident, $map:ident, $try_map:ident $(, $mut:tt)?) => {
        impl<K: Keeps<Rule = Shared, Target: Lockable> + Narrow> Guard<K, $mode> {
            /// Narrows a guard to the part of the value that `f` returns.
            ///
            /// An associated function, so as not to hide a method `map` of the value. If `f` panics, the guard
            /// is dropped. A narrowed guard cannot be upgraded or downgraded.
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
            /// # Errors
            ///
            /// Gives the guard back if `f` returns `None`.
            #[must_use = "the lock is released when the guard is dropped, whether narrowed or given back"]
            pub fn try_map<U: ?Sized>(
                guard: Self,
                f: impl FnOnce(&$($mut)? DataOf<K>) -> Option<&$($mut)? U>,
            ) -> Result<MappedGuard<K::Narrow, $mode, U>, Self> {
                guard.$try_map(f)
            }
        }

        impl<K: Keeps<Rule = Shared>, U: ?Sized> MappedGuard<K, $mode, U> {
            /// Narrows a guard to a part of its part.
            ///
            /// An associated function, so as not to hide a method `map` of the value.
            pub fn map<V: ?Sized>(
                guard: Self,
                f: impl FnOnce(&$($mut)? U) -> &$($mut)? V,
            ) -> MappedGuard<K, $mode, V> {
                guard.$map(f)
            }

            /// Narrows a guard to a part of its part, if `f` returns one.
            ///
            /// # Errors
            ///
            /// Gives the guard back if `f` returns `None`.
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
    /// Becomes a reader, beside which the readers at the front of the line come in.
    ///
    /// Nobody can write in between. An associated function, so as not to hide a method of the value.
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

    /// Becomes a reader that may become the writer again, beside which the readers at the front of the line come
    /// in.
    ///
    /// Nobody can write in between. An associated function, so as not to hide a method of the value.
    pub fn downgrade_to_upgradable(guard: Self) -> Guard<K, Upgradable> {
        rule::exchange(guard)
    }
}

impl<K: Keeps<Rule = Shared, Target: Lockable>> Guard<K, Upgradable> {
    /// Becomes the writer, after waiting until the other readers have gone.
    ///
    /// Nobody can write in between, so what this guard has read is still so. While it waits, nobody new comes
    /// in. An associated function, so as not to hide a method of the value.
    ///
    /// Returns a future, [`Upgrade`], that yields the writer's guard.
    ///
    /// # Cancel safety
    ///
    /// The future has the guard: dropping it, polled or not, releases the lock.
    ///
    /// # Fairness
    ///
    /// Goes before all that wait in line: they wait for this guard anyway.
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
    /// let looking = names.upgradable_read().await;
    /// if !looking.contains(&"b") {
    ///     // Only now are other readers kept out.
    ///     RwLockUpgradableReadGuard::upgrade(looking).await.push("b");
    /// }
    /// assert_eq!(*names.read().await, ["a", "b"]);
    /// # });
    /// ```
    #[inline]
    pub fn upgrade(guard: Self) -> raw::Wait<Shared, K::Lock, Via<Self, Upgrading>> {
        raw::Wait::new(Via::new(guard), Access::Upgrade)
    }

    /// Becomes the writer if nobody else reads.
    ///
    /// # Errors
    ///
    /// Gives the guard back if somebody does.
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

    /// Becomes a reader like any other, so that somebody else may become the one that may upgrade.
    pub fn downgrade(guard: Self) -> Guard<K, Read> {
        rule::exchange(guard)
    }
}
