//! Wakers that are called after the lock is free.

use core::{mem::MaybeUninit, task::Waker};

/// How many wakers one batch holds: enough that taking the lock anew costs little per waker, few
/// enough for a small stack. Two under loom, so that models go through several batches.
const CAPACITY: usize = if cfg!(loom) { 2 } else { 32 };

/// Collects wakers under a lock, to call them without it.
///
/// The wakers `wakers[next..len]` are initialised. Calling one moves `next` past it first, so that a
/// waker that panics does not take the others' wake-ups with it: the batch calls those when it is
/// dropped. A second panic meanwhile aborts, as a panic during unwinding always does.
pub(crate) struct WakeBatch {
    next: usize,
    len: usize,
    wakers: [MaybeUninit<Waker>; CAPACITY],
}

impl WakeBatch {
    #[inline]
    pub(crate) const fn new() -> Self {
        Self { next: 0, len: 0, wakers: [const { MaybeUninit::uninit() }; CAPACITY] }
    }

    /// Returns whether there is room for no other waker.
    #[inline(always)]
    pub(crate) fn is_full(&self) -> bool {
        self.len == CAPACITY
    }

    /// Adds a waker, if there is one.
    ///
    /// # Panics
    ///
    /// If the batch is full.
    #[inline(always)]
    pub(crate) fn add(&mut self, waker: Option<Waker>) {
        if let Some(waker) = waker {
            self.wakers[self.len].write(waker);
            self.len += 1;
        }
    }

    /// Calls every waker, in the order they were added, and empties the batch.
    #[inline]
    pub(crate) fn wake_all(&mut self) {
        while self.next < self.len {
            let at = self.next;
            self.next += 1;
            // SAFETY: `at` was in `next..len`, so it is initialised, and it is no longer in that range,
            // so nobody reads it again.
            unsafe { self.wakers[at].assume_init_read() }.wake();
        }
        self.next = 0;
        self.len = 0;
    }
}

impl Drop for WakeBatch {
    #[inline]
    fn drop(&mut self) {
        self.wake_all();
    }
}
