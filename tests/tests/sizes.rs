//! How large the types are, in pointers, so that it holds for 32-bit machines as well.
//!
//! `cargo test -p tests --test sizes --features no-cache-pad` (and `std`) looks at the other half.

#![cfg(not(loom))]

use core::mem::{align_of, size_of};

use sync_core::{
    Mutex, RwLock, Semaphore, WaitCell, WaitMap, WaitQueue, blocking::DefaultMutex, mutex, rwlock, semaphore,
    spin::Spinlock, util::CachePadded, wait_cell, wait_map, wait_queue,
};
use tests::subjects::{Gate, Mailboxes};

/// A pointer's size, in which limits are counted: they hold for small machines as well.
const WORD: usize = size_of::<usize>();

/// Whether the library pads, which it may be told not to in other ways than by our own feature.
const PADS: bool = align_of::<CachePadded<u8>>() > 1;

/// The default lock, in words: of one with `std` a flag says whether it is held, which is a word more.
const LOCK: usize = size_of::<DefaultMutex>().div_ceil(WORD);

// In a build of the whole workspace another package may have asked for `std`.
const _: () = assert!(LOCK <= 2);

/// What a type may need at most, unpadded, in words.
fn at_most<T>(words: usize) {
    let limit = if PADS { size_of::<CachePadded<u8>>() } else { words * WORD };
    let size = size_of::<T>();
    assert!(size <= limit, "{} has {size} bytes, more than {limit}", core::any::type_name::<T>());
    assert_eq!(align_of::<T>(), if PADS { limit } else { WORD });
}

const _: () = assert!(!(PADS && cfg!(feature = "no-cache-pad")), "the feature does not turn padding off");

/// maitake-sync's sizes, which must not be exceeded: 40, 24 and 40 bytes, where it pads to 256 otherwise. A
/// `WaitCell` has two words more, for a second waker: so a task is registered also while another one that it
/// has interrupted is at the first.
#[test]
fn the_types_are_no_larger_than_the_ones_they_replace() {
    at_most::<WaitQueue<Spinlock>>(5);
    at_most::<WaitMap<u64, [u8; 100], Spinlock>>(5);
    at_most::<WaitCell>(5);
    at_most::<WaitQueue>(4 + LOCK);
    at_most::<WaitMap<u64, [u8; 100]>>(4 + LOCK);
}

#[test]
fn what_the_macros_make_has_its_state_on_top() {
    at_most::<Mailboxes<Spinlock>>(5);
    at_most::<Gate<Spinlock>>(6);
}

/// A word, a raw lock and a list of two ends and a length: 40 bytes on a 64-bit machine, with `std` 48.
#[test]
fn locks_have_few_words_on_top_of_their_value() {
    at_most::<Mutex<(), Spinlock>>(5);
    at_most::<Mutex<()>>(4 + LOCK);
    at_most::<Mutex<usize>>(5 + LOCK);
    at_most::<Mutex<[usize; 4]>>(8 + LOCK);
    at_most::<RwLock<()>>(4 + LOCK);
    at_most::<RwLock<usize, Spinlock>>(6);
    at_most::<Semaphore>(4 + LOCK);
    at_most::<Semaphore<Spinlock>>(5);
    #[cfg(target_pointer_width = "64")]
    const {
        assert!(PADS || size_of::<Mutex<()>>() <= (4 + LOCK) * 8);
    };
}

/// The value is in the line that the lock is padded to; one that needs more gets the next.
///
/// Seen to fail, on 32 bits as well, with: a field more in `Guarded`; a queue that is padded inside of it.
#[test]
fn padding_is_paid_once() {
    // In words. Lines differ between processors, and so does what fits into one beside the lock.
    const ROOM: usize = if PADS { size_of::<CachePadded<u8>>() / WORD - 4 - LOCK } else { 1 };
    let full = (4 + LOCK + ROOM) * WORD;
    assert_eq!(size_of::<Mutex<[usize; ROOM]>>(), full);
    assert_eq!(size_of::<RwLock<[usize; ROOM]>>(), full);
    if PADS {
        assert_eq!(size_of::<Mutex<usize>>(), full);
        assert_eq!(size_of::<Mutex<[usize; ROOM + 1]>>(), 2 * full);
        assert_eq!(size_of::<Mutex<CachePadded<u8>>>(), 2 * full);
        assert_eq!(size_of::<Semaphore>(), full);
    }
}

/// A task that has a guard of a small value pays for the way to the lock and nothing else.
#[test]
fn guards_are_pointers() {
    assert_eq!(size_of::<mutex::MutexGuard<'_, [u8; 100]>>(), WORD);
    assert_eq!(size_of::<Option<mutex::MutexGuard<'_, u8>>>(), WORD);
    assert_eq!(size_of::<mutex::OwnedMutexGuard<u8>>(), WORD);
    assert_eq!(size_of::<mutex::MappedMutexGuard<'_, u8>>(), 2 * WORD);
    assert_eq!(size_of::<mutex::OwnedMappedMutexGuard<[u8; 100], u8>>(), 2 * WORD);
    // One more for what is not sized: how large it is.
    assert_eq!(size_of::<mutex::MutexGuard<'_, [u8]>>(), 2 * WORD);
    assert_eq!(size_of::<rwlock::RwLockReadGuard<'_, u8>>(), WORD);
    assert_eq!(size_of::<rwlock::RwLockUpgradableReadGuard<'_, u8>>(), WORD);
    assert_eq!(size_of::<rwlock::RwLockWriteGuard<'_, u8>>(), WORD);
    assert_eq!(size_of::<Option<rwlock::OwnedRwLockWriteGuard<u8>>>(), WORD);
    assert_eq!(size_of::<rwlock::MappedRwLockReadGuard<'_, u8>>(), 2 * WORD);
    assert_eq!(size_of::<rwlock::MappedRwLockWriteGuard<'_, u8>>(), 2 * WORD);
    assert_eq!(size_of::<semaphore::Permit<'_>>(), 2 * WORD);
    assert_eq!(size_of::<semaphore::OwnedPermit>(), 2 * WORD);
}

/// A state, two links, a waker and the way to the lock; what it waits for, where that differs. At most 64
/// bytes.
#[test]
fn the_futures_of_locks_are_small() {
    assert_eq!(size_of::<mutex::Lock<'_, [u8; 100]>>(), 6 * WORD);
    assert_eq!(size_of::<mutex::LockOwned<[u8; 100]>>(), 6 * WORD);
    assert_eq!(size_of::<mutex::Lock<'_, [u8]>>(), 7 * WORD);
    assert_eq!(size_of::<rwlock::Read<'_, u8>>(), 7 * WORD);
    assert_eq!(size_of::<rwlock::UpgradableRead<'_, u8>>(), 7 * WORD);
    assert_eq!(size_of::<rwlock::Write<'_, u8>>(), 7 * WORD);
    assert_eq!(size_of::<rwlock::WriteOwned<u8>>(), 7 * WORD);
    assert_eq!(size_of::<rwlock::Upgrade<'_, u8>>(), 7 * WORD);
    assert_eq!(size_of::<rwlock::UpgradeOwned<u8>>(), 7 * WORD);
    assert_eq!(size_of::<semaphore::Acquire<'_>>(), 7 * WORD);
    assert_eq!(size_of::<semaphore::AcquireOwned>(), 7 * WORD);
    #[cfg(target_pointer_width = "64")]
    const {
        assert!(size_of::<mutex::Lock<'_, ()>>() <= 64);
    };
}

#[test]
fn one_line_of_the_cache_is_enough() {
    // s390x moves this many at once; no other processor moves more than half of it.
    let longest = if cfg!(target_arch = "s390x") { 256 } else { 128 };
    assert!(size_of::<CachePadded<u8>>() <= longest);
    assert_eq!(align_of::<CachePadded<u8>>(), size_of::<CachePadded<u8>>());
}

/// A wait is a state, two links, a waker, what it waits for and what it is given, and the way to its queue.
#[test]
fn waits_are_small_and_owned_ones_have_two_ways() {
    assert_eq!(size_of::<wait_queue::Wait<'_>>(), 7 * WORD);
    assert_eq!(size_of::<wait_queue::WaitOwned>(), 8 * WORD);
    assert_eq!(size_of::<wait_map::Wait<'_, usize, [usize; 4]>>(), 11 * WORD);
    assert!(size_of::<wait_cell::Wait<'_>>() <= 3 * WORD);
}

/// The primitives that `#[primitive]` makes: the lock and the two ends of the list, and the word or the
/// state.
mod primitives {
    use sync_core::{AutoEvent, Barrier, Condvar, Event, Latch, event, latch};

    use super::*;

    #[test]
    fn primitives_are_a_word_or_a_state_and_a_list() {
        at_most::<Event<Spinlock>>(5);
        at_most::<AutoEvent<Spinlock>>(5);
        at_most::<Latch<Spinlock>>(5);
        at_most::<Condvar<Spinlock>>(5);
        at_most::<Barrier<Spinlock>>(8);
    }

    #[test]
    fn their_waits_are_no_larger_than_a_queue_s() {
        assert!(size_of::<event::Wait<'_>>() <= 7 * WORD);
        assert!(size_of::<event::AutoWait<'_>>() <= 7 * WORD);
        assert!(size_of::<latch::Wait<'_>>() <= 7 * WORD);
    }
}
