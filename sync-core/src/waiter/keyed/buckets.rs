//! Several queues, each for the keys that hash to it.

use core::{fmt, hash::Hasher, slice};

use mutex_traits::{ConstInit, ScopedRawMutex};

use super::HashedKey;
use crate::{
    blocking::DefaultMutex,
    engine::{Queue, Rule},
    state::queue::AtomicQueueState,
    util::Padded,
};

/// `N` queues of one rule, with a lock each; a key belongs to one of them.
///
/// `#[wait_map(…, buckets = N)]` puts this into the types it makes. `N` is a power of two.
pub struct Buckets<R: Rule, const N: usize, Lock = DefaultMutex> {
    queues: [Padded<Queue<R, Lock>>; N],
}

impl<R: Rule<Word = AtomicQueueState, State = ()>, const N: usize> Buckets<R, N> {
    /// Returns empty queues.
    ///
    /// # Examples
    ///
    /// ```
    /// /// A futex: tasks that wait for an address.
    /// #[sync_core::wait_map(key = usize, match = fifo, buckets = 16)]
    /// pub struct Futex;
    ///
    /// static FUTEX: Futex = Futex::new();
    /// assert!(!FUTEX.is_closed());
    /// ```
    #[cfg(not(loom))]
    pub const fn new() -> Self {
        const { assert!(N.is_power_of_two(), "the number of buckets is a power of two") }
        Self { queues: [const { Padded::new(Queue::new((), DefaultMutex::new())) }; N] }
    }

    /// Returns empty queues, in the model; see the other `new` for an example.
    #[cfg(loom)]
    pub fn new() -> Self {
        Self::with_locks(core::array::from_fn(|_| DefaultMutex::new()))
    }
}

impl<R: Rule<Word = AtomicQueueState, State = ()>, const N: usize, Lock> Buckets<R, N, Lock> {
    /// Returns empty queues, each under a lock of its own.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::spin::Spinlock;
    ///
    /// #[sync_core::wait_map(key = usize, match = fifo, buckets = 16)]
    /// pub struct Futex;
    ///
    /// static FUTEX: Futex<Spinlock> = Futex::new_with_const_raw_mutexes();
    /// assert!(!FUTEX.is_closed());
    /// ```
    #[cfg(not(loom))]
    pub const fn with_const_locks() -> Self
    where
        Lock: ConstInit,
    {
        const { assert!(N.is_power_of_two(), "the number of buckets is a power of two") }
        Self { queues: [const { Padded::new(Queue::new((), Lock::INIT)) }; N] }
    }

    /// Returns empty queues, each under a lock of its own, in the model.
    #[cfg(loom)]
    pub fn with_const_locks() -> Self
    where
        Lock: ConstInit,
    {
        Self::with_locks(core::array::from_fn(|_| Lock::INIT))
    }

    /// Returns empty queues, each under one of `locks`.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::spin::Spinlock;
    ///
    /// #[sync_core::wait_map(key = usize, match = fifo, buckets = 2)]
    /// pub struct Futex;
    ///
    /// let futex = Futex::new_with_raw_mutexes([Spinlock::new(), Spinlock::new()]);
    /// assert!(!futex.is_closed());
    /// ```
    pub fn with_locks(locks: [Lock; N]) -> Self {
        const { assert!(N.is_power_of_two(), "the number of buckets is a power of two") }
        Self { queues: locks.map(|lock| Padded::new(Queue::new((), lock))) }
    }
}

impl<R: Rule<Waiter: HashedKey>, const N: usize, Lock> Buckets<R, N, Lock> {
    /// Returns the queue to which `key` belongs.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::pin::pin;
    ///
    /// #[sync_core::wait_map(key = usize, match = fifo, buckets = 16)]
    /// pub struct Futex;
    ///
    /// static FUTEX: Futex = Futex::new();
    ///
    /// # pollster::block_on(async {
    /// let mut wait = pin!(FUTEX.wait(0x40));
    /// wait.as_mut().subscribe().await?;
    /// assert_eq!(FUTEX.wake_all(&0x40), 1);
    /// wait.await?;
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    #[inline]
    pub fn of(&self, key: &R::Waiter) -> &Queue<R, Lock> {
        let mut hasher = Fold(0);
        key.hash_into(&mut hasher);
        // The highest bits, which depend on every bit of the key.
        let index = hasher.0.checked_shr(u64::BITS - N.trailing_zeros()).unwrap_or(0);
        #[expect(clippy::cast_possible_truncation, reason = "it is less than `N`")]
        &self.queues[index as usize]
    }
}

impl<R: Rule<Word = AtomicQueueState>, const N: usize, Lock: ScopedRawMutex> Buckets<R, N, Lock> {
    /// Closes the queues, and then wakes their waiters with that, one queue after another; also if a waker
    /// panics.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks that get the error.
    ///
    /// # Interrupts
    ///
    /// Takes the raw locks one after the other, each for a batch of wakers at a time, which are called
    /// without it.
    ///
    /// # Examples
    ///
    /// ```
    /// #[sync_core::wait_map(key = usize, match = fifo, buckets = 16)]
    /// pub struct Futex;
    ///
    /// # pollster::block_on(async {
    /// static FUTEX: Futex = Futex::new();
    ///
    /// FUTEX.close(); // shut down
    /// assert!(FUTEX.is_closed());
    /// assert!(FUTEX.wait(7).await.is_err());
    /// # });
    /// ```
    pub fn close(&self) {
        // The first queue is closed last, because it is the one that `is_closed` checks.
        if self.queues.iter().rev().fold(false, |any, queue| any | queue.close_quietly()) {
            Telling { left: self.queues.iter() }.go_on();
        }
    }

    /// Returns whether all of them were closed. `true` is final.
    ///
    /// # Memory ordering
    ///
    /// Everything done before they were closed is visible to the caller that sees `true`.
    ///
    /// # Interrupts
    ///
    /// One load: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// #[sync_core::wait_map(key = usize, match = fifo, buckets = 16)]
    /// pub struct Futex;
    ///
    /// let futex = Futex::new();
    /// assert!(!futex.is_closed());
    /// futex.close();
    /// assert!(futex.is_closed());
    /// ```
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.queues[0].is_closed()
    }

    /// Returns the number of waiters, for diagnostics: it may be stale by the time it is read.
    ///
    /// # Interrupts
    ///
    /// Takes the raw locks one after the other, for at most as many steps as there are waiters.
    ///
    /// # Examples
    ///
    /// ```
    /// #[sync_core::wait_map(key = usize, match = fifo, buckets = 16)]
    /// pub struct Futex;
    ///
    /// assert_eq!(Futex::new().waiters(), 0);
    /// ```
    #[must_use]
    pub fn waiters(&self) -> usize {
        self.queues.iter().map(|queue| queue.waiters()).sum()
    }

    /// Writes the queues as a struct called `name`.
    ///
    /// # Errors
    ///
    /// Those of the formatter.
    ///
    /// # Examples
    ///
    /// ```
    /// #[sync_core::wait_map(key = usize, match = fifo, buckets = 16)]
    /// pub struct Futex;
    ///
    /// assert_eq!(format!("{:?}", Futex::new()), "Futex { closed: false, buckets: 16, .. }");
    /// ```
    pub fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name).field("closed", &self.is_closed()).field("buckets", &N).finish_non_exhaustive()
    }
}

/// The closed queues that still have waiters to wake. If a waker of one panics, the others are woken while it
/// unwinds.
struct Telling<'b, R: Rule<Word = AtomicQueueState>, Lock: ScopedRawMutex> {
    left: slice::Iter<'b, Padded<Queue<R, Lock>>>,
}

impl<R: Rule<Word = AtomicQueueState>, Lock: ScopedRawMutex> Telling<'_, R, Lock> {
    fn go_on(&mut self) {
        for queue in self.left.by_ref().filter(|queue| queue.close_quietly()) {
            queue.tell_closed_with(|_, _| None);
        }
    }
}

impl<R: Rule<Word = AtomicQueueState>, Lock: ScopedRawMutex> Drop for Telling<'_, R, Lock> {
    fn drop(&mut self) {
        self.go_on();
    }
}

impl<R, const N: usize, Lock> Default for Buckets<R, N, Lock>
where
    R: Rule<Word = AtomicQueueState, State = ()>,
    Lock: Default,
{
    fn default() -> Self {
        Self::with_locks(core::array::from_fn(|_| Lock::default()))
    }
}

impl<R: Rule<Word = AtomicQueueState>, const N: usize, Lock: ScopedRawMutex> fmt::Debug
    for Buckets<R, N, Lock>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.debug("Buckets", f)
    }
}

/// A hash of few instructions: rotate, mix in, multiply, as in the hasher that Firefox and rustc use, but by
/// the golden ratio, which spreads consecutive keys evenly over the buckets. It keeps no secret: an attacker
/// that chooses the keys can choose them all for one bucket.
struct Fold(u64);

impl Fold {
    #[inline]
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Fold {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word));
        }
    }

    #[inline]
    fn write_u8(&mut self, n: u8) {
        self.mix(n.into());
    }

    #[inline]
    fn write_u16(&mut self, n: u16) {
        self.mix(n.into());
    }

    #[inline]
    fn write_u32(&mut self, n: u32) {
        self.mix(n.into());
    }

    #[inline]
    fn write_u64(&mut self, n: u64) {
        self.mix(n);
    }

    #[inline]
    fn write_usize(&mut self, n: usize) {
        self.mix(n as u64);
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::waiter::Fifo;

    /// Consecutive keys, and keys that are multiples of a number, are spread over all buckets.
    #[test]
    fn keys_are_spread() {
        let buckets = Buckets::<Fifo<usize, ()>, 64>::new();
        for step in [1, 8, 64, 4096] {
            let mut seen = [0; 64];
            for key in 0..64 * 16 {
                let queue = core::ptr::from_ref(buckets.of(&(key * step)));
                let index = buckets.queues.iter().position(|other| core::ptr::eq(&raw const **other, queue));
                seen[index.expect("one of them")] += 1;
            }
            let (least, most) = (seen.iter().min(), seen.iter().max());
            assert!(*least.unwrap() > 0 && *most.unwrap() < 64, "steps of {step}: {seen:?}");
        }
    }

    /// The same with as many buckets as the largest maps have.
    #[test]
    fn keys_in_a_row_are_spread_evenly() {
        let mut seen = [0; 4096];
        for key in 0_u64..4096 * 16 {
            let mut hasher = Fold(0);
            key.hash_into(&mut hasher);
            seen[usize::try_from(hasher.finish() >> 52).expect("12 bits")] += 1;
        }
        assert!(seen.iter().all(|count| (15..=18).contains(count)), "{seen:?}");
    }

    /// Two different keys of any type, and of several parts, have different hashes.
    #[test]
    fn every_part_of_a_key_counts() {
        fn distinct<K: HashedKey>(keys: impl Iterator<Item = K>) {
            let mut seen = std::collections::HashSet::new();
            for key in keys {
                let mut hasher = Fold(0);
                key.hash_into(&mut hasher);
                assert!(seen.insert(hasher.finish()), "{}", core::any::type_name::<K>());
            }
        }
        distinct(0..=u8::MAX);
        distinct(0..=u16::MAX);
        distinct(0..1000_u32);
        distinct(0..1000_u64);
        distinct(0..1000_usize);
        distinct((0..64_u8).flat_map(|a| (0..64_u8).map(move |b| (a, b))));
        distinct((0..64_u32).flat_map(|a| (0..64_u16).map(move |b| (a, b))));
        distinct(["", "a", "b", "ab", "ba", "12345678", "123456789", "12345678 "].into_iter());
    }

    #[test]
    fn one_bucket_takes_all() {
        let buckets = Buckets::<Fifo<u8, ()>, 1>::default();
        assert!(core::ptr::eq(buckets.of(&1), buckets.of(&200)));
    }
}
