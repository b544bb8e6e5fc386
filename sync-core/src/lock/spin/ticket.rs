//! A lock that spins and serves in order.
//!
//! # States
//!
//! Two counters that wrap: `next` is the ticket that the next to come draws, `serving` the one whose turn it
//! is.
//!
//! | state | `next - serving` | entered by | left by |
//! | --- | --- | --- | --- |
//! | free | 0 | the last `unlock` | `lock`, `try_lock` |
//! | held, none waits | 1 | `lock` or `try_lock` when free; `unlock` when one waits | `lock`, `unlock` |
//! | held, n wait | n + 1 | `lock` | `lock`, `unlock` |
//!
//! # Invariants
//!
//! - **T1** Each ticket between `serving` and `next` belongs to one caller: the first to the holder, the
//!   others to those that spin. Tickets are drawn by an exchange of `next`, so no two callers draw the same
//!   one while both are out: each caller has at least a word of stack, and so there are fewer of them than
//!   `usize` has values.
//! - **T2** The holder alone writes `serving`.
//!
//! # Orderings
//!
//! | site | order | pairs with | why |
//! | --- | --- | --- | --- |
//! | `next`, drawn | `Relaxed` | | draws a place in the order, and publishes nothing |
//! | `serving`, read by whose ticket it is | `Acquire` | `unlock` | what the last holder did is visible |
//! | `serving`, stored by `unlock` | `Release` | the reads before | publishes what was done under the lock |
//!
//! Models: `tests/loom_blocking/ticket.rs`.

#[cfg(not(loom))]
use mutex_traits::ConstInit;
use mutex_traits::RawMutex;

use crate::shim::{
    atomic::{
        AtomicUsize,
        Ordering::{Acquire, Relaxed, Release},
    },
    hint,
};

/// How many spins a caller waits for each that is before it, until it looks again.
const SPINS_EACH: usize = 16;

/// The most that it counts for this.
const MANY: usize = 64;

/// A raw lock that spins until it is free, and is given to those that wait for it in the order in which they
/// came.
///
/// It is for processors that contend for a lock all the time, where [`Spinlock`](super::Spinlock) may pass
/// over one of them again and again. Without contention the two cost the same: one read-modify-write to lock,
/// a store to unlock.
///
/// # Fairness
///
/// First come, first served: with `n` processors a caller waits for `n - 1` holders at most. `try_lock` fails
/// while the lock is held, and so never overtakes.
///
/// The price is that the next in line must be running: while it is interrupted, or its thread is not
/// scheduled, the lock is free and all others spin. Prefer `Spinlock`, or the feature `std`, where there are
/// more threads than processors.
///
/// # Memory ordering
///
/// Taking it acquires, releasing it releases: everything done under the lock before is visible to the next
/// holder.
///
/// # Interrupts
///
/// Not from a handler that may have interrupted a holder on the same processor, **nor one that waits in
/// `lock`**: the handler would wait for the code that it has interrupted. `try_lock` does not wait, and may
/// be used.
///
/// # Examples
///
/// ```
/// use sync_core::{WaitQueue, blocking::Mutex, spin::TicketLock};
///
/// static TICKS: Mutex<u64, TicketLock> = Mutex::new_with_raw_mutex(0, TicketLock::new());
/// static READY: WaitQueue<TicketLock> = WaitQueue::new_with_raw_mutex(TicketLock::new());
///
/// *TICKS.lock() += 1;
/// READY.wake();
/// assert_eq!(*TICKS.lock(), 1);
/// ```
#[derive(Debug)]
pub struct TicketLock {
    next: AtomicUsize,
    serving: AtomicUsize,
}

impl TicketLock {
    const_fn! {
        /// Returns an unlocked lock.
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::{Semaphore, spin::TicketLock};
        ///
        /// static PERMITS: Semaphore<TicketLock> = Semaphore::new_with_raw_mutex(2, TicketLock::new());
        /// assert_eq!(PERMITS.available_permits(), 2);
        /// ```
        pub fn new() -> Self {
            Self::starting_at(0)
        }
    }

    const_fn! {
        /// Returns an unlocked lock whose first ticket is `ticket`.
        fn starting_at(ticket: usize) -> Self {
            Self { next: AtomicUsize::new(ticket), serving: AtomicUsize::new(ticket) }
        }
    }

    /// Whether it is the turn of `ticket`, which is the caller's.
    #[inline]
    fn serves(&self, ticket: usize) -> bool {
        // Ordering: Acquire pairs with the Release in `unlock`: what the last holder did is visible.
        self.serving.load(Acquire) == ticket
    }

    #[cold]
    #[inline(never)]
    fn wait(&self, ticket: usize) {
        while !self.serves(ticket) {
            // Ordering: Relaxed; it only says how long to leave the cache line alone.
            let before = ticket.wrapping_sub(self.serving.load(Relaxed)).min(MANY);
            let spins = if cfg!(any(loom, shuttle)) { 1 } else { before * SPINS_EACH };
            for _ in 0..spins {
                hint::spin_loop();
            }
        }
    }
}

impl Default for TicketLock {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(not(loom))]
impl ConstInit for TicketLock {
    const INIT: Self = Self::new();
}

// SAFETY: it must exclude. `lock` and a true `try_lock` return only to the owner of the ticket that is
// served, which is one caller (T1); and it is served until `unlock`, which the holder alone may call, and
// which alone changes it (T2). Its Release pairs with their Acquire. Nothing is bound to a thread, as
// `GuardMarker` says.
unsafe impl RawMutex for TicketLock {
    type GuardMarker = ();

    #[inline]
    fn lock(&self) {
        // Ordering: Relaxed; see `serves`.
        let ticket = self.next.fetch_add(1, Relaxed);
        if !self.serves(ticket) {
            self.wait(ticket);
        }
    }

    #[inline]
    fn try_lock(&self) -> bool {
        // Ordering: Relaxed, all of it; see `serves`.
        let ticket = self.serving.load(Relaxed);
        if self.next.compare_exchange(ticket, ticket.wrapping_add(1), Relaxed, Relaxed).is_err() {
            return false;
        }
        // It was served before it was drawn, so it is now; unless between the two the counters went all the
        // way round, which takes 2^32 turns at least. Then it is drawn all the same, and its turn will come.
        if !self.serves(ticket) {
            self.wait(ticket);
        }
        true
    }

    #[inline]
    unsafe fn unlock(&self) {
        // Ordering: Relaxed, because the holder was the last to store it or acquired what was stored (T2).
        let ticket = self.serving.load(Relaxed);
        // Ordering: Release, see `serves`. Only the holder writes it, so this is not a blind store.
        self.serving.store(ticket.wrapping_add(1), Release);
    }

    #[inline]
    fn is_locked(&self) -> bool {
        // Ordering: nothing is read on the strength of it. The holder sees its own ticket, drawn and served.
        self.serving.load(Relaxed) != self.next.load(Relaxed)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use alloc::vec::Vec;
    use core::panic::AssertUnwindSafe;
    use std::{panic, sync::Mutex, thread};

    use mutex_traits::ScopedRawMutex;

    use super::*;

    #[test]
    fn excludes_and_is_released_when_its_closure_panics() {
        let lock = TicketLock::new();
        let caught = panic::catch_unwind(AssertUnwindSafe(|| lock.with_lock(|| panic!("inside"))));
        assert!(caught.is_err());
        assert!(!ScopedRawMutex::is_locked(&lock));
        lock.with_lock(|| {
            assert!(ScopedRawMutex::is_locked(&lock));
            assert!(lock.try_with_lock(|| ()).is_none());
        });
        assert_eq!(lock.try_with_lock(|| 7), Some(7));
    }

    /// Those that wait get it in the order in which they came, also where the counters wrap.
    /// Seen to fail with: a `wait` that ends with the next `unlock`, whose turn it is then or not.
    #[test]
    fn waiters_are_served_in_the_order_of_their_arrival() {
        const WAITERS: usize = 4;
        let lock = TicketLock::starting_at(usize::MAX - 1);
        let order = Mutex::new(Vec::new());
        thread::scope(|scope| {
            RawMutex::lock(&lock);
            for nth in 0..WAITERS {
                let (lock, order) = (&lock, &order);
                scope.spawn(move || lock.with_lock(|| order.lock().unwrap().push(nth)));
                while lock.next.load(Relaxed).wrapping_sub(lock.serving.load(Relaxed)) < 2 + nth {
                    thread::yield_now();
                }
            }
            assert!(!RawMutex::try_lock(&lock), "it is held");
            // SAFETY: this thread has locked it above, and unlocks it once.
            unsafe { RawMutex::unlock(&lock) };
        });
        assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3]);
        assert!(!RawMutex::is_locked(&lock));
    }

    /// An attempt beside one that waits does not overtake it, and leaves nothing behind.
    /// Seen to fail with: a `try_lock` that draws a ticket by `fetch_add`, and looks afterwards.
    #[test]
    fn an_attempt_that_fails_draws_no_ticket() {
        let lock = TicketLock::new();
        RawMutex::lock(&lock);
        for _ in 0..3 {
            assert!(!RawMutex::try_lock(&lock));
        }
        // SAFETY: this thread has locked it above, and unlocks it once.
        unsafe { RawMutex::unlock(&lock) };
        assert!(RawMutex::try_lock(&lock));
    }
}
