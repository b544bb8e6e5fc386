//! Permits that a task has acquired.

use core::{fmt, marker::PhantomData};

use mutex_traits::ScopedRawMutex;

use super::{Semaphore, SemaphoreRule, rule};
use crate::{
    blocking::DefaultMutex,
    engine::{Failure, LockPtr, Yield},
    error::Closed,
    state::semaphore::{AtomicSemaphoreState, Attempt, SemaphoreState},
};

/// Permits of the semaphore that `K` leads to, given back when this is dropped.
pub(super) struct Permits<K: LockPtr<Rule = SemaphoreRule>> {
    /// At most the maximum, and zero after they were split off, merged or forgotten.
    permits: usize,
    keep: K,
}

impl<K: LockPtr<Rule = SemaphoreRule>> Drop for Permits<K> {
    #[inline]
    fn drop(&mut self) {
        rule::give_back(self.keep.queue(), self.permits);
    }
}

/// A type with a name around [`Permits`].
pub(super) trait NamedPermits: Sized {
    /// How it reaches the semaphore.
    type Keep: LockPtr<Rule = SemaphoreRule>;

    /// Returns `permits` permits that were acquired.
    fn new(keep: Self::Keep, permits: usize) -> Self;
}

/// Writes the struct of the permits that reach their semaphore through `$keep`.
macro_rules! permits {
    ($(#[$meta:meta])* $name:ident [$($borrow:lifetime,)?] $keep:ty) => {
        $(#[$meta])*
        ///
        /// # Memory ordering
        ///
        /// Everything done before the permits are given back is visible to the task that acquires them next.
        ///
        /// # Interrupts
        ///
        /// Dropping it takes the raw lock only if a task waits; wakers are called without it.
        #[must_use = "permits are given back when this is dropped"]
        pub struct $name<$($borrow,)? Lock: ScopedRawMutex = DefaultMutex> {
            inner: Permits<$keep>,
        }

        impl<$($borrow,)? Lock: ScopedRawMutex> $name<$($borrow,)? Lock> {
            /// Returns the number of these permits.
            ///
            /// # Examples
            ///
            /// ```
            /// use sync_core::Semaphore;
            ///
            /// let semaphore = Semaphore::new(8);
            /// assert_eq!(semaphore.try_acquire(5).unwrap().permits(), 5);
            /// ```
            #[inline]
            #[must_use]
            pub fn permits(&self) -> usize {
                self.inner.permits
            }

            /// Removes the permits from the semaphore for good.
            ///
            /// [`Semaphore::add_permits`] would bring them back.
            ///
            /// # Interrupts
            ///
            /// Touches nothing but this permit: callable from everywhere.
            ///
            /// # Examples
            ///
            /// ```
            /// use sync_core::Semaphore;
            ///
            /// let semaphore = Semaphore::new(8);
            /// semaphore.try_acquire(5).unwrap().forget();
            /// assert_eq!(semaphore.available_permits(), 3);
            /// ```
            pub fn forget(mut self) {
                // Dropped as a permit of zero.
                self.inner.permits = 0;
            }

            /// Splits `permits` of these off into a permit of their own; returns `None`, and changes nothing,
            /// if there are fewer.
            ///
            /// # Interrupts
            ///
            /// Touches nothing but this permit: callable from everywhere.
            ///
            /// # Examples
            ///
            /// ```
            /// use sync_core::Semaphore;
            ///
            /// let semaphore = Semaphore::new(8);
            /// let mut all = semaphore.try_acquire(8).unwrap();
            /// let three = all.split(3).unwrap();
            /// assert_eq!((all.permits(), three.permits()), (5, 3));
            /// assert!(all.split(6).is_none());
            /// drop(three);
            /// assert_eq!(semaphore.available_permits(), 3);
            /// ```
            #[must_use = "what is split off is given back when it is dropped"]
            pub fn split(&mut self, permits: usize) -> Option<Self> {
                let rest = self.inner.permits.checked_sub(permits)?;
                // Cloned first: if that panics, nothing has changed.
                let keep = self.inner.keep.clone();
                self.inner.permits = rest;
                Some(Self::new(keep, permits))
            }

            /// Returns the semaphore that these permits belong to.
            ///
            /// # Examples
            ///
            /// ```
            /// use sync_core::Semaphore;
            ///
            /// let semaphore = Semaphore::new(8);
            /// let permit = semaphore.try_acquire(5).unwrap();
            /// assert_eq!(permit.semaphore().available_permits(), 3);
            /// ```
            #[must_use]
            pub fn semaphore(&self) -> &Semaphore<Lock> {
                &self.inner.keep
            }

            /// Adds the permits of `other` to these.
            ///
            /// # Panics
            ///
            /// If they belong to another semaphore, or are more than [`MAX_PERMITS`](Semaphore::MAX_PERMITS)
            /// together. `other` is given back in that case.
            ///
            /// # Interrupts
            ///
            /// Touches nothing but the two permits: callable from everywhere.
            ///
            /// # Examples
            ///
            /// ```
            /// use sync_core::Semaphore;
            ///
            /// let semaphore = Semaphore::new(8);
            /// let mut one = semaphore.try_acquire(1).unwrap();
            /// one.merge(semaphore.try_acquire(2).unwrap());
            /// assert_eq!(one.permits(), 3);
            /// ```
            #[track_caller]
            pub fn merge(&mut self, mut other: Self) {
                assert!(
                    core::ptr::eq(self.semaphore(), other.semaphore()),
                    "permits of two semaphores cannot be merged"
                );
                let sum = self.inner.permits + other.inner.permits;
                SemaphoreState::check(sum);
                self.inner.permits = sum;
                other.inner.permits = 0;
            }
        }

        impl<$($borrow,)? Lock: ScopedRawMutex> NamedPermits for $name<$($borrow,)? Lock> {
            type Keep = $keep;

            #[inline(always)]
            fn new(keep: $keep, permits: usize) -> Self {
                Self { inner: Permits { permits, keep } }
            }
        }

        impl<$($borrow,)? Lock: ScopedRawMutex> fmt::Debug for $name<$($borrow,)? Lock> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).field("permits", &self.inner.permits).finish_non_exhaustive()
            }
        }
    };
}

permits! {
    /// Permits of a [`Semaphore`], given back when this is dropped.
    ///
    /// Made by [`Semaphore::acquire`] and [`Semaphore::try_acquire`].
    Permit ['sem,] &'sem Semaphore<Lock>
}

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
permits! {
    /// A [`Permit`] that keeps its semaphore alive.
    ///
    /// Made by [`Semaphore::acquire_owned`] and [`Semaphore::try_acquire_owned`].
    OwnedPermit [] alloc::sync::Arc<Semaphore<Lock>>
}

/// What the wait for permits yields: a `P`.
#[derive(Debug)]
pub(super) struct YieldsPermit<P>(PhantomData<fn() -> P>);

impl<P: NamedPermits> Yield<P::Keep> for YieldsPermit<P> {
    type Output = Result<P, Closed>;

    #[inline(always)]
    fn finish(keep: P::Keep, permits: &mut usize, (): ()) -> Self::Output {
        Ok(P::new(keep, *permits))
    }

    #[inline(always)]
    fn fast(word: &AtomicSemaphoreState, permits: &usize) -> Option<()> {
        (word.try_acquire(*permits) == Attempt::Acquired).then_some(())
    }

    fn fail(_: Failure) -> Self::Output {
        Err(Closed::new())
    }

    fn spent() -> Self::Output {
        panic!("an acquire future was polled again after it was ready: it yields its permits once")
    }

    type Subscribed = Result<(), Closed>;

    fn subscribed(outcome: Result<(), Failure>) -> Self::Subscribed {
        outcome.map_err(|_| Closed::new())
    }
}
