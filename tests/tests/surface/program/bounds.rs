//! What generic code of a program asks of the types: it compiles, or it does not.

use alloc::{string::String, sync::Arc};
use core::{
    cell::Cell,
    fmt::{Debug, Display},
    future::Future,
    hash::Hash,
    panic::{RefUnwindSafe, UnwindSafe},
};

use super::{
    sync::{
        self, Closed, Mutex, MutexGuard, OwnedMutexGuard, OwnedRwLockReadGuard, OwnedRwLockWriteGuard,
        RwLock, RwLockReadGuard, RwLockWriteGuard, Semaphore, WaitCell, WaitMap, WaitQueue, WaitResult,
        blocking::{self, ConstInit, DefaultMutex, RawMutex, RawRwLock, ScopedRawMutex},
        mutex, rwlock, semaphore,
        spin::{self, InitOnce, Lazy, RwSpinlock, Spinlock, once},
        util::{Backoff, CachePadded},
        wait_cell, wait_map, wait_queue,
    },
    waits::watched::Watched,
};

/// `check!(bounds: types)`: each of the types has all of the bounds.
macro_rules! check {
    ($([$($bounds:tt)*]: $($type:ty),+ $(,)?;)*) => {$(
        const _: () = {
            const fn check<T: ?Sized + $($bounds)*>() {}
            $(check::<$type>();)+
        };
    )*};
}

check! {
    // What is shared between threads, and between tasks of several.
    [Send + Sync]:
        WaitCell, WaitQueue, WaitQueue<Spinlock>, WaitMap<u8, Cell<u8>>, WaitMap<u8, String, Spinlock>,
        Semaphore, Semaphore<Watched>, Mutex<Cell<u8>>, Mutex<String, Spinlock>, Mutex<dyn Debug + Send>,
        RwLock<u8>, RwLock<[String]>, RwLock<u8, Watched>, RwLock<dyn Debug + Send + Sync>,
        blocking::Mutex<Cell<u8>>, blocking::Mutex<u8, Spinlock>, blocking::RwLock<u8>, blocking::RwLock<str>,
        DefaultMutex, Spinlock, RwSpinlock, InitOnce<u8>, Lazy<u8>, CachePadded<u8>, Backoff;
    // What moves with a task.
    [Send]:
        wait_cell::Wait<'_>, wait_cell::Subscribe<'_>, wait_queue::Wait<'_>, wait_queue::WaitOwned,
        wait_map::Wait<'_, u8, Cell<u8>>, wait_map::Subscribe<'_, '_, u8, u8>, wait_map::WaitOwned<u8, u8>,
        semaphore::Acquire<'_>, semaphore::AcquireOwned, semaphore::AcquireOwned<Watched>,
        mutex::Lock<'_, Cell<u8>>, mutex::Lock<'_, dyn Debug + Send>,
        MutexGuard<'_, Cell<u8>>, OwnedMutexGuard<Cell<u8>, DefaultMutex>, RwLockReadGuard<'_, u8>,
        RwLockWriteGuard<'_, u8>, OwnedRwLockReadGuard<u8>, OwnedRwLockWriteGuard<u8>,
        semaphore::Permit<'_>, semaphore::OwnedPermit, semaphore::Permit<'_, Watched>,
        blocking::MutexGuard<'_, Cell<u8>, Spinlock>, blocking::RwLockReadGuard<'_, u8>,
        blocking::RwLockWriteGuard<'_, u8>, once::TryInitError<Cell<u8>>, wait_map::WakeOutcome<Cell<u8>>;
    [Sync]:
        wait_cell::Wait<'_>, wait_cell::Subscribe<'_>, semaphore::Acquire<'_>, semaphore::AcquireOwned,
        MutexGuard<'_, u8>, OwnedMutexGuard<u8, DefaultMutex>, RwLockReadGuard<'_, u8>, RwLockWriteGuard<'_, u8>,
        OwnedRwLockReadGuard<u8>, OwnedRwLockWriteGuard<u8>, semaphore::Permit<'_>, semaphore::OwnedPermit,
        blocking::RwLockReadGuard<'_, u8>, blocking::RwLockWriteGuard<'_, u8>;
    // What may be moved although it was polled, or lies in a pinned struct.
    [Unpin]:
        wait_cell::Wait<'_>, wait_cell::Subscribe<'_>, wait_map::Subscribe<'_, '_, u8, u8>,
        MutexGuard<'_, u8>, OwnedMutexGuard<u8, DefaultMutex>, RwLockReadGuard<'_, u8>, RwLockWriteGuard<'_, u8>,
        OwnedRwLockReadGuard<u8>, OwnedRwLockWriteGuard<u8>, semaphore::Permit<'_>, semaphore::OwnedPermit,
        blocking::MutexGuard<'_, u8, Spinlock>, blocking::RwLockReadGuard<'_, u8>,
        blocking::RwLockWriteGuard<'_, u8>, WaitCell, WaitQueue, WaitMap<u8, u8>, Semaphore, Mutex<u8>, RwLock<u8>,
        blocking::Mutex<u8>, blocking::RwLock<u8>, InitOnce<u8>, Lazy<u8>;
    [UnwindSafe]:
        WaitCell, blocking::Mutex<u8>, blocking::RwLock<u8>, InitOnce<u8>, Lazy<u8>, Closed,
        semaphore::TryAcquireError, wait_map::WaitError, wait_map::WakeOutcome<u8>, once::TryInitError<u8>;
    [RefUnwindSafe]:
        DefaultMutex, Spinlock, RwSpinlock, Closed, CachePadded<u8>, Backoff, once::TryInitError<u8>;
    [Future<Output = WaitResult<()>>]:
        wait_cell::Wait<'_>, wait_queue::Wait<'_>, wait_queue::WaitOwned<Spinlock>;
    [Future<Output = wait_map::WaitResult<u16>>]:
        wait_map::Wait<'_, u8, u16>, wait_map::WaitOwned<u8, u16, Spinlock>;
    [Future<Output = wait_map::WaitResult<()>>]: wait_map::Subscribe<'_, '_, u8, u16>;
    [Future<Output = MutexGuard<'static, u8, Spinlock>>]: mutex::Lock<'static, u8, Spinlock>;
    [Future<Output = WaitResult<semaphore::Permit<'static>>>]: semaphore::Acquire<'static>;
    [Future<Output = WaitResult<semaphore::OwnedPermit<Watched>>>]: semaphore::AcquireOwned<Watched>;
    [Default]:
        WaitCell, WaitQueue, WaitQueue<Spinlock>, WaitMap<u8, u8>, WaitMap<u8, u8, Spinlock>, Mutex<String>,
        RwLock<String>, blocking::Mutex<u8>, blocking::Mutex<u8, Spinlock>, DefaultMutex, Spinlock, Backoff,
        CachePadded<String>;
    [From<u8>]: blocking::RwLock<u8>;
    [Debug]:
        WaitCell, WaitQueue, WaitMap<u8, u8>, Semaphore, Mutex<[u8]>, RwLock<[u8]>, blocking::Mutex<u8>,
        blocking::RwLock<u8>, InitOnce<u8>, Lazy<u8>, once::TryInitError<Cell<fn()>>, DefaultMutex, Spinlock, RwSpinlock,
        wait_cell::Wait<'_>, wait_cell::Subscribe<'_>, wait_queue::Wait<'_>, wait_queue::WaitOwned,
        wait_map::Wait<'_, u8, u8>, wait_map::WaitOwned<u8, u8>, wait_map::Subscribe<'_, '_, u8, u8>,
        wait_map::WakeOutcome<u8>, semaphore::Acquire<'_>, semaphore::AcquireOwned, semaphore::Permit<'_>,
        semaphore::OwnedPermit, mutex::Lock<'_, u8>, MutexGuard<'_, str>, OwnedMutexGuard<str, Spinlock>,
        RwLockReadGuard<'_, str>, RwLockWriteGuard<'_, str>, OwnedRwLockReadGuard<str>, OwnedRwLockWriteGuard<str>,
        blocking::MutexGuard<'_, u8, Spinlock>, blocking::RwLockReadGuard<'_, str>,
        blocking::RwLockWriteGuard<'_, str>;
    [Display]:
        Closed, semaphore::TryAcquireError, wait_map::WaitError, once::TryInitError<Cell<u8>>,
        blocking::MutexGuard<'_, u8, Spinlock>, blocking::RwLockReadGuard<'_, str>,
        blocking::RwLockWriteGuard<'_, str>;
    [Copy + Clone]: Closed, wait_map::WaitError, wait_cell::PollWaitError, Backoff, CachePadded<u8>;
    [PartialEq + Eq]:
        Closed, wait_map::WaitError, wait_cell::PollWaitError, semaphore::TryAcquireError, CachePadded<u8>;
    [Hash]: CachePadded<u8>;
    [ConstInit]: DefaultMutex, Spinlock, RwSpinlock;
    [ScopedRawMutex]: DefaultMutex, Spinlock;
    [RawMutex<GuardMarker = ()>]: Spinlock;
    [RawRwLock<GuardMarker = ()>]: RwSpinlock;
}

/// The names at the top are those of the modules.
#[test]
fn names_are_the_same_types() {
    fn same<T: ?Sized>(_: [&T; 0], _: [&T; 0]) {}
    same::<sync::Mutex<u8>>([], [] as [&mutex::Mutex<u8, DefaultMutex>; 0]);
    same::<sync::MutexGuard<'_, u8>>([], [] as [&mutex::MutexGuard<'_, u8, DefaultMutex>; 0]);
    same::<sync::OwnedMutexGuard<u8, Spinlock>>([], [] as [&mutex::OwnedMutexGuard<u8, Spinlock>; 0]);
    // Their default lock is a spinlock in one library and the default mutex in the other: see
    // `surface/README.md`.
    same::<sync::RwLock<u8, Spinlock>>([], [] as [&rwlock::RwLock<u8, Spinlock>; 0]);
    same::<sync::RwLockReadGuard<'_, u8, Spinlock>>(
        [],
        [] as [&rwlock::RwLockReadGuard<'_, u8, Spinlock>; 0],
    );
    same::<sync::RwLockWriteGuard<'_, u8, Spinlock>>(
        [],
        [] as [&rwlock::RwLockWriteGuard<'_, u8, Spinlock>; 0],
    );
    same::<sync::OwnedRwLockReadGuard<u8>>([], [] as [&rwlock::OwnedRwLockReadGuard<u8>; 0]);
    same::<sync::OwnedRwLockWriteGuard<u8>>([], [] as [&rwlock::OwnedRwLockWriteGuard<u8>; 0]);
    same::<sync::Semaphore<Spinlock>>([], [] as [&semaphore::Semaphore<Spinlock>; 0]);
    same::<sync::WaitCell>([], [] as [&wait_cell::WaitCell; 0]);
    same::<sync::WaitQueue>([], [] as [&wait_queue::WaitQueue<DefaultMutex>; 0]);
    same::<sync::WaitMap<u8, u8>>([], [] as [&wait_map::WaitMap<u8, u8, DefaultMutex>; 0]);
    same::<spin::InitOnce<u8>>([], [] as [&once::InitOnce<u8>; 0]);
    same::<spin::Lazy<u8>>([], [] as [&once::Lazy<u8, fn() -> u8>; 0]);
    same::<blocking::RwLock<u8>>([], [] as [&blocking::RwLock<u8, RwSpinlock>; 0]);
    same::<blocking::Mutex<u8>>([], [] as [&blocking::Mutex<u8, DefaultMutex>; 0]);
    same::<WaitResult<u8>>([], [] as [&Result<u8, Closed>; 0]);
}

/// Owned futures and guards outlive the place where they were made.
#[test]
fn what_is_owned_is_static() {
    fn owned<T: 'static>(value: T) -> T {
        value
    }
    let mutex = Arc::new(Mutex::new(1));
    let lock = Arc::new(RwLock::new(2));
    let semaphore = Arc::new(Semaphore::new(1));
    let guard = owned(tests::ready(owned(Arc::clone(&mutex).lock_owned())));
    let read = owned(lock.try_read_owned());
    let permit = owned(tests::ready(owned(semaphore.acquire_owned(1))));
    drop((mutex, lock, semaphore));
    assert_eq!((*guard, read.as_deref(), permit.map(|permit| permit.permits())), (1, Some(&2), Ok(1)));
}
