//! The rule of a [`RwLock`](super::RwLock): the oldest first, and all behind it that can hold the lock
//! alongside.

use core::marker::PhantomData;

use mutex_traits::ScopedRawMutex;

use crate::{
    engine::{
        Admission, ByRef, ExclusiveMode, Failure, Guard, LentWait, ListOf, LockMode, LockPtr, Lockable,
        Named, Queue, Rule, Shares, Yield,
    },
    state::{
        Held,
        rwlock::{Access, AtomicRwLockState, Change, Enter, Leave, RwLockState},
    },
    waiter::{
        admission::{self, AdmissionRule},
        wait::{Departure, withdraw},
    },
};

/// The rule of a [`RwLock`](super::RwLock).
#[derive(Debug)]
pub(crate) enum RwLockRule {}

impl Rule for RwLockRule {
    type Word = AtomicRwLockState;
    type State = ();
    type Waiter = Access;
    type Value = Held;

    // Cost: without LTO, waiting for the lock would be a call into this crate, of some 20 instructions.
    #[inline]
    fn enter(
        word: &AtomicRwLockState,
        _: &mut ListOf<Self>,
        access: &mut Access,
        _: usize,
    ) -> Admission<Held, Access> {
        match word.enter(*access) {
            Enter::Held(held) => Admission::Ready(held),
            // Everything in line also waits for the one that upgrades.
            Enter::Queue if *access == Access::Upgrade => Admission::PushFront,
            Enter::Queue => Admission::PushBack(0),
        }
    }

    fn abandon<Lock: ScopedRawMutex>(wait: LentWait<'_, Self, Lock>) {
        withdraw(wait, |Departure { queue, list, waiter, given, .. }| {
            let change = given.take().map(|_used_up| match *waiter {
                // The guard that asked for the upgrade is still there, and releases the lock as an upgradable
                // reader.
                Access::Upgrade => Change::Exchange(Access::Write, Access::Upgradable),
                access => Change::Release(access),
            });
            // And without it, the next one may fit.
            admission::admit::<Self>(queue.word(), list, making(change))
        });
    }
}

impl AdmissionRule for RwLockRule {
    const OWN: bool = true;

    #[inline(always)]
    fn admit(word: RwLockState, access: &Access) -> Option<(RwLockState, Held)> {
        word.admit(*access)
    }
}

/// Makes `change`, if there is one, and lets in those at the front of the line that fit.
#[cold]
#[inline(never)]
fn hand_over<Lock: ScopedRawMutex>(queue: &Queue<RwLockRule, Lock>, change: Option<Change>) {
    admission::hand_over(queue, making(change));
}

/// What makes `change`, if there is one; of one type wherever it is made.
fn making(change: Option<Change>) -> impl Fn(RwLockState) -> Option<RwLockState> {
    move |word| Some(change.map_or(word, |change| word.after(change)))
}

#[inline(always)]
fn release<Lock: ScopedRawMutex>(queue: &Queue<RwLockRule, Lock>, access: Access, held: Held) {
    match queue.word().release(access, held) {
        Leave::Done => {}
        Leave::HandOver => hand_over(queue, None),
        Leave::NotYet(_used_up) => hand_over(queue, Some(Change::Release(access))),
    }
}

/// Holds the lock in another mode, which is compatible with the other holders.
#[inline(always)]
pub(super) fn exchange<K, From, To>(guard: Guard<K, From>) -> Guard<K, To>
where
    K: LockPtr<Rule = RwLockRule, Target: Lockable>,
    From: RwLockMode,
    To: RwLockMode,
{
    let (keep, held) = guard.into_parts();
    match keep.queue().word().exchange(From::ACCESS, To::ACCESS, held) {
        Ok(held) => Guard::new(keep, held),
        Err(held) => {
            // Made before the waiters that come in are told: if one of their wakers panics, the new guard
            // releases what the word says.
            let guard = Guard::new(keep, held);
            hand_over(guard.queue(), Some(Change::Exchange(From::ACCESS, To::ACCESS)));
            guard
        }
    }
}

/// Turns the upgradable reader into the writer, if there is no other reader.
#[inline(always)]
pub(super) fn try_upgrade<Lock: ScopedRawMutex>(queue: &Queue<RwLockRule, Lock>) -> Option<Held> {
    queue.word().try_upgrade().or_else(|| try_upgrade_locked(queue))
}

#[cold]
#[inline(never)]
fn try_upgrade_locked<Lock: ScopedRawMutex>(queue: &Queue<RwLockRule, Lock>) -> Option<Held> {
    queue.with_list(|_| queue.word().try_upgrade_locked())
}

impl<T: ?Sized> Shares<T> for RwLockRule {
    // Two readers may look at the same time.
    type Bound = ByRef<T>;
}

/// Holding a [`RwLock`](super::RwLock) alongside other readers.
#[derive(Debug)]
pub(crate) enum ReadMode {}

/// Holding a [`RwLock`](super::RwLock) alongside other readers, with the right to become the writer.
#[derive(Debug)]
pub(crate) enum UpgradableMode {}

/// Holding a [`RwLock`](super::RwLock) exclusively.
#[derive(Debug)]
pub(crate) enum WriteMode {}

/// A mode, as the word knows it.
pub(super) trait RwLockMode: LockMode<RwLockRule> {
    const ACCESS: Access;
}

impl RwLockMode for ReadMode {
    const ACCESS: Access = Access::Read;
}

impl RwLockMode for UpgradableMode {
    const ACCESS: Access = Access::Upgradable;
}

impl RwLockMode for WriteMode {
    const ACCESS: Access = Access::Write;
}

impl LockMode<RwLockRule> for ReadMode {
    const ALONE: bool = false;
    type Marker<T: ?Sized> = ByRef<T>;

    #[inline(always)]
    fn try_acquire(word: &AtomicRwLockState) -> Option<Held> {
        word.try_enter(Access::Read)
    }

    #[inline(always)]
    fn release<Lock: ScopedRawMutex>(queue: &Queue<RwLockRule, Lock>, held: Held) {
        release(queue, Access::Read, held);
    }
}

impl LockMode<RwLockRule> for UpgradableMode {
    const ALONE: bool = false;
    // It may become the writer, and a reader again.
    type Marker<T: ?Sized> = (PhantomData<T>, ByRef<T>);

    #[inline(always)]
    fn try_acquire(word: &AtomicRwLockState) -> Option<Held> {
        word.try_enter(Access::Upgradable)
    }

    #[inline(always)]
    fn release<Lock: ScopedRawMutex>(queue: &Queue<RwLockRule, Lock>, held: Held) {
        release(queue, Access::Upgradable, held);
    }
}

impl LockMode<RwLockRule> for WriteMode {
    const ALONE: bool = true;
    // It may become a reader, alongside which others read.
    type Marker<T: ?Sized> = (PhantomData<T>, ByRef<T>);

    #[inline(always)]
    fn try_acquire(word: &AtomicRwLockState) -> Option<Held> {
        word.try_enter(Access::Write)
    }

    #[inline(always)]
    fn release<Lock: ScopedRawMutex>(queue: &Queue<RwLockRule, Lock>, held: Held) {
        release(queue, Access::Write, held);
    }
}

impl ExclusiveMode<RwLockRule> for WriteMode {}

/// What the wait of an upgrade yields: the writer's guard `W`, made from the upgradable reader's.
#[derive(Debug)]
pub(crate) struct Upgrading<W>(PhantomData<fn() -> W>);

impl<K, W> Yield<Guard<K, UpgradableMode>> for Upgrading<W>
where
    K: LockPtr<Target: Lockable, Rule = RwLockRule>,
    W: Named<Keep = K, Mode = WriteMode>,
{
    type Output = W;

    #[inline(always)]
    fn finish(keep: Guard<K, UpgradableMode>, _: &mut Access, held: Held) -> W {
        // The upgrade has used up what the other guard held.
        let (keep, _used_up) = keep.into_parts();
        W::named(Guard::new(keep, held))
    }

    #[inline(always)]
    fn fast(word: &AtomicRwLockState, _: &Access) -> Option<Held> {
        word.try_upgrade()
    }

    fn fail(_: Failure) -> W {
        unreachable!("a lock is never closed, and refuses no waiter")
    }

    fn spent() -> W {
        panic!("an upgrade was polled again after it was ready: it yields one guard")
    }

    type Subscribed = ();

    /// A lock is never closed, and refuses no waiter.
    fn subscribed(_: Result<(), Failure>) {}
}
