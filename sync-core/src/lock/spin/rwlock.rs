//! A lock for readers and writers that spins.

use core::fmt;

#[cfg(not(loom))]
use mutex_traits::ConstInit;

use crate::{
    lock::RawRwLock,
    shim::atomic::Ordering::Relaxed,
    state::spin_rwlock::{AtomicRwState, Reader, Refusal, RwState},
    util::Backoff,
};

/// The number of steps of its [`Backoff`] for which a reader lets a waiting writer go first.
///
/// About 6000 spins, in which a writer that waits for readers to leave checks the lock at least 20 times.
const PATIENCE: u32 = if cfg!(any(loom, shuttle)) { 1 } else { 32 };

/// The number of steps left for which a reader lets a waiting writer go first.
struct Patience(u32);

impl Patience {
    fn manners(&self) -> Reader {
        if self.0 > 0 { Reader::Yields } else { Reader::Barges }
    }

    fn spend(&mut self, refusal: Refusal) {
        match refusal {
            // A writer has its turn: enough. Otherwise writers that come one after another starve us.
            Refusal::Writer => self.0 = 0,
            // Only a polite reader is refused for this, so it has some patience left.
            Refusal::Waiting => self.0 -= 1,
            Refusal::Full => {}
        }
    }
}

/// A raw lock for many readers or one writer, which spins with an exponential [`Backoff`] until it is its
/// turn.
///
/// It is the raw lock of a [`blocking::RwLock`](crate::blocking::RwLock) that is not given another.
///
/// # Fairness
///
/// Neither side starves the other:
///
/// - A writer that has to wait sets a flag, and readers that arrive then let it go first. Readers that hold
///   the lock finish; then it is the writer's turn.
/// - A reader does so for one writer: once it has seen one hold the lock, it does not step back again. And it
///   does so for a bounded time, a few thousand spins. So a stream of readers keeps a writer out only if each
///   of them holds the lock that long; and a reader **may read again**, in the same thread or in an interrupt
///   handler: a writer that waits for the first read to end delays it and does not deadlock it.
///
/// Among writers, and among readers, the first to try when it is free gets it. `try_lock_shared` refuses
/// while a writer waits, and `try_lock_exclusive` while another one does.
///
/// # Memory ordering
///
/// Taking it acquires, releasing it releases: each holder sees what earlier writers did, and a writer also
/// what earlier readers did.
///
/// # Panics
///
/// `lock_shared` panics if as many readers hold the lock as the word can count, which is 2<sup>30</sup> - 1:
/// guards were forgotten. `try_lock_shared` refuses.
///
/// # Interrupts
///
/// A handler may lock it exclusively only if it interrupts no holder on the same processor, and shared only
/// if it interrupts no writer: otherwise it waits for the code that it has interrupted.
///
/// # Examples
///
/// ```
/// use sync_core::{blocking::RawRwLock, spin::RwSpinlock};
///
/// static LOCK: RwSpinlock = RwSpinlock::new();
///
/// LOCK.lock_shared();
/// assert!(LOCK.try_lock_shared());
/// assert!(!LOCK.try_lock_exclusive());
/// // SAFETY: two shared locks are held, by us, and this releases one of them.
/// unsafe { LOCK.unlock_shared() };
/// // SAFETY: one shared lock is held, by us, and this releases it.
/// unsafe { LOCK.unlock_shared() };
/// assert!(LOCK.try_lock_exclusive());
/// ```
pub struct RwSpinlock {
    state: AtomicRwState,
}

impl RwSpinlock {
    const_fn! {
        /// Returns an unlocked lock.
        ///
        /// # Examples
        ///
        /// ```
        /// use sync_core::{blocking::RwLock, spin::RwSpinlock};
        ///
        /// static BAUD: RwLock<u32> = RwLock::new_with_raw_mutex(9_600, RwSpinlock::new());
        /// assert_eq!(BAUD.reader_count(), 0);
        /// ```
        #[must_use]
        pub fn new() -> Self {
            Self { state: AtomicRwState::new(RwState::new()) }
        }
    }

    /// Returns the number of readers that hold the lock.
    #[inline]
    pub(crate) fn reader_count(&self) -> usize {
        // Where `usize` has 16 bits, memory has no room for that many guards.
        usize::try_from(self.state.load(Relaxed).readers()).unwrap_or(usize::MAX)
    }

    #[cold]
    #[inline(never)]
    fn lock_shared_contended(&self) {
        let mut backoff = Backoff::new();
        let mut patience = Patience(PATIENCE);
        while let Err(refusal) = self.state.share(patience.manners()) {
            if refusal == Refusal::Full {
                too_many_readers();
            }
            patience.spend(refusal);
            backoff.spin();
        }
    }

    /// Tries again: the first attempt also fails where another reader arrived or left, which is no reason to
    /// refuse.
    #[cold]
    #[inline(never)]
    fn try_lock_shared_contended(&self) -> bool {
        self.state.share(Reader::Yields).is_ok()
    }

    #[cold]
    #[inline(never)]
    fn lock_exclusive_contended(&self) {
        let mut backoff = Backoff::new();
        while !self.state.exclude_or_ask() {
            backoff.spin();
        }
    }
}

#[cold]
#[inline(never)]
fn too_many_readers() -> ! {
    panic!(
        "at most {} readers may hold a lock at once, and that many do: were their guards forgotten?",
        RwState::MAX_READERS,
    )
}

impl Default for RwSpinlock {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(not(loom))]
impl ConstInit for RwSpinlock {
    const INIT: Self = Self::new();
}

impl fmt::Debug for RwSpinlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // One load, so that what is printed was true at some time.
        let state = self.state.load(Relaxed);
        f.debug_struct("RwSpinlock")
            .field("readers", &state.readers())
            .field("writer", &state.writer())
            .field("waiting", &state.waiting())
            .finish()
    }
}

// SAFETY: the table in `state::spin_rwlock` has the states. A shared lock is taken only where there is no
// writer, and a count that is not full is raised for it; an exclusive one only where there are neither
// readers nor a writer; both by one exchange. Only a holder, which alone may call `unlock_*`, undoes its own.
// Its Acquire pairs with their Release. Nothing is bound to a thread.
unsafe impl RawRwLock for RwSpinlock {
    type GuardMarker = ();

    #[inline]
    fn lock_shared(&self) {
        if !self.state.share_at_once() {
            self.lock_shared_contended();
        }
    }

    #[inline]
    fn try_lock_shared(&self) -> bool {
        self.state.share_at_once() || self.try_lock_shared_contended()
    }

    #[inline]
    unsafe fn unlock_shared(&self) {
        self.state.unshare();
    }

    #[inline]
    fn lock_exclusive(&self) {
        if !self.state.try_exclude() {
            self.lock_exclusive_contended();
        }
    }

    #[inline]
    fn try_lock_exclusive(&self) -> bool {
        self.state.try_exclude()
    }

    #[inline]
    unsafe fn unlock_exclusive(&self) {
        self.state.unexclude();
    }

    #[inline]
    fn is_locked(&self) -> bool {
        self.state.load(Relaxed).is_locked()
    }

    #[inline]
    fn is_locked_exclusive(&self) -> bool {
        self.state.load(Relaxed).writer()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use alloc::format;
    use core::panic::AssertUnwindSafe;
    use std::panic;

    use super::*;
    use crate::blocking::RwLock;

    const MAX: usize = RwState::MAX_READERS as usize;

    fn with_readers(readers: u32) -> RwSpinlock {
        RwSpinlock { state: AtomicRwState::new(RwState::new().with_readers(readers)) }
    }

    #[test]
    fn one_reader_too_many_is_refused_and_breaks_nothing() {
        let lock = RwLock::new_with_raw_mutex(7, with_readers(RwState::MAX_READERS - 1));
        let last = lock.read();
        assert_eq!(lock.reader_count(), MAX);
        assert!(lock.try_read().is_none());
        let caught = panic::catch_unwind(AssertUnwindSafe(|| _ = lock.read()));
        let message = *caught.unwrap_err().downcast::<alloc::string::String>().unwrap();
        assert!(message.starts_with("at most "), "{message}");
        assert!(lock.try_write().is_none());
        assert!(!lock.has_writer());
        assert_eq!(lock.reader_count(), MAX, "a refusal changes nothing");
        drop(last);
        assert_eq!(*lock.read(), 7);
        assert_eq!(lock.reader_count(), MAX - 1);
    }

    #[test]
    fn a_reader_lets_one_writer_go_first_and_not_for_ever() {
        let mut patience = Patience(PATIENCE);
        for _ in 0..PATIENCE {
            assert_eq!(patience.manners(), Reader::Yields);
            patience.spend(Refusal::Waiting);
        }
        assert_eq!(patience.manners(), Reader::Barges);

        let mut patience = Patience(PATIENCE);
        patience.spend(Refusal::Writer);
        assert_eq!(patience.manners(), Reader::Barges);
        patience.spend(Refusal::Writer);
        assert_eq!(patience.manners(), Reader::Barges);
    }

    #[test]
    fn who_reads_may_read_again_though_a_writer_waits() {
        let lock = RwSpinlock::new();
        assert!(!RawRwLock::is_locked(&lock));
        lock.lock_shared();
        assert!(!lock.state.exclude_or_ask());
        assert!(!lock.try_lock_shared(), "the writer goes first");
        // This returns, after a while.
        lock.lock_shared();
        assert_eq!(format!("{lock:?}"), "RwSpinlock { readers: 2, writer: false, waiting: true }");
        assert!(RawRwLock::is_locked(&lock) && !lock.is_locked_exclusive());
    }
}
