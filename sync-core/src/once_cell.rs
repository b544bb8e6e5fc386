//! A value that is made once, asynchronously, by the first task that needs it.
//!
//! See [`OnceCell`].

use core::{convert::Infallible, fmt, future::Future};

use crate::{
    blocking::{DefaultMutex, ScopedRawMutex},
    lock::spin::InitOnce,
    waiter::WordPolicy,
};

/// A cell that is filled once, by an initializer that may `.await`, and then read by any number of tasks.
///
/// One initializer runs at a time; a task that arrives meanwhile waits for its value. If the initializer
/// fails, panics or is dropped before it is done, the next in line runs its own. Reading a filled cell is one
/// load. A waiting task's place in line is inside its own future: nothing allocates.
///
/// For an initializer that does not wait, see [`spin::InitOnce`](crate::lock::spin::InitOnce) and
/// [`spin::Lazy`](crate::lock::spin::Lazy).
///
/// # Fairness
///
/// First in, first out: the oldest waiter is the next to run its initializer. A task that has the turn and
/// does not run keeps the others waiting; dropping its future hands the turn on. An initializer that
/// asks for its own cell waits for itself, forever.
///
/// # Memory ordering
///
/// Everything done by the initializer is visible to each task that gets the value.
///
/// # Interrupts
///
/// [`get`](Self::get) and [`set`](Self::set) may be called from an interrupt handler, the latter if the raw
/// lock allows it: see [`blocking`](crate::blocking).
///
/// # Examples
///
/// ```
/// use sync_core::OnceCell;
///
/// static CONFIG: OnceCell<String> = OnceCell::new();
/// # async fn read_from_flash() -> String { "rev. C".into() }
///
/// # pollster::block_on(async {
/// assert_eq!(CONFIG.get(), None);
/// assert_eq!(CONFIG.get_or_init(read_from_flash).await, "rev. C");
/// assert_eq!(CONFIG.get_or_init(async || unreachable!("it is there")).await, "rev. C");
/// # });
/// ```
pub struct OnceCell<T, Lock: ScopedRawMutex = DefaultMutex> {
    value: InitOnce<T>,
    turns: Turns<Lock>,
}

/// The tasks that want the value.
#[sync_macros::primitive(method = turn, future = TurnOf, waiter = (), new() = CellState::new(), word = CellState, crate = crate::own)]
struct Turns;

#[sync_macros::bitfield(usize)]
struct CellState {
    waiting: bool,
    closed: bool,
    /// A task makes the value.
    busy: bool,
    /// It is there.
    full: bool,
}

/// What to do.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Make,
    Read,
}

impl WordPolicy for Turns {
    type Word = CellState;
    type Waiter = ();
    type Value = Turn;

    fn take(word: CellState, (): &()) -> Option<(CellState, Turn)> {
        match (word.full(), word.busy()) {
            (true, _) => Some((word, Turn::Read)),
            (false, true) => None,
            (false, false) => Some((word.with_busy(true), Turn::Make)),
        }
    }

    fn put_back(word: CellState, (): &(), turn: Turn) -> CellState {
        match turn {
            Turn::Make => word.with_busy(false),
            Turn::Read => word,
        }
    }
}

impl<T> OnceCell<T> {
    const_fn! {
        /// Returns an empty cell, with its wait list under the [`DefaultMutex`].
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::OnceCell;
        ///
        /// static SERIAL: OnceCell<u64> = OnceCell::new();
        /// assert_eq!(SERIAL.get(), None);
        /// ```
        #[must_use]
        pub fn new() -> Self {
            Self::new_with_raw_mutex(DefaultMutex::new())
        }
    }
}

impl<T, Lock: ScopedRawMutex> OnceCell<T, Lock> {
    const_fn! {
        /// Returns an empty cell, with its wait list under the raw lock `lock`.
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::{OnceCell, spin::Spinlock};
        ///
        /// static SERIAL: OnceCell<u64, Spinlock> = OnceCell::new_with_raw_mutex(Spinlock::new());
        /// assert_eq!(SERIAL.get(), None);
        /// ```
        #[must_use]
        pub fn new_with_raw_mutex(lock: Lock) -> Self {
            Self { value: InitOnce::uninitialized(), turns: Turns::new_with_raw_mutex(lock) }
        }
    }

    /// Returns the value, if there is one; never waits.
    ///
    /// # Memory ordering
    ///
    /// Everything done by the initializer is visible to the caller that gets the value.
    ///
    /// # Interrupts
    ///
    /// One load: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::OnceCell;
    ///
    /// static SERIAL: OnceCell<u64> = OnceCell::new();
    ///
    /// assert_eq!(SERIAL.set(0x1234), Ok(()));
    /// // In an interrupt handler:
    /// assert_eq!(SERIAL.get(), Some(&0x1234));
    /// ```
    #[inline]
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.value.try_get()
    }

    /// Returns the value; without one, waits for this task's turn and makes it with `make`.
    ///
    /// Returns a future that yields a reference to the value. `make` is called only if there is no value when
    /// it is this task's turn.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**: a future that is dropped leaves the line; if it was making the value, what it has made
    /// so far is dropped, and the next in line makes its own.
    ///
    /// # Fairness
    ///
    /// As for the [type](Self#fairness).
    ///
    /// # Memory ordering
    ///
    /// Everything done by the initializer is visible to the task that gets the value.
    ///
    /// # Interrupts
    ///
    /// Takes no lock if there is a value; otherwise the raw lock if another task makes it, never while `make`
    /// or a waker runs.
    ///
    /// # Panics
    ///
    /// If `make` or its future does; the next in line then makes its own value. The future panics if it is
    /// polled after it was ready.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::OnceCell;
    ///
    /// static SERIAL: OnceCell<u64> = OnceCell::new();
    /// # async fn read_fuses() -> u64 { 0x1234 }
    ///
    /// # pollster::block_on(async {
    /// assert_eq!(*SERIAL.get_or_init(read_fuses).await, 0x1234);
    /// assert_eq!(SERIAL.get(), Some(&0x1234));
    /// # });
    /// ```
    pub async fn get_or_init<F>(&self, make: impl FnOnce() -> F) -> &T
    where
        F: Future<Output = T>,
    {
        let Ok(value) = self.get_or_try_init(async || Ok::<T, Infallible>(make().await)).await;
        value
    }

    /// Returns the value; without one, waits for this task's turn and tries to make it with `make`.
    ///
    /// # Errors
    ///
    /// The future yields what `make` yields, if that is an error. The next in line then tries.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**, as [`get_or_init`](Self::get_or_init).
    ///
    /// # Fairness
    ///
    /// As for the [type](Self#fairness).
    ///
    /// # Memory ordering
    ///
    /// Everything done by the initializer is visible to the task that gets the value.
    ///
    /// # Interrupts
    ///
    /// As [`get_or_init`](Self::get_or_init).
    ///
    /// # Panics
    ///
    /// As [`get_or_init`](Self::get_or_init).
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::OnceCell;
    ///
    /// # pollster::block_on(async {
    /// let link = OnceCell::new();
    /// assert_eq!(link.get_or_try_init(async || Err("no carrier")).await, Err("no carrier"));
    /// assert_eq!(link.get_or_try_init(async || Ok::<_, &str>(100)).await, Ok(&100));
    /// # });
    /// ```
    pub async fn get_or_try_init<F, E>(&self, make: impl FnOnce() -> F) -> Result<&T, E>
    where
        F: Future<Output = Result<T, E>>,
    {
        if let Some(value) = self.get() {
            return Ok(value);
        }
        let Ok(turn) = self.turns.turn().await else { unreachable!("it is never closed") };
        let Turn::Make = turn else { return Ok(self.value.get()) };
        let making = Making { cell: self };
        let value = make().await?;
        let value = self.value.init(value);
        drop(making);
        Ok(value)
    }

    /// Returns the number of tasks that wait for the value, for diagnostics: it may be stale by the time it
    /// is read.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, for at most as many steps as there are waiters.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::OnceCell;
    /// # use std::{future::{Future, pending}, pin::pin, task::{Context, Waker}};
    ///
    /// # let mut cx = Context::from_waker(Waker::noop());
    /// static NAME: OnceCell<String> = OnceCell::new();
    ///
    /// let mut made = pin!(NAME.get_or_init(pending));
    /// assert!(made.as_mut().poll(&mut cx).is_pending());
    /// let mut read = pin!(NAME.get_or_init(pending));
    /// assert!(read.as_mut().poll(&mut cx).is_pending());
    /// assert_eq!(NAME.waiters(), 1); // the first one makes the value
    /// ```
    #[must_use]
    pub fn waiters(&self) -> usize {
        self.turns.waiters()
    }

    /// Fills the cell with `value`; never waits.
    ///
    /// # Errors
    ///
    /// Gives `value` back if there is a value, or if a task makes one or is about to.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to each task that gets the value.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock only if a task has come to wait meanwhile: the first time for as many steps as
    /// tasks wait, and then once per batch of wakers, which are called without it.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::OnceCell;
    ///
    /// let cell = OnceCell::new();
    /// assert_eq!(cell.set(1), Ok(()));
    /// assert_eq!(cell.set(2), Err(2));
    /// assert_eq!(cell.into_inner(), Some(1));
    /// ```
    #[must_use = "if the cell is not empty, the value comes back, and is dropped with the error"]
    pub fn set(&self, value: T) -> Result<(), T> {
        let Some(Turn::Make) = self.turns.try_take(&()) else { return Err(value) };
        let _making = Making { cell: self };
        self.value.init(value);
        Ok(())
    }

    /// Returns a mutable reference to the value, if there is one: `&mut self` proves that no other task has
    /// access.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut cell = sync_core::OnceCell::<u32>::from(1);
    /// *cell.get_mut().unwrap() = 2;
    /// assert_eq!(cell.get(), Some(&2));
    /// ```
    #[must_use]
    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.value.get_mut()
    }

    /// Consumes the cell and returns the value, if there is one.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::OnceCell;
    ///
    /// assert_eq!(OnceCell::<u32>::from(1).into_inner(), Some(1));
    /// assert_eq!(OnceCell::<u32>::new().into_inner(), None);
    /// ```
    #[must_use]
    pub fn into_inner(self) -> Option<T> {
        self.value.into_inner()
    }
}

/// The turn of the task that makes the value; when this is dropped, the others have theirs.
struct Making<'c, T, Lock: ScopedRawMutex> {
    cell: &'c OnceCell<T, Lock>,
}

impl<T, Lock: ScopedRawMutex> Drop for Making<'_, T, Lock> {
    fn drop(&mut self) {
        let full = self.cell.get().is_some();
        self.cell.turns.change(|word| word.with_busy(false).with_full(full));
    }
}

impl<T, Lock: ScopedRawMutex + Default> Default for OnceCell<T, Lock> {
    fn default() -> Self {
        Self::new_with_raw_mutex(Lock::default())
    }
}

impl<T, Lock: ScopedRawMutex + Default> From<T> for OnceCell<T, Lock> {
    fn from(value: T) -> Self {
        let cell = Self::default();
        let Ok(()) = cell.set(value) else { unreachable!("it is new") };
        cell
    }
}

impl<T: fmt::Debug, Lock: ScopedRawMutex> fmt::Debug for OnceCell<T, Lock> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_tuple("OnceCell");
        match self.get() {
            Some(value) => out.field(value),
            None => out.field(&format_args!("<empty>")),
        };
        out.finish()
    }
}
