//! [`Condvar`].

use super::*;

/// Waits that are in line, each with the mutex free.
fn crowd<'a>(
    n: usize,
    mutex: &'a Mutex<u32>,
    changed: &'a Condvar,
) -> Vec<Waiter<impl Future<Output: core::ops::DerefMut<Target = u32>> + 'a>> {
    (0..n).map(|_| Waiter::queued(changed.wait(mutex.try_lock().unwrap()))).collect()
}

#[test]
fn one_some_or_all() {
    let (mutex, changed) = (Mutex::new(7), Condvar::new());
    assert_eq!((changed.notify_one(), changed.notify_all()), (0, 0));
    let mut waits = crowd(6, &mutex, &changed);
    assert!(mutex.try_lock().is_some(), "it is unlocked meanwhile");
    assert_eq!(changed.notify_one(), 1);
    assert_eq!(*waits.remove(0).yields(), 7);
    assert_eq!(changed.notify_n(2), 2);
    for _ in 0..2 {
        assert_eq!(*waits.remove(0).yields(), 7);
    }
    waits[0].waits();
    assert_eq!(changed.notify_all(), 3);
    for waiting in waits {
        assert_eq!(*waiting.yields(), 7);
    }
}

#[test]
fn the_mutex_is_locked_again_in_turn() {
    let (mutex, changed) = (Mutex::new(7), Condvar::new());
    let mut waits = crowd(2, &mutex, &changed);
    let guard = mutex.try_lock().unwrap();
    changed.notify_all();
    assert!(waits.iter_mut().all(|waiting| waiting.poll_now().is_pending()));
    drop(guard);
    let first = waits.remove(0).yields();
    assert!(waits[0].poll_now().is_pending() && mutex.try_lock().is_none());
    drop(first);
    assert_eq!(*waits.remove(0).yields(), 7);
}

/// Dropped before it is polled, in line, notified, in line for the mutex, with the mutex.
#[test]
fn dropped_at_each_point() {
    let (mutex, changed) = (Mutex::new(7), Condvar::new());
    drop(changed.wait(mutex.try_lock().unwrap()));
    assert!(mutex.try_lock().is_some(), "the guard went with it");

    let mut waits = crowd(5, &mutex, &changed);
    drop(waits.remove(0));
    changed.notify_one();
    // Notified: the next one is.
    drop(waits.remove(0));
    assert_eq!(waits[0].task.woken(), 1);
    // In line for the mutex: the next one is.
    let guard = mutex.try_lock().unwrap();
    assert!(waits[0].poll_now().is_pending());
    drop(waits.remove(0));
    assert_eq!(waits[0].task.woken(), 1);
    // Handed the mutex: the next one is notified, and the mutex is free.
    assert!(waits[0].poll_now().is_pending());
    drop(guard);
    assert!(mutex.try_lock().is_none());
    drop(waits.remove(0));
    assert_eq!(*waits.remove(0).yields(), 7);
    assert!(mutex.try_lock().is_some());
}

#[test]
fn of_a_notification_for_all_nothing_is_handed_on() {
    let (mutex, changed) = (Mutex::new(7), Condvar::new());
    let mut waits = crowd(1, &mutex, &changed);
    changed.notify_all();
    let later = crowd(1, &mutex, &changed);
    drop(waits.remove(0));
    later[0].waits();
}

#[test]
fn wait_while_looks_first_and_again() {
    let (mutex, changed) = (Mutex::new(0), Condvar::new());
    let looks = Count::new();
    let mut waiting = Waiter::queued(changed.wait_while(mutex.try_lock().unwrap(), |value| {
        looks.up();
        *value < 2
    }));
    for value in 1..3 {
        assert!(waiting.poll_now().is_pending());
        *mutex.try_lock().unwrap() = value;
        changed.notify_one();
    }
    assert_eq!(*waiting.yields(), 2);
    assert_eq!(looks.get(), 3, "before it waits, and after each notification");
}

#[test]
fn owned_guards_may_wait() {
    let (mutex, changed) = (Arc::new(Mutex::new(7)), Condvar::new());
    let guard = Arc::clone(&mutex).try_lock_owned().unwrap();
    let waiting = Waiter::queued(changed.wait(guard));
    changed.notify_one();
    assert_eq!(*waiting.yields(), 7);
}

#[test]
fn a_waker_that_panics_keeps_no_waiter() {
    let (mutex, changed) = (Mutex::new(7), Condvar::new());
    let mut first = Box::pin(changed.wait(mutex.try_lock().unwrap()));
    assert!(first.as_mut().poll(&mut Context::from_waker(&panicking())).is_pending());
    let waits = crowd(CROWD, &mutex, &changed);
    assert!(catch_unwind(AssertUnwindSafe(|| changed.notify_all())).is_err());
    drop(first);
    for waiting in waits {
        assert_eq!(*waiting.yields(), 7);
    }
}
