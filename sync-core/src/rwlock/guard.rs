//! The guards of a [`RwLock`]: the named types around the one generic guard, and the operations that a
//! readers-writer lock adds to it.

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
use alloc::sync::Arc;

use mutex_traits::ScopedRawMutex;

use super::{
    RwLock,
    rule::{self, ReadMode, RwLockRule, UpgradableMode, Upgrading, WriteMode},
};
use crate::{
    blocking::DefaultMutex,
    engine::{self, Guard, LockHandle, LockPtr, MappedGuard, Named, Queue, Ref},
    named::{guard, own_future, whole_guard},
    state::rwlock::Access,
};

/// The guards of one mode: those of the whole value and of a part, which borrow and which own; `map` and
/// `try_map` differ in the references that their closures take.
macro_rules! guards_of_mode {
    (
        $mode:ident, $map:ident, $try_map:ident $(, $mut:tt)?;
        $(#[$whole_meta:meta])* $whole:ident, $owned:ident;
        $(#[$mapped_meta:meta])* $mapped:ident, $owned_mapped:ident;
    ) => {
        guard_of_mode! { $mode $(, $mut)?; $(#[$whole_meta])* $whole, $owned; }

        guard! {
            $(#[$mapped_meta])*
            ///
            #[doc = concat!("Made by [`", stringify!($whole), "::map`].")]
            pub struct $mapped
                ['a, U: ?Sized, Lock: ScopedRawMutex = DefaultMutex]
                ['a, U: ?Sized, Lock: ScopedRawMutex]
                ['a, U, Lock]
            MappedGuard<Ref<'a, Queue<RwLockRule, Lock>>, $mode, U> => U $(, $mut)?;
        }

        #[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
        guard! {
            #[doc = concat!("A [`", stringify!($mapped), "`] that keeps its lock alive.")]
            ///
            #[doc = concat!("Made by [`", stringify!($owned), "::map`].")]
            pub struct $owned_mapped
                [T: ?Sized, U: ?Sized, Lock: ScopedRawMutex = DefaultMutex]
                [T: ?Sized, U: ?Sized, Lock: ScopedRawMutex]
                [T, U, Lock]
            MappedGuard<Arc<RwLock<T, Lock>>, $mode, U> => U $(, $mut)?;
        }

        mapping! { $map, $try_map $(, $mut)?; $whole ['a,], $mapped ['a] 'a }
        #[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
        mapping! { $map, $try_map $(, $mut)?; $owned [], $owned_mapped [T: ?Sized] T }
    };
}

/// The guards of the whole value in one mode, the one that borrows and the one that owns.
macro_rules! guard_of_mode {
    ($mode:ident $(, $mut:tt)?; $(#[$meta:meta])* $whole:ident, $owned:ident;) => {
        whole_guard! {
            $(#[$meta])*
            pub struct $whole
                ['a, T: ?Sized, Lock: ScopedRawMutex = DefaultMutex]
                ['a, T: ?Sized, Lock: ScopedRawMutex]
                ['a, T, Lock]
            Ref<'a, RwLock<T, Lock>> as $mode => T $(, $mut)?;
        }

        #[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
        whole_guard! {
            #[doc = concat!("A [`", stringify!($whole), "`] that keeps its lock alive.")]
            pub struct $owned
                [T: ?Sized, Lock: ScopedRawMutex = DefaultMutex] [T: ?Sized, Lock: ScopedRawMutex] [T, Lock]
            Arc<RwLock<T, Lock>> as $mode => T $(, $mut)?;
        }
    };
}

/// `map` and `try_map` of a guard and of the mapped one.
macro_rules! mapping {
    (
        $map:ident, $try_map:ident $(, $mut:tt)?;
        $whole:ident [$($borrow:lifetime,)?], $mapped:ident [$($params:tt)*] $arg:tt
    ) => {
        impl<$($borrow,)? T: ?Sized, Lock: ScopedRawMutex> $whole<$($borrow,)? T, Lock> {
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
                f: impl FnOnce(&$($mut)? T) -> &$($mut)? U,
            ) -> $mapped<$arg, U, Lock> {
                $mapped { guard: guard.guard.$map(f) }
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
                f: impl FnOnce(&$($mut)? T) -> Option<&$($mut)? U>,
            ) -> Result<$mapped<$arg, U, Lock>, Self> {
                match guard.guard.$try_map(f) {
                    Ok(guard) => Ok($mapped { guard }),
                    Err(guard) => Err(Self { guard }),
                }
            }
        }

        impl<$($params)*, U: ?Sized, Lock: ScopedRawMutex> $mapped<$arg, U, Lock> {
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
            ) -> $mapped<$arg, V, Lock> {
                $mapped { guard: guard.guard.$map(f) }
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
            ) -> Result<$mapped<$arg, V, Lock>, Self> {
                match guard.guard.$try_map(f) {
                    Ok(guard) => Ok($mapped { guard }),
                    Err(guard) => Err(Self { guard }),
                }
            }
        }
    };
}

guards_of_mode! {
    ReadMode, map_ref, try_map_ref;
    /// Shared access to the value of a [`RwLock`]; dropping it releases the lock.
    ///
    /// Made by [`RwLock::read`], [`RwLock::try_read`], and from the other guards by downgrading.
    RwLockReadGuard, OwnedRwLockReadGuard;
    /// Shared access to a part of the value of a [`RwLock`]; dropping it releases the lock.
    MappedRwLockReadGuard, OwnedMappedRwLockReadGuard;
}

guard_of_mode! {
    UpgradableMode;
    /// Shared access to the value of a [`RwLock`], with the right to become the writer; dropping it releases
    /// the lock.
    ///
    /// Made by [`RwLock::upgradable_read`] and [`RwLock::try_upgradable_read`].
    RwLockUpgradableReadGuard, OwnedRwLockUpgradableReadGuard;
}

guards_of_mode! {
    WriteMode, map_mut, try_map_mut, mut;
    /// Exclusive access to the value of a [`RwLock`]; dropping it releases the lock.
    ///
    /// Made by [`RwLock::write`] and [`RwLock::try_write`], and by upgrading.
    RwLockWriteGuard, OwnedRwLockWriteGuard;
    /// Exclusive access to a part of the value of a [`RwLock`]; the whole stays locked.
    MappedRwLockWriteGuard, OwnedMappedRwLockWriteGuard;
}

/// Going from one mode to another, for the guards that borrow and for those that own.
macro_rules! changing_mode {
    (
        [$($borrow:lifetime,)?] $keep:ty:
        $write:ident, $upgradable:ident, $read:ident, $(#[$meta:meta])* $upgrade:ident
    ) => {
        own_future! {
            []
            $(#[$meta])*
            pub struct $upgrade
                [$($borrow,)? T: ?Sized, Lock: ScopedRawMutex = DefaultMutex]
                [$($borrow,)? T: ?Sized, Lock: ScopedRawMutex]
                [$($borrow,)? T, Lock]
                []
            engine::Wait<
                RwLockRule,
                Lock,
                LockHandle<Guard<$keep, UpgradableMode>, Upgrading<$write<$($borrow,)? T, Lock>>>,
            > => $write<$($borrow,)? T, Lock>;
            /// Registers the upgrade, or makes it if there is no other reader, before this future is polled
            /// for its guard.
            ///
            /// Returns a future that is ready when it is first polled. From then on no further reader is let
            /// in.
            ///
            /// # Cancel safety
            ///
            /// **Strict**: dropping the returned future before it was polled changes nothing.
            ///
            /// # Examples
            ///
            /// ```
            /// use core::pin::pin;
            /// use sync_core::{RwLock, RwLockUpgradableReadGuard};
            ///
            /// # pollster::block_on(async {
            /// let lock = RwLock::new(1);
            /// let reader = lock.read().await;
            /// let mut upgrade = pin!(RwLockUpgradableReadGuard::upgrade(lock.upgradable_read().await));
            /// upgrade.as_mut().subscribe().await;
            /// assert!(lock.try_read().is_none());
            /// drop(reader);
            /// *upgrade.await += 1;
            /// assert_eq!(*lock.read().await, 2);
            /// # });
            /// ```
            subscribe => ();
        }

        impl<$($borrow,)? T: ?Sized, Lock: ScopedRawMutex> $write<$($borrow,)? T, Lock> {
            /// Turns the writer's guard into a reader's, and lets in the readers at the front of the line.
            ///
            /// No other task can write in between. An associated function, so as not to hide a method of the
            /// value.
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
            pub fn downgrade(guard: Self) -> $read<$($borrow,)? T, Lock> {
                $read { guard: rule::exchange(guard.guard) }
            }

            /// Turns the writer's guard into an upgradable reader's, and lets in the readers at the front of
            /// the line.
            ///
            /// No other task can write in between. An associated function, so as not to hide a method of the
            /// value.
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
            pub fn downgrade_to_upgradable(guard: Self) -> $upgradable<$($borrow,)? T, Lock> {
                $upgradable { guard: rule::exchange(guard.guard) }
            }
        }

        impl<$($borrow,)? T: ?Sized, Lock: ScopedRawMutex> $upgradable<$($borrow,)? T, Lock> {
            /// Turns the upgradable reader's guard into the writer's, after waiting until the other readers
            /// have left.
            ///
            /// Returns a future, [`Upgrade`], that yields the writer's guard. No other task can write in
            /// between, so what this guard has read is still true. While it waits, no further reader is let
            /// in. An associated function, so as not to hide a method of the value.
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
            pub fn upgrade(guard: Self) -> $upgrade<$($borrow,)? T, Lock> {
                $upgrade { __sync_wait: engine::Wait::new(LockHandle::new(guard.guard), Access::Upgrade) }
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
            pub fn try_upgrade(guard: Self) -> Result<$write<$($borrow,)? T, Lock>, Self> {
                match rule::try_upgrade(guard.guard.queue()) {
                    Some(held) => {
                        let (keep, _used_up) = guard.guard.into_parts();
                        Ok($write::named(Guard::new(keep, held)))
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
            pub fn downgrade(guard: Self) -> $read<$($borrow,)? T, Lock> {
                $read { guard: rule::exchange(guard.guard) }
            }
        }
    };
}

changing_mode! {
    ['a,] Ref<'a, RwLock<T, Lock>>:
    RwLockWriteGuard, RwLockUpgradableReadGuard, RwLockReadGuard,
    /// The future of [`RwLockUpgradableReadGuard::upgrade`].
    ///
    /// It holds the guard that it upgrades until it is ready; dropped before that, it releases the lock.
    Upgrade
}

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
changing_mode! {
    [] Arc<RwLock<T, Lock>>:
    OwnedRwLockWriteGuard, OwnedRwLockUpgradableReadGuard, OwnedRwLockReadGuard,
    /// An [`Upgrade`] that keeps its lock alive.
    UpgradeOwned
}
