//! Every lock does what its row in the tables says, so that like is compared with like.

extern crate alloc;

mod common;

use alloc::sync::Arc;
use core::cell::Cell;
use core::ops::{Deref, DerefMut};
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use std::sync::LazyLock;
use std::thread;

use benches::ops::{forever, pending, ready};
use benches::peers::{
    AcquireMany, AsyncMutex, AsyncRwLock, AsyncSemaphore, BareMutex, BlockingMutex, BlockingRwLock,
    EmbassyMutex, EmbassyRwLock, EmbassySemaphore, FairMutex, FairSemaphore, LazyValue, OwnedMutex,
    SaaSemaphore,
};
use benches::with_locks;
use common::Crowd;

/// One poll of a future that is dropped then.
fn poll<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

fn excludes<M: AsyncMutex>() {
    let mutex = forever(M::default());
    let guard = ready(poll(mutex.lock()));
    assert!(mutex.try_lock().is_none());
    pending(&poll(mutex.lock()));
    drop(guard);
    let guard = mutex.try_lock();
    assert!(guard.is_some());
    pending(&poll(mutex.lock()));
    drop(guard);
    ready(poll(mutex.lock()));
}

fn guards_its_number<M: AsyncMutex<Guard: DerefMut<Target = u64>>>() {
    let mutex = forever(M::default());
    *ready(poll(mutex.lock())) += 1;
    *mutex.try_lock().expect("it is free") += 1;
    assert_eq!(*ready(poll(mutex.lock())), 2);
}

/// The task that is woken is the oldest, and has the lock when polled.
fn serves_the_oldest<M: AsyncMutex>() {
    let mutex = forever(M::default());
    let mut guard = mutex.try_lock().expect("it is free");
    let mut crowd = Crowd::new((0..4).map(|_| mutex.lock()));
    crowd.cancel(1);
    for oldest in [0, 2, 3] {
        assert!(crowd.woken().is_empty());
        drop(guard);
        assert_eq!(crowd.woken(), [oldest]);
        guard = crowd.complete(oldest);
    }
    drop(guard);
    assert!(crowd.woken().is_empty());
    assert!(mutex.try_lock().is_some());
}

/// Between the unlock and the poll of the oldest, no other task gets the lock.
fn admits_no_newcomer<M: AsyncMutex>() {
    let mutex = forever(M::default());
    let guard = mutex.try_lock().expect("it is free");
    let mut crowd = Crowd::new((0..2).map(|_| mutex.lock()));
    drop(guard);
    assert!(mutex.try_lock().is_none());
    pending(&poll(mutex.lock()));
    pending(&crowd.poll(1));
    crowd.complete(0);
}

fn owns_its_mutex<M: OwnedMutex>() {
    let mutex = Arc::new(M::default());
    let guard = ready(poll(M::lock_owned(&mutex)));
    assert_eq!(Arc::strong_count(&mutex), 2);
    pending(&poll(M::lock_owned(&mutex)));
    drop(guard);
    assert_eq!(Arc::strong_count(&mutex), 1);
    ready(poll(M::lock_owned(&mutex)));
}

fn readers_share<L: AsyncRwLock<Read: Deref<Target = u64>, Write: DerefMut<Target = u64>>>() {
    let lock = forever(L::default());
    *ready(poll(lock.write())) += 1;
    let readers = [ready(poll(lock.read())), ready(poll(lock.read()))];
    pending(&poll(lock.write()));
    assert!(readers.iter().all(|reader| **reader == 1));
    drop(readers);
    let writer = ready(poll(lock.write()));
    pending(&poll(lock.read()));
    pending(&poll(lock.write()));
    drop(writer);
    ready(poll(lock.read()));
}

fn counts_its_permits<S: AsyncSemaphore>() {
    let semaphore = forever(S::with_permits(2));
    let first = ready(poll(semaphore.acquire()));
    let second = ready(poll(semaphore.acquire()));
    pending(&poll(semaphore.acquire()));
    drop(first);
    S::forget(ready(poll(semaphore.acquire())));
    pending(&poll(semaphore.acquire()));
    drop(second);
    let last = ready(poll(semaphore.acquire()));
    pending(&poll(semaphore.acquire()));
    semaphore.release();
    ready(poll(semaphore.acquire()));
    drop(last);
}

fn gives_many<S: AcquireMany>() {
    let semaphore = forever(S::with_permits(16));
    let halves = [ready(poll(semaphore.acquire_many(8))), ready(poll(semaphore.acquire_many(8)))];
    pending(&poll(semaphore.acquire()));
    drop(halves);
    S::forget(ready(poll(semaphore.acquire_many(9))));
    pending(&poll(semaphore.acquire_many(8)));
    ready(poll(semaphore.acquire_many(7)));
}

/// The first task that is woken is the oldest. (async-lock's semaphore wakes the next one too, without
/// effect.)
fn gives_to_the_oldest<S: AsyncSemaphore>() {
    let semaphore = forever(S::with_permits(0));
    let mut crowd = Crowd::new((0..3).map(|_| semaphore.acquire()));
    let mut woken = Vec::new();
    for oldest in 0..3 {
        semaphore.release();
        woken.extend(crowd.woken());
        assert_eq!(woken.get(oldest), Some(&oldest), "{woken:?}");
        S::forget(crowd.complete(oldest));
    }
    pending(&poll(semaphore.acquire()));
}

/// Two threads that count.
fn count_to_2000(increment: impl Fn() + Sync) {
    let thousand = || (0..1000).for_each(|_| increment());
    thread::scope(|scope| {
        scope.spawn(thousand);
        scope.spawn(thousand);
    });
}

fn excludes_threads<M: BlockingMutex<Guard: DerefMut<Target = u64>> + Sync>() {
    let mutex = forever(M::default());
    count_to_2000(|| *mutex.lock() += 1);
    assert_eq!(*mutex.lock(), 2000);
}

fn threads_share<L>()
where
    L: BlockingRwLock<Read: Deref<Target = u64>, Write: DerefMut<Target = u64>> + Sync,
{
    let lock = forever(L::from(7));
    count_to_2000(|| *lock.write() += 1);
    let readers = [lock.read(), lock.read()];
    assert!(readers.iter().all(|reader| **reader == 2007));
}

fn computes_once<L: LazyValue>() {
    thread_local! {
        static COMPUTED: Cell<u64> = const { Cell::new(0) };
    }
    COMPUTED.set(0);
    let value = forever(L::new(|| {
        COMPUTED.set(COMPUTED.get() + 1);
        COMPUTED.get()
    }));
    assert_eq!(COMPUTED.get(), 0);
    assert_eq!(*value.get(), 1);
    assert_eq!(*value.get(), 1);
}

#[test]
fn a_mutex_has_one_holder() {
    macro_rules! same {
        ($library:ident, $_variant:ident) => {
            excludes::<$library::Mutex<u64>>();
            guards_its_number::<$library::Mutex<u64>>();
        };
    }
    with_locks!(same);
    excludes::<tokio::sync::Mutex<u64>>();
    excludes::<async_lock::Mutex<u64>>();
    excludes::<futures_util::lock::Mutex<u64>>();
    excludes::<FairMutex>();
    excludes::<EmbassyMutex>();
    excludes::<mea::mutex::Mutex<u64>>();
    excludes::<saa::Mutex<u64>>();
    excludes::<BareMutex>();
    guards_its_number::<tokio::sync::Mutex<u64>>();
    guards_its_number::<async_lock::Mutex<u64>>();
    guards_its_number::<futures_util::lock::Mutex<u64>>();
    guards_its_number::<FairMutex>();
    guards_its_number::<EmbassyMutex>();
    guards_its_number::<mea::mutex::Mutex<u64>>();
    guards_its_number::<saa::Mutex<u64>>();
}

#[test]
fn a_mutex_goes_to_the_oldest() {
    macro_rules! same {
        ($library:ident, $_variant:ident) => {
            serves_the_oldest::<$library::Mutex<u64>>();
        };
    }
    with_locks!(same);
    serves_the_oldest::<tokio::sync::Mutex<u64>>();
    serves_the_oldest::<async_lock::Mutex<u64>>();
    serves_the_oldest::<FairMutex>();
    serves_the_oldest::<mea::mutex::Mutex<u64>>();
    serves_the_oldest::<saa::Mutex<u64>>();
}

#[test]
fn a_fair_mutex_admits_no_newcomer() {
    macro_rules! same {
        ($library:ident, $_variant:ident) => {
            admits_no_newcomer::<$library::Mutex<u64>>();
        };
    }
    with_locks!(same);
    admits_no_newcomer::<tokio::sync::Mutex<u64>>();
    admits_no_newcomer::<FairMutex>();
    admits_no_newcomer::<mea::mutex::Mutex<u64>>();
    admits_no_newcomer::<saa::Mutex<u64>>();
}

#[test]
fn an_owned_guard_has_a_share_of_its_mutex() {
    macro_rules! same {
        ($library:ident, $_variant:ident) => {
            owns_its_mutex::<$library::Mutex<u64>>();
        };
    }
    with_locks!(same);
    owns_its_mutex::<tokio::sync::Mutex<u64>>();
    owns_its_mutex::<async_lock::Mutex<u64>>();
    owns_its_mutex::<futures_util::lock::Mutex<u64>>();
    owns_its_mutex::<mea::mutex::Mutex<u64>>();
}

#[test]
fn readers_share_and_a_writer_does_not() {
    macro_rules! same {
        ($library:ident, $_variant:ident) => {
            readers_share::<$library::RwLock<u64>>();
        };
    }
    with_locks!(same);
    readers_share::<tokio::sync::RwLock<u64>>();
    readers_share::<async_lock::RwLock<u64>>();
    readers_share::<EmbassyRwLock>();
    readers_share::<mea::rwlock::RwLock<u64>>();
    readers_share::<saa::RwLock<u64>>();
}

#[test]
fn a_semaphore_counts_its_permits() {
    macro_rules! same {
        ($library:ident, $_variant:ident) => {
            counts_its_permits::<$library::Semaphore>();
            gives_many::<$library::Semaphore>();
        };
    }
    with_locks!(same);
    counts_its_permits::<tokio::sync::Semaphore>();
    counts_its_permits::<async_lock::Semaphore>();
    counts_its_permits::<FairSemaphore>();
    counts_its_permits::<EmbassySemaphore>();
    counts_its_permits::<mea::semaphore::Semaphore>();
    counts_its_permits::<SaaSemaphore>();
    gives_many::<tokio::sync::Semaphore>();
    gives_many::<FairSemaphore>();
    gives_many::<EmbassySemaphore>();
    gives_many::<mea::semaphore::Semaphore>();
    gives_many::<SaaSemaphore>();
}

#[test]
fn a_permit_goes_to_the_oldest() {
    macro_rules! same {
        ($library:ident, $_variant:ident) => {
            gives_to_the_oldest::<$library::Semaphore>();
        };
    }
    with_locks!(same);
    gives_to_the_oldest::<tokio::sync::Semaphore>();
    gives_to_the_oldest::<async_lock::Semaphore>();
    gives_to_the_oldest::<FairSemaphore>();
    gives_to_the_oldest::<mea::semaphore::Semaphore>();
    gives_to_the_oldest::<SaaSemaphore>();
}

#[test]
fn a_blocking_lock_has_one_holder_or_many_readers() {
    macro_rules! same {
        ($library:ident, $_variant:ident) => {
            excludes_threads::<$library::blocking::Mutex<u64, $library::spin::Spinlock>>();
            threads_share::<$library::blocking::RwLock<u64>>();
        };
    }
    with_locks!(same);
    excludes_threads::<std::sync::Mutex<u64>>();
    excludes_threads::<parking_lot::Mutex<u64>>();
    excludes_threads::<spin::Mutex<u64>>();
    excludes_threads::<spinning_top::Spinlock<u64>>();
    threads_share::<std::sync::RwLock<u64>>();
    threads_share::<parking_lot::RwLock<u64>>();
    threads_share::<spin::RwLock<u64>>();
    threads_share::<spinning_top::RwSpinlock<u64>>();
}

#[test]
fn a_lazy_value_is_computed_once() {
    macro_rules! same {
        ($library:ident, $_variant:ident) => {
            computes_once::<$library::spin::Lazy<u64>>();
        };
    }
    with_locks!(same);
    computes_once::<LazyLock<u64>>();
    computes_once::<spin::LazyLock<u64>>();
    computes_once::<embassy_sync::lazy_lock::LazyLock<u64>>();
}
