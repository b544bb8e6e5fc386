//! How a future or a guard reaches its queue: by reference, or through an `Arc` that it owns.

use core::{fmt, marker::PhantomData, ptr::NonNull};

use mutex_traits::ScopedRawMutex;

use super::queue::{Failure, Queue, Rule, Yields};

/// A way to one queue, and what a wait that goes this way yields.
///
/// # Safety
///
/// Every call of `queue` returns the same queue, which neither moves nor goes away while the handle
/// exists, wherever the handle itself is moved to (N7). Otherwise a node would be unlinked from a list it
/// is not in.
#[expect(unnameable_types, reason = "sealed: no other crate may implement or call it")]
pub unsafe trait QueueRef<R: Rule, Lock>: Sized {
    /// What a wait yields.
    type Output;

    /// What becomes of the handle when the wait yields: it goes with what is yielded (`Self`), or it stays
    /// with the wait, which may be polled again (nothing: `()`).
    type Given: Given<Self>;

    /// Returns the queue.
    fn queue(&self) -> &Queue<R, Lock>;

    /// Before the lock, inline: [`Rule::fast`], or what comes to the same for the waiters of such a handle.
    #[inline(always)]
    fn fast(word: &R::Word, waiter: &R::Waiter, epoch: usize) -> Option<R::Value> {
        R::fast(word, waiter, epoch)
    }

    /// Turns what the wait was given into what it yields.
    fn finish(handle: Self::Given, waiter: &mut R::Waiter, value: R::Value) -> Self::Output;

    /// Turns the reason why it was given nothing into what the wait yields.
    fn fail(failure: Failure) -> Self::Output;

    /// What a wait yields that is polled again after it was ready; or it panics.
    fn spent() -> Self::Output;

    /// What [`Subscribe`](crate::waiter::Subscribe) yields.
    type Subscribed;

    /// Turns what came of it into that.
    fn subscribed(outcome: Result<(), Failure>) -> Self::Subscribed;
}

/// Nothing, or the handle itself.
#[expect(unnameable_types, reason = "sealed: no other crate may implement or call it")]
pub trait Given<H>: Sized {
    /// Whether it is the handle.
    const TAKES: bool;

    /// Calls `take` for the handle, if this is the handle.
    fn given(take: impl FnOnce() -> H) -> Self;
}

impl<H> Given<H> for () {
    const TAKES: bool = false;

    #[inline(always)]
    fn given(_: impl FnOnce() -> H) {}
}

impl<K: LockPtr, Y: Yield<K>> Given<Self> for LockHandle<K, Y> {
    const TAKES: bool = true;

    #[inline(always)]
    fn given(take: impl FnOnce() -> Self) -> Self {
        take()
    }
}

// SAFETY: a reference returns what it points to, the same each time, wherever the reference is moved to; and
// as long as it exists, that is neither moved nor dropped (N7).
unsafe impl<R: Yields, Lock> QueueRef<R, Lock> for &Queue<R, Lock> {
    type Output = Result<R::Item, R::Error>;
    type Given = ();

    #[inline(always)]
    fn queue(&self) -> &Queue<R, Lock> {
        self
    }

    #[inline(always)]
    fn finish((): (), _: &mut R::Waiter, value: R::Value) -> Self::Output {
        Ok(R::item(value))
    }

    fn fail(failure: Failure) -> Self::Output {
        Err(R::error(failure))
    }

    fn spent() -> Self::Output {
        R::spent()
    }

    type Subscribed = Result<(), R::Error>;

    fn subscribed(outcome: Result<(), Failure>) -> Self::Subscribed {
        outcome.map_err(R::error)
    }
}

/// A primitive of this crate with a queue inside, for guards, permits and their futures.
///
/// # Safety
///
/// `queue` returns the same queue every time, and it is a part of `self`, not behind a pointer.
pub(crate) unsafe trait HasQueue {
    /// What runs the queue.
    type Rule: Rule;
    /// The raw lock under which it keeps its list.
    type Lock: ScopedRawMutex;

    /// Returns the queue inside.
    fn queue(&self) -> &Queue<Self::Rule, Self::Lock>;
}

// SAFETY: a queue returns itself, the same each time, which is not behind a pointer.
unsafe impl<R: Rule, Lock: ScopedRawMutex> HasQueue for Queue<R, Lock> {
    type Rule = R;
    type Lock = Lock;

    #[inline(always)]
    fn queue(&self) -> &Self {
        self
    }
}

/// A [`HasQueue`] that stays where it is as long as the pointer exists.
///
/// # Safety
///
/// `target` returns the same place every time.
pub(crate) unsafe trait LockPtr: Sized {
    /// What it points to.
    type Target: ?Sized + HasQueue<Rule = Self::Rule, Lock = Self::Lock>;
    /// What runs the queue inside.
    type Rule: Rule;
    /// The queue's raw lock.
    type Lock: ScopedRawMutex;

    /// Returns what it points to.
    ///
    /// # Safety
    ///
    /// The pointer may have come to this thread though the target may not be shared with it. The caller uses
    /// the queue inside, or what its access gives it, and does not pass the reference on.
    unsafe fn target(&self) -> &Self::Target;

    /// Returns the queue inside.
    fn queue(&self) -> &Queue<Self::Rule, Self::Lock>;
}

// SAFETY: a reference returns what it points to, the same each time, and as long as it exists, that is
// neither moved nor dropped; the queue is a part of it, as `HasQueue` promises.
unsafe impl<C: ?Sized + HasQueue> LockPtr for &C {
    type Target = C;
    type Rule = C::Rule;
    type Lock = C::Lock;

    #[inline(always)]
    unsafe fn target(&self) -> &C {
        self
    }

    #[inline(always)]
    fn queue(&self) -> &Queue<C::Rule, C::Lock> {
        C::queue(self)
    }
}

/// A pointer that can forget the type of what else is there besides the queue, or is content with it.
///
/// # Safety
///
/// `erase` returns a pointer that leads to the same queue, and keeps in place whatever `self` kept.
pub(crate) unsafe trait EraseData: LockPtr {
    /// The pointer without that type.
    type Erased: LockPtr<Rule = Self::Rule, Lock = Self::Lock>;

    /// Forgets that type.
    fn erase(self) -> Self::Erased;
}

/// What a wait yields that reaches its queue through a `K`.
pub(crate) trait Yield<K: LockPtr> {
    /// What it yields.
    type Output;

    /// Turns what the wait was given into what it yields.
    fn finish(
        keep: K,
        waiter: &mut <K::Rule as Rule>::Waiter,
        value: <K::Rule as Rule>::Value,
    ) -> Self::Output;

    /// [`Rule::fast`] for waiters that wait for this.
    fn fast(
        word: &<K::Rule as Rule>::Word,
        waiter: &<K::Rule as Rule>::Waiter,
    ) -> Option<<K::Rule as Rule>::Value>;

    /// Turns the reason why it was given nothing into what it yields.
    fn fail(failure: Failure) -> Self::Output;

    /// Panics, and says why: the wait was polled again after it was ready, and has given `K` away.
    fn spent() -> Self::Output;

    /// What registering the wait ahead of time yields.
    type Subscribed;

    /// Turns what came of it into that.
    fn subscribed(outcome: Result<(), Failure>) -> Self::Subscribed;
}

/// The handle of the waits of guards and permits, which get the `K` when they are made.
pub(crate) struct LockHandle<K: LockPtr, Y: Yield<K>> {
    keep: K,
    /// A wait that goes to another thread may yield there.
    yields: PhantomData<Y::Output>,
}

impl<K: LockPtr, Y: Yield<K>> LockHandle<K, Y> {
    #[inline(always)]
    pub(crate) fn new(keep: K) -> Self {
        Self { keep, yields: PhantomData }
    }
}

impl<K: LockPtr, Y: Yield<K>> fmt::Debug for LockHandle<K, Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Via").finish_non_exhaustive()
    }
}

// SAFETY: what `K` leads to stays the same, and in place as long as the `K` exists, as `LockPtr` promises;
// the queue is a part of it, as `HasQueue` does. The `K` is in here, and is dropped with this (N7).
unsafe impl<K: LockPtr, Y: Yield<K>> QueueRef<K::Rule, K::Lock> for LockHandle<K, Y> {
    type Output = Y::Output;
    type Given = Self;

    #[inline(always)]
    fn queue(&self) -> &Queue<K::Rule, K::Lock> {
        self.keep.queue()
    }

    #[inline(always)]
    fn fast(
        word: &<K::Rule as Rule>::Word,
        waiter: &<K::Rule as Rule>::Waiter,
        _: usize,
    ) -> Option<<K::Rule as Rule>::Value> {
        Y::fast(word, waiter)
    }

    #[inline(always)]
    fn finish(
        this: Self,
        waiter: &mut <K::Rule as Rule>::Waiter,
        value: <K::Rule as Rule>::Value,
    ) -> Y::Output {
        Y::finish(this.keep, waiter, value)
    }

    fn fail(failure: Failure) -> Y::Output {
        Y::fail(failure)
    }

    #[cold]
    fn spent() -> Y::Output {
        Y::spent()
    }

    type Subscribed = Y::Subscribed;

    fn subscribed(outcome: Result<(), Failure>) -> Y::Subscribed {
        Y::subscribed(outcome)
    }
}

/// A reference that promises less to other threads than `&C` does: only the queue is shared with them.
///
/// So a guard of a `C` may be sent as its access allows, whatever `C` would say.
pub(crate) struct Ref<'a, C: ?Sized> {
    target: NonNull<C>,
    borrow: PhantomData<&'a C>,
}

impl<'a, C: ?Sized> Ref<'a, C> {
    #[inline(always)]
    pub(crate) fn new(target: &'a C) -> Self {
        Self { target: NonNull::from(target), borrow: PhantomData }
    }
}

impl<C: ?Sized> Clone for Ref<'_, C> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: ?Sized> Copy for Ref<'_, C> {}

// SAFETY: what blocks the auto impl is the pointer. It is a `&C`, of which `queue` gives out the queue
// inside, which may be shared as the bound says. Anything else is reached by `target`, whose contract allows
// what a guard has access to, for which guards have bounds of their own.
unsafe impl<C: ?Sized + HasQueue> Send for Ref<'_, C> where Queue<C::Rule, C::Lock>: Sync {}

// SAFETY: what blocks the auto impl is the pointer. It is `Copy`, so that sharing it is sending it: a `&C` of
// which `queue` gives out the queue inside, which may be shared as the bound says, and `target` what a guard
// has access to, for which guards have bounds of their own.
unsafe impl<C: ?Sized + HasQueue> Sync for Ref<'_, C> where Queue<C::Rule, C::Lock>: Sync {}

// SAFETY: it was made of a reference, which its lifetime borrows: it leads to the same place each time, and
// as long as it exists, that is neither moved nor dropped; the queue is a part of it, as `HasQueue` promises.
unsafe impl<C: ?Sized + HasQueue> LockPtr for Ref<'_, C> {
    type Target = C;
    type Rule = C::Rule;
    type Lock = C::Lock;

    #[inline(always)]
    unsafe fn target(&self) -> &C {
        // SAFETY: made of a reference, whose lifetime is longer than that of `self`, so that the target is
        // there, and is borrowed mutably by nothing. What may be done with it on this thread, our caller
        // promises.
        unsafe { self.target.as_ref() }
    }

    #[inline(always)]
    fn queue(&self) -> &Queue<C::Rule, C::Lock> {
        // SAFETY: the reference is used for the queue inside, which may be shared with this thread: else the
        // `Ref` could not have come here (`Send`, `Sync`).
        unsafe { self.target() }.queue()
    }
}

// SAFETY: it becomes a reference to the queue inside, with the same lifetime, which borrows the whole of `C`.
unsafe impl<'a, C: ?Sized + HasQueue> EraseData for Ref<'a, C> {
    type Erased = Ref<'a, Queue<C::Rule, C::Lock>>;

    #[inline(always)]
    fn erase(self) -> Self::Erased {
        // SAFETY: made of a reference with this lifetime, so that the target is there, and is borrowed
        // mutably by nothing. It is used for the queue inside, which may be shared with this thread: else the
        // `Ref` could not have come here (`Send`, `Sync`).
        Ref::new(unsafe { self.target.as_ref() }.queue())
    }
}

impl<C: ?Sized> fmt::Debug for Ref<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Pointer::fmt(&self.target, f)
    }
}

/// Implements [`HasQueue`] for a type with the queue in `self.$field`, perhaps below others: the one place
/// where raw takes a type of another module for granted, and what it takes for granted is in the macro.
macro_rules! contains {
    ([$($generics:tt)*] $type:ty: $rule:ty, $lock:ty, $($field:ident).+) => {
        #[expect(unsafe_code, reason = "written here, next to the trait")]
        // SAFETY: every field on the way is a part of its owner; none of their types has a `Deref` but
        // `Padded`, which returns what is inside it.
        unsafe impl<$($generics)*> $crate::engine::HasQueue for $type {
            type Rule = $rule;
            type Lock = $lock;

            #[inline(always)]
            fn queue(&self) -> &$crate::engine::Queue<$rule, $lock> {
                &self.$($field).+
            }
        }
    };
}
pub(crate) use contains;

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pub use self::owned::{AsQueue, Owned};

#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
mod owned {
    use alloc::sync::Arc;
    use core::{fmt, ptr::NonNull};

    use super::{
        super::queue::WaiterOf, EraseData, Failure, HasQueue, LockPtr, Queue, QueueRef, Rule, Yields,
    };

    // SAFETY: an `Arc` returns what it points to, the same each time, and as long as it exists, that is
    // neither moved nor dropped; the queue is a part of it, as `HasQueue` promises.
    unsafe impl<C: ?Sized + HasQueue> LockPtr for Arc<C> {
        type Target = C;
        type Rule = C::Rule;
        type Lock = C::Lock;

        #[inline(always)]
        unsafe fn target(&self) -> &C {
            self
        }

        #[inline(always)]
        fn queue(&self) -> &Queue<C::Rule, C::Lock> {
            C::queue(self)
        }
    }

    // SAFETY: the pointer stays as it is, and so does what it leads to and keeps.
    unsafe impl<C: ?Sized + HasQueue> EraseData for Arc<C> {
        type Erased = Self;

        #[inline(always)]
        fn erase(self) -> Self {
            self
        }
    }

    /// A type that is a queue with a name and methods of its own.
    ///
    /// `#[primitive]` and `#[wait_map]` implement it for the types they make. It is safe to implement, so
    /// nothing is taken for granted of it.
    pub trait AsQueue {
        /// What runs the queue.
        type Rule: Rule;
        /// The raw lock under which it keeps its list.
        type Lock;

        /// Returns the queue inside in which `waiter` waits.
        fn as_queue(&self, waiter: &WaiterOf<Self::Rule>) -> &Queue<Self::Rule, Self::Lock>;
    }

    /// An `Arc` of something with a queue inside.
    pub struct Owned<T: AsQueue> {
        /// The queue inside `*keep`.
        queue: NonNull<Queue<T::Rule, T::Lock>>,
        keep: Arc<T>,
    }

    // SAFETY: what blocks the auto impl is `queue`, a shared reference that `*keep` lends: it may go where a
    // `&Queue` may, which is where the queue is `Sync`; and `keep` where an `Arc<T>` may.
    unsafe impl<T: AsQueue> Send for Owned<T>
    where
        Arc<T>: Send,
        Queue<T::Rule, T::Lock>: Sync,
    {
    }

    // SAFETY: what blocks the auto impl is `queue`. A `&Owned` gives out a `&Queue`, which may be shared
    // where the queue is `Sync`; and of `keep`, for which `Arc<T>: Sync` is asked, the address.
    unsafe impl<T: AsQueue> Sync for Owned<T>
    where
        Arc<T>: Sync,
        Queue<T::Rule, T::Lock>: Sync,
    {
    }

    impl<T: AsQueue> Owned<T> {
        /// Asks `keep` once for the queue inside it.
        #[inline]
        pub(crate) fn new(keep: Arc<T>, waiter: &WaiterOf<T::Rule>) -> Self {
            Self { queue: NonNull::from(keep.as_queue(waiter)), keep }
        }
    }

    // SAFETY: `queue` was asked for once, so that it is the same each time, whatever `as_queue` would say
    // then (N7). It came from a `&T` that the `Arc` could go on lending as long as it is held: the value is
    // not moved, dropped or borrowed mutably while a strong reference exists, and this one is held, and given
    // to nothing, until the handle ends. Whatever `as_queue` returned for that `&T` is therefore there as
    // long.
    unsafe impl<T: AsQueue<Rule: Yields>> QueueRef<T::Rule, T::Lock> for Owned<T> {
        type Output = Result<<T::Rule as Yields>::Item, <T::Rule as Yields>::Error>;
        type Given = ();

        #[inline(always)]
        fn queue(&self) -> &Queue<T::Rule, T::Lock> {
            // SAFETY: what `as_queue` returned for a `&T` is there, and shared, as long as `*keep` could be
            // lent, which is as long as `self` exists.
            unsafe { self.queue.as_ref() }
        }

        #[inline(always)]
        fn finish(
            (): (),
            _: &mut <T::Rule as Rule>::Waiter,
            value: <T::Rule as Rule>::Value,
        ) -> Self::Output {
            Ok(T::Rule::item(value))
        }

        fn fail(failure: Failure) -> Self::Output {
            Err(T::Rule::error(failure))
        }

        fn spent() -> Self::Output {
            T::Rule::spent()
        }

        type Subscribed = Result<(), <T::Rule as Yields>::Error>;

        fn subscribed(outcome: Result<(), Failure>) -> Self::Subscribed {
            outcome.map_err(T::Rule::error)
        }
    }

    impl<T: AsQueue> fmt::Debug for Owned<T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("Owned").field("keep", &Arc::as_ptr(&self.keep)).finish_non_exhaustive()
        }
    }
}
