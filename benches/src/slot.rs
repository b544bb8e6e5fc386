//! Where a waiting future lives while it is measured.
#![expect(unsafe_code, reason = "a future is dropped in place, without freeing its storage")]

use core::pin::Pin;
use core::ptr;
use core::task::{Context, Poll};

/// A pinned future in storage that is never freed.
///
/// Dropping a `Slot` leaks its future, so that the end of a run costs the same whatever became of the
/// waiters; [`cancel`](Self::cancel) runs the future's destructor and nothing else.
#[derive(Debug)]
pub struct Slot<F: 'static>(Pin<&'static mut F>);

impl<F: Future> Slot<F> {
    /// Pins `future` for good.
    pub fn new(future: F) -> Self {
        let future = Box::leak(Box::new(future));
        // SAFETY: the box is leaked and this is the only reference to it, so the future is neither moved nor
        // its memory reused, whether or not its destructor runs.
        Self(unsafe { Pin::new_unchecked(future) })
    }

    /// Polls the future.
    #[inline]
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.0.as_mut().poll(cx)
    }

    /// Puts `future` in the place of the one before, which is dropped.
    #[inline]
    pub fn renew(&mut self, future: F) {
        self.0.set(future);
    }

    /// Drops the future where it is.
    #[inline]
    pub fn cancel(self) {
        // SAFETY: the reference goes no further than the call below, which does not move the future.
        let future: *mut F = unsafe { self.0.get_unchecked_mut() };
        // SAFETY: `future` was a unique reference to a live future, and `self` is consumed: nothing can reach
        // the future after this.
        unsafe { ptr::drop_in_place(future) };
    }
}
