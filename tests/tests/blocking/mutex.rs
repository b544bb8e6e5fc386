//! The mutex.

use alloc::{string::String, sync::Arc};
use core::fmt;
use std::thread;

use sync_core::{
    blocking::{ConstInit, Mutex, RwLock},
    spin::Spinlock,
};
use tests::{scaled, within};

use super::{Guarded, caught, give_up, guarded};

/// What each thread does.
const ROUNDS: usize = scaled(2_000, 8);

#[test]
fn a_mutex_lets_one_in() {
    within(60, || {
        let mutex = guarded((0_usize, 0_usize));
        thread::scope(|scope| {
            for n in 0..4 {
                let mutex = &mutex;
                scope.spawn(move || {
                    for round in 0..ROUNDS {
                        match (n + round) % 3 {
                            0 => mutex.with_lock(|both| (both.0, both.1) = (both.0 + 1, both.1 + 1)),
                            1 => {
                                let mut both = mutex.lock();
                                both.0 += 1;
                                assert_eq!(both.0, both.1 + 1, "another task is in");
                                both.1 += 1;
                            }
                            _ => loop {
                                let Some(mut both) = mutex.try_lock() else { continue };
                                both.0 += 1;
                                both.1 += 1;
                                break;
                            },
                        }
                    }
                });
            }
        });
        assert_eq!(mutex.into_inner(), (4 * ROUNDS, 4 * ROUNDS));
    });
}

#[test]
fn a_mutex_that_is_held_refuses() {
    let mutex = guarded(1);
    let guard = mutex.lock();
    assert!(mutex.try_lock().is_none());
    assert!(mutex.try_with_lock(|_| ()).is_none());
    drop(guard);
    assert_eq!(mutex.try_with_lock(|n| *n), Some(1));
    mutex.with_lock(|_| assert!(mutex.try_lock().is_none()));
    assert_eq!(mutex.try_lock().map(|n| *n), Some(1));
}

#[test]
fn a_panic_under_the_mutex_unlocks_it() {
    let mutex = guarded(1);
    caught(|| {
        let mut guard = mutex.lock();
        *guard = 2;
        give_up::<()>();
    });
    assert_eq!(*mutex.try_lock().expect("the panic unlocked it"), 2);
    caught(|| mutex.with_lock(|n| *n = give_up()));
    assert_eq!(*mutex.try_lock().expect("the panics unlocked it"), 2);
}

#[test]
#[expect(unsafe_code, clippy::mem_forget, reason = "that is what is tested")]
fn force_unlock_frees_a_forgotten_lock() {
    let mutex = guarded(1);
    core::mem::forget(mutex.lock());
    assert!(mutex.try_lock().is_none());
    // SAFETY: it is locked, and its guard is gone.
    unsafe { mutex.force_unlock() };
    *mutex.try_lock().expect("it is unlocked") += 1;
    assert_eq!(mutex.into_inner(), 2);
}

#[test]
fn a_mutex_is_made_in_many_ways() {
    static CONST: Guarded<u8> = Mutex::new_with_raw_mutex(1, Spinlock::INIT);
    static DEFAULT: Mutex<u8> = Mutex::new(1);
    assert_eq!((*CONST.lock(), DEFAULT.with_lock(|n| *n)), (1, 1));
    let from: Guarded<u8> = 5.into();
    let from_default: Mutex<u8> = Mutex::from(6);
    let default = Guarded::<u8>::default();
    assert_eq!((from.into_inner(), from_default.into_inner(), default.into_inner()), (5, 6, 0));
    let mut changed = guarded(7);
    *changed.get_mut() += 1;
    assert_eq!(changed.into_inner(), 8);
}

#[test]
fn the_value_may_be_unsized() {
    let mutex: &Guarded<[u8]> = &guarded([1, 2, 3]);
    mutex.lock()[0] = 9;
    assert_eq!(mutex.with_lock(|all| all.len()), 3);
    assert_eq!(format!("{mutex:?}"), "Mutex { data: [9, 2, 3] }");
    let lock: Arc<RwLock<dyn fmt::Debug + Send + Sync>> = Arc::new(RwLock::new("x"));
    assert_eq!(format!("{:?}", lock.read()), "\"x\"");
    assert_eq!(lock.reader_count(), 0);
    assert_eq!(format!("{lock:?}"), "RwLock { data: \"x\" }");
}

#[test]
fn guards_stand_for_their_value() {
    fn as_str(text: &impl AsRef<str>) -> usize {
        text.as_ref().len()
    }
    fn push(bytes: &mut impl AsMut<[u8]>) {
        bytes.as_mut()[0] += 1;
    }
    let mutex = guarded(String::from("mutex"));
    let mut guard = mutex.lock();
    guard.push('!');
    assert_eq!((as_str(&guard), format!("{guard} {guard:?}")), (6, String::from("mutex! \"mutex!\"")));

    let lock = RwLock::new(String::from("lock"));
    let mut guard = lock.write();
    guard.push('!');
    assert_eq!((as_str(&guard), format!("{guard} {guard:?}")), (5, String::from("lock! \"lock!\"")));
    drop(guard);
    let guard = lock.read();
    assert_eq!((as_str(&guard), format!("{guard} {guard:?}")), (5, String::from("lock! \"lock!\"")));

    let (mutex, lock) = (guarded([1_u8]), RwLock::new([1_u8]));
    push(&mut mutex.lock());
    push(&mut lock.write());
    assert_eq!((*mutex.lock(), *lock.read()), ([2], [2]));
}

#[test]
fn locks_that_are_held_print_so_and_do_not_wait() {
    let mutex = guarded(1);
    assert_eq!(format!("{mutex:?}"), "Mutex { data: 1 }");
    let _mutex_guard = mutex.lock();
    assert_eq!(format!("{mutex:?}"), "Mutex { data: <locked> }");
    let lock = RwLock::new(1);
    let reader = lock.read();
    assert_eq!(format!("{lock:?}"), "RwLock { data: 1 }");
    drop(reader);
    let _lock_guard = lock.write();
    assert_eq!(format!("{lock:?}"), "RwLock { data: <locked> }");
}
