//! Waiting, with a [`Mutex`](crate::Mutex) unlocked meanwhile, for what another task changes under it.
//!
//! See [`Condvar`].

use core::{fmt, pin::pin};

use crate::{
    Policy, ScopedRawMutex, Select,
    blocking::DefaultMutex,
    guard::Guard,
    mutex::Exclusive,
    raw::{DataOf, Keeps, Lockable},
};

/// A condition of what is in a [`Mutex`](crate::Mutex): a task waits, with the mutex unlocked meanwhile, until another
/// one has changed that and says so.
///
/// Use it where a condition is about several fields at once. It belongs to no mutex: any guard, borrowed or owned, can
/// wait. Who waits does so inside his own future: nothing allocates.
///
/// # Lost and spurious notifications
///
/// A task is in line before its mutex is unlocked, so what is changed under the mutex and then notified is not missed.
/// There are no spurious wake-ups; but another task may have changed the condition before this one has the mutex again,
/// so look again, or use [`wait_while`](Self::wait_while). A notification for which nobody waits is gone.
///
/// # Fairness
///
/// First in, first out: [`notify_one`](Self::notify_one) wakes the oldest, which then gets in line for the mutex.
///
/// # Interrupts
///
/// The methods that notify may be called from an interrupt handler if the raw lock allows it: see
/// [`blocking`](crate::blocking). But an interrupt handler cannot change what is under an asynchronous mutex unless
/// `try_lock` succeeds; an [`Event`](crate::Event) is mostly what it needs.
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

/// Those who wait to be notified.
#[crate::primitive(method = turn, future = Turn, waiter = (), new() = ())]
struct Turns;

/// What a task was woken by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// A notification for so many, which goes to another one if this one does not use it.
    Some,
    /// The one for all who waited, of whom this was one.
    All,
}

/// What those that wait are told.
#[derive(Clone, Copy)]
enum Notify {
    /// That it is for so many more.
    Some(usize),
    /// That it is for all.
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
        /// Returns a condition that nobody waits for, around the [`DefaultMutex`].
        #[must_use]
        pub fn new() -> Self {
            Self::new_with_raw_mutex(DefaultMutex::new())
        }
    }
}

impl<Lock: ScopedRawMutex> Condvar<Lock> {
    const_fn! {
        /// Returns a condition that nobody waits for, around the raw lock `lock`.
        #[must_use]
        pub fn new_with_raw_mutex(lock: Lock) -> Self {
            Self { turns: Turns::new_with_raw_mutex(lock) }
        }
    }

    /// Unlocks the mutex of `guard`, waits to be notified, and locks it again.
    ///
    /// Returns a future that yields the new guard. It is in line here before the mutex is unlocked, which happens when
    /// it is first polled. Then it gets in line for the mutex, as [`Mutex::lock`](crate::Mutex::lock) does.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**: the mutex is then unlocked. If the future is dropped after one of
    /// [`notify_one`](Self::notify_one) or [`notify_n`](Self::notify_n) woke it and before it has the mutex again, the
    /// next in line is woken in its place.
    ///
    /// # Interrupts
    ///
    /// Takes the raw locks of both, one after the other, never while a waker runs.
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
    pub async fn wait<K>(&self, guard: Guard<K, Exclusive>) -> Guard<K, Exclusive>
    where
        K: Keeps<Rule = Exclusive, Target: Lockable>,
    {
        let mut turn = pin!(self.turns.turn());
        let Ok(()) = turn.as_mut().subscribe().await else { unreachable!("nobody closes it") };
        let lock = Guard::unlock(guard);
        let Ok(by) = turn.await else { unreachable!("nobody closes it") };
        let mut unused = Notification { condvar: self, by };
        let guard = lock.await;
        unused.by = By::All;
        guard
    }

    /// Waits, as [`wait`](Self::wait), again and again as long as `condition` holds, looking before the first time.
    ///
    /// Returns a future that yields the guard of a mutex whose value does not fulfil `condition`.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**, as [`wait`](Self::wait).
    ///
    /// # Panics
    ///
    /// If `condition` does; the mutex is unlocked then.
    pub async fn wait_while<K>(
        &self,
        mut guard: Guard<K, Exclusive>,
        mut condition: impl FnMut(&mut DataOf<K>) -> bool,
    ) -> Guard<K, Exclusive>
    where
        K: Keeps<Rule = Exclusive, Target: Lockable>,
    {
        while condition(&mut *guard) {
            guard = self.wait(guard).await;
        }
        guard
    }

    /// Wakes the oldest of those who wait; returns how many that were, which is 1 or 0.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock for a bounded number of steps, and wakes after it.
    pub fn notify_one(&self) -> usize {
        self.notify_n(1)
    }

    /// Wakes up to `n` of those who wait, oldest first; returns how many that were.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock once per batch of wakers, the first time for as many steps as are woken.
    pub fn notify_n(&self, n: usize) -> usize {
        self.turns.notify_count(Notify::Some(n), |()| ())
    }

    /// Wakes everybody who waits now, oldest first; returns how many that were.
    ///
    /// # Interrupts
    ///
    /// As [`notify_n`](Self::notify_n).
    pub fn notify_all(&self) -> usize {
        self.turns.notify_count(Notify::All, |()| ())
    }
}

/// What a task was woken by and has not used: when it is dropped, it wakes the next in line, unless that was woken too.
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
        f.debug_struct("Condvar").field("turns", &self.turns).finish()
    }
}
