//! A value beside the queue of those that wait for it, and what lends it out.
//!
//! # Invariants
//!
//! - **H1** As long as a `Hold` exists, the lock whose queue its `keep` leads to is held in its mode, and by
//!   it. A [`Held`] is the proof: the transition that takes the lock makes it, the one that gives it back
//!   uses it up. While a mode that is alone is held, nothing else holds that lock (the state table of its
//!   word).
//! - **H2** The value in the cell of a [`Guarded`] is reached by the holder of its lock, as the mode says,
//!   and otherwise by the one that owns the lock or has a `&mut` to it.
//! - **H3** `keep` leads to the same lock as long as it exists and keeps it in place, as the contract of
//!   [`LockPtr`] says.

use core::{
    marker::PhantomData,
    mem::ManuallyDrop,
    ops::{Deref, DerefMut},
    ptr::{self, NonNull},
};

use mutex_traits::ScopedRawMutex;

use super::{
    handle::{EraseData, HasQueue, LockPtr, Yield},
    queue::{Failure, Queue, Rule},
};
use crate::{
    shim::data::{DataCell, Tracking},
    state::Held,
};

/// A value that the one that has the [`Held`] of `queue` may reach.
pub(crate) struct Guarded<R: Rule, Lock, T: ?Sized> {
    queue: Queue<R, Lock>,
    data: DataCell<T>,
}

impl<R: Rule, Lock, T> Guarded<R, Lock, T> {
    const_fn! {
        pub(crate) fn new(queue: Queue<R, Lock>, value: T) -> Self {
            Self { queue, data: DataCell::new(value) }
        }
    }

    pub(crate) fn into_inner(self) -> T {
        self.data.into_inner()
    }
}

impl<R: Rule, Lock, T: ?Sized> Guarded<R, Lock, T> {
    #[inline(always)]
    pub(crate) fn queue(&self) -> &Queue<R, Lock> {
        &self.queue
    }

    #[inline(always)]
    pub(crate) fn data(&self) -> &DataCell<T> {
        &self.data
    }

    pub(crate) fn get_mut(&mut self) -> &mut T {
        // SAFETY: the cell's pointer is to a live value. The one that has a `&mut` to the lock reaches it
        // alone (H2): there is no guard, which would borrow the lock or share its ownership.
        unsafe { &mut *self.data.get() }
    }
}

// SAFETY: what blocks the auto impl is the value. It goes from thread to thread with the lock (Send), and
// with a mode that readers share, threads look at it together, which those modes' guards ask `T: Sync` for
// themselves: a lock without such a mode must be shareable without it.
unsafe impl<R: Shares<T>, Lock, T: ?Sized + Send> Sync for Guarded<R, Lock, T>
where
    Queue<R, Lock>: Sync,
    R::Bound: Sync,
{
}

/// What sharing a lock with this rule takes, besides `T: Send`: a type that is `Sync` exactly then.
pub(crate) trait Shares<T: ?Sized>: Rule {
    /// That type.
    type Bound: ?Sized;
}

/// A lock: a [`HasQueue`] with a value that its [`Held`] gives access to.
///
/// # Safety
///
/// `data` returns the same cell every time; it is a part of `self`, and guarded by the queue in `self` alone.
pub(crate) unsafe trait Lockable: HasQueue<Rule: Rule<Value = Held>> {
    /// The type of the value.
    type Data: ?Sized;

    /// Returns the value's cell.
    fn data(&self) -> &DataCell<Self::Data>;
}

/// Implements [`HasQueue`] and [`Lockable`] for a type around a [`Guarded`] in `self.$field`.
macro_rules! lockable {
    ([$($generics:tt)*] $type:ty: $rule:ty, $lock:ty, $data:ty, $field:ident) => {
        #[expect(unsafe_code, reason = "written here, next to the traits")]
        // SAFETY: the field is a part of its owner; `Padded` returns what is inside it, and `Guarded`
        // its own queue.
        unsafe impl<$($generics)*> $crate::engine::HasQueue for $type {
            type Rule = $rule;
            type Lock = $lock;

            #[inline(always)]
            fn queue(&self) -> &$crate::engine::Queue<$rule, $lock> {
                self.$field.queue()
            }
        }

        #[expect(unsafe_code, reason = "written here, next to the traits")]
        // SAFETY: the field is a part of its owner, and the queue and the cell are those of one `Guarded`,
        // the same each time. Nothing but guards, `&mut` and ownership reaches the cell.
        unsafe impl<$($generics)*> $crate::engine::Lockable for $type {
            type Data = $data;

            #[inline(always)]
            fn data(&self) -> &$crate::shim::data::DataCell<$data> {
                self.$field.data()
            }
        }
    };
}
pub(crate) use lockable;

/// A way to hold a lock whose rule is `R`.
///
/// The rule and its state word see to it that the one that has a [`Held`] from asking for this mode has the
/// access that the mode says: that is what a lock's state table shows, and what the guards below rely on.
pub(crate) trait LockMode<R: Rule>: Sized {
    /// Whether the holder is alone, and may change the value.
    const ALONE: bool;

    /// `Send` and `Sync` as a guard of a `T` may be, as far as the access itself is concerned.
    type Marker<T: ?Sized>;

    /// Takes the lock if it can be had at once.
    fn try_acquire(word: &R::Word) -> Option<Held>;

    /// Lets go of the lock.
    fn release<Lock: ScopedRawMutex>(queue: &Queue<R, Lock>, held: Held);
}

/// A mode in which the holder is alone.
pub(crate) trait ExclusiveMode<R: Rule>: LockMode<R> {}

/// `Send` and `Sync` where references to a `T` are.
#[derive(Debug)]
pub(crate) struct ByRef<T: ?Sized>(PhantomData<T>);

// SAFETY: there is nothing in it, so nothing that could be sent. It stands for a `&T`, which is `Send` when
// `T: Sync`.
unsafe impl<T: ?Sized + Sync> Send for ByRef<T> {}

// SAFETY: there is nothing in it, so nothing that could be shared. It stands for a `&T`, which is `Sync` when
// `T: Sync`.
unsafe impl<T: ?Sized + Sync> Sync for ByRef<T> {}

/// A lock that is held until this is dropped.
struct Hold<K: LockPtr, M: LockMode<K::Rule>> {
    track: ManuallyDrop<Tracking>,
    held: ManuallyDrop<Held>,
    mode: PhantomData<fn() -> M>,
    keep: K,
}

impl<K: LockPtr, M: LockMode<K::Rule>> Hold<K, M> {
    /// Gives up the duty to release, and returns what it takes to hold the lock in another way.
    #[inline(always)]
    fn into_parts(self) -> (K, Held, Tracking) {
        let mut this = ManuallyDrop::new(self);
        // SAFETY: `this` is not dropped, and `track` is not used again: it is moved out once.
        let track = unsafe { ManuallyDrop::take(&mut this.track) };
        // SAFETY: `this` is not dropped, and `held` is not used again: it is moved out once.
        let held = unsafe { ManuallyDrop::take(&mut this.held) };
        // SAFETY: the pointer is a field's. `this` is not dropped, and `keep` is not used again: it is moved
        // out once.
        let keep = unsafe { ptr::read(&raw const this.keep) };
        (keep, held, track)
    }
}

impl<K: LockPtr, M: LockMode<K::Rule>> Drop for Hold<K, M> {
    #[inline(always)]
    fn drop(&mut self) {
        // Before the lock is released: then it is another holder's value.
        // SAFETY: `drop` runs once, and neither it nor what is dropped after it uses `track` again.
        unsafe { ManuallyDrop::drop(&mut self.track) };
        // SAFETY: `drop` runs once, and neither it nor what is dropped after it uses `held` again.
        let held = unsafe { ManuallyDrop::take(&mut self.held) };
        M::release(self.keep.queue(), held);
    }
}

/// Access to the value of a lock until it is dropped.
///
/// `K` is how it reaches the lock (by reference or through an `Arc`), `M` is how it holds it; public guards
/// such as [`MutexGuard`](crate::MutexGuard) are types around it.
#[must_use = "a lock is released when its guard is dropped"]
pub(crate) struct Guard<K: LockPtr<Target: Lockable>, M: LockMode<K::Rule>> {
    hold: Hold<K, M>,
    marker: PhantomData<M::Marker<DataOf<K>>>,
}

/// A guard does not contain what it guards: nothing in it is pinned.
impl<K: LockPtr<Target: Lockable>, M: LockMode<K::Rule>> Unpin for Guard<K, M> {}

/// The value of the lock that `K` leads to.
pub(crate) type DataOf<K> = <<K as LockPtr>::Target as Lockable>::Data;

impl<K: LockPtr<Target: Lockable>, M: LockMode<K::Rule>> Guard<K, M> {
    /// Returns a guard of the lock that `keep` leads to and that `held` is the proof of.
    #[inline(always)]
    pub(crate) fn new(keep: K, held: Held) -> Self {
        // SAFETY: the reference is used for the cell alone, to which `held` is the proof of access (H2), and
        // is gone at the end of the line.
        let track = unsafe { keep.target() }.data().track(M::ALONE);
        Self {
            hold: Hold {
                track: ManuallyDrop::new(track),
                held: ManuallyDrop::new(held),
                mode: PhantomData,
                keep,
            },
            marker: PhantomData,
        }
    }

    /// Gives the access up, but not the lock.
    #[inline(always)]
    pub(crate) fn into_parts(self) -> (K, Held) {
        let (keep, held, _track) = self.hold.into_parts();
        (keep, held)
    }

    /// The value.
    #[inline(always)]
    fn data(&self) -> *mut DataOf<K> {
        // SAFETY: the reference is used for the cell alone, to which the lock that is held gives access (H2),
        // and is gone at the end of the line.
        unsafe { self.hold.keep.target() }.data().get()
    }

    /// Narrows the guard to what `f` finds in the value.
    pub(crate) fn map_ref<U: ?Sized>(self, f: impl FnOnce(&DataOf<K>) -> &U) -> MappedGuard<K::Erased, M, U>
    where
        K: EraseData,
    {
        let part = NonNull::from(f(&self));
        MappedGuard::new(self.hold, part)
    }

    /// Narrows the guard to what `f` finds in the value, or gives it back.
    pub(crate) fn try_map_ref<U: ?Sized>(
        self,
        f: impl FnOnce(&DataOf<K>) -> Option<&U>,
    ) -> Result<MappedGuard<K::Erased, M, U>, Self>
    where
        K: EraseData,
    {
        match f(&self).map(NonNull::from) {
            Some(part) => Ok(MappedGuard::new(self.hold, part)),
            None => Err(self),
        }
    }

    /// Narrows the guard to what `f` finds in the value.
    pub(crate) fn map_mut<U: ?Sized>(
        mut self,
        f: impl FnOnce(&mut DataOf<K>) -> &mut U,
    ) -> MappedGuard<K::Erased, M, U>
    where
        K: EraseData,
        M: ExclusiveMode<K::Rule>,
    {
        let part = NonNull::from(f(&mut self));
        MappedGuard::new(self.hold, part)
    }

    /// Narrows the guard to what `f` finds in the value, or gives it back.
    pub(crate) fn try_map_mut<U: ?Sized>(
        mut self,
        f: impl FnOnce(&mut DataOf<K>) -> Option<&mut U>,
    ) -> Result<MappedGuard<K::Erased, M, U>, Self>
    where
        K: EraseData,
        M: ExclusiveMode<K::Rule>,
    {
        match f(&mut self).map(NonNull::from) {
            Some(part) => Ok(MappedGuard::new(self.hold, part)),
            None => Err(self),
        }
    }
}

// SAFETY: both functions return what those of `keep` do: the same place every time, which is kept in place as
// long as `keep` exists, which is as long as the guard (H3).
unsafe impl<K: LockPtr<Target: Lockable>, M: LockMode<K::Rule>> LockPtr for Guard<K, M> {
    type Target = K::Target;
    type Rule = K::Rule;
    type Lock = K::Lock;

    #[inline(always)]
    unsafe fn target(&self) -> &K::Target {
        // SAFETY: `keep` asks for what is asked of us: that the reference is used for the queue or what
        // the access gives, and is passed on to nothing else. Our caller promises that.
        unsafe { self.hold.keep.target() }
    }

    #[inline(always)]
    fn queue(&self) -> &Queue<K::Rule, K::Lock> {
        self.hold.keep.queue()
    }
}

impl<K: LockPtr<Target: Lockable>, M: LockMode<K::Rule>> Deref for Guard<K, M> {
    type Target = DataOf<K>;

    #[inline(always)]
    fn deref(&self) -> &DataOf<K> {
        // SAFETY: the lock is held (H1), in a mode that lets its holder look at the value, as all do; one
        // that else holds it looks, too, at most (H2). The value stays in place as long as `keep` exists
        // (H3), which the result borrows.
        unsafe { &*self.data() }
    }
}

impl<K: LockPtr<Target: Lockable>, M: ExclusiveMode<K::Rule>> DerefMut for Guard<K, M> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut DataOf<K> {
        // SAFETY: the lock is held alone (H1), so that this guard alone reaches the value (H2), and the guard
        // is borrowed mutably by the result. The value stays in place as long as `keep` exists (H3), which
        // that borrows.
        unsafe { &mut *self.data() }
    }
}

/// Access to a part of the value of a lock until it is dropped.
///
/// Made by `map` and `try_map` of the guards; public ones such as
/// [`MappedMutexGuard`](crate::mutex::MappedMutexGuard) are types around it.
#[must_use = "a lock is released when its guard is dropped"]
pub(crate) struct MappedGuard<K: LockPtr, M: LockMode<K::Rule>, U: ?Sized> {
    /// Into the value of the lock, which is held in mode `M`.
    part: NonNull<U>,
    hold: Hold<K, M>,
    marker: PhantomData<M::Marker<U>>,
}

/// As for [`Guard`].
impl<K: LockPtr, M: LockMode<K::Rule>, U: ?Sized> Unpin for MappedGuard<K, M, U> {}

// SAFETY: what blocks the auto impl is `part`, a reference into the value of the lock: shared, or exclusive
// where the mode is alone. `M::Marker<U>` is `Send` where that kind of access to a `U` may go to another
// thread. The rest is `keep`, for which `K: Send` is asked; the proof and the tracking are no pointers to
// follow.
unsafe impl<K: LockPtr + Send, M: LockMode<K::Rule>, U: ?Sized> Send for MappedGuard<K, M, U> where
    M::Marker<U>: Send
{
}

// SAFETY: what blocks the auto impl is `part`, a reference into the value of the lock. A shared guard gives
// out `&U` of it, and `M::Marker<U>` is `Sync` where that is allowed; of the rest, `keep` is reached through
// it, for which `K: Sync` is asked.
unsafe impl<K: LockPtr + Sync, M: LockMode<K::Rule>, U: ?Sized> Sync for MappedGuard<K, M, U> where
    M::Marker<U>: Sync
{
}

impl<K: LockPtr, M: LockMode<K::Rule>, U: ?Sized> MappedGuard<K, M, U> {
    fn new<From>(hold: Hold<From, M>, part: NonNull<U>) -> Self
    where
        From: EraseData<Erased = K, Rule = K::Rule>,
    {
        let (keep, proof, track) = hold.into_parts();
        Self {
            part,
            hold: Hold {
                track: ManuallyDrop::new(track),
                held: ManuallyDrop::new(proof),
                mode: PhantomData,
                keep: keep.erase(),
            },
            marker: PhantomData,
        }
    }

    fn with_part<V: ?Sized>(self, part: NonNull<V>) -> MappedGuard<K, M, V> {
        MappedGuard { part, hold: self.hold, marker: PhantomData }
    }

    /// Narrows the guard further.
    pub(crate) fn map_ref<V: ?Sized>(self, f: impl FnOnce(&U) -> &V) -> MappedGuard<K, M, V> {
        let part = NonNull::from(f(&self));
        self.with_part(part)
    }

    /// Narrows the guard further, or gives it back.
    pub(crate) fn try_map_ref<V: ?Sized>(
        self,
        f: impl FnOnce(&U) -> Option<&V>,
    ) -> Result<MappedGuard<K, M, V>, Self> {
        match f(&self).map(NonNull::from) {
            Some(part) => Ok(self.with_part(part)),
            None => Err(self),
        }
    }

    /// Narrows the guard further.
    pub(crate) fn map_mut<V: ?Sized>(mut self, f: impl FnOnce(&mut U) -> &mut V) -> MappedGuard<K, M, V>
    where
        M: ExclusiveMode<K::Rule>,
    {
        let part = NonNull::from(f(&mut self));
        self.with_part(part)
    }

    /// Narrows the guard further, or gives it back.
    pub(crate) fn try_map_mut<V: ?Sized>(
        mut self,
        f: impl FnOnce(&mut U) -> Option<&mut V>,
    ) -> Result<MappedGuard<K, M, V>, Self>
    where
        M: ExclusiveMode<K::Rule>,
    {
        match f(&mut self).map(NonNull::from) {
            Some(part) => Ok(self.with_part(part)),
            None => Err(self),
        }
    }
}

impl<K: LockPtr, M: LockMode<K::Rule>, U: ?Sized> Deref for MappedGuard<K, M, U> {
    type Target = U;

    #[inline(always)]
    fn deref(&self) -> &U {
        // SAFETY: `part` was borrowed from a guard of the same lock in the same mode. That guard's `Hold` is
        // in this one, so that the lock has been held ever since (H1), and another that holds it looks at
        // most (H2). The value stays in place as long as `keep` exists (H3; a narrowed one keeps what the
        // first did).
        unsafe { self.part.as_ref() }
    }
}

impl<K: LockPtr, M: ExclusiveMode<K::Rule>, U: ?Sized> DerefMut for MappedGuard<K, M, U> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut U {
        // SAFETY: `M` is alone. Those modes have only the mapping functions that borrow `part` mutably from a
        // guard, whose `Hold` is in this one: so the lock has been held alone ever since (H1), only this
        // guard leads to the part (H2), and the guard is borrowed mutably by the result. The value stays in
        // place as long as `keep` exists (H3).
        unsafe { self.part.as_mut() }
    }
}

/// A guard with a name of its own, around the [`Guard`] of a whole value.
pub(crate) trait Named: Sized {
    /// How it reaches the lock.
    type Keep: LockPtr<Target: Lockable, Rule: Rule<Value = Held>>;
    /// How it holds it.
    type Mode: LockMode<<Self::Keep as LockPtr>::Rule>;

    /// Gives the guard its name.
    fn named(guard: Guard<Self::Keep, Self::Mode>) -> Self;

    /// Takes it away.
    fn unnamed(self) -> Guard<Self::Keep, Self::Mode>;

    /// Takes the lock that `keep` leads to, if it can be had at once; gives `keep` back otherwise.
    #[inline(always)]
    fn try_new(keep: Self::Keep) -> Result<Self, Self::Keep> {
        match Self::Mode::try_acquire(keep.queue().word()) {
            Some(held) => Ok(Self::named(Guard::new(keep, held))),
            None => Err(keep),
        }
    }
}

/// What the wait for a lock yields: the guard `G`.
#[derive(Debug)]
pub(crate) struct YieldsGuard<G>(PhantomData<fn() -> G>);

impl<G: Named> Yield<G::Keep> for YieldsGuard<G> {
    type Output = G;

    #[inline(always)]
    fn finish(keep: G::Keep, _: &mut <<G::Keep as LockPtr>::Rule as Rule>::Waiter, held: Held) -> G {
        G::named(Guard::new(keep, held))
    }

    #[inline(always)]
    fn fast(
        word: &<<G::Keep as LockPtr>::Rule as Rule>::Word,
        _: &<<G::Keep as LockPtr>::Rule as Rule>::Waiter,
    ) -> Option<Held> {
        G::Mode::try_acquire(word)
    }

    fn fail(_: Failure) -> G {
        unreachable!("a lock is never closed, and refuses no waiter")
    }

    fn spent() -> G {
        panic!("a lock future was polled again after it was ready: it yields one guard")
    }

    type Subscribed = ();

    /// A lock is never closed, and refuses no waiter.
    fn subscribed(_: Result<(), Failure>) {}
}
