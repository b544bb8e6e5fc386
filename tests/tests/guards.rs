//! Guards and their parts, values that are not sized, and everything else that locks have besides waiting.

#![cfg(not(loom))]

extern crate alloc;

use alloc::{boxed::Box, sync::Arc};
use core::{fmt, panic::AssertUnwindSafe, task::Poll};
use std::panic::catch_unwind;

use sync_core::{
    Mutex, MutexGuard, OwnedMutexGuard, OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock, RwLockReadGuard,
    RwLockUpgradableReadGuard, RwLockWriteGuard, Semaphore,
    blocking::{ConstInit, DefaultMutex},
    mutex::{MappedMutexGuard, OwnedMappedMutexGuard},
    rwlock::{
        MappedRwLockReadGuard, MappedRwLockWriteGuard, OwnedMappedRwLockReadGuard,
        OwnedMappedRwLockWriteGuard,
    },
    spin::Spinlock,
};
use tests::{SILENT, Task, Tracker, quiet, ready};

type Pair = ([u8; 2], &'static str);

const PAIR: Pair = ([1, 2], "pair");

/// A part of a part, which changes the whole, and releases it once.
#[test]
fn parts_of_a_mutex() {
    let mutex = Mutex::new(PAIR);
    let numbers: MappedMutexGuard<'_, [u8; 2]> =
        MutexGuard::map(mutex.try_lock().unwrap(), |pair| &mut pair.0);
    assert_eq!(format!("{numbers:?}"), "[1, 2]");
    let mut second: MappedMutexGuard<'_, u8> = MappedMutexGuard::map(numbers, |numbers| &mut numbers[1]);
    assert_eq!(format!("{second:?} {second}"), "2 2");
    *second += 5;
    assert!(mutex.try_lock().is_none());
    // A task waits meanwhile.
    let (task, mut waits) = (Task::new(), Box::pin(mutex.lock()));
    assert!(task.poll(waits.as_mut()).is_pending());
    drop(second);
    assert_eq!(task.woken(), 1);
    let Poll::Ready(guard) = task.poll(waits.as_mut()) else { panic!("it was handed over") };
    assert_eq!(guard.0, [1, 7]);
    // What is not sized.
    let mut slice: MappedMutexGuard<'_, [u8]> = MutexGuard::map(guard, |pair| &mut pair.0[..1]);
    slice[0] = 3;
    drop((slice, waits));
    assert_eq!(mutex.into_inner().0, [3, 7]);
}

#[test]
fn parts_that_are_there_or_not() {
    let mutex = Mutex::new(vec![1, 2]);
    let guard = mutex.try_lock().unwrap();
    let Err(guard) = MutexGuard::try_map(guard, |list| list.get_mut(5)) else { panic!("there is none") };
    assert_eq!(guard.len(), 2);
    assert!(mutex.try_lock().is_none());
    let Ok(part) = MutexGuard::try_map(guard, |list| list.get_mut(1)) else { panic!("there is one") };
    let Err(part) = MappedMutexGuard::try_map(part, |_| None::<&mut u8>) else { panic!("there is none") };
    let Ok(mut part) = MappedMutexGuard::try_map(part, |number| Some(number)) else { panic!("there is one") };
    *part = 4;
    drop(part);
    assert_eq!(*mutex.try_lock().unwrap(), [1, 4]);

    let lock = RwLock::new(vec![1, 2]);
    let guard = lock.try_write().unwrap();
    let Err(guard) = RwLockWriteGuard::try_map(guard, |list| list.get_mut(5)) else {
        panic!("there is none")
    };
    let Ok(part) = RwLockWriteGuard::try_map(guard, |list| list.get_mut(1)) else { panic!("there is one") };
    let Err(part) = MappedRwLockWriteGuard::try_map(part, |_| None::<&mut u8>) else {
        panic!("there is none")
    };
    let Ok(mut part) = MappedRwLockWriteGuard::try_map(part, |number| Some(number)) else {
        panic!("there is one")
    };
    *part = 4;
    assert!(lock.try_read().is_none());
    drop(part);
    let guard = lock.try_read().unwrap();
    let Err(guard) = RwLockReadGuard::try_map(guard, |list| list.get(5)) else { panic!("there is none") };
    let Ok(part) = RwLockReadGuard::try_map(guard, |list| list.get(1)) else { panic!("there is one") };
    let Err(part) = MappedRwLockReadGuard::try_map(part, |_| None::<&u8>) else { panic!("there is none") };
    let Ok(part) = MappedRwLockReadGuard::try_map(part, |number| Some(number)) else {
        panic!("there is one")
    };
    assert_eq!((*part, lock.try_read().is_some(), lock.try_write().is_none()), (4, true, true));
    drop(part);
    assert!(lock.try_write().is_some());
}

/// Each part counts as the reader that it was made of.
#[test]
fn parts_of_a_readers_writer_lock() {
    let lock = RwLock::new(PAIR);
    let numbers: MappedRwLockReadGuard<'_, [u8; 2]> =
        RwLockReadGuard::map(lock.try_read().unwrap(), |pair| &pair.0);
    let name = RwLockReadGuard::map(lock.try_read().unwrap(), |pair| pair.1);
    let second = MappedRwLockReadGuard::map(numbers, |numbers| &numbers[1]);
    assert_eq!(format!("{name:?} {name} {second:?} {second}"), "\"pair\" pair 2 2");
    drop(name);
    assert!(lock.try_write().is_none());
    drop(second);
    let numbers: MappedRwLockWriteGuard<'_, [u8; 2]> =
        RwLockWriteGuard::map(lock.try_write().unwrap(), |pair| &mut pair.0);
    let mut second = MappedRwLockWriteGuard::map(numbers, |numbers| &mut numbers[1]);
    *second += 5;
    assert!(lock.try_read().is_none());
    drop(second);
    assert_eq!(lock.into_inner().0, [1, 7]);
}

/// Parts of what is owned keep the whole (pitfall 15).
#[test]
fn parts_that_own_the_whole() {
    let tracker = Tracker::new();
    let mutex = Arc::new(Mutex::new((tracker.value(1), 1_u8)));
    let weak = Arc::downgrade(&mutex);
    let guard = mutex.try_lock_owned().unwrap();
    let part: OwnedMappedMutexGuard<_, u8> = OwnedMutexGuard::map(guard, |pair| &mut pair.1);
    let mut part = OwnedMappedMutexGuard::map(part, |number| number);
    *part += 1;
    assert!(weak.upgrade().expect("the part has it").try_lock().is_none());
    assert_eq!((*part, tracker.alive()), (2, 1));
    drop(part);
    assert_eq!((tracker.alive(), weak.strong_count()), (0, 0));

    let lock = Arc::new(RwLock::new((tracker.value(1), 1_u8)));
    let part: OwnedMappedRwLockReadGuard<_, u8> =
        OwnedRwLockReadGuard::map(lock.try_read_owned().unwrap(), |pair| &pair.1);
    assert!(lock.try_read().is_some() && lock.try_write().is_none());
    drop(part);
    let mut part: OwnedMappedRwLockWriteGuard<_, u8> =
        OwnedRwLockWriteGuard::map(lock.try_write_owned().unwrap(), |pair| &mut pair.1);
    drop(lock);
    *part += 1;
    assert_eq!((*part, tracker.alive()), (2, 1));
    drop(part);
    assert_eq!(tracker.alive(), 0);
}

/// Whatever is mapped: the closure panics, and the lock is free.
#[test]
fn a_closure_that_panics_releases() {
    fn panics<R>(f: impl FnOnce() -> R) {
        assert!(catch_unwind(AssertUnwindSafe(f)).is_err());
    }
    quiet();
    let (mutex, lock) = (Mutex::new(PAIR), RwLock::new(PAIR));
    panics(|| MutexGuard::map(mutex.try_lock().unwrap(), |_| -> &mut u8 { panic!("{}", SILENT) }));
    panics(|| {
        drop(MutexGuard::try_map(mutex.try_lock().unwrap(), |_| -> Option<&mut u8> { panic!("{}", SILENT) }));
    });
    let part = MutexGuard::map(mutex.try_lock().unwrap(), |pair| &mut pair.0);
    panics(|| MappedMutexGuard::map(part, |_| -> &mut u8 { panic!("{}", SILENT) }));
    let part = MutexGuard::map(mutex.try_lock().unwrap(), |pair| &mut pair.0);
    panics(|| drop(MappedMutexGuard::try_map(part, |_| -> Option<&mut u8> { panic!("{}", SILENT) })));
    assert!(mutex.try_lock().is_some());

    panics(|| RwLockReadGuard::map(lock.try_read().unwrap(), |_| -> &u8 { panic!("{}", SILENT) }));
    panics(|| {
        drop(RwLockReadGuard::try_map(lock.try_read().unwrap(), |_| -> Option<&u8> { panic!("{}", SILENT) }));
    });
    panics(|| RwLockWriteGuard::map(lock.try_write().unwrap(), |_| -> &mut u8 { panic!("{}", SILENT) }));
    let part = RwLockWriteGuard::map(lock.try_write().unwrap(), |pair| &mut pair.0);
    panics(|| MappedRwLockWriteGuard::map(part, |_| -> &mut u8 { panic!("{}", SILENT) }));
    let part = RwLockReadGuard::map(lock.try_read().unwrap(), |pair| &pair.0);
    panics(|| drop(MappedRwLockReadGuard::try_map(part, |_| -> Option<&u8> { panic!("{}", SILENT) })));
    assert!(lock.try_write().is_some());
}

trait Animal: fmt::Debug + Send + Sync {
    fn legs(&self) -> usize;
    fn grow(&mut self);
}

#[derive(Debug)]
struct Centipede(usize);

impl Animal for Centipede {
    fn legs(&self) -> usize {
        self.0
    }
    fn grow(&mut self) {
        self.0 += 2;
    }
}

/// Values that are not sized, in each lock and behind each way to it; fails if a `T: ?Sized` is missing
/// somewhere.
#[test]
fn values_that_are_not_sized() {
    let mutex: Arc<Mutex<dyn Animal>> = Arc::new(Mutex::new(Centipede(30)));
    ready(mutex.lock()).grow();
    let mut guard: OwnedMutexGuard<dyn Animal> = ready(Arc::clone(&mutex).lock_owned());
    guard.grow();
    assert!(Arc::clone(&mutex).try_lock_owned().is_err());
    assert_eq!(format!("{guard:?} {mutex:?}").matches("34").count(), 1);
    drop(guard);
    assert_eq!(mutex.try_lock().unwrap().legs(), 34);
    let legs = OwnedMutexGuard::map(mutex.try_lock_owned().ok().unwrap(), |animal| animal);
    assert_eq!(legs.legs(), 34);

    let lock: &RwLock<[u8]> = &RwLock::new([1, 2, 3]);
    ready(lock.write())[1] = 5;
    let up = ready(lock.upgradable_read());
    assert_eq!(ready(lock.read()).len(), 3);
    ready(RwLockUpgradableReadGuard::upgrade(up))[2] = 6;
    assert_eq!(*lock.try_read().unwrap(), [1, 5, 6]);
    let part = RwLockWriteGuard::map(lock.try_write().unwrap(), |slice| &mut slice[1..]);
    assert_eq!(part.len(), 2);
    drop(part);
    assert!(format!("{lock:?}").contains("[1, 5, 6]"));

    let lock: Arc<RwLock<dyn Animal, Spinlock>> =
        Arc::new(RwLock::new_with_raw_mutex(Centipede(30), Spinlock::new()));
    ready(lock.write_owned()).grow();
    assert_eq!(ready(lock.read_owned()).legs(), 32);
    let mut boxed: Box<RwLock<dyn Animal>> = Box::new(RwLock::new(Centipede(2)));
    boxed.get_mut().grow();
    assert_eq!(boxed.try_read().unwrap().legs(), 4);
    let mut boxed: Box<Mutex<[u8]>> = Box::new(Mutex::new([1, 2]));
    boxed.get_mut()[0] = 3;
    assert_eq!(*boxed.try_lock().unwrap(), [3, 2]);
}

static MUTEX: Mutex<u8> = Mutex::new(1);
static SPUN_MUTEX: Mutex<u8, Spinlock> = Mutex::new_with_raw_mutex(1, Spinlock::new());
static LOCK: RwLock<[u8; 2]> = RwLock::new([1, 2]);
static SPUN_LOCK: RwLock<u8, Spinlock> = RwLock::new_with_raw_mutex(1, Spinlock::INIT);
static SEMAPHORE: Semaphore = Semaphore::new(Semaphore::<DefaultMutex>::MAX_PERMITS);
static SPUN_SEMAPHORE: Semaphore<Spinlock> = Semaphore::new_with_raw_mutex(1, Spinlock::new());

#[test]
fn statics_are_made_at_compile_time() {
    *ready(MUTEX.lock()) += 1;
    *SPUN_MUTEX.try_lock().unwrap() += 1;
    ready(LOCK.write())[0] += 1;
    *ready(SPUN_LOCK.write()) += 1;
    assert_eq!((*MUTEX.try_lock().unwrap(), *SPUN_MUTEX.try_lock().unwrap()), (2, 2));
    assert_eq!((*LOCK.try_read().unwrap(), *SPUN_LOCK.try_read().unwrap()), ([2, 2], 2));
    drop(ready(SEMAPHORE.acquire(5)));
    drop(ready(SPUN_SEMAPHORE.acquire(1)));
    // A guard may live in a static's lifetime, and be kept by any task.
    let kept: MutexGuard<'static, u8> = MUTEX.try_lock().unwrap();
    drop(Box::new(kept));
}

#[test]
fn values_go_in_and_come_out() {
    assert_eq!(Mutex::<u8>::default().into_inner(), 0);
    assert_eq!(Mutex::<u8, Spinlock>::default().into_inner(), 0);
    assert_eq!(RwLock::<u8>::default().into_inner(), 0);
    assert_eq!(Mutex::<_, DefaultMutex>::from("x").into_inner(), "x");
    assert_eq!(RwLock::<_, Spinlock>::from("x").into_inner(), "x");
    let (mut mutex, mut lock) = (Mutex::new(1), RwLock::new(1));
    *mutex.get_mut() += 1;
    *lock.get_mut() += 1;
    assert_eq!((mutex.into_inner(), lock.into_inner()), (2, 2));
    // Dropped once, with the lock or by the task that takes it out.
    let tracker = Tracker::new();
    drop((Mutex::new(tracker.value(1)), RwLock::new(tracker.value(2))));
    assert_eq!((tracker.made(), tracker.alive()), (2, 0));
    let mutex = Mutex::new(tracker.value(3));
    // Forgotten guards leave it locked, and no more than that.
    let _forgotten = core::mem::ManuallyDrop::new(mutex.try_lock());
    assert!(mutex.is_locked() && mutex.try_lock().is_none());
    let value = mutex.into_inner();
    assert_eq!((value.number, tracker.alive()), (3, 1));
}

/// The guard is gone before the `Arc` in it, which may be the last one; and what is in a guard lives as long.
#[test]
fn the_lock_is_released_before_it_is_freed() {
    /// Drops while it looks at the lock that it is in, through another way to it.
    struct Looks(std::sync::Mutex<Option<alloc::sync::Weak<Mutex<Looks>>>>);
    impl Drop for Looks {
        fn drop(&mut self) {
            let own = self.0.get_mut().unwrap().take().expect("it was set");
            assert!(own.upgrade().is_none(), "it is dropped while a task can reach it");
        }
    }
    let mutex = Arc::new(Mutex::new(Looks(std::sync::Mutex::new(None))));
    let weak = Arc::downgrade(&mutex);
    let guard = mutex.try_lock_owned().ok().unwrap();
    *guard.0.lock().unwrap() = Some(weak);
    drop(guard);
}

/// Prints nothing, and panics.
struct Unprintable;
impl fmt::Debug for Unprintable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("{}", SILENT)
    }
}

/// What mutexes print, in each state and without waiting.
#[test]
fn a_mutex_prints_what_it_can_see() {
    let mutex = Mutex::new(5);
    assert!(format!("{mutex:?}").contains('5') && !mutex.is_locked());
    let guard = mutex.try_lock().unwrap();
    assert_eq!(format!("{guard:?} {guard}"), "5 5");
    assert!(format!("{mutex:?}").contains("<locked>") && mutex.is_locked());
    let (task, mut waits) = (Task::new(), Box::pin(mutex.lock()));
    assert!(!format!("{waits:?}").is_empty());
    assert!(task.poll(waits.as_mut()).is_pending());
    assert!(!format!("{waits:?}").is_empty());
    drop(guard);
    assert!(format!("{mutex:?}").contains("<locked>") && mutex.is_locked());
    assert!(!format!("{waits:?}").is_empty());
    let guard = task.poll(waits.as_mut());
    assert!(!format!("{waits:?}").is_empty());
    drop(guard);
    assert!(format!("{mutex:?}").contains('5') && !mutex.is_locked());

    quiet();
    let (mutex, lock) = (Mutex::new(Unprintable), RwLock::new(Unprintable));
    assert!(catch_unwind(AssertUnwindSafe(|| format!("{mutex:?}"))).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| format!("{lock:?}"))).is_err());
    assert!(mutex.try_lock().is_some() && lock.try_write().is_some());
}
