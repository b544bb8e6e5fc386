//! Waiting for flags.

use core::{fmt, marker::PhantomData};

use mutex_traits::ScopedRawMutex;

use crate::{
    engine::{
        Admission, Failure, LentWait, ListOf, Queue, QueueRef, Rule, Wait, Yields,
        list::{Select, Step},
    },
    error::Closed,
    state::queue::AtomicQueueState,
    waiter::{
        queue::ClearsWaiting,
        wait::{Departure, withdraw},
    },
};

/// An unsigned integer, with its bits as flags.
#[diagnostic::on_unimplemented(
    message = "the flags of a `mask` map are the bits of an unsigned integer, which `{Self}` is not",
    label = "use `u8`, `u16`, `u32`, `u64`, `u128` or `usize` here"
)]
pub trait Flags: Copy + Eq + private::Sealed {
    /// No flag.
    #[doc(hidden)]
    const NONE: Self;

    /// The flags that are in both.
    #[doc(hidden)]
    #[must_use]
    fn and(self, other: Self) -> Self;

    /// The flags that are in at least one of them.
    #[doc(hidden)]
    #[must_use]
    fn or(self, other: Self) -> Self;

    /// The flags that are only in `self`.
    #[doc(hidden)]
    #[must_use]
    fn without(self, other: Self) -> Self;
}

mod private {
    #[expect(unnameable_types, reason = "that is the point")]
    pub trait Sealed {}
}

macro_rules! flags {
    ($($int:ty)*) => {$(
        impl private::Sealed for $int {}

        impl Flags for $int {
            const NONE: Self = 0;

            #[inline]
            fn and(self, other: Self) -> Self {
                self & other
            }

            #[inline]
            fn or(self, other: Self) -> Self {
                self | other
            }

            #[inline]
            fn without(self, other: Self) -> Self {
                self & !other
            }
        }
    )*};
}
flags! { u8 u16 u32 u64 u128 usize }

/// What happens to flags for which several tasks wait.
pub trait Sharing {
    /// Whether the first task takes them, so that no other task gets them.
    const CONSUME: bool;
}

/// All tasks that wait for them get them; they are cleared after all have been asked.
pub enum Snapshot {}

impl Sharing for Snapshot {
    const CONSUME: bool = false;
}

/// Each flag goes to one task.
pub enum Consume {}

impl Sharing for Consume {
    const CONSUME: bool = true;
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl fmt::Debug for Consume {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

/// The flags that a task waits for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<K> {
    mask: K,
    /// All of them, or any.
    all: bool,
    /// Whether the flags that matched are cleared when it goes on.
    clear: bool,
}

impl<K: Flags> Wanted<K> {
    /// Returns the description of a wait for any flag of `mask`, or for all of them.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::pin::pin;
    ///
    /// #[sync_core::wait_map(key = u32, match = mask)]
    /// pub struct Events;
    ///
    /// static EVENTS: Events = Events::new();
    ///
    /// # pollster::block_on(async {
    /// let (any, mut all) = (EVENTS.wait_any(0b11), pin!(EVENTS.wait_all(0b11)));
    /// all.as_mut().subscribe().await?;
    /// EVENTS.set(0b01);
    /// assert_eq!(any.await?, 0b01);
    /// EVENTS.set(0b10);
    /// assert_eq!(all.await?, 0b11);
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    #[inline]
    pub fn new(mask: K, all: bool) -> Self {
        Self { mask, all, clear: false }
    }

    /// The flags that let it go on, if `flags` do.
    fn matched(&self, flags: K) -> Option<K> {
        let matched = flags.and(self.mask);
        let enough = if self.all { matched == self.mask } else { matched != K::NONE };
        enough.then_some(matched)
    }
}

/// The rule of `match = mask`: a wait is over when the flags that it waits for are set.
#[derive(Debug)]
pub struct Mask<K, S = Snapshot> {
    _rule: PhantomData<fn(K, S) -> K>,
}

impl<K: Flags, S: Sharing> Mask<K, S> {
    /// What `wanted` clears of the flags that matched.
    fn cleared(wanted: &Wanted<K>, matched: K) -> K {
        if S::CONSUME || wanted.clear { matched } else { K::NONE }
    }

    /// Sets flags, and lets the waiters go on for which they suffice. Returns their number.
    ///
    /// The waiters are asked oldest first. Flags that one of them clears are gone for the next one only if
    /// each flag goes to one task.
    fn set(list: &mut ListOf<Self>, bits: K) -> Step<usize> {
        let flags = list.state().or(bits);
        *list.state() = flags;
        let mut to_clear = K::NONE;
        let step = list.select_each(|_, wanted| {
            let seen = if S::CONSUME { flags.without(to_clear) } else { flags };
            match wanted.matched(seen) {
                Some(matched) => {
                    to_clear = to_clear.or(Self::cleared(wanted, matched));
                    Select::Wake(matched)
                }
                None => Select::Skip,
            }
        });
        *list.state() = flags.without(to_clear);
        step
    }
}

impl<K: Flags, S: Sharing> Rule for Mask<K, S> {
    type Word = AtomicQueueState;
    /// The flags that are set.
    type State = K;
    type Waiter = Wanted<K>;
    /// The flags that matched.
    type Value = K;

    fn enter(
        word: &AtomicQueueState,
        list: &mut ListOf<Self>,
        wanted: &mut Wanted<K>,
        _: usize,
    ) -> Admission<K, Wanted<K>> {
        let flags = *list.state();
        // Flags that are set count, whether the map is closed or not.
        if let Some(matched) = wanted.matched(flags) {
            *list.state() = flags.without(Self::cleared(wanted, matched));
            return Admission::Ready(matched);
        }
        super::enter(word)
    }

    fn abandon<Lock: ScopedRawMutex>(wait: LentWait<'_, Self, Lock>) {
        if !S::CONSUME {
            // Flags are not used up by the tasks that see them.
            let _given = wait.detach();
            return;
        }
        withdraw(wait, |Departure { queue, list, given, .. }| {
            let left = ClearsWaiting { queue, list };
            let list = &mut *left.list;
            match given.take() {
                // The waiters that are left in a closed map belong to `close`, which has yet to reach them.
                Some(matched) if !queue.is_closed() => Self::set(list, matched),
                matched => {
                    *list.state() = list.state().or(matched.unwrap_or(K::NONE));
                    Step::of(0)
                }
            }
        });
    }
}

impl<K: Flags, S: Sharing> Yields for Mask<K, S> {
    type Item = K;
    type Error = Closed;

    #[inline(always)]
    fn item(matched: K) -> K {
        matched
    }

    fn error(_: Failure) -> Closed {
        Closed::new()
    }

    fn spent() -> Result<K, Closed> {
        panic!("a wait was polled again after it had completed: it yields once")
    }
}

impl<K: Flags, S: Sharing, Lock: ScopedRawMutex> Queue<Mask<K, S>, Lock> {
    /// Returns the flags that are set; they may be stale by the time they are read.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock for a bounded number of steps.
    ///
    /// # Examples
    ///
    /// ```
    /// #[sync_core::wait_map(key = u32, match = mask)]
    /// pub struct Events;
    ///
    /// let events = Events::new();
    /// events.set(0b101);
    /// assert_eq!(events.get(), 0b101);
    /// ```
    pub fn get(&self) -> K {
        self.with_list(|list| *list.state())
    }

    /// Sets the flags `bits`, and wakes the waiters for which the flags suffice then. Returns their number.
    ///
    /// # Fairness
    ///
    /// Oldest first. Flags that a waiter clears are cleared after all have been asked, unless each flag goes
    /// to one task.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks that it wakes, and to each later wait for
    /// these flags.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, for as many steps as there are waiters, and then once per batch of wakers, which
    /// are called without it.
    ///
    /// # Examples
    ///
    /// ```
    /// #[sync_core::wait_map(key = u32, match = mask)]
    /// pub struct Events;
    ///
    /// static EVENTS: Events = Events::new();
    /// const RECEIVED: u32 = 1;
    ///
    /// # pollster::block_on(async {
    /// EVENTS.set(RECEIVED); // by an interrupt handler, say
    /// assert_eq!(EVENTS.wait_any(RECEIVED).clear_on_exit().await?, RECEIVED);
    /// assert_eq!(EVENTS.get(), 0);
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    pub fn set(&self, bits: K) -> usize {
        trace!("set flags");
        self.wake_selected(|list| {
            if self.is_closed() {
                *list.state() = list.state().or(bits);
                return Step::of(0);
            }
            Mask::<K, S>::set(list, bits)
        })
    }

    /// Clears the flags `bits`, and returns the flags as they were before.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock for a bounded number of steps.
    ///
    /// # Examples
    ///
    /// ```
    /// #[sync_core::wait_map(key = u32, match = mask)]
    /// pub struct Events;
    ///
    /// let events = Events::new();
    /// events.set(0b101);
    /// assert_eq!(events.clear(0b001), 0b101);
    /// assert_eq!(events.get(), 0b100);
    /// ```
    pub fn clear(&self, bits: K) -> K {
        self.with_list(|list| {
            let flags = *list.state();
            *list.state() = flags.without(bits);
            flags
        })
    }
}

impl<K: Flags, Lock: ScopedRawMutex, H: QueueRef<Mask<K>, Lock>> Wait<Mask<K>, Lock, H> {
    /// Has the flags that let this wait go on cleared when it does, in one step with its wake-up.
    #[doc(hidden)]
    pub fn set_clear_on_exit(&mut self) {
        self.waiter_mut().clear = true;
    }
}
