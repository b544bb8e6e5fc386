//! Permits that a task has acquired.

use core::{fmt, ops::Deref};

use mutex_traits::ScopedRawMutex;

use super::{Counted, Semaphore, rule};
use crate::{
    Closed,
    blocking::DefaultMutex,
    raw::{Keeps, Yield},
    state::semaphore::{AtomicSemaphoreState, Attempt, SemaphoreState},
    waiter::Failure,
};

/// Permits of a [`Semaphore`], given back when this is dropped.
///
/// `K` is how it reaches the semaphore: a reference in a [`Permit`], an `Arc` in an [`OwnedPermit`].
///
/// # Memory ordering
///
/// Everything done before the permits are given back is visible to the task that acquires them next.
///
/// # Interrupts
///
/// Dropping it takes the raw lock only if a task waits; wakers are called without it.
#[must_use = "permits are given back when this is dropped"]
pub struct Permits<K: Keeps<Rule = Counted>> {
    /// At most the maximum, and zero after they were split off, merged or forgotten.
    permits: usize,
    keep: K,
}

/// Permits of a [`Semaphore`], given back when this is dropped.
///
/// Made by [`Semaphore::acquire`] and [`Semaphore::try_acquire`].
pub type Permit<'sem, Lock = DefaultMutex> = Permits<&'sem Semaphore<Lock>>;

/// A [`Permit`] that keeps its semaphore alive.
///
/// Made by [`Semaphore::acquire_owned`] and [`Semaphore::try_acquire_owned`].
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub type OwnedPermit<Lock = DefaultMutex> = Permits<alloc::sync::Arc<Semaphore<Lock>>>;

impl<K: Keeps<Rule = Counted>> Permits<K> {
    #[inline(always)]
    pub(super) fn new(keep: K, permits: usize) -> Self {
        Self { permits, keep }
    }

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
        self.permits
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
        self.permits = 0;
    }

    /// Splits `permits` of these off into a permit of their own; returns `None`, and changes nothing, if
    /// there are fewer.
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
    pub fn split(&mut self, permits: usize) -> Option<Self>
    where
        K: Clone,
    {
        let rest = self.permits.checked_sub(permits)?;
        // Cloned first: if that panics, nothing has changed.
        let keep = self.keep.clone();
        self.permits = rest;
        Some(Self { permits, keep })
    }
}

impl<K, Lock> Permits<K>
where
    Lock: ScopedRawMutex,
    K: Keeps<Rule = Counted, Lock = Lock> + Deref<Target = Semaphore<Lock>>,
{
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
        &self.keep
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
        let sum = self.permits + other.permits;
        SemaphoreState::check(sum);
        self.permits = sum;
        other.permits = 0;
    }
}

impl<K: Keeps<Rule = Counted>> Drop for Permits<K> {
    #[inline]
    fn drop(&mut self) {
        rule::give_back(self.keep.queue(), self.permits);
    }
}

impl<K: Keeps<Rule = Counted>> fmt::Debug for Permits<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permits").field("permits", &self.permits).finish_non_exhaustive()
    }
}

/// What the wait for permits yields.
#[derive(Debug)]
pub enum Granting {}

impl<K: Keeps<Rule = Counted>> Yield<K> for Granting {
    type Output = Result<Permits<K>, Closed>;

    #[inline(always)]
    fn finish(keep: K, permits: &mut usize, (): ()) -> Self::Output {
        Ok(Permits::new(keep, *permits))
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
