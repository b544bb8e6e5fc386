//! The guards of a [`Mutex`]: the named types around the one generic guard, and the operations that a mutex
//! adds to it.

use core::{future::Future, ops::DerefMut};

use mutex_traits::ScopedRawMutex;

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
use super::LockOwned;
use super::{Lock, Mutex, MutexRule};
use crate::{
    blocking::DefaultMutex,
    engine::{LockMode, LockPtr, MappedGuard, Named, Queue, Ref},
    named::{guard, whole_guard},
};

whole_guard! {
    /// Access to the value of a locked [`Mutex`]; dropping it unlocks.
    ///
    /// Made by [`Mutex::lock`] and [`Mutex::try_lock`].
    pub struct MutexGuard
        ['a, T: ?Sized, L: ScopedRawMutex = DefaultMutex] ['a, T: ?Sized, L: ScopedRawMutex] ['a, T, L]
    Ref<'a, Mutex<T, L>> as MutexRule => T, mut;
}

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
whole_guard! {
    /// A [`MutexGuard`] that keeps its mutex alive.
    ///
    /// Made by [`Mutex::lock_owned`] and [`Mutex::try_lock_owned`].
    pub struct OwnedMutexGuard
        [T: ?Sized, L: ScopedRawMutex = DefaultMutex] [T: ?Sized, L: ScopedRawMutex] [T, L]
    alloc::sync::Arc<Mutex<T, L>> as MutexRule => T, mut;
}

guard! {
    /// Access to a part of the value of a locked [`Mutex`]; dropping it unlocks the whole.
    ///
    /// Made by [`MutexGuard::map`]; it does not depend on the type of the rest of the value.
    pub struct MappedMutexGuard
        ['a, U: ?Sized, L: ScopedRawMutex = DefaultMutex] ['a, U: ?Sized, L: ScopedRawMutex] ['a, U, L]
    MappedGuard<Ref<'a, Queue<MutexRule, L>>, MutexRule, U> => U, mut;
}

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
guard! {
    /// A [`MappedMutexGuard`] that keeps its mutex alive.
    ///
    /// Made by [`OwnedMutexGuard::map`].
    pub struct OwnedMappedMutexGuard
        [T: ?Sized, U: ?Sized, L: ScopedRawMutex = DefaultMutex]
        [T: ?Sized, U: ?Sized, L: ScopedRawMutex]
        [T, U, L]
    MappedGuard<alloc::sync::Arc<Mutex<T, L>>, MutexRule, U> => U, mut;
}

/// What the guards of a whole value have, for the one that borrows and the one that owns.
macro_rules! of_whole {
    ($name:ident [$($borrow:lifetime,)?] => $lock:ty, $mapped:ident<$arg:tt, U, L>) => {
        impl<$($borrow,)? T: ?Sized, L: ScopedRawMutex> $name<$($borrow,)? T, L> {
            /// Narrows a guard to the part of the value that `f` returns.
            ///
            /// Returns a guard of that part, which holds the same lock. An associated function, so as not to
            /// hide a method `map` of the value.
            ///
            /// # Panics
            ///
            /// If `f` does; the mutex is then unlocked.
            ///
            /// # Examples
            ///
            /// ```
            /// use sync_core::{Mutex, MutexGuard};
            ///
            /// let mutex = Mutex::new((1, "one"));
            /// let mut number = MutexGuard::map(mutex.try_lock().unwrap(), |pair| &mut pair.0);
            /// *number += 1;
            /// assert!(mutex.try_lock().is_none());
            /// drop(number);
            /// assert_eq!(mutex.into_inner(), (2, "one"));
            /// ```
            pub fn map<U: ?Sized>(guard: Self, f: impl FnOnce(&mut T) -> &mut U) -> $mapped<$arg, U, L> {
                $mapped { guard: guard.guard.map_mut(f) }
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
            /// If `f` does; the mutex is then unlocked.
            ///
            /// # Examples
            ///
            /// ```
            /// use sync_core::{Mutex, MutexGuard};
            ///
            /// let slots = Mutex::new([Some(7), None]);
            /// let Ok(mut first) = MutexGuard::try_map(slots.try_lock().unwrap(), |slots| slots[0].as_mut()) else {
            ///     panic!("the first slot is full")
            /// };
            /// *first += 1;
            /// drop(first);
            /// let guard = MutexGuard::try_map(slots.try_lock().unwrap(), |slots| slots[1].as_mut()).unwrap_err();
            /// assert_eq!(*guard, [Some(8), None]);
            /// ```
            #[must_use = "the lock is released when the guard is dropped, whether narrowed or given back"]
            pub fn try_map<U: ?Sized>(
                guard: Self,
                f: impl FnOnce(&mut T) -> Option<&mut U>,
            ) -> Result<$mapped<$arg, U, L>, Self> {
                match guard.guard.try_map_mut(f) {
                    Ok(guard) => Ok($mapped { guard }),
                    Err(guard) => Err(Self { guard }),
                }
            }

            /// Unlocks the mutex, and returns the future that locks it again.
            ///
            /// That is how a task lets others in and then goes on. The future is the one of [`Mutex::lock`]
            /// or
            /// [`Mutex::lock_owned`], with the same cancel safety and fairness, and joins the line when it is first
            /// polled. A task that does not need the lock again drops it.
            ///
            /// An associated function, so as not to hide a method `unlock` of the value.
            ///
            /// # Memory ordering
            ///
            /// Everything done through the guard is visible to the next holder.
            ///
            /// # Interrupts
            ///
            /// Takes the raw lock only if a task waits, for a bounded number of steps.
            ///
            /// # Examples
            ///
            /// ```
            /// use sync_core::{Mutex, MutexGuard};
            ///
            /// # pollster::block_on(async {
            /// let mutex = Mutex::new(1);
            /// let guard = mutex.lock().await;
            /// let again = MutexGuard::unlock(guard);
            /// *mutex.try_lock().expect("it is free") += 1;
            /// assert_eq!(*again.await, 2);
            /// # });
            /// ```
            pub fn unlock(guard: Self) -> $lock {
                let (keep, held) = guard.unnamed().into_parts();
                MutexRule::release(keep.queue(), held);
                <$lock>::new(keep)
            }
        }

        impl<$($borrow,)? T: ?Sized, L: ScopedRawMutex> Sealed for $name<$($borrow,)? T, L> {
            type Lock = $lock;

            fn unlock(self) -> $lock {
                Self::unlock(self)
            }
        }

        impl<$($borrow,)? T: ?Sized, L: ScopedRawMutex> AnyMutexGuard for $name<$($borrow,)? T, L> {}
    };
}

of_whole! { MutexGuard ['a,] => Lock<'a, T, L>, MappedMutexGuard<'a, U, L> }
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
of_whole! { OwnedMutexGuard [] => LockOwned<T, L>, OwnedMappedMutexGuard<T, U, L> }

/// What the guards of a part have, for the one that borrows and the one that owns.
macro_rules! of_part {
    ($name:ident [$($params:tt)*] $arg:tt) => {
        impl<$($params)*, U: ?Sized, L: ScopedRawMutex> $name<$arg, U, L> {
            /// Narrows a guard of a part to a part of that part.
            ///
            /// An associated function, so as not to hide a method `map` of the value.
            ///
            /// # Panics
            ///
            /// If `f` does; the mutex is then unlocked.
            ///
            /// # Examples
            ///
            /// ```
            /// use sync_core::{Mutex, MutexGuard, mutex::MappedMutexGuard};
            ///
            /// let mutex = Mutex::new((1, ("two", 3)));
            /// let pair = MutexGuard::map(mutex.try_lock().unwrap(), |all| &mut all.1);
            /// let number = MappedMutexGuard::map(pair, |pair| &mut pair.1);
            /// assert_eq!(*number, 3);
            /// ```
            pub fn map<V: ?Sized>(guard: Self, f: impl FnOnce(&mut U) -> &mut V) -> $name<$arg, V, L> {
                $name { guard: guard.guard.map_mut(f) }
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
            /// If `f` does; the mutex is then unlocked.
            ///
            /// # Examples
            ///
            /// ```
            /// use sync_core::{Mutex, MutexGuard, mutex::MappedMutexGuard};
            ///
            /// let mutex = Mutex::new((1, [2, 3]));
            /// let array = MutexGuard::map(mutex.try_lock().unwrap(), |all| &mut all.1);
            /// let array = MappedMutexGuard::try_map(array, |array| array.get_mut(2)).unwrap_err();
            /// let last = MappedMutexGuard::try_map(array, |array| array.last_mut());
            /// assert_eq!(last.as_deref().ok(), Some(&3));
            /// ```
            #[must_use = "the lock is released when the guard is dropped, whether narrowed or given back"]
            pub fn try_map<V: ?Sized>(
                guard: Self,
                f: impl FnOnce(&mut U) -> Option<&mut V>,
            ) -> Result<$name<$arg, V, L>, Self> {
                match guard.guard.try_map_mut(f) {
                    Ok(guard) => Ok($name { guard }),
                    Err(guard) => Err(Self { guard }),
                }
            }
        }
    };
}

of_part! { MappedMutexGuard ['a] 'a }
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
of_part! { OwnedMappedMutexGuard [T: ?Sized] T }

/// A guard of the whole value of a [`Mutex`], which borrows the mutex or owns it: what
/// [`Condvar::wait`](crate::Condvar::wait) takes.
///
/// It is sealed: [`MutexGuard`] and [`OwnedMutexGuard`] implement it.
#[cfg_attr(
    not(all(feature = "alloc", target_has_atomic = "ptr")),
    doc = "\n\n[`OwnedMutexGuard`]: crate::mutex"
)]
#[expect(private_bounds, reason = "that is what seals it")]
pub trait AnyMutexGuard: DerefMut + Sealed {}

/// How it is unlocked, to be locked again.
pub(crate) trait Sealed: Sized {
    /// The future that locks it again.
    type Lock: Future<Output = Self>;

    /// Unlocks the mutex.
    fn unlock(self) -> Self::Lock;
}
