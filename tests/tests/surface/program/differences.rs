//! Where the locks and the semaphore of the two libraries differ on purpose: a defect of the old one per
//! test.
//!
//! The numbers are those of `README.md`. Each test asserts what the old library does, so that the list is
//! known to be true, and what this one does instead.

use alloc::{boxed::Box, vec::Vec};
use core::{
    cell::Cell,
    future::Future,
    marker::PhantomData,
    mem::ManuallyDrop,
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};
use std::{panic::catch_unwind, sync::MutexGuard};

use super::{
    OLD,
    sync::{
        Mutex, RwLockWriteGuard, Semaphore,
        blocking::{ConstInit, RawMutex, RawRwLock},
        semaphore::{Acquire, AcquireOwned, TryAcquireError},
        spin::{InitOnce, Lazy, RwSpinlock, once::TryInitError},
    },
    waits::watched::{Watched, is_held},
};
use tests::{Count, Hooks, SILENT, Task, leak, quiet};
use tests::{poll, ready};

/// More than two batches of wakers.
const MANY: usize = 40;

fn poll_with<F: Future + ?Sized>(waker: &Waker, future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(waker))
}

/// Polls a future that has ended: this library's panics, or has nothing more to say.
fn polled_again<F: Future + ?Sized>(future: Pin<&mut F>) -> Option<F::Output> {
    let polled = catch_unwind(AssertUnwindSafe(|| poll(future)));
    if let Ok(Poll::Ready(output)) = polled { Some(output) } else { None }
}

/// The old one's yields a guard beside the one that it has yielded before.
#[test]
fn d05_a_finished_lock_future_yields_a_second_guard() {
    let mutex = Mutex::new(());
    let mut lock = pin!(mutex.lock());
    // Neither is used, or dropped: this is about how many there are.
    let first = match poll(lock.as_mut()) {
        Poll::Ready(guard) => Some(ManuallyDrop::new(guard)),
        Poll::Pending => None,
    };
    let second = polled_again(lock.as_mut()).map(ManuallyDrop::new);
    assert!(first.is_some());
    assert_eq!(second.is_some(), OLD);
}

/// The old one's makes permits out of nothing, if it had to wait for the first ones.
#[test]
fn d05_a_finished_acquire_future_forges_permits() {
    let semaphore = Semaphore::new(0);
    let mut acquire = pin!(semaphore.acquire(3));
    assert!(poll(acquire.as_mut()).is_pending());
    semaphore.add_permits(3);
    let Poll::Ready(Ok(all)) = poll(acquire.as_mut()) else { panic!("there are three") };
    let forged = polled_again(acquire.as_mut()).and_then(Result::ok);
    assert_eq!(forged.map_or(0, |permit| permit.permits()), if OLD { 3 } else { 0 });
    drop(all);
    // One that took what was there, and one that was made.
    assert_eq!(semaphore.available_permits(), if OLD { 6 } else { 3 });
}

/// The old one deadlocks if a waker uses the semaphore that is being closed.
#[test]
fn d07_close_wakes_under_the_lock() {
    static WOKEN: Count = Count::new();
    static UNDER_THE_LOCK: Count = Count::new();

    let semaphore = Semaphore::new_with_raw_mutex(0, Watched::INIT);
    let waker = Hooks::new().on_wake(|| {
        WOKEN.up();
        UNDER_THE_LOCK.add(usize::from(is_held()));
    });
    let mut acquire = pin!(semaphore.acquire(1));
    assert!(poll_with(&waker.waker(), acquire.as_mut()).is_pending());
    semaphore.close();
    assert_eq!((WOKEN.get(), UNDER_THE_LOCK.get()), (1, usize::from(OLD)));
}

/// So does the clone of a waker, and the drop of the one that it replaces.
#[test]
fn d07_an_acquire_future_clones_and_drops_wakers_under_the_lock() {
    static CLONED: Count = Count::new();
    static DROPPED: Count = Count::new();

    let semaphore = Semaphore::new_with_raw_mutex(0, Watched::INIT);
    let first = Hooks::new()
        .on_clone(|| _ = CLONED.add(usize::from(is_held())))
        .on_drop(|| _ = DROPPED.add(usize::from(is_held())))
        .waker();
    let mut acquire = pin!(semaphore.acquire(1));
    assert!(poll_with(&first, acquire.as_mut()).is_pending());
    assert_eq!(CLONED.get(), usize::from(OLD));
    // Another task's.
    assert!(poll(acquire.as_mut()).is_pending());
    assert_eq!(DROPPED.get(), usize::from(OLD));
}

type Acquires<'a> = Vec<Pin<Box<Acquire<'a>>>>;

/// `MANY` that want one permit each; the first one does `first` when it is woken, the others count.
fn waiting<'a>(
    semaphore: &'a Semaphore,
    task: &Task,
    first: impl Fn() + Send + Sync + 'static,
) -> Acquires<'a> {
    let mut acquires: Acquires<'a> = (0..MANY).map(|_| Box::pin(semaphore.acquire(1))).collect();
    let first = Hooks::new().on_wake(first).waker();
    for (n, acquire) in acquires.iter_mut().enumerate() {
        let polled = if n == 0 { poll_with(&first, acquire.as_mut()) } else { task.poll(acquire.as_mut()) };
        assert!(polled.is_pending());
    }
    acquires
}

/// The old one forgets those that it has taken out of the queue and not woken yet, and the permits that are
/// left.
#[test]
fn d08_a_waker_that_panics_takes_wake_ups_and_permits_with_it() {
    quiet();
    let (semaphore, task) = (Semaphore::new(0), Task::new());
    let acquires = waiting(&semaphore, &task, || panic!("{}", SILENT));
    let added = catch_unwind(AssertUnwindSafe(|| semaphore.add_permits(MANY + 1)));
    assert!(added.is_err());
    assert_eq!(task.woken(), if OLD { 0 } else { MANY - 1 });
    assert_eq!(semaphore.available_permits(), usize::from(!OLD));
    drop(acquires);
    let all = semaphore.available_permits();
    assert_eq!(all < MANY + 1, OLD, "{all}");
}

/// The old one goes on with its batches, and what is left over counts upwards from "closed".
#[test]
fn d09_a_close_between_the_batches_of_add_permits_is_undone() {
    let (semaphore, task): (&Semaphore, _) = (leak(Semaphore::new(0)), Task::new());
    let acquires = waiting(semaphore, &task, || semaphore.close());
    // With overflow checks the old one panics after it has opened it again.
    let added = catch_unwind(AssertUnwindSafe(|| semaphore.add_permits(MANY + 5)));
    assert!(added.is_ok() || OLD);
    assert_eq!(semaphore.try_acquire(1).is_ok(), OLD);
    drop(acquires);
}

/// The old one has already changed the count when it says no: to the value that means "closed".
#[test]
fn d10_too_many_permits_close_the_semaphore() {
    let semaphore = Semaphore::new(Semaphore::<Watched>::MAX_PERMITS);
    assert!(catch_unwind(AssertUnwindSafe(|| semaphore.add_permits(1))).is_err());
    let acquired = semaphore.try_acquire(1).map(|permit| permit.permits());
    assert_eq!(acquired, if OLD { Err(TryAcquireError::Closed) } else { Ok(1) });
}

/// Whether a type has a trait: an inherent constant, for those that do, goes before the one of a trait, for
/// all.
macro_rules! has {
    ($type:ty: $($bound:tt)*) => {{
        #[expect(dead_code, reason = "one of the two constants is never used")]
        const fn has() -> bool {
            struct Check<T: ?Sized>(PhantomData<T>);
            impl<T: ?Sized + $($bound)*> Check<T> {
                const HAS: bool = true;
            }
            trait Otherwise {
                const HAS: bool = false;
            }
            impl<T: ?Sized> Otherwise for Check<T> {}
            <Check<$type>>::HAS
        }
        has()
    }};
}

/// The old one has written its impls once for the default lock, and not for the others.
#[test]
fn d15_a_write_guard_of_another_lock_is_for_looking() {
    assert!(has!(RwLockWriteGuard<'static, u8>: core::ops::DerefMut));
    assert_eq!(has!(RwLockWriteGuard<'static, u8, Watched>: core::ops::DerefMut), !OLD);
    assert_eq!(has!(RwLockWriteGuard<'static, u8, Watched>: core::fmt::Debug), !OLD);
    assert_eq!(has!(RwLockWriteGuard<'static, u8, Watched>: Send), !OLD);
}

/// A lock for one thread.
#[derive(Debug)]
struct Local(Watched, PhantomData<Cell<()>>);

#[expect(unsafe_code, reason = "a raw lock of the program's own")]
// SAFETY: forwards to a lock.
unsafe impl RawMutex for Local {
    type GuardMarker = PhantomData<*mut ()>;

    fn lock(&self) {
        self.0.lock();
    }

    fn try_lock(&self) -> bool {
        self.0.try_lock()
    }

    unsafe fn unlock(&self) {
        // SAFETY: the caller holds it.
        unsafe { self.0.unlock() };
    }

    fn is_locked(&self) -> bool {
        RawMutex::is_locked(&self.0)
    }
}

/// The old one asks too little before it says that threads may share something: the value of a `Lazy` can be
/// taken out by a thread that must not have it, and a future is shared although its lock must not be.
#[test]
fn d17_what_must_not_be_shared_is_sync() {
    assert_eq!(has!(Lazy<MutexGuard<'static, u8>>: Sync), OLD);
    assert_eq!(has!(InitOnce<MutexGuard<'static, u8>>: Sync), OLD);
    assert_eq!(has!(Acquire<'static, Local>: Sync), OLD);
    assert_eq!(has!(AcquireOwned<Local>: Sync), OLD);
    // Of other things it asks enough.
    assert!(!has!(Semaphore<Local>: Sync) && !has!(Lazy<MutexGuard<'static, u8>>: Send));
    let semaphore = Semaphore::new_with_raw_mutex(1, Local(Watched::INIT, PhantomData));
    assert!(ready(semaphore.acquire(1)).is_ok());
}

// Relatives of these, which are in no list.

/// The old one looks at a bit of the number of readers.
#[test]
fn r03_a_lock_of_two_readers_says_that_it_is_free() {
    let lock = RwSpinlock::INIT;
    for readers in 1..=4 {
        lock.lock_shared();
        assert_eq!(lock.is_locked(), !OLD || readers % 2 == 1, "{readers}");
    }
}

/// The old one's are errors only with a feature that does not compile any more.
#[test]
fn r04_errors_are_errors() {
    assert_eq!(has!(TryAcquireError: core::error::Error), !OLD);
    assert_eq!(has!(TryInitError<Cell<u8>>: core::error::Error), !OLD);
}
