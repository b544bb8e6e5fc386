//! Wakers that were collected under a lock, to be called without it.

use core::{
    mem::{ManuallyDrop, MaybeUninit},
    slice,
    task::Waker,
};

use super::wait_list::Empty;
use crate::util::SMALL;

/// Collects wakers under a lock, to call them without it.
///
/// A waker that panics does not take the others' wake-ups with it: they are called while the panic
/// unwinds. A second panic meanwhile aborts, as a panic during unwinding always does.
pub(crate) struct WakeBatch {
    /// The wakers `wakers[..len]` are initialised.
    len: usize,
    wakers: [MaybeUninit<Waker>; Self::CAPACITY],
}

impl WakeBatch {
    /// How many wakers one batch holds: enough that taking the lock anew costs little per waker, few
    /// enough for a small stack. Two in models, so that they go through several batches.
    /// One where flash is scarce.
    pub(crate) const CAPACITY: usize = match () {
        () if cfg!(any(loom, shuttle, small_batch)) => 2,
        () if SMALL => 1,
        () => 32,
    };

    /// For [`WakeLoop`](crate::engine::WakeLoop) alone: one that is made where the lock is held would be
    /// dropped there.
    #[inline(always)]
    pub(in crate::engine) const fn new() -> Self {
        Self { len: 0, wakers: [const { MaybeUninit::uninit() }; Self::CAPACITY] }
    }

    /// Returns whether there is room for no other waker.
    #[inline(always)]
    pub(crate) fn is_full(&self) -> bool {
        self.len == Self::CAPACITY
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

    /// Adds what `next` returns until the batch is full, and then returns `true`, or until there is
    /// nothing more, and then returns `false`.
    ///
    /// `next` takes waiters out of a list and runs no foreign code.
    #[inline(always)]
    pub(crate) fn fill(&mut self, mut next: impl FnMut() -> Result<Option<Waker>, Empty>) -> bool {
        // Counted in a local, to stay in a register.
        let mut len = self.len;
        let full = loop {
            let Some(slot) = self.wakers.get_mut(len) else { break true };
            match next() {
                Ok(Some(waker)) => {
                    slot.write(waker);
                    len += 1;
                }
                Ok(None) => {}
                Err(Empty) => break false,
            }
        };
        self.len = len;
        full
    }

    /// Calls every waker, in the order they were added, and empties the batch.
    #[inline(always)]
    pub(in crate::engine) fn wake_all(&mut self) {
        let len = core::mem::take(&mut self.len);
        let mut calls = Calls { left: self.wakers[..len].iter() };
        calls.go_on();
    }
}

impl Drop for WakeBatch {
    #[inline]
    fn drop(&mut self) {
        self.wake_all();
    }
}

/// The wakers of a batch that are still to be called.
struct Calls<'b> {
    /// All of them initialised, and read by nothing else.
    left: slice::Iter<'b, MaybeUninit<Waker>>,
}

impl Calls<'_> {
    #[inline(always)]
    fn go_on(&mut self) {
        for waker in self.left.by_ref() {
            // SAFETY: initialised, and past it now, so nothing reads it again.
            unsafe { waker.assume_init_read() }.wake();
        }
    }
}

impl Drop for Calls<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.go_on();
    }
}

/// What a step has decided, before its wakers are called.
pub(crate) struct Step<T> {
    /// What the step returns.
    pub(crate) result: T,
    /// The waker of the one that it has unlinked, if there was one. Where flash is scarce, all are granted.
    pub(crate) waker: Option<Waker>,
    /// Whether it has granted something to waiters, which are still to be unlinked and woken.
    pub(crate) granted: bool,
}

impl<T> Step<T> {
    /// One that has let go of nothing.
    #[inline(always)]
    pub(crate) fn of(result: T) -> Self {
        Self { result, waker: None, granted: false }
    }

    /// Calls the waker, without the lock, and returns the result.
    #[inline(always)]
    pub(crate) fn wake(self) -> T {
        let Self { result, waker, .. } = self;
        if SMALL {
            debug_assert!(waker.is_none(), "all are granted");
            // Not even its drop, then.
            let _ = ManuallyDrop::new(waker);
        } else if let Some(waker) = waker {
            waker.wake();
        }
        result
    }
}
