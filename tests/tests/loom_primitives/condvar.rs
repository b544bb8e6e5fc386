//! [`Condvar`].

use sync_core::{Condvar, Mutex};

use crate::support::{Waiter, exhaustive, leak, model};

/// C1 no notification is missed.  Property: what is changed under the mutex and then notified ends a
/// `wait_while`.
/// Threads: one waits until the value is there; one locks, writes it, unlocks and notifies.
/// Interleavings that matter: the change before the first look, between the look and the wait, and while it
/// waits.
/// Bound: two preemptions.
/// Fails if: the mutex is unlocked before the wait is in line (seen).
/// Not covered: several that wait; C2, C3.
#[test]
fn a_notification_is_not_missed() {
    model(|roles| {
        let (mutex, changed) = (leak(Mutex::new(0)), leak(Condvar::new()));
        roles.at_once(
            || {
                let value = loom::future::block_on(async {
                    *changed.wait_while(mutex.lock().await, |value| *value == 0).await
                });
                assert_eq!(value, 1);
            },
            || {
                loom::future::block_on(async { *mutex.lock().await = 1 });
                changed.notify_one();
            },
        );
    });
}

/// C2 a notified wait is dropped.  Property: the next in line is notified instead.
/// Threads: one notifies one of two, one drops the first of them.
/// Interleavings that matter: the drop before and after it is notified.
/// Bound: none.
/// Fails if: `on_cancel` returns no event (seen).
/// Not covered: `notify_all`, of which nothing is handed on.
#[test]
fn a_notification_is_handed_on() {
    exhaustive(|roles| {
        let (mutex, changed) = (leak(Mutex::new(0)), leak(Condvar::new()));
        let wait = || Waiter::queued(changed.wait(mutex.try_lock().unwrap()));
        let (first, second) = (wait(), wait());
        let (_, ()) = roles.at_once(|| changed.notify_one(), move || drop(first));
        assert_eq!(*second.yields(), 0);
    });
}

/// C3 dropped while it locks again.  Property: the next in line is notified instead.
/// Threads: one drops a wait that was notified and is in line for the mutex, one unlocks the mutex.
/// Interleavings that matter: the drop before and after it is handed the mutex.
/// Bound: none.
/// Fails if: a `Notification` that is dropped notifies no waiter (seen).
/// Not covered: a third one at the mutex.
#[test]
fn a_notification_is_handed_on_from_the_line_for_the_mutex() {
    exhaustive(|roles| {
        let (mutex, changed) = (leak(Mutex::new(0)), leak(Condvar::new()));
        let wait = || Waiter::queued(changed.wait(mutex.try_lock().unwrap()));
        let (first, second) = (wait(), wait());
        let guard = mutex.try_lock().unwrap();
        changed.notify_one();
        first.poll();
        assert!(!first.is_ready(), "the mutex is locked");
        let ((), ()) = roles.at_once(move || drop(first), move || drop(guard));
        assert_eq!(*second.yields(), 0);
    });
}
