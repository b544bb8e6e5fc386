//! How large the types are: on a 64-bit machine, in bytes.
//!
//! `cargo test -p tests --test sizes --features no-cache-pad` (and `std`) looks at the other half.

#![cfg(not(loom))]

use core::mem::{align_of, size_of};

use sync_core::{
    WaitCell, WaitMap, WaitQueue, spin::Spinlock, util::CachePadded, wait_cell, wait_map, wait_queue,
};
use tests::subjects::{Gate, Mailboxes};

/// A pointer's size, in which limits are counted: they hold for small machines as well.
const WORD: usize = size_of::<usize>();

/// Whether the library pads, which it may be told not to in other ways than by our own feature.
const PADS: bool = align_of::<CachePadded<u8>>() > 1;

/// What a type may need at most, unpadded, in words.
fn at_most<T>(words: usize) {
    let limit = if PADS { size_of::<CachePadded<u8>>() } else { words * WORD };
    let size = size_of::<T>();
    assert!(size <= limit, "{} has {size} bytes, more than {limit}", core::any::type_name::<T>());
    assert_eq!(align_of::<T>(), if PADS { limit } else { WORD });
}

const _: () = assert!(!(PADS && cfg!(feature = "no-cache-pad")), "the feature does not turn padding off");

/// maitake-sync's sizes, which must not be exceeded: 40, 24 and 40 bytes, where it pads to 256 otherwise.
#[test]
fn the_types_are_no_larger_than_those_they_replace() {
    at_most::<WaitQueue<Spinlock>>(5);
    at_most::<WaitMap<u64, [u8; 100], Spinlock>>(5);
    at_most::<WaitCell>(3);
    // `std::sync::Mutex` is not larger than a spinlock.
    at_most::<WaitQueue>(5);
    at_most::<WaitMap<u64, [u8; 100]>>(5);
}

#[test]
fn what_the_macros_make_has_its_state_on_top() {
    at_most::<Mailboxes<Spinlock>>(5);
    at_most::<Gate<Spinlock>>(6);
}

#[test]
fn one_line_of_the_cache_is_enough() {
    assert!(size_of::<CachePadded<u8>>() <= 128);
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

/// The primitives that `#[primitive]` makes: the lock and the two ends of the list, and the word or the state.
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
