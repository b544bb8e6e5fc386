//! Many queues, each for the keys that hash to it.

use core::{fmt, hash::Hasher, slice};

use mutex_traits::{ConstInit, ScopedRawMutex};

use super::{HashedKey, Queue, Rule};
use crate::{blocking::DefaultMutex, state::queue::AtomicQueueState, util::Padded};

/// `N` queues of one rule, with a lock each; a key belongs to one of them.
///
/// This is what `#[wait_map(…, buckets = N)]` puts into the types it makes. `N` is a power of two.
pub struct Buckets<R: Rule, const N: usize, Lock = DefaultMutex> {
    queues: [Padded<Queue<R, Lock>>; N],
}

impl<R: Rule<Word = AtomicQueueState, State = ()>, const N: usize> Buckets<R, N> {
    /// Returns queues in which nobody waits.
    #[cfg(not(loom))]
    pub const fn new() -> Self {
        const { assert!(N.is_power_of_two(), "the number of buckets is a power of two") }
        Self { queues: [const { Padded::new(Queue::new((), DefaultMutex::new())) }; N] }
    }

    /// Returns queues in which nobody waits.
    #[cfg(loom)]
    pub fn new() -> Self {
        Self::with_locks(core::array::from_fn(|_| DefaultMutex::new()))
    }
}

impl<R: Rule<Word = AtomicQueueState, State = ()>, const N: usize, Lock> Buckets<R, N, Lock> {
    /// Returns queues in which nobody waits, each under a lock of its own.
    #[cfg(not(loom))]
    pub const fn with_const_locks() -> Self
    where
        Lock: ConstInit,
    {
        const { assert!(N.is_power_of_two(), "the number of buckets is a power of two") }
        Self { queues: [const { Padded::new(Queue::new((), Lock::INIT)) }; N] }
    }

    /// Returns queues in which nobody waits, each under a lock of its own.
    #[cfg(loom)]
    pub fn with_const_locks() -> Self
    where
        Lock: ConstInit,
    {
        Self::with_locks(core::array::from_fn(|_| Lock::INIT))
    }

    /// Returns queues in which nobody waits, each under one of `locks`.
    pub fn with_locks(locks: [Lock; N]) -> Self {
        const { assert!(N.is_power_of_two(), "the number of buckets is a power of two") }
        Self { queues: locks.map(|lock| Padded::new(Queue::new((), lock))) }
    }
}

impl<R: Rule<Waiter: HashedKey>, const N: usize, Lock> Buckets<R, N, Lock> {
    /// Returns the queue of `key`.
    #[inline]
    pub fn of(&self, key: &R::Waiter) -> &Queue<R, Lock> {
        let mut hasher = Fold(0);
        key.hash_into(&mut hasher);
        // The highest bits, in which every bit of the key counts.
        let index = hasher.0.checked_shr(u64::BITS - N.trailing_zeros()).unwrap_or(0);
        // Lossless: it is less than `N`.
        #[expect(clippy::cast_possible_truncation, reason = "see above")]
        &self.queues[index as usize]
    }
}

impl<R: Rule<Word = AtomicQueueState>, const N: usize, Lock: ScopedRawMutex> Buckets<R, N, Lock> {
    /// Closes the queues, and then tells those that wait in them, one queue after another; also if a waker panics.
    pub fn close(&self) {
        // The first one last: it is what `is_closed` looks at.
        if self.queues.iter().rev().fold(false, |any, queue| any | queue.close_quietly()) {
            Telling { left: self.queues.iter() }.go_on();
        }
    }

    /// Returns whether all of them were closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.queues[0].is_closed()
    }

    /// Writes the queues as a struct called `name`.
    ///
    /// # Errors
    ///
    /// Those of the formatter.
    pub fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name).field("closed", &self.is_closed()).field("buckets", &N).finish_non_exhaustive()
    }
}

/// The closed queues whose waiters are still to be told. If one of them panics, the others are told while it unwinds.
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

/// A hash of few instructions: rotate, mix in, multiply, as in the hasher that Firefox and rustc use, but by the golden
/// ratio, which puts keys in a row into all buckets alike. It keeps no secret: who chooses the keys can choose them all
/// for one bucket.
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

    /// Keys in a row, and keys that are multiples of something, are spread over all buckets.
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

    /// Also where there are as many buckets as the largest maps have.
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

    /// Two keys of any type, and of several parts, have two hashes.
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
