//! The rule that users write for a primitive that has one atomic word as its whole state.

use core::{fmt, marker::PhantomData};

use mutex_traits::ScopedRawMutex;

use super::{
    admission::{self, AdmissionRule},
    queue::ClearsWaiting,
    wait::{Departure, withdraw},
};
use crate::{
    engine::{Admission, Failure, LentWait, ListOf, Queue, Rule, Yields},
    error::Closed,
    shim::atomic::Ordering::{Acquire, Relaxed, Release},
    state::word::atomic::{AtomicBits, AtomicWord, Word},
    state::{AdmissionWord, QueueWord},
};

/// The rule of a primitive of your own that has one atomic word as its whole state;
/// `#[primitive(…, word = …)]` makes the type around it.
///
/// While no task waits, taking and giving back are one read-modify-write each, without a lock; while a task
/// waits, what is given back goes to the first in line, in one step, and to as many behind it as it suffices
/// for. [`Mutex`](crate::Mutex), [`RwLock`](crate::RwLock) and [`Semaphore`](crate::Semaphore) are built in
/// the same way.
///
/// The word is a [`#[bitfield]`](macro@crate::bitfield) with two flags that the primitive itself keeps,
/// `waiting: bool` and `closed: bool`, and whatever else you need. Your functions get snapshots of it and
/// return new ones. They may be called several times for one step, at any time and on any thread, so they
/// compute and do nothing else.
///
/// ```
/// use sync_core::{ScopedRawMutex, WordPolicy};
///
/// #[sync_core::bitfield(usize)]
/// pub struct SlotState {
///     /// A task waits; kept by the primitive.
///     waiting: bool,
///     /// No task may wait any more; kept by the primitive.
///     closed: bool,
///     /// One bit per slot that is taken.
///     #[bits(8)]
///     taken: u8,
/// }
///
/// /// Eight slots; each task gets the number of its own.
/// #[sync_core::primitive(method = acquire, future = AcquireSlot, waiter = (), word = SlotState)]
/// pub struct Slots;
///
/// impl WordPolicy for Slots {
///     type Word = SlotState;
///     type Waiter = ();
///     type Value = u32;
///     fn take(word: SlotState, (): &()) -> Option<(SlotState, u32)> {
///         let slot = word.taken().trailing_ones();
///         (slot < 8).then(|| (word.with_taken(word.taken() | 1 << slot), slot))
///     }
///     // An acquire that was given a slot and dropped: the slot goes to the next in line.
///     fn put_back(word: SlotState, (): &(), slot: u32) -> SlotState {
///         word.with_taken(word.taken() & !(1 << slot))
///     }
/// }
///
/// impl<Lock: ScopedRawMutex> Slots<Lock> {
///     pub fn release(&self, slot: u32) {
///         self.change(|word| word.with_taken(word.taken() & !(1 << slot)));
///     }
/// }
///
/// static SLOTS: Slots = Slots::new(SlotState::new());
///
/// # pollster::block_on(async {
/// let slot = SLOTS.acquire().await?;
/// assert_eq!(slot, 0);
/// assert_eq!(SLOTS.try_take(&()), Some(1));
/// SLOTS.release(slot);
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no policy for its word: nothing says which tasks may go on and which have to wait",
    label = "write `impl WordPolicy for {Self}`",
    note = "`#[primitive(…, word = …)]` makes the type; its `sync_core::WordPolicy` says what it does"
)]
pub trait WordPolicy: Sized {
    /// A snapshot of the state.
    type Word: StateWord;
    /// What one waiting task asks for. It lives in the task's own future.
    type Waiter;
    /// What a waiter is given. `Copy`, so that nothing of it is ever dropped at a bad time.
    type Value: Copy;

    /// If `word` has what this waiter asks for, returns the word without it, and the value for the waiter.
    ///
    /// Asked about newcomers while no task waits, and about the waiters, oldest first, until one gets
    /// nothing. It need not check the flags `waiting` and `closed`.
    fn take(word: Self::Word, waiter: &Self::Waiter) -> Option<(Self::Word, Self::Value)>;

    /// A wait was dropped after it was given `value`, which it never yielded: return the word with it put
    /// back.
    ///
    /// By default it is not put back.
    fn put_back(word: Self::Word, waiter: &Self::Waiter, value: Self::Value) -> Self::Word {
        let _ = (waiter, value);
        word
    }
}

/// A [`#[bitfield]`](macro@crate::bitfield) with the flags `waiting` and `closed`.
///
/// `#[primitive(…, word = Name)]` implements it for `Name`.
pub trait StateWord: Word<Bits: AtomicBits> {
    /// Whether a task waits.
    #[doc(hidden)]
    fn is_waiting(self) -> bool;
    /// The word with this `waiting` flag.
    #[doc(hidden)]
    #[must_use]
    fn and_waiting(self, waiting: bool) -> Self;
    /// Whether the primitive is closed.
    #[doc(hidden)]
    fn is_closed(self) -> bool;
    /// The word with this `closed` flag.
    #[doc(hidden)]
    #[must_use]
    fn and_closed(self, closed: bool) -> Self;
}

/// The word `S` of a queue.
///
/// | | changed by |
/// | --- | --- |
/// | no task waits | newcomers and tasks that give back, without the lock, by one exchange; under the lock, a newcomer that sets `waiting` |
/// | a task waits | the holder of the list's lock; without it, only `close` |
///
/// A waiter that was granted something and is not woken yet does not wait any more, though it is in the list.
///
/// | site | order | pairs with | why | without it |
/// | --- | --- | --- | --- | --- |
/// | `try_take`, load | `Acquire` | `try_change`, `settle`, `change` | a take that changes nothing is this load | W4, V3, O1, O3 fail |
/// | `try_take`, exchange | `Acquire` | the same | the bits that it finds may have been written again since that load | W8 fails |
/// | `try_take`, failed exchange | `Acquire` | the same | the next round may take by this load | O1, O3 fail |
/// | `try_change` | `Release` | `try_take`, `enter` | a task that takes sees what was done before it was given | W1, W3, W4, W8, W10, V3 fail |
/// | `enter`, loads | `Acquire` | `close` | a task that finds it closed sees what the closer did | W5 fails |
/// | `enter`, exchange | `Acquire` | `try_change`, `settle`, `change` | a task that sets `waiting` sees all that was given without the lock, also if the bits were written again since its load | W11 fails |
/// | `begin` | `Relaxed` | | if a task waits: the word was changed under the lock since `waiting` was set, and before that see `enter` | |
/// | `settle` | `Release` | `try_take`, `enter` | the rest is taken without the lock, by tasks that must see what was done before | W9, W10 fail |
/// | `change` | `Release` | the same | the same, where the last waiter has left | W2, W10 fail |
/// | `close` | `Release` | `enter`, `snapshot` | a task that finds it closed sees what the closer did | W5 fails |
/// | `snapshot` | `Acquire` | all that write | a task that sees the word sees what was done before | W5 fails |
/// | `is_waiting`, `leave`, first load of `try_change`, failures | `Relaxed` | | a hint, or read again under the lock | |
///
/// W1 and so on are the models in `tests/tests/loom_primitives.rs`.
pub struct PolicyWord<S: StateWord>(AtomicWord<S>);

impl<S: StateWord> PolicyWord<S> {
    const_fn! {
    /// Returns a cell around an atomic that holds the bits of a snapshot without waiters.
    ///
    /// Generated code calls it, as part of the `new` of a type that `#[primitive(…, word = …)]` makes.
    pub fn new(word: <S::Bits as AtomicBits>::Atomic) -> Self {
        Self(AtomicWord::new(word))
    }
    }

    /// Replaces the word by what `f` returns for it, if no task waits and `f` returns a word; returns the old
    /// word.
    ///
    /// `Err(true)` if a task waits.
    #[inline(always)]
    fn try_change(&self, f: impl Fn(S) -> Option<S>) -> Result<S, bool> {
        let mut word = self.0.load(Relaxed);
        loop {
            if word.is_waiting() {
                return Err(true);
            }
            let Some(next) = f(word) else { return Err(false) };
            match self.0.compare_exchange_weak(word, keep(word, next), Release, Relaxed) {
                Ok(was) => return Ok(was),
                Err(actual) => word = actual,
            }
        }
    }
}

/// `next` with the flags of `word` that are not the user's to change.
#[inline(always)]
fn keep<S: StateWord>(word: S, next: S) -> S {
    next.and_waiting(word.is_waiting()).and_closed(word.is_closed())
}

impl<S: StateWord> QueueWord for PolicyWord<S> {
    #[inline(always)]
    fn is_waiting(&self) -> bool {
        self.0.load(Relaxed).is_waiting()
    }

    fn leave(&self) {
        self.0.update(Relaxed, Relaxed, |word| word.and_waiting(false));
    }
}

impl<S: StateWord> AdmissionWord for PolicyWord<S> {
    type Snapshot = S;

    fn says_waiting(word: S) -> bool {
        word.is_waiting()
    }

    fn when_left(word: S) -> S {
        word.and_waiting(false)
    }

    fn begin(&self) -> S {
        self.0.load(Relaxed)
    }

    fn settle(&self, from: S, to: S) -> bool {
        // It may be closed meanwhile; nothing else changes while a task waits.
        if from.bits() != to.bits() {
            self.0.update(Release, Relaxed, |now| to.and_closed(now.is_closed()));
        }
        false
    }

    fn change(&self, change: impl Fn(S) -> Option<S>) -> bool {
        self.0.fetch_update(Release, Relaxed, |word| Some(keep(word, change(word)?))).is_ok()
    }
}

impl<S: StateWord + fmt::Debug> fmt::Debug for PolicyWord<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The rule of a primitive with the policy `P`.
#[derive(Debug)]
pub struct WordPolicyRule<P> {
    _rule: PhantomData<fn(P)>,
}

impl<P: WordPolicy> WordPolicyRule<P> {
    /// Takes what `waiter` asks for, if it is available and no task waits.
    #[inline(always)]
    fn try_take(cell: &PolicyWord<P::Word>, waiter: &P::Waiter) -> Option<P::Value> {
        // Acquire: a take that does not change the word consists of this load.
        let mut word = cell.0.load(Acquire);
        while !word.is_waiting() && !word.is_closed() {
            let (next, value) = P::take(word, waiter)?;
            let next = keep(word, next);
            if next.bits() == word.bits() {
                return Some(value);
            }
            match cell.0.compare_exchange_weak(word, next, Acquire, Acquire) {
                Ok(_) => return Some(value),
                Err(actual) => word = actual,
            }
        }
        None
    }
}

impl<P: WordPolicy> Rule for WordPolicyRule<P> {
    type Word = PolicyWord<P::Word>;
    type State = ();
    type Waiter = P::Waiter;
    type Value = P::Value;

    #[inline(always)]
    fn fast(word: &PolicyWord<P::Word>, waiter: &P::Waiter, _: usize) -> Option<P::Value> {
        Self::try_take(word, waiter)
    }

    fn enter(
        cell: &PolicyWord<P::Word>,
        _: &mut ListOf<Self>,
        waiter: &mut P::Waiter,
        _: usize,
    ) -> Admission<P::Value, P::Waiter> {
        let mut word = cell.0.load(Acquire);
        loop {
            if word.is_closed() {
                return Admission::Fail(Failure::Closed);
            }
            let taken = if word.is_waiting() { None } else { P::take(word, waiter) };
            let next = taken.map_or(word.and_waiting(true), |(next, _)| keep(word, next));
            match cell.0.compare_exchange_weak(word, next, Acquire, Acquire) {
                Ok(_) => return taken.map_or(Admission::PushBack(0), |(_, value)| Admission::Ready(value)),
                Err(actual) => word = actual,
            }
        }
    }

    fn abandon<Lock: ScopedRawMutex>(wait: LentWait<'_, Self, Lock>) {
        withdraw(wait, |Departure { queue, list, waiter, given, .. }| {
            let (given, waiter): (_, &P::Waiter) = (given.take(), waiter);
            // If the policy panics, there may be no waiter left to say so.
            let left = ClearsWaiting { queue, list };
            admission::admit::<Self>(queue.word(), &mut *left.list, |word| {
                Some(match given {
                    Some(value) => keep(word, P::put_back(word, waiter, value)),
                    None => word,
                })
            })
        });
    }
}

impl<P: WordPolicy> AdmissionRule for WordPolicyRule<P> {
    // If `take` panics, those that it let in before are in: see `Round`.
    const OWN: bool = false;

    fn admit(word: P::Word, waiter: &P::Waiter) -> Option<(P::Word, P::Value)> {
        if word.is_closed() {
            return None;
        }
        let (next, value) = P::take(word, waiter)?;
        Some((keep(word, next), value))
    }
}

impl<P: WordPolicy> Yields for WordPolicyRule<P> {
    type Item = P::Value;
    type Error = Closed;

    #[inline(always)]
    fn item(value: P::Value) -> P::Value {
        value
    }

    fn error(_: Failure) -> Closed {
        Closed::new()
    }

    fn spent() -> Result<P::Value, Closed> {
        panic!("a wait was polled again after it had completed: it yields once")
    }
}

impl<P: WordPolicy, Lock> Queue<WordPolicyRule<P>, Lock> {
    const_fn! {
        /// Returns a primitive with this word, which must have no waiters.
        ///
        /// Generated code calls it, as part of the `new` of a type that `#[primitive(…, word = …)]` makes.
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::WordPolicy;
        ///
        /// #[sync_core::bitfield(usize)]
        /// pub struct GateState { waiting: bool, closed: bool, open: bool }
        ///
        /// #[sync_core::primitive(method = pass, future = Pass, waiter = (), word = GateState)]
        /// pub struct Gate;
        ///
        /// impl WordPolicy for Gate {
        ///     type Word = GateState;
        ///     type Waiter = ();
        ///     type Value = ();
        ///     fn take(word: GateState, (): &()) -> Option<(GateState, ())> {
        ///         word.open().then_some((word, ()))
        ///     }
        /// }
        ///
        /// static GATE: Gate = Gate::new(GateState::new().with_open(true));
        /// assert_eq!(pollster::block_on(GATE.pass()), Ok(()));
        /// ```
        pub fn with_atomic(word: PolicyWord<P::Word>, lock: Lock) -> Self {
            Self::with_word(word, (), lock)
        }
    }
}

impl<P: WordPolicy, Lock: ScopedRawMutex> Queue<WordPolicyRule<P>, Lock> {
    /// Returns a snapshot of the word; it may be stale by the time it is read.
    ///
    /// # Memory ordering
    ///
    /// Everything done before the change that made this word is visible.
    ///
    /// # Interrupts
    ///
    /// One load: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// # use sync_core::WordPolicy;
    /// # #[sync_core::bitfield(usize)]
    /// # pub struct GateState { waiting: bool, closed: bool, open: bool }
    /// # #[sync_core::primitive(method = pass, future = Pass, waiter = (), word = GateState)]
    /// # pub struct Gate;
    /// # impl WordPolicy for Gate {
    /// #     type Word = GateState;
    /// #     type Waiter = ();
    /// #     type Value = ();
    /// #     fn take(word: GateState, (): &()) -> Option<(GateState, ())> {
    /// #         word.open().then_some((word, ()))
    /// #     }
    /// # }
    /// impl Gate {
    ///     pub fn is_open(&self) -> bool {
    ///         self.word().open()
    ///     }
    /// }
    /// assert!(!Gate::new(GateState::new()).is_open());
    /// ```
    #[inline]
    pub fn snapshot(&self) -> P::Word {
        self.word().0.load(Acquire)
    }

    /// Takes what `waiter` asks for, if it is available and no task waits; never waits.
    ///
    /// # Fairness
    ///
    /// It never overtakes a waiting task.
    ///
    /// # Memory ordering
    ///
    /// Everything done before what it takes was given back is visible.
    ///
    /// # Interrupts
    ///
    /// Takes no lock: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// # use sync_core::WordPolicy;
    /// # #[sync_core::bitfield(usize)]
    /// # pub struct GateState { waiting: bool, closed: bool, open: bool }
    /// # #[sync_core::primitive(method = pass, future = Pass, waiter = (), word = GateState)]
    /// # pub struct Gate;
    /// # impl WordPolicy for Gate {
    /// #     type Word = GateState;
    /// #     type Waiter = ();
    /// #     type Value = ();
    /// #     fn take(word: GateState, (): &()) -> Option<(GateState, ())> {
    /// #         word.open().then_some((word, ()))
    /// #     }
    /// # }
    /// assert!(Gate::new(GateState::new()).try_take(&()).is_none());
    /// assert!(Gate::new(GateState::new().with_open(true)).try_take(&()).is_some());
    /// ```
    #[inline]
    #[must_use = "what was taken is dropped with this, and no other waiter gets it"]
    pub fn try_take(&self, waiter: &P::Waiter) -> Option<P::Value> {
        WordPolicyRule::<P>::try_take(self.word(), waiter)
    }

    /// Replaces the word by what `f` returns for it, and gives the first in line what they can get then.
    ///
    /// `f` may be called more than once.
    ///
    /// # Fairness
    ///
    /// First in, first out: it stops at the first waiter for which there is nothing.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks that take what it gives.
    ///
    /// # Interrupts
    ///
    /// One read-modify-write if no task waits; otherwise it takes the raw lock, the first time for as many
    /// steps as it lets waiters go on, and then once per batch of wakers, which are called without it.
    ///
    /// # Examples
    ///
    /// ```
    /// # use sync_core::WordPolicy;
    /// # #[sync_core::bitfield(usize)]
    /// # pub struct GateState { waiting: bool, closed: bool, open: bool }
    /// # #[sync_core::primitive(method = pass, future = Pass, waiter = (), word = GateState)]
    /// # pub struct Gate;
    /// # impl WordPolicy for Gate {
    /// #     type Word = GateState;
    /// #     type Waiter = ();
    /// #     type Value = ();
    /// #     fn take(word: GateState, (): &()) -> Option<(GateState, ())> {
    /// #         word.open().then_some((word, ()))
    /// #     }
    /// # }
    /// impl Gate {
    ///     pub fn open(&self) {
    ///         self.change(|word| word.with_open(true));
    ///     }
    /// }
    /// static GATE: Gate = Gate::new(GateState::new());
    ///
    /// std::thread::spawn(|| GATE.open());
    /// assert_eq!(pollster::block_on(GATE.pass()), Ok(()));
    /// ```
    #[inline]
    pub fn change(&self, f: impl Fn(P::Word) -> P::Word) {
        if self.word().try_change(|word| Some(f(word))).is_err() {
            hand_over(self, f);
        }
    }

    /// Closes the primitive: every waiting future, and every later one, gets an error.
    ///
    /// A waiter that was given something before still gets it. Closing again does nothing.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks that get the error.
    ///
    /// # Interrupts
    ///
    /// One read-modify-write if no task waits; otherwise it takes the raw lock for a batch of wakers at a
    /// time, and calls them without it.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Latch;
    ///
    /// static READY: Latch = Latch::new(1);
    ///
    /// let task = std::thread::spawn(|| pollster::block_on(READY.wait()));
    /// READY.close(); // shut down
    /// assert!(task.join().unwrap().is_err());
    /// ```
    pub fn close_word(&self) {
        if !self.word().0.update(Release, Relaxed, |word| word.and_closed(true)).is_waiting() {
            return;
        }
        trace!("close: a task waits");
        self.tell_closed();
    }

    /// Returns whether the primitive was closed. `true` is final.
    ///
    /// # Memory ordering
    ///
    /// Everything done before it was closed is visible to the caller that sees `true`.
    ///
    /// # Interrupts
    ///
    /// One load: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::Event;
    ///
    /// let event = Event::new();
    /// assert!(!event.is_closed());
    /// event.close();
    /// assert!(event.is_closed());
    /// ```
    #[must_use]
    pub fn is_word_closed(&self) -> bool {
        self.snapshot().is_closed()
    }

    /// Writes the primitive as a struct called `name`.
    ///
    /// # Errors
    ///
    /// Those of the formatter.
    ///
    /// # Examples
    ///
    /// ```
    /// let text = format!("{:?}", sync_core::Event::new());
    /// assert!(text.starts_with("Event {") && text.contains("set: false"), "{text}");
    /// ```
    pub fn debug_word(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result
    where
        P::Word: fmt::Debug,
    {
        f.debug_struct(name).field("word", &self.snapshot()).finish_non_exhaustive()
    }
}

#[cold]
#[inline(never)]
fn hand_over<P: WordPolicy, Lock: ScopedRawMutex>(
    queue: &Queue<WordPolicyRule<P>, Lock>,
    f: impl Fn(P::Word) -> P::Word,
) {
    admission::hand_over(queue, |word| Some(keep(word, f(word))));
}
