//! Waiting, with a [`Mutex`](crate::Mutex) unlocked meanwhile, for a change that another task makes under it.
//!
//! See [`Condvar`].

use core::{fmt, pin::pin};

use crate::{
    blocking::{DefaultMutex, ScopedRawMutex},
    engine::list::Select,
    mutex::AnyMutexGuard,
    waiter::Policy,
};

/// A condition on the value of a [`Mutex`](crate::Mutex): a task waits, with the mutex unlocked meanwhile,
/// until another task has changed the value and notifies it.
///
/// Use it where a condition depends on several fields at once. It belongs to no mutex: any guard, borrowed or
/// owned, can wait. A waiting task's place in line is inside its own future: nothing allocates.
///
/// # Lost and spurious notifications
///
/// A task is in line before its mutex is unlocked, so what is changed under the mutex and then notified is
/// not missed. There are no spurious wake-ups; but another task may have changed the value before this one
/// has the mutex again, so check again, or use [`wait_while`](Self::wait_while). A notification that finds no
/// waiter is lost.
///
/// # Fairness
///
/// First in, first out: [`notify_one`](Self::notify_one) wakes the oldest, which then joins the line for the
/// mutex.
///
/// # Memory ordering
///
/// Everything done before a notification is visible to the task that it wakes; what was changed under the
/// mutex is visible in any case.
///
/// # Interrupts
///
/// The methods that notify may be called from an interrupt handler if the raw lock allows it: see
/// [`blocking`](crate::blocking). But an interrupt handler cannot change what is under an asynchronous mutex
/// unless `try_lock` succeeds; usually an [`Event`](crate::Event) is what it needs.
///
/// # Examples
///
/// ```
/// use sync_core::{Condvar, Mutex};
///
/// static JOBS: Mutex<Vec<u32>> = Mutex::new(Vec::new());
/// static MORE: Condvar = Condvar::new();
///
/// # pollster::block_on(async {
/// let worker = std::thread::spawn(|| {
///     pollster::block_on(async {
///         let mut jobs = MORE.wait_while(JOBS.lock().await, |jobs| jobs.is_empty()).await;
///         jobs.pop()
///     })
/// });
/// JOBS.lock().await.push(7);
/// MORE.notify_one();
/// assert_eq!(worker.join().unwrap(), Some(7));
/// # });
/// ```
pub struct Condvar<Lock: ScopedRawMutex = DefaultMutex> {
    turns: Turns<Lock>,
}

/// The tasks that wait to be notified.
#[sync_macros::primitive(method = turn, future = Turn, waiter = (), new() = (), crate = crate::own)]
struct Turns;

/// What woke a task.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// A notification for a number of tasks, which goes to another one if this one does not use it.
    Some,
    /// The one for all that waited, of which this was one.
    All,
}

/// What the waiters are told.
#[derive(Clone, Copy)]
enum Notify {
    /// It is for this many more.
    Some(usize),
    /// It is for all.
    All,
}

impl Policy for Turns {
    type State = ();
    type Waiter = ();
    type Value = By;
    type Event<'e> = Notify;

    fn try_ready((): &mut (), (): &()) -> Option<By> {
        None
    }

    fn select((): &mut (), (): &mut (), notify: &mut Notify) -> Select<By> {
        match notify {
            Notify::Some(0) => Select::Stop,
            Notify::Some(more) => {
                *more -= 1;
                Select::Wake(By::Some)
            }
            Notify::All => Select::Wake(By::All),
        }
    }

    fn on_cancel((): &mut (), (): &mut (), given: &mut Option<By>) -> Option<Notify> {
        (given.take() == Some(By::Some)).then_some(Notify::Some(1))
    }
}

impl Condvar {
    const_fn! {
        /// Returns a condition without waiters, with its wait list under the [`DefaultMutex`].
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::Condvar;
        ///
        /// static CHANGED: Condvar = Condvar::new();
        /// assert_eq!(CHANGED.notify_all(), 0);
        /// ```
        #[must_use]
        pub fn new() -> Self {
            Self::new_with_raw_mutex(DefaultMutex::new())
        }
    }
}

impl<Lock: ScopedRawMutex> Condvar<Lock> {
    const_fn! {
        /// Returns a condition without waiters, with its wait list under the raw lock `lock`.
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::{Condvar, spin::Spinlock};
        ///
        /// static CHANGED: Condvar<Spinlock> = Condvar::new_with_raw_mutex(Spinlock::new());
        /// assert_eq!(CHANGED.notify_all(), 0);
        /// ```
        #[must_use]
        pub fn new_with_raw_mutex(lock: Lock) -> Self {
            Self { turns: Turns::new_with_raw_mutex(lock) }
        }
    }

    /// Unlocks the mutex of `guard`, waits to be notified, and locks the mutex again.
    ///
    /// Returns a future that yields the new guard. The task joins the line here before the mutex is unlocked,
    /// which happens when the future is first polled. After the notification it joins the line for the mutex,
    /// as [`Mutex::lock`](crate::Mutex::lock) does.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**: a future that is dropped leaves the mutex unlocked. If it is dropped after a
    /// [`notify_one`](Self::notify_one) or [`notify_n`](Self::notify_n) woke it and before it has the mutex
    /// again, the next in line is woken in its place.
    ///
    /// # Fairness
    ///
    /// First in, first out, here and in the line of the mutex.
    ///
    /// # Memory ordering
    ///
    /// Everything done under the mutex by earlier holders is visible through the new guard.
    ///
    /// # Interrupts
    ///
    /// Takes the raw locks of both, one after the other, never while a waker runs.
    ///
    /// # Panics
    ///
    /// The future panics if it is polled after it was ready.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{Condvar, Mutex};
    /// # use std::{future::Future, pin::pin, task::{Context, Poll, Waker}};
    ///
    /// # let mut cx = Context::from_waker(Waker::noop());
    /// let (mutex, changed) = (Mutex::new(1), Condvar::new());
    /// let mut wait = pin!(changed.wait(mutex.try_lock().unwrap()));
    /// assert!(wait.as_mut().poll(&mut cx).is_pending());
    /// *mutex.try_lock().expect("it is unlocked meanwhile") = 2;
    /// assert_eq!(changed.notify_one(), 1);
    /// let Poll::Ready(guard) = wait.poll(&mut cx) else { panic!("it was notified") };
    /// assert_eq!(*guard, 2);
    /// ```
    pub async fn wait<G: AnyMutexGuard>(&self, guard: G) -> G {
        let mut turn = pin!(self.turns.turn());
        let Ok(()) = turn.as_mut().subscribe().await else { unreachable!("it is never closed") };
        let lock = guard.unlock();
        let Ok(by) = turn.await else { unreachable!("it is never closed") };
        let mut unused = Notification { condvar: self, by };
        let guard = lock.await;
        unused.by = By::All;
        guard
    }

    /// Waits, as [`wait`](Self::wait), until `condition` is false, checking it first and after each
    /// notification.
    ///
    /// Returns a future that yields a guard of the mutex under which `condition` is false.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**, as [`wait`](Self::wait).
    ///
    /// # Fairness
    ///
    /// First in, first out. A task goes to the end of the line while its `condition` is still true.
    ///
    /// # Memory ordering
    ///
    /// Everything done under the mutex by earlier holders is visible to `condition` and through the new
    /// guard.
    ///
    /// # Interrupts
    ///
    /// As [`wait`](Self::wait); `condition` is called with the mutex locked and no raw lock.
    ///
    /// # Panics
    ///
    /// If `condition` does; the mutex is then unlocked. The future panics if it is polled after it was ready.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{Condvar, Mutex};
    ///
    /// static POWERED: Mutex<bool> = Mutex::new(false);
    /// static CHANGED: Condvar = Condvar::new();
    ///
    /// # pollster::block_on(async {
    /// std::thread::spawn(|| {
    ///     *pollster::block_on(POWERED.lock()) = true;
    ///     CHANGED.notify_all();
    /// });
    /// let powered = CHANGED.wait_while(POWERED.lock().await, |powered| !*powered).await;
    /// assert!(*powered);
    /// # });
    /// ```
    pub async fn wait_while<G: AnyMutexGuard>(
        &self,
        mut guard: G,
        mut condition: impl FnMut(&mut G::Target) -> bool,
    ) -> G {
        while condition(&mut *guard) {
            guard = self.wait(guard).await;
        }
        guard
    }

    /// Returns the number of tasks that wait to be notified, for diagnostics: it may be stale by the time it
    /// is read.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, for at most as many steps as there are waiters.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{Condvar, Mutex};
    /// # use std::{future::Future, pin::pin, task::{Context, Waker}};
    ///
    /// # let mut cx = Context::from_waker(Waker::noop());
    /// let (mutex, changed) = (Mutex::new(1), Condvar::new());
    /// let mut wait = pin!(changed.wait(mutex.try_lock().unwrap()));
    /// assert!(wait.as_mut().poll(&mut cx).is_pending());
    /// assert_eq!(changed.waiters(), 1);
    /// ```
    #[must_use]
    pub fn waiters(&self) -> usize {
        self.turns.waiters()
    }

    /// Wakes the oldest waiter; returns the number that it woke, which is 1 or 0.
    ///
    /// # Fairness
    ///
    /// First in, first out. If the woken task drops its future before it has the mutex again, the next in
    /// line is woken.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the task it wakes.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock for a bounded number of steps, and wakes after it.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{Condvar, Mutex};
    /// # use std::{future::Future, pin::pin, task::{Context, Waker}};
    ///
    /// # let mut cx = Context::from_waker(Waker::noop());
    /// let (mutex, changed) = (Mutex::new(1), Condvar::new());
    /// let mut wait = pin!(changed.wait(mutex.try_lock().unwrap()));
    /// assert!(wait.as_mut().poll(&mut cx).is_pending());
    /// assert_eq!(changed.notify_one(), 1);
    /// assert_eq!(changed.notify_one(), 0); // no task waits any more
    /// ```
    pub fn notify_one(&self) -> usize {
        self.notify_n(1)
    }

    /// Wakes up to `n` waiters, oldest first; returns the number that it woke.
    ///
    /// # Fairness
    ///
    /// First in, first out, as `n` calls of [`notify_one`](Self::notify_one) in one step.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks it wakes.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock once per batch of wakers, the first time for as many steps as it wakes waiters;
    /// wakes without it.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{Condvar, Mutex};
    /// # use std::{future::Future, pin::pin, task::{Context, Waker}};
    ///
    /// # let mut cx = Context::from_waker(Waker::noop());
    /// let (mutex, changed) = (Mutex::new(1), Condvar::new());
    /// let mut one = pin!(changed.wait(mutex.try_lock().unwrap()));
    /// assert!(one.as_mut().poll(&mut cx).is_pending());
    /// let mut two = pin!(changed.wait(mutex.try_lock().unwrap()));
    /// assert!(two.as_mut().poll(&mut cx).is_pending());
    /// assert_eq!(changed.notify_n(3), 2);
    /// ```
    pub fn notify_n(&self, n: usize) -> usize {
        self.turns.notify_count(Notify::Some(n), |()| ())
    }

    /// Wakes every task that waits now, oldest first; returns the number that it woke.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks it wakes.
    ///
    /// # Interrupts
    ///
    /// As [`notify_n`](Self::notify_n).
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{Condvar, Mutex};
    ///
    /// static STOPPED: Mutex<bool> = Mutex::new(false);
    /// static CHANGED: Condvar = Condvar::new();
    ///
    /// # pollster::block_on(async {
    /// let worker = std::thread::spawn(|| {
    ///     pollster::block_on(async {
    ///         *CHANGED.wait_while(STOPPED.lock().await, |stopped| !*stopped).await
    ///     })
    /// });
    /// *STOPPED.lock().await = true; // shut down
    /// CHANGED.notify_all();
    /// assert!(worker.join().unwrap());
    /// # });
    /// ```
    pub fn notify_all(&self) -> usize {
        self.turns.notify_count(Notify::All, |()| ())
    }
}

/// What woke a task, not used yet: when this is dropped, it wakes the next in line, unless that was woken
/// too.
struct Notification<'c, Lock: ScopedRawMutex> {
    condvar: &'c Condvar<Lock>,
    by: By,
}

impl<Lock: ScopedRawMutex> Drop for Notification<'_, Lock> {
    fn drop(&mut self) {
        if self.by == By::Some {
            self.condvar.notify_one();
        }
    }
}

impl<Lock: ScopedRawMutex + Default> Default for Condvar<Lock> {
    fn default() -> Self {
        Self::new_with_raw_mutex(Lock::default())
    }
}

impl<Lock: ScopedRawMutex> fmt::Debug for Condvar<Lock> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::waiter::Queue::debug(&self.turns.__sync_queue, "Condvar", f)
    }
}
