//! The guards of a [`Mutex`]: names for the one generic guard, and the operations that a mutex adds to it.

use super::{Exclusive, Mutex};
use crate::{
    blocking::DefaultMutex,
    raw::{DataOf, Guard, Keeps, Lending, Lockable, MappedGuard, Mode, Narrow, Queue, Ref, Via, Wait},
};

/// Access to the value of a locked [`Mutex`]; dropping it unlocks.
///
/// Made by [`Mutex::lock`] and [`Mutex::try_lock`].
pub type MutexGuard<'a, T, L = DefaultMutex> = Guard<Ref<'a, Mutex<T, L>>, Exclusive>;

/// A [`MutexGuard`] that keeps its mutex alive.
///
/// Made by [`Mutex::lock_owned`] and [`Mutex::try_lock_owned`].
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub type OwnedMutexGuard<T, L = DefaultMutex> = Guard<alloc::sync::Arc<Mutex<T, L>>, Exclusive>;

/// Access to a part of the value of a locked [`Mutex`]; dropping it unlocks the whole.
///
/// Made by [`MutexGuard::map`](Guard::map); it does not depend on the type of the rest of the value.
pub type MappedMutexGuard<'a, U, L = DefaultMutex> = MappedGuard<Ref<'a, Queue<Exclusive, L>>, Exclusive, U>;

/// A [`MappedMutexGuard`] that keeps its mutex alive.
///
/// Made by [`OwnedMutexGuard::map`](Guard::map).
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub type OwnedMappedMutexGuard<T, U, L = DefaultMutex> =
    MappedGuard<alloc::sync::Arc<Mutex<T, L>>, Exclusive, U>;

impl<K: Keeps<Rule = Exclusive, Target: Lockable> + Narrow> Guard<K, Exclusive> {
    /// Narrows a guard to the part of the value that `f` returns.
    ///
    /// Returns a guard of that part, which holds the same lock. An associated function, so as not to hide a
    /// method `map` of the value.
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
    pub fn map<U: ?Sized>(
        guard: Self,
        f: impl FnOnce(&mut DataOf<K>) -> &mut U,
    ) -> MappedGuard<K::Narrow, Exclusive, U> {
        guard.map_mut(f)
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
        f: impl FnOnce(&mut DataOf<K>) -> Option<&mut U>,
    ) -> Result<MappedGuard<K::Narrow, Exclusive, U>, Self> {
        guard.try_map_mut(f)
    }
}

impl<K: Keeps<Rule = Exclusive, Target: Lockable>> Guard<K, Exclusive> {
    /// Unlocks the mutex, and returns the future that locks it again.
    ///
    /// That is how a task lets others in and then goes on. The future is the one of [`Mutex::lock`] or
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
    pub fn unlock(guard: Self) -> Wait<Exclusive, K::Lock, Via<K, Lending<Exclusive>>> {
        let (keep, held) = guard.into_parts();
        Exclusive::release(keep.queue(), held);
        Wait::new(Via::new(keep), ())
    }
}

impl<K: Keeps<Rule = Exclusive>, U: ?Sized> MappedGuard<K, Exclusive, U> {
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
    pub fn map<V: ?Sized>(guard: Self, f: impl FnOnce(&mut U) -> &mut V) -> MappedGuard<K, Exclusive, V> {
        guard.map_mut(f)
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
    ) -> Result<MappedGuard<K, Exclusive, V>, Self> {
        guard.try_map_mut(f)
    }
}
