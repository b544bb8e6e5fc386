//! What a lock for readers and writers is.

/// A lock that many readers or one writer hold: what a [`blocking::RwLock`](crate::blocking::RwLock) is made
/// of.
///
/// [`RwSpinlock`](crate::lock::spin::RwSpinlock) is one. Implement it for a lock of your own that, say, masks
/// interrupts or asks a scheduler.
///
/// # Safety
///
/// - While an exclusive lock is held, none of the methods that take a lock takes one, shared or exclusive;
///   while a shared lock is held, none takes an exclusive one. A lock is held from when `lock_*` returns, or
///   `try_lock_*` returns true, until the matching `unlock_*`.
/// - Taking a lock *synchronises with* every earlier release that let it be taken: what was done under an
///   exclusive lock is seen by all that lock afterwards, and what was done under a shared one by the next
///   exclusive one.
/// - If `GuardMarker` is [`Send`] then a lock may be released on another thread than the one that took it.
pub unsafe trait RawRwLock {
    /// `()`, or a type that is not [`Send`] if a lock must be released where it was taken.
    type GuardMarker;

    /// Waits until no exclusive lock is held, and takes a shared one.
    fn lock_shared(&self);

    /// Takes a shared lock if that is possible at once; returns whether it did.
    #[must_use = "the lock is held if this is true, and must then be released"]
    fn try_lock_shared(&self) -> bool;

    /// Releases a shared lock.
    ///
    /// # Safety
    ///
    /// The caller holds a shared lock, and does not act on it any more.
    unsafe fn unlock_shared(&self);

    /// Waits until it is not locked, and takes an exclusive lock.
    fn lock_exclusive(&self);

    /// Takes an exclusive lock if that is possible at once; returns whether it did.
    #[must_use = "the lock is held if this is true, and must then be released"]
    fn try_lock_exclusive(&self) -> bool;

    /// Releases an exclusive lock.
    ///
    /// # Safety
    ///
    /// The caller holds the exclusive lock, and does not act on it any more.
    unsafe fn unlock_exclusive(&self);

    /// Returns whether it is locked, shared or exclusively. Out of date as soon as it is known.
    fn is_locked(&self) -> bool;

    /// Returns whether it is locked exclusively. Out of date as soon as it is known.
    fn is_locked_exclusive(&self) -> bool;
}
