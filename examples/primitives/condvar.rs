//! Waiting for what another task changes under a `Mutex`: waking one, some or all of the waiters.

#![forbid(unsafe_code)]

use std::pin::pin;

use sync_core::{MutexGuard, Policy, Select};

/// A condition of what is in a mutex.
#[sync_core::primitive(method = notified, future = Notified, waiter = (), new() = ())]
pub(crate) struct Condvar;

impl Policy for Condvar {
    type State = ();
    type Waiter = ();
    type Value = Notification;
    type Event<'e> = usize; // how many more it wakes

    fn try_ready((): &mut (), (): &()) -> Option<Notification> {
        None // a newcomer has missed what happened before
    }

    fn select((): &mut (), (): &mut (), more: &mut usize) -> Select<Notification> {
        match more {
            0 => Select::Stop,
            &mut usize::MAX => Select::Wake(Notification::All),
            _ => {
                *more -= 1;
                Select::Wake(Notification::One)
            }
        }
    }

    // A notified waiter is dropped: the next one is notified instead.
    fn on_cancel((): &mut (), (): &mut (), given: &mut Option<Notification>) -> Option<usize> {
        (given.take() == Some(Notification::One)).then_some(1)
    }
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Notification {
    One,
    All,
}

impl Condvar {
    /// Wakes up to `n` waiters, or all with `usize::MAX`; returns their number.
    pub(crate) fn notify_n(&self, n: usize) -> usize {
        self.notify_count(n, |()| ())
    }

    /// Unlocks, waits to be notified, and locks again.
    pub(crate) async fn wait<'m, T>(&self, guard: MutexGuard<'m, T>) -> MutexGuard<'m, T> {
        let mut notified = pin!(self.notified());
        // In line before the mutex is free.
        let _ = notified.as_mut().subscribe().await;
        let lock = MutexGuard::unlock(guard);
        let mut unused = Unused(self, notified.await.unwrap_or(Notification::All));
        let guard = lock.await;
        unused.1 = Notification::All;
        guard
    }
}

/// The notification of a task that does not hold the mutex yet: if that task is dropped, the next waiter gets
/// it.
struct Unused<'c>(&'c Condvar, Notification);

impl Drop for Unused<'_> {
    fn drop(&mut self) {
        self.0.notify_n(usize::from(self.1 == Notification::One));
    }
}
